"""What a channel is given to send, whatever the channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from uuid import UUID

from infra.vault import Secret


def _none() -> Mapping[str, str]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one person. Printing it shows neither to whom nor what.

    `to` is E.164 or an e-mail address and is used as it stands. With a `content_sid`, WhatsApp
    gets the approved template and its variables instead of `body`.
    """

    id: UUID
    channel: str  # sms, whatsapp, email
    to: str = field(repr=False)
    body: Secret
    subject: str = field(default="", repr=False)
    html: Secret | None = None
    content_sid: str = ""
    content_variables: Mapping[str, str] = field(default_factory=_none, repr=False)
    callback_url: str = field(default="", repr=False)
