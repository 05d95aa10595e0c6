"""Checkouts with a card: a page of the provider's for exactly what an order still lacks.

One that is open for the same amount is used again. What becomes of it is asked of the provider now
and then, less and less often, so that a notice that got lost loses no payment.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import ledger
from domain.actors import Actor
from domain.errors import Conflict
from domain.orders import lock, refuse_state
from domain.records import audit
from domain.sql import fetch_one, run, scalar
from infra.clock import now
from infra.payments.shapes import CheckoutWanted
from infra.queue import defer
from infra.settings import settings

SHORTEST = timedelta(minutes=30)  # a page that closes while somebody types is of no use
LEFT = timedelta(minutes=5)  # less than that is not used again
UNDER_WAY = ("pending", "in_process", "authorized")


@dataclass(frozen=True, slots=True)
class Begun:
    """Where to pay, or what is to be opened first."""

    id: int
    url: str
    wanted: CheckoutWanted


async def begin(session: AsyncSession, actor: Actor, *, order_id: int) -> Begun:
    """The checkout for what an order lacks; the same one until it is opened, and while it is open.

    Raises `NotFound`, `Conflict`: `order_state`, `card_under_way` while a payment is looked into.
    """
    order = await lock(session, actor, order_id)
    missing = (await ledger.money_of(session, order_id)).missing
    if order.status != "pending_payment" or not missing:
        raise refuse_state(order)
    if await standing(session, order_id) == "under_way":
        raise Conflict("card_under_way")
    row = await _open(session, order_id, missing) or await _new(session, actor, order, missing)
    return Begun(
        row.id,
        row.url,
        CheckoutWanted(
            reference=row.reference,
            order_id=order_id,
            title=f"Pedido #{order_id} · {settings().shop_name}",
            amount=row.amount,
            expires_at=row.expires_at,
            back=f"{settings().origin}/pedido/{order_id}",
        ),
    )


async def _open(session: AsyncSession, order_id: int, amount: Decimal) -> Any | None:
    return await fetch_one(
        session,
        """SELECT * FROM card_checkouts WHERE order_id = %(order)s AND amount = %(amount)s
             AND expires_at > %(least)s ORDER BY id DESC LIMIT 1""",
        order=order_id,
        amount=amount,
        least=now() + LEFT,
    )


async def _new(session: AsyncSession, actor: Actor, order: Any, amount: Decimal) -> Any:
    """Its reference names the order, and cannot be guessed from it."""
    reference = f"{order.id}-{secrets.token_hex(8)}"
    await audit(session, actor, "card.checkout", "order", order.id, amount=str(amount))
    return await fetch_one(
        session,
        """INSERT INTO card_checkouts (order_id, reference, amount, expires_at)
           VALUES (%(order)s, %(reference)s, %(amount)s, %(expires)s) RETURNING *""",
        order=order.id,
        reference=reference,
        amount=amount,
        expires=max(order.expires_at, now() + SHORTEST),
    )


async def opened(session: AsyncSession, checkout_id: int, url: str) -> None:
    """From now on somebody may pay on it."""
    await run(
        session,
        """UPDATE card_checkouts SET url = %(url)s, due_at = now() + interval '2 minutes'
           WHERE id = %(id)s AND url = ''""",
        id=checkout_id,
        url=url,
    )


async def asked(session: AsyncSession, checkout_id: int) -> None:
    """Its payments were asked for: again in half its age, until three days after its end."""
    await run(
        session,
        """UPDATE card_checkouts SET tries = 0, due_at = CASE
               WHEN now() < expires_at + interval '3 days'
               THEN now() + greatest(interval '2 minutes', (now() - created_at) / 2) END
           WHERE id = %(id)s""",
        id=checkout_id,
    )


async def came_back(session: AsyncSession, actor: Actor, *, order_id: int) -> None:
    """Its customer returned from the provider: ask now, if nobody did just now."""
    await lock(session, actor, order_id)
    checkout_id = await scalar(
        session,
        """UPDATE card_checkouts SET due_at = now(), tries = 0
           WHERE id = (SELECT max(id) FROM card_checkouts
                       WHERE order_id = %(order)s AND url <> '')
             AND coalesce(asked_at, '-infinity') < now() - interval '10 seconds'
           RETURNING id""",
        order=order_id,
    )
    if checkout_id is not None:
        await defer(session, "cards.look", urgent=True, checkout_id=checkout_id)


async def standing(session: AsyncSession, order_id: int) -> str:
    """`under_way`, `rejected` or nothing: how the last try to pay an order by card went."""
    status = await scalar(
        session,
        """SELECT p.status FROM card_payments p JOIN card_checkouts c ON c.id = p.checkout_id
           WHERE c.order_id = %(order)s AND p.status <> '' AND p.payment_id IS NULL
           ORDER BY p.status = ANY(%(under_way)s) DESC, p.id DESC LIMIT 1""",
        order=order_id,
        under_way=list(UNDER_WAY),
    )
    if status in UNDER_WAY:
        return "under_way"
    return "rejected" if status in {"rejected", "cancelled"} else ""
