"""The fakes on loopback and the adapters that talk to them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Generator
from datetime import datetime
from pathlib import Path

import pytest

from infra.clock import now
from infra.messaging.smtp import SmtpMail
from infra.messaging.twilio import TwilioMessages
from infra.settings import Settings, settings
from tests.messaging.fake_smtp import Authority, FakeSmtp, fake_smtp
from tests.messaging.fake_twilio import FakeTwilio, fake_twilio


@pytest.fixture
def configure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Generator[Callable[..., None]]:
    """Change settings of a shop without a database; each by its field."""

    def change(**values: object) -> None:
        for name, value in values.items():
            monkeypatch.setenv(f"CUENTY_{name.upper()}", str(value))
        settings.cache_clear()

    change(env="demo", data_dir=tmp_path, keys="k" * 40)
    yield change
    settings.cache_clear()


@pytest.fixture
def twilio() -> Generator[FakeTwilio]:
    with fake_twilio() as fake:
        yield fake


@pytest.fixture
def adapter(twilio: FakeTwilio) -> Generator[TwilioMessages]:
    made = TwilioMessages(Settings(**twilio.settings(), twilio_timeout_seconds=1.5))  # type: ignore[arg-type]
    yield made
    made._client.http_client.session.close()  # type: ignore[attr-defined]


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """A certificate authority nobody trusts, and what it vouches for."""
    return Authority.made(tmp_path_factory.mktemp("authority"))


@pytest.fixture
async def smtp(authority: Authority) -> AsyncGenerator[FakeSmtp]:
    async with fake_smtp(authority) as fake:
        yield fake


@pytest.fixture
def mail(smtp: FakeSmtp, authority: Authority) -> SmtpMail:
    return SmtpMail(settings_of(smtp, authority.file))


def settings_of(smtp: FakeSmtp, trusted: Path | str, **changed: object) -> Settings:
    values: dict[str, object] = {
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp.port,
        "smtp_username": "tienda",
        "smtp_password": "clave-de-correo",
        "smtp_from": "Cuenty México <avisos@cuenty.mx>",
        "smtp_ca_file": str(trusted),
        "smtp_timeout_seconds": 5,
        "public_url": "https://cuenty.mx",
    }
    return Settings(**{**values, **changed})  # type: ignore[arg-type]


@pytest.fixture
def since() -> datetime:
    """When the shop began to send, to the second, as Twilio keeps its times."""
    return now().replace(microsecond=0)
