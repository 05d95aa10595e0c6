"""From the queue to Twilio and the mail server: once, whatever became of the answer."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

from models.messages import Channel, MessageKind
from tests.domain.test_messages import BODY, later, make_message, row
from tests.fixtures import Shop
from tests.messaging.conftest import settings_of
from tests.messaging.fake_smtp import Authority, FakeSmtp
from tests.messaging.fake_twilio import DOWN, HALF, FakeTwilio, busy, refuses

PRODUCTION = {
    "env": "production",
    "public_url": "https://cuenty.mx",
    "jwt_secret": "j" * 40,
    "pepper": "p" * 40,
}


@pytest.fixture
def sender(shop: Shop, twilio: FakeTwilio) -> Any:
    """The jobs of a shop whose Twilio is the fake."""
    shop.configure(**PRODUCTION, **twilio.settings())
    return importlib.import_module("jobs.tasks").messages


async def try_again(sender: Any) -> None:
    await later(10_000)
    await sender.retry(0)


async def test_a_message_taken_whose_answer_was_lost_is_not_sent_again(
    sender: Any, twilio: FakeTwilio
) -> None:
    number = await make_message()
    twilio.next.append(HALF)
    await sender.send(str(number))
    assert (await row(number)).status == "queued"
    await try_again(sender)
    found = await row(number)
    assert (found.status, found.provider_id) == ("sent", twilio.messages[0]["sid"])
    assert len(twilio.messages) == 1


async def test_control_without_asking_first_it_goes_twice(
    sender: Any, twilio: FakeTwilio, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never_asks(*_: Any, **__: Any) -> None:
        return None

    monkeypatch.setattr("infra.messaging.twilio.TwilioMessages.find", never_asks)
    number = await make_message()
    twilio.next.append(HALF)
    await sender.send(str(number))
    await try_again(sender)
    assert len(twilio.messages) == 2


async def test_a_message_that_did_not_get_through_goes_out_when_twilio_is_back(
    sender: Any, twilio: FakeTwilio
) -> None:
    number = await make_message()
    twilio.next.append(DOWN)
    await sender.send(str(number))
    assert twilio.messages == []
    await try_again(sender)
    assert (await row(number)).status == "sent"
    assert [sent["Body"] for sent in twilio.sent] == [BODY]


async def test_the_same_text_sent_to_somebody_before_is_not_taken_for_this_one(
    sender: Any, twilio: FakeTwilio
) -> None:
    first, second = await make_message(), await make_message()
    await sender.send(str(first))
    twilio.next.append(DOWN)
    await sender.send(str(second))
    await try_again(sender)
    assert len(twilio.messages) == 2
    assert (await row(first)).provider_id != (await row(second)).provider_id


async def test_a_provider_that_asks_for_a_pause_gets_it(sender: Any, twilio: FakeTwilio) -> None:
    number = await make_message()
    twilio.next.append(busy("3000"))
    await sender.send(str(number))
    await later(2900)
    await sender.retry(0)
    assert twilio.asked["create"] == 1
    await try_again(sender)
    assert (await row(number)).status == "sent"


async def test_a_wrong_number_is_given_up_with_its_code(sender: Any, twilio: FakeTwilio) -> None:
    number = await make_message()
    twilio.next.append(refuses(21211))
    await sender.send(str(number))
    assert ((await row(number)).status, (await row(number)).last_error) == (
        "failed",
        "twilio_21211",
    )


async def test_an_email_goes_to_the_mail_server_as_text_and_as_a_page(
    shop: Shop, smtp: FakeSmtp, authority: Authority
) -> None:
    given = settings_of(smtp, authority.file)
    mail = {name: getattr(given, name) for name in type(given).model_fields if "smtp" in name}
    shop.configure(**PRODUCTION, **mail)
    jobs = importlib.import_module("jobs.tasks").messages
    number = await make_message(
        channel=Channel.EMAIL,
        kind=MessageKind.RENEWED,
        to_address="ana@correo.mx",
        body_sealed=None,
    )
    await jobs.send(str(number))
    assert (await row(number)).status == "sent"
    [letter] = smtp.mailbox
    assert letter["To"] == "ana@correo.mx"
    assert letter["Subject"] == "Aviso de Cuenty"
    plain, page = (letter.get_body((kind,)) for kind in ("plain", "html"))
    assert "https://cuenty.mx/mis-cuentas" in plain.get_content()
    assert 'href="https://cuenty.mx/mis-cuentas"' in page.get_content()
