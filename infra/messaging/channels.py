"""The one interface every channel has, and the choice among them."""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from infra.messaging.demo import KeepMessages
from infra.messaging.errors import NotSentError
from infra.messaging.twilio import TwilioMessages
from infra.settings import settings
from infra.vault import Secret


class Channel(Protocol):
    """Sends one message and says under which id the provider knows it."""

    async def send(self, *, channel: str, to: str, body: Secret) -> str:
        """Raises `NotSentError`; `final` when trying again cannot help."""
        ...


class NoChannel:
    """Stands in where nothing is configured: the message fails with a reason an owner can read."""

    async def send(self, *, channel: str, to: str, body: Secret) -> str:
        del to, body
        raise NotSentError(f"no hay proveedor configurado para {channel}", final=True)


@lru_cache(maxsize=1)
def channel() -> Channel:
    configured = settings()
    if configured.demo:
        return KeepMessages()
    if configured.twilio_account_sid:
        return TwilioMessages(configured)
    return NoChannel()
