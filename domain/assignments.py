"""Credentials given out: exactly once per paid unit, waiting in line when stock is short.

A paid order keeps what it holds for as long as it waits. An item is given whole or not at all; the
order is `delivered` when every item is, since the panel shows the credentials from that moment.
A line that renews makes a subscription longer; when that one has ended, it is served as any other.
"""

from __future__ import annotations

from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import renewals
from domain.actors import Actor
from domain.messages import OUTSIDE, send_later, tell_buyer
from domain.records import note, raise_alert
from domain.sql import fetch, run
from domain.stock import Need, claim, need_of
from domain.stock_returns import drop_unsellable_holds
from domain.webhook_events import announce_order
from infra.clock import add_months, today
from infra.settings import settings


async def assign(session: AsyncSession, actor: Actor, *, order_id: int) -> str:
    """Give a paid order (its row locked by the caller) what it lacks; the order's new status."""
    items = await fetch(
        session,
        """SELECT * FROM order_items WHERE order_id = %(order)s
             AND fulfilment IN ('waiting_payment', 'waiting_stock') ORDER BY id""",
        order=order_id,
    )
    renewed = await renewals.extend(session, actor, order_id, [i for i in items if i.renews_id])
    items = [item for item in items if item.id not in renewed]
    needs = [need_of(item) for item in items]
    await drop_unsellable_holds(session, order_id)
    left = await _share_out_holds(session, order_id, needs)
    if any(need.missing > 0 for need in needs):
        await claim(session, needs, order_id, None)
        left = await _share_out_holds(session, order_id, needs)
    if left:  # held for a line that it no longer fits
        await run(
            session,
            """UPDATE profiles SET reserved_order_id = NULL, reserved_until = NULL
               WHERE id = ANY(%(ids)s)""",
            ids=left,
        )
    ready = [(i, n) for i, n in zip(items, needs, strict=True) if n.missing <= 0]
    waiting = [i for i, n in zip(items, needs, strict=True) if n.missing > 0]
    if ready:
        await give(session, actor, order_id, ready)
    if waiting:
        await _wait(session, actor, order_id, waiting)
    status = "processing" if waiting else "delivered"
    await run(
        session,
        """UPDATE orders SET status = %(status)s, updated_at = now(),
               delivered_at = CASE WHEN %(whole)s THEN now() END
           WHERE id = %(order)s""",
        status=status,
        whole=not waiting,
        order=order_id,
    )
    if status == "delivered" and (items or not renewed):
        await note(session, actor, order_id, "delivered")
    elif status == "delivered":  # a renewal has its own line
        await announce_order(session, "order.delivered", order_id)
    return status


async def _share_out_holds(session: AsyncSession, order_id: int, needs: list[Need]) -> list[int]:
    """Deal the held profiles to the lines: whole accounts first, dedicated before shared.

    Those that no line can use come back.
    """
    held = await fetch(
        session,
        """SELECT id, account_id, service_id, dedicated_to,
                  count(*) OVER (PARTITION BY account_id) AS of_account FROM (
               SELECT * FROM profiles WHERE reserved_order_id = %(order)s AND status = 'free'
               ORDER BY id FOR UPDATE) AS held
           ORDER BY dedicated_to DESC, account_id, id""",
        order=order_id,
    )
    left = list(held)
    for need in sorted(needs, key=lambda n: (not n.whole, n.plan_id)):
        fits = [
            p
            for p in left
            if p.service_id == need.service_id
            and p.dedicated_to in {0, need.plan_id}
            and (not need.whole or p.of_account == need.profiles_per_unit)
        ][: need.wanted]
        need.kept = [p.id for p in fits]
        chosen = {p.id for p in fits}
        left = [p for p in left if p.id not in chosen]
    return [p.id for p in left]


