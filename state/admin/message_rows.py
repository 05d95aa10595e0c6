"""Messages as a list shows them: what, to whom, how far, and why not. Never what they say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.failures import failure_sentence
from domain.message_pages import MessageLine, Step
from domain.message_texts import KINDS
from domain.texts import CHANNELS, MESSAGE_STATES
from infra.clock import now
from state import views

TONES = {
    "queued": "warning",
    "sent": "info",
    "delivered": "success",
    "read": "success",
    "confirmed": "success",
    "failed": "error",
}


@dataclass(frozen=True)
class MessageRow:
    """`order` is 0 where there is none; `why` is a failure's reason, `note` what comes of it."""

    id: str
    kind: str
    channel: str
    address: str
    who: str
    order: int
    status: str
    tone: str
    when: str
    why: str
    note: str
    again: bool


@dataclass(frozen=True)
class MessageStep:
    title: str
    when: str
    why: str
    state: str


def message_row(one: MessageLine) -> MessageRow:
    status, tone, why = _standing(one)
    return MessageRow(
        id=str(one.id),
        kind=KINDS.get(one.kind, one.kind),
        channel=CHANNELS[one.channel],
        address=one.to,
        who=_who(one),
        order=one.order_id or 0,
        status=status,
        tone=tone,
        when=views.moment(one.updated_at),
        why=why,
        note=_note(one),
        again=one.again,
    )


def _standing(one: MessageLine) -> tuple[str, str, str]:
    """Its state, the tone of it, and why; what nobody needed any more is no failure of ours."""
    why = failure_sentence(one.error_code)
    if one.status == "failed" and one.error_code == "not_needed":
        return "No se mandó", "neutral", why
    return MESSAGE_STATES[one.status], TONES[one.status], why


def _who(one: MessageLine) -> str:
    if one.staff_name:
        return f"Equipo · {one.staff_name}"
    return one.customer_name or "Sin nombre"


def _note(one: MessageLine) -> str:
    if one.fell_back:
        return f"Se mandó por {CHANNELS[one.fell_back]} en su lugar."
    if one.status == "queued" and one.not_before is not None and one.not_before > now():
        verb = "Se intenta otra vez" if one.attempts else "Sale"
        return f"{verb} {views.deadline(one.not_before)}."
    return ""


def way(queued_at: datetime, steps: Sequence[Step], status: str) -> list[MessageStep]:
    """From the queue on; the queue itself is no event, it is when the message was written."""
    told = [
        MessageStep(
            title=MESSAGE_STATES[one.status],
            when=views.moment(one.at),
            why=failure_sentence(one.error_code),
            state="problem" if one.status == "failed" else "done",
        )
        for one in steps
    ]
    waiting = "current" if status == "queued" else "done"
    return [MessageStep(MESSAGE_STATES["queued"], views.moment(queued_at), "", waiting), *told]
