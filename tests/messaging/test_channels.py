"""Who carries what is a matter of configuration, and follows it at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from infra.clock import now
from infra.messaging.channels import channel_for
from infra.messaging.errors import NotSentError
from infra.messaging.letters import Letter
from infra.vault import Secret

PRODUCTION = {
    "env": "production",
    "public_url": "https://cuenty.mx",
    "jwt_secret": "j" * 40,
    "pepper": "p" * 40,
}
TWILIO = {"twilio_account_sid": "AC1", "twilio_auth_token": "t"}
SMTP = {"smtp_host": "mail.cuenty.mx", "smtp_from": "avisos@cuenty.mx"}
NAMES = ("sms", "whatsapp", "email", "web")


def letter(channel: str) -> Letter:
    return Letter(uuid.uuid4(), channel, "+525512345678", Secret("hola"))


def carriers() -> list[str]:
    return [channel_for(name).provider for name in NAMES]


async def test_the_demo_carries_everything_itself_whatever_is_configured(
    configure: Callable[..., None],
) -> None:
    configure(**TWILIO, **SMTP)
    assert carriers() == ["demo"] * 4
    kept = [await channel_for(name).send(letter(name)) for name in NAMES]
    assert all(number.startswith("demo-") for number in kept)
    assert len(set(kept)) == 4
    assert await channel_for("sms").find(letter("sms"), since=now()) is None


def test_each_channel_goes_by_what_is_configured_for_it(configure: Callable[..., None]) -> None:
    configure(**PRODUCTION)
    assert carriers() == ["none"] * 4
    configure(**TWILIO)
    assert carriers() == ["twilio", "twilio", "none", "none"]
    configure(**SMTP)
    assert carriers() == ["twilio", "twilio", "smtp", "none"]
    configure(twilio_account_sid="")
    assert carriers() == ["none", "none", "smtp", "none"]


def test_a_channel_is_made_once_for_as_long_as_the_settings_stay(
    configure: Callable[..., None],
) -> None:
    configure(**PRODUCTION, **TWILIO)
    first = channel_for("sms")
    assert channel_for("sms") is first
    configure(twilio_auth_token="another")
    assert channel_for("sms") is not first


async def test_without_a_provider_the_message_is_final(configure: Callable[..., None]) -> None:
    configure(**PRODUCTION)
    with pytest.raises(NotSentError) as refusal:
        await channel_for("sms").send(letter("sms"))
    assert (refusal.value.code, refusal.value.final) == ("no_provider", True)
    assert await channel_for("sms").find(letter("sms"), since=now()) is None


def test_a_letter_printed_shows_neither_to_whom_nor_what() -> None:
    assert "5512345678" not in repr(letter("sms"))
    assert "hola" not in repr(letter("sms"))
