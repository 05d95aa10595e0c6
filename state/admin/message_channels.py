"""The ways out of the shop: who carries each, and what is missing where nobody does."""

from __future__ import annotations

from dataclasses import dataclass

from domain.texts import CHANNELS
from infra.messaging.reach import providers

CARRIED = {
    "demo": "La demo lo guarda y lo muestra en sus mensajes.",
    "twilio": "Sale por Twilio.",
    "smtp": "Sale por tu servidor de correo.",
}
TWILIO = "CUENTY_TWILIO_ACCOUNT_SID y CUENTY_TWILIO_AUTH_TOKEN"
MISSING = {
    "whatsapp": f"{TWILIO}, con CUENTY_TWILIO_WHATSAPP_FROM",
    "sms": f"{TWILIO}, con CUENTY_TWILIO_SMS_FROM",
    "email": "CUENTY_SMTP_HOST y CUENTY_SMTP_FROM",
}


@dataclass(frozen=True)
class ChannelView:
    """`ready` says that somebody carries it; `detail` who, or which settings are missing."""

    value: str
    name: str
    ready: bool
    detail: str


def channel_views() -> list[ChannelView]:
    return [_view(channel, provider) for channel, provider in providers().items()]


def _view(channel: str, provider: str) -> ChannelView:
    ready = provider != "none"
    return ChannelView(
        value=channel,
        name=CHANNELS[channel],
        ready=ready,
        detail=CARRIED[provider]
        if ready
        else f"Todavía no está configurado. Se configura con {MISSING[channel]}.",
    )
