"""What an order's customer was told and how far it got, and by what they can be told again."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain import message_actions, message_pages
from domain.actors import Actor
from domain.failures import failure_sentence
from domain.message_actions import Way
from domain.message_pages import OrderMessage
from domain.message_texts import DEFAULTS
from domain.texts import CHANNELS, REFUSALS
from infra.database import reading
from infra.messaging.reach import usable
from state import order_parts, views


@dataclass(frozen=True)
class NoticeView:
    """`detail` is the channel and the time; `why` is only of what failed."""

    title: str
    detail: str
    status: str
    tone: str
    why: str = ""


@dataclass(frozen=True)
class WayView:
    """A channel to choose: `detail` is where it goes or why it cannot; the first is `chosen`."""

    channel: str
    name: str
    detail: str
    possible: bool
    chosen: bool


@dataclass(frozen=True)
class NoticesView:
    notices: list[NoticeView] = field(default_factory=list)
    ways: list[WayView] = field(default_factory=list)


async def notices_of(actor: Actor, number: int) -> NoticesView:
    async with reading() as session:
        told = await message_pages.of_order(session, actor, order_id=number)
        ways = await message_actions.ways(session, actor, order_id=number, usable=usable())
    first = next((way.channel for way in ways if not way.why_not), "")
    return NoticesView(
        notices=[notice_view(one) for one in told],
        ways=[_way(one, chosen=one.channel == first) for one in ways],
    )


def notice_view(told: OrderMessage) -> NoticeView:
    status, tone = order_parts.message_state(told.channel, told.status, told.error_code)
    about = f"{_title(told.kind)} · {told.service}" if told.service else _title(told.kind)
    return NoticeView(
        title=f"{about} ({told.times})" if told.times > 1 else about,
        detail=f"{CHANNELS[told.channel]} · {views.moment(told.updated_at)}",
        status=status,
        tone=tone,
        why=_why(told),
    )


def _title(kind: str) -> str:
    return "Recordatorio" if kind == "reminder" else DEFAULTS[kind].title


def _why(told: OrderMessage) -> str:
    """A message that waits to be tried again says what went wrong, as one that failed does."""
    if told.status not in {"queued", "failed"} or told.error_code == "not_needed":
        return ""
    why = failure_sentence(told.error_code)
    if told.fell_back:
        return f"{why} Se mandó por {CHANNELS[told.fell_back]} en su lugar.".strip()
    return why


def _way(way: Way, *, chosen: bool) -> WayView:
    if way.why_not:
        detail = REFUSALS[way.why_not]
    else:
        detail = way.address if way.channel == "email" else views.phone(way.address)
    return WayView(
        channel=way.channel,
        name=CHANNELS[way.channel],
        detail=detail,
        possible=not way.why_not,
        chosen=chosen,
    )
