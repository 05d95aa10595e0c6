"""What the operator can do with many orders at once: asked for, foretold, and done one by one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import (
    message_actions,
    order_batches,
    order_endings,
    order_holds,
    payment_reminders,
    payments,
    waiting_orders,
)
from domain.order_batches import Foretold
from domain.texts import CHANNELS
from infra.clock import today
from infra.messaging.reach import usable
from state import forms, views
from state.access import actor
from state.admin.one_by_one import Work

ACTIONS = frozenset(order_batches.RULES)
MOST_NAMED = 6
HOLD_DAYS = {"0", "1", "2", "3", "7"}
Seen = Mapping[int, Foretold]


@dataclass(frozen=True)
class ReasonView:
    """Why some of the chosen are left out, and which."""

    why: str
    orders: str


@dataclass(frozen=True)
class BatchView:
    """`action` is empty until something is asked for; `times` counts how often it was."""

    action: str = ""
    applies: int = 0
    skipped: int = 0
    total: str = ""
    reasons: list[ReasonView] = field(default_factory=list)
    times: int = 0


def batch_view(action: str, foretold: Sequence[Foretold], times: int) -> BatchView:
    ready = [one for one in foretold if not one.why_not]
    grouped: dict[str, list[str]] = {}
    for one in foretold:
        if one.why_not:
            grouped.setdefault(one.why_not, []).append(f"#{one.id}")
    return BatchView(
        action=action,
        applies=len(ready),
        skipped=len(foretold) - len(ready),
        total=views.pesos(sum((one.missing for one in ready), Decimal(0))),
        reasons=[ReasonView(why, _named(numbers)) for why, numbers in grouped.items()],
        times=times,
    )


def title(one: Foretold) -> str:
    return f"#{one.id} · {one.customer_name or 'Sin nombre'}"


def _named(numbers: Sequence[str]) -> str:
    said = ", ".join(numbers[:MOST_NAMED])
    more = len(numbers) - MOST_NAMED
    return f"{said} y {more} más" if more > 0 else said


def work_of(action: str, form: dict[str, object], seen: Seen) -> Work:
    """The command for each order. Raises `InvalidInput` on what the dialog asks for."""
    return WORKS[action](form, seen)


def _confirm(form: dict[str, object], seen: Seen) -> Work:
    prefix = forms.text(form.get("reference"), "reference", longest=24)

    async def work(session: AsyncSession, order: int) -> tuple[str, int]:
        done = await payments.confirm_missing(
            session,
            actor(),
            order_id=order,
            seen_missing=seen[order].missing,
            reference=f"{prefix}-{order}" if prefix else "",
        )
        said = {"delivered": "Pagado y entregado", "processing": "Pagado; espera stock"}
        return said.get(done.status, "Pagado"), order

    return work


def _remind(_form: dict[str, object], _seen: Seen) -> Work:
    async def work(session: AsyncSession, order: int) -> tuple[str, int]:
        await payment_reminders.remind_to_pay(session, actor(), order_id=order)
        return "Recordatorio en camino", order

    return work


def _extend(form: dict[str, object], _seen: Seen) -> Work:
    days = int(forms.choice(form.get("days"), "days", HOLD_DAYS))
    until = today() + timedelta(days=days)

    async def work(session: AsyncSession, order: int) -> tuple[str, int]:
        await order_holds.extend_hold(session, actor(), order_id=order, until=until)
        return f"Apartado hasta el {views.near_day(until)}", order

    return work


def _cancel(form: dict[str, object], seen: Seen) -> Work:
    reason = forms.text(form.get("reason"), "reason", longest=200, required=True)

    async def work(session: AsyncSession, order: int) -> tuple[str, int]:
        await order_endings.cancel(
            session, actor(), order_id=order, reason=reason, seen_status=seen[order].status
        )
        return "Cancelado", order

    return work


def _assign(_form: dict[str, object], _seen: Seen) -> Work:
    async def work(session: AsyncSession, order: int) -> tuple[str, int]:
        status = await waiting_orders.fill_order(session, actor(), order_id=order)
        return "Entregado" if status == "delivered" else "Entregado en parte", order

    return work


def _resend(form: dict[str, object], _seen: Seen) -> Work:
    channel = forms.choice(form.get("channel"), "channel", {"whatsapp", "sms", "email"})

    async def work(session: AsyncSession, order: int) -> tuple[str, int]:
        await message_actions.resend(
            session, actor(), order_id=order, channel=channel, usable=usable()
        )
        return f"Va en camino por {CHANNELS[channel]}", order

    return work


WORKS: dict[str, Callable[[dict[str, Any], Seen], Work]] = {
    "confirm": _confirm,
    "remind": _remind,
    "extend": _extend,
    "cancel": _cancel,
    "assign": _assign,
    "resend": _resend,
}
