"""Stock that somebody of the staff picks for a line that waits, instead of the pool's own choice.

What is picked must be free at that moment, of the line's service and not kept for another plan;
the database's own constraints have the last word. Picking passes by whoever waits longer, so it is
one line at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.assignments import assign, give
from domain.errors import Conflict, NotFound
from domain.orders import lock, refuse_state
from domain.records import tell
from domain.sql import fetch, fetch_as, fetch_one, run
from domain.stock import claim_alone, need_of
from domain.stock_waits import nobody_waits
from domain.waiting_orders import FILLING

MOST_OFFERED = 40
NEVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class FreeUnit:
    """A profile, or a whole account by its first profile. `paid_until` is the supplier's clock."""

    id: int
    account_id: int
    label: str
    paid_until: date
    dedicated: bool

    @property
    def paid(self) -> date | None:
        return None if self.paid_until == NEVER else self.paid_until


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """`units` of `size` profiles each are to be picked, from `offered`."""

    id: int
    name: str
    units: int
    size: int
    offered: tuple[FreeUnit, ...]


async def waiting_line(
    session: AsyncSession, actor: Actor, *, order_id: int, item_id: int
) -> WaitingLine:
    """What can be picked for a line. Raises `NotFound`, `Conflict` (`line_served`)."""
    actor.require_staff()
    item = await _line(session, order_id, item_id)
    offered = await fetch_as(
        session,
        FreeUnit,
        OFFERED,
        order=order_id,
        service=item.service_id,
        plan=item.plan_id,
        size=item.profiles_per_unit,
        whole=item.capacity == "full_account",
        most=MOST_OFFERED,
    )
    return WaitingLine(
        id=item.id,
        name=f"{item.service_name} {item.plan_name}",
        units=item.quantity,
        size=item.profiles_per_unit,
        offered=tuple(offered),
    )


def _free(profile: str) -> str:
    return f"""{profile}.status = 'free' AND {profile}.sellable AND (
        {profile}.reserved_until IS NULL OR {profile}.reserved_until <= clock_timestamp()
        OR {profile}.reserved_order_id = %(order)s)"""


OFFERED = f"""SELECT f.id, f.account_id, f.label, f.paid_until, f.dedicated_to <> 0 AS dedicated
    FROM profiles f
    WHERE f.service_id = %(service)s AND f.dedicated_to IN (0, %(plan)s) AND {_free("f")}
      AND (NOT %(whole)s OR f.position = 1 AND (
          SELECT count(*) = %(size)s AND bool_and({_free("p")}) FROM profiles p
          WHERE p.account_id = f.account_id))
    ORDER BY f.dedicated_to DESC, f.paid_until DESC, f.id LIMIT %(most)s"""  # noqa: S608


async def give_chosen(
    session: AsyncSession, actor: Actor, *, order_id: int, item_id: int, units: Sequence[int]
) -> str:
    """Give a waiting line of a paid order what was picked for it; the order's status afterwards.

    Raises `NotFound`, `Conflict`: `order_state`, `line_served`, `choose_units`, `profile_taken`
    when any of it is no longer free.
    """
    actor.require_staff()
    await run(session, FILLING)
    order = await lock(session, actor, order_id)
    if order.status not in {"paid", "processing"}:
        raise refuse_state(order)
    item = await _line(session, order_id, item_id)
    await claim_alone(session, await _services(session, order_id))
    if len(set(units)) != item.quantity or len(units) != item.quantity:
        raise Conflict("choose_units", wanted=item.quantity)
    need = need_of(item)
    need.kept = await _taken(session, order_id, item, units)
    await give(session, actor, order_id, [(item, need)])
    status = await assign(session, actor, order_id=order_id)
    await nobody_waits(session)
    await tell(session, f"order:{order_id}", "orders")
    return status


async def _line(session: AsyncSession, order_id: int, item_id: int) -> Any:
    item: Any = await fetch_one(
        session,
        "SELECT * FROM order_items WHERE id = %(item)s AND order_id = %(order)s",
        item=item_id,
        order=order_id,
    )
    if item is None:
        raise NotFound
    if item.fulfilment != "waiting_stock":
        raise Conflict("line_served")
    return item


async def _services(session: AsyncSession, order_id: int) -> list[int]:
    rows = await fetch(
        session,
        """SELECT DISTINCT service_id FROM order_items
           WHERE order_id = %(order)s AND fulfilment = 'waiting_stock'""",
        order=order_id,
    )
    return [row.service_id for row in rows]


async def _taken(
    session: AsyncSession, order_id: int, item: Any, units: Sequence[int]
) -> list[int]:
    """The profiles of the picked units, locked and still free, each unit's together."""
    rows = await fetch(
        session,
        f"""SELECT p.id, p.account_id FROM profiles p
            WHERE p.service_id = %(service)s AND p.dedicated_to IN (0, %(plan)s) AND {_free("p")}
              AND CASE WHEN %(whole)s THEN p.account_id IN (
                      SELECT account_id FROM profiles WHERE id = ANY(%(units)s))
                  ELSE p.id = ANY(%(units)s) END
            ORDER BY p.id FOR UPDATE""",  # noqa: S608  # constants
        order=order_id,
        service=item.service_id,
        plan=item.plan_id,
        whole=item.capacity == "full_account",
        units=list(units),
    )
    if len(rows) != item.quantity * item.profiles_per_unit:
        raise Conflict("profile_taken")
    return [row.id for row in sorted(rows, key=lambda row: (row.account_id, row.id))]
