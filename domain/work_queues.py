"""What waits for somebody of the staff at this moment, counted for the first page they open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.alerts import OpenAlert
from domain.message_pages import DEAD
from domain.order_endings import IN_REVIEW
from domain.sql import fetch_one
from infra.clock import today

LAPSE_HOURS = 3
MOST_COUNTED = 100


@dataclass(frozen=True, slots=True)
class WorkQueues:
    """`receipts` wait to be looked at; `failed` are messages nobody got.

    `lapsing` are unpaid orders whose hold ends within 3 h, unless a receipt of them waits.

    Counting of long ones ends at `MOST_COUNTED`, which means that many or more.
    """

    receipts: int
    to_confirm: int
    lapsing: int
    waiting_stock: int
    ending_today: int
    claims: int
    failed: int
    tickets: int
    low_stock: int
    alerts: tuple[OpenAlert, ...]
    sample_bank: bool


async def work_queues(session: AsyncSession, actor: Actor) -> WorkQueues:
    actor.require_staff()
    row: Any = await fetch_one(session, WAITING, hours=LAPSE_HOURS, today=today())
    return WorkQueues(
        receipts=row.receipts,
        to_confirm=row.to_confirm,
        lapsing=row.lapsing,
        waiting_stock=row.waiting_stock,
        ending_today=row.ending_today,
        claims=row.claims,
        failed=row.failed,
        tickets=row.tickets,
        low_stock=sum(alert["kind"].startswith("low_stock:") for alert in row.alerts),
        alerts=tuple(OpenAlert(**alert) for alert in row.alerts),
        sample_bank=row.sample_bank,
    )


def _counted(source: str) -> str:
    return f"(SELECT count(*) FROM (SELECT FROM {source} LIMIT {MOST_COUNTED}) AS counted)"  # noqa: S608


UNPAID = "orders o WHERE status = 'pending_payment'"
LAPSING = f"""{UNPAID} AND NOT {IN_REVIEW}
    AND expires_at < now() + make_interval(hours => %(hours)s)"""
RECEIPTS = "receipts WHERE status = 'waiting'"
WAITING = f"""SELECT {_counted(RECEIPTS)} AS receipts, {_counted(UNPAID)} AS to_confirm,
    {_counted(LAPSING)} AS lapsing,
    (SELECT count(DISTINCT order_id) FROM order_items
      WHERE fulfilment = 'waiting_stock') AS waiting_stock,
    {_counted("assignments WHERE released_at IS NULL AND ends_on = %(today)s")} AS ending_today,
    {_counted("claims WHERE status = 'open'")} AS claims,
    {_counted(f"messages m WHERE {DEAD}")} AS failed,
    {_counted("tickets WHERE status = 'open'")} AS tickets,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', kind, 'data', data) ORDER BY id), '[]')
       FROM alerts WHERE closed_at IS NULL) AS alerts,
    coalesce((SELECT is_sample FROM payment_instructions WHERE is_default), true)
        AS sample_bank"""  # noqa: S608  # constants