async def give(
    session: AsyncSession, actor: Actor, order_id: int, ready: list[tuple[Any, Need]]
) -> None:
    """Give each line the profiles its need has kept, locked by the caller."""
    start = today()
    given = [
        (item.id, index, profile, item.duration_months, add_months(start, item.duration_months))
        for item, need in ready
        for index, profile in enumerate(need.kept)
    ]
    rows = await fetch(
        session,
        GIVE,
        order=order_id,
        items=[g[0] for g in given],
        indexes=[g[1] for g in given],
        profiles=[g[2] for g in given],
        months=[g[3] for g in given],
        ends=[g[4] for g in given],
        starts_on=start,
        kind=actor.recorded_kind,
        actor_id=actor.id,
        session_id=actor.session_id,
        address_hash=actor.address_hash,
        data=Jsonb({"units": len(given)}),
        change=Jsonb({"profiles": [g[2] for g in given]}),
    )
    await send_later(session, rows)


GIVE = f"""
WITH given AS (
    INSERT INTO assignments (order_item_id, unit_index, profile_id, customer_id, starts_on,
                             anchor_on, months, ends_on)
    SELECT u.item, u.n, u.profile, o.customer_id, %(starts_on)s, %(starts_on)s, u.months, u.ends_on
    FROM orders o, unnest(%(items)s::bigint[], %(indexes)s::int[], %(profiles)s::bigint[],
                          %(months)s::int[], %(ends)s::date[])
         AS u(item, n, profile, months, ends_on)
    WHERE o.id = %(order)s
    RETURNING id, profile_id, customer_id, ends_on),
sold AS (
    UPDATE profiles SET status = 'assigned', reserved_order_id = NULL, reserved_until = NULL
    WHERE id = ANY(%(profiles)s)),
told AS (
    INSERT INTO messages (id, customer_id, order_id, assignment_id, credential_version, channel,
                          kind, to_address, status)
    SELECT gen_random_uuid(), c.id, o.id, given.id, a.credential_version, way.channel, 'delivered',
           way.address, CASE way.channel WHEN 'web' THEN 'delivered' ELSE 'queued' END
    FROM given JOIN profiles p ON p.id = given.profile_id JOIN accounts a ON a.id = p.account_id
    JOIN orders o ON o.id = %(order)s JOIN customers c ON c.id = o.customer_id
    CROSS JOIN LATERAL (
        SELECT 'web' AS channel, '' AS address
        UNION ALL {OUTSIDE.format(preference="o.delivery_preference")}) AS way
    RETURNING id, status),
done AS (
    UPDATE order_items SET fulfilment = 'delivered' WHERE id = ANY(%(items)s)),
warned AS (
    INSERT INTO alerts (kind)
    SELECT DISTINCT 'beyond_paid_until:' || a.id
    FROM given JOIN profiles p ON p.id = given.profile_id JOIN accounts a ON a.id = p.account_id
    WHERE given.ends_on > a.paid_until ON CONFLICT DO NOTHING),
noted AS (
    INSERT INTO timeline_entries (order_id, event, actor_kind, actor_id, data)
    VALUES (%(order)s, 'assigned', %(kind)s, %(actor_id)s, %(data)s)),
audited AS (
    INSERT INTO audit_entries (actor_kind, actor_id, session_id, address_hash, action, object_type,
                               object_id, change)
    VALUES (%(kind)s, %(actor_id)s, %(session_id)s, %(address_hash)s, 'order.assign', 'order',
            %(order)s::text, %(change)s))
SELECT id, status FROM told"""  # noqa: S608  # constants


async def _wait(session: AsyncSession, actor: Actor, order_id: int, waiting: list[Any]) -> None:
    """Keep what the order holds for as long as it waits, and say so once."""
    await run(
        session,
        """UPDATE profiles SET reserved_until = '9999-12-31'
           WHERE reserved_order_id = %(order)s AND status = 'free'""",
        order=order_id,
    )
    fresh = [item for item in waiting if item.fulfilment != "waiting_stock"]
    if not fresh:
        return
    await run(
        session,
        """UPDATE order_items SET fulfilment = 'waiting_stock',
               promised_at = now() + make_interval(hours => %(hours)s)
           WHERE id = ANY(%(ids)s)""",
        ids=[item.id for item in fresh],
        hours=settings().promise_hours,
    )
    plans = ", ".join(f"{item.service_name} {item.plan_name}" for item in fresh)
    await note(session, actor, order_id, "waiting_stock", plans=plans)
    await tell_buyer(session, "waiting_stock", order_id)
    await raise_alert(session, "waiting_stock")
