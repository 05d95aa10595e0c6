"""The one interface every channel has, and the choice among them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from functools import lru_cache
from typing import Protocol

from infra.messaging.demo import KeepMessages
from infra.messaging.errors import NotSentError
from infra.messaging.letters import Letter
from infra.messaging.smtp import SmtpMail
from infra.settings import Settings, settings


class Channel(Protocol):
    """Sends one message and can be asked whether it went. `provider` names who carries it."""

    provider: str

    async def send(self, letter: Letter) -> str:
        """The provider's id for it. Raises `NotSentError`."""
        ...

    async def find(
        self, letter: Letter, *, since: datetime, known: Collection[str] = ()
    ) -> str | None:
        """The provider's id if it went since then, None when it surely did not.

        `known` are ids that other messages already hold: a look-alike among them is not this one.
        Raises `NotSentError` when nobody can tell right now.
        """
        ...


class NoChannel:
    """Stands in where nothing is configured: the message fails with a reason an owner can read."""

    provider = "none"

    async def send(self, letter: Letter) -> str:
        del letter
        raise NotSentError("no_provider", final=True)

    async def find(
        self, letter: Letter, *, since: datetime, known: Collection[str] = ()
    ) -> str | None:
        del letter, since, known


def channel_for(name: str) -> Channel:
    """Who carries `sms`, `whatsapp` or `email` under the settings of this moment."""
    return _made(name, settings())  # pyright: ignore[reportArgumentType]  # frozen: it has a hash


@lru_cache(maxsize=12)
def _made(name: str, configured: Settings) -> Channel:
    if configured.demo:
        return KeepMessages()
    if name == "email" and configured.smtp_host:
        return SmtpMail(configured)
    if name in {"sms", "whatsapp"} and configured.twilio_account_sid:
        from infra.messaging.twilio import TwilioMessages  # noqa: PLC0415  # heavy; not all need it

        return TwilioMessages(configured)
    return NoChannel()
