"""What the settings of this moment reach: who carries each channel, and where they report to."""

from __future__ import annotations

from uuid import UUID

from infra.messaging.channels import channel_for
from infra.settings import settings

CHANNELS = ("whatsapp", "sms", "email")
CALLBACK_PATH = "/api/webhooks/entrada/twilio"


def providers() -> dict[str, str]:
    """The provider of each channel; `none` where none is configured."""
    return {name: channel_for(name).provider for name in CHANNELS}


def usable() -> frozenset[str]:
    return frozenset(name for name, provider in providers().items() if provider != "none")


def callback_url(message_id: UUID) -> str:
    """Where Twilio says how far a message got; empty while the shop has no public address."""
    public = settings().public_url
    return f"{settings().origin}{CALLBACK_PATH}?mensaje={message_id}" if public else ""
