"""A person asks to be forgotten (the law's *cancelación*), and the owner carries it out.

What the books need stays: orders, amounts, dates and references. The person goes: name, number,
e-mail, notes, what they wrote and where messages went.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import order_endings, subscriptions
from domain.actors import Actor
from domain.customer_changes import locked, sign_out
from domain.errors import Conflict, Forbidden, InvalidInput
from domain.records import audit, tell
from domain.sql import fetch, run, scalar
from infra.clock import now

TYPED = 4
WHY = "Se borraron sus datos"


async def ask(session: AsyncSession, actor: Actor) -> None:
    """Asking twice is asking once."""
    asked = await run(
        session,
        "INSERT INTO erasure_requests (customer_id) VALUES (%(id)s) ON CONFLICT DO NOTHING",
        id=actor.customer_id(),
    )
    if asked:
        await audit(session, actor, "customer.erasure_ask", "customer", actor.id)
        await tell(session, "customers")


async def withdraw(session: AsyncSession, actor: Actor) -> None:
    if await _close(session, actor.customer_id()):
        await audit(session, actor, "customer.erasure_withdraw", "customer", actor.id)
        await tell(session, "customers")


async def asked_at(session: AsyncSession, actor: Actor) -> datetime | None:
    """When the customer asked, while nobody has answered."""
    since: Any = await scalar(
        session,
        """SELECT asked_at FROM erasure_requests
           WHERE customer_id = %(id)s AND closed_at IS NULL""",
        id=actor.customer_id(),
    )
    return since


async def erase(
    session: AsyncSession,
    actor: Actor,
    *,
    customer_id: int,
    typed: str,
    end_subscriptions: bool = False,
) -> None:
    """Carry it out, for good. `typed` is the end of the phone on screen.

    Raises `Forbidden` for anybody but the owner, `InvalidInput` (`typed`), `Conflict`:
    `customer_erased`, `erase_live` unless subscriptions are to end now, `erase_waiting`,
    `erase_credit`.
    """
    if not actor.owner:
        raise Forbidden
    row = await locked(session, actor, customer_id)
    if typed.strip() != row.phone[-TYPED:]:
        raise InvalidInput({"typed": "erase_confirm"})
    await _settle(session, actor, customer_id, end_subscriptions=end_subscriptions)
    await _forget_addresses(session, customer_id, [row.phone, row.whatsapp, row.email])
    for statement in TRACES:
        await run(session, statement, id=customer_id)
    await sign_out(session, customer_id)
    await run(session, PERSON, id=customer_id, now=now())
    await _close(session, customer_id)
    await audit(session, actor, "customer.erase", "customer", customer_id)
    await tell(session, "customers", "orders")


async def _settle(
    session: AsyncSession, actor: Actor, customer_id: int, *, end_subscriptions: bool
) -> None:
    """Nothing may be left that the shop still owes to a person it no longer knows."""
    if await scalar(session, "SELECT credit > 0 FROM customers WHERE id = %(id)s", id=customer_id):
        raise Conflict("erase_credit")
    open_orders = await fetch(
        session,
        """SELECT id, status FROM orders WHERE customer_id = %(id)s
             AND status IN ('pending', 'pending_payment', 'paid', 'processing') ORDER BY id""",
        id=customer_id,
    )
    if any(order.status in {"paid", "processing"} for order in open_orders):
        raise Conflict("erase_waiting")
    for order in open_orders:
        await order_endings.cancel(session, actor, order_id=order.id, reason=WHY)
    live = "SELECT count(*) FROM assignments WHERE customer_id = %(id)s AND released_at IS NULL"
    if await scalar(session, live, id=customer_id):
        if not end_subscriptions:
            raise Conflict("erase_live")
        await subscriptions.release_all_of(session, actor, customer_id=customer_id)


async def _forget_addresses(session: AsyncSession, customer_id: int, known: list[str]) -> None:
    """Also of messages that name no customer, such as codes, and of the numbers before."""
    before = await fetch(
        session, "SELECT phone FROM former_phones WHERE customer_id = %(id)s", id=customer_id
    )
    addresses = [one for one in (*known, *(row.phone for row in before)) if one]
    await run(
        session,
        """UPDATE messages SET to_address = '', body_sealed = NULL,
               code_sealed = NULL, in_doubt_since = NULL,
               error_code = CASE status WHEN 'queued' THEN 'not_needed' ELSE error_code END,
               status = CASE status WHEN 'queued' THEN 'failed' ELSE status END
           WHERE customer_id = %(id)s
              OR (customer_id IS NULL AND staff_id IS NULL AND to_address = ANY(%(to)s))""",
        id=customer_id,
        to=addresses,
    )
    await run(
        session,
        "DELETE FROM contact_messages WHERE phone = ANY(%(to)s) OR email = ANY(%(to)s)",
        to=addresses,
    )
    await run(session, "DELETE FROM login_codes WHERE phone = ANY(%(to)s)", to=addresses)
    await run(session, "DELETE FROM signin_attempts WHERE subject = ANY(%(to)s)", to=addresses)


TRACES = (
    "DELETE FROM former_phones WHERE customer_id = %(id)s",
    "DELETE FROM restock_requests WHERE customer_id = %(id)s",
    "DELETE FROM receipts WHERE customer_id = %(id)s",
    "DELETE FROM carts WHERE customer_id = %(id)s",
    """UPDATE ticket_entries e SET body = '(borrado)' FROM tickets t
       WHERE t.id = e.ticket_id AND t.customer_id = %(id)s AND e.body <> ''""",
    "UPDATE tickets SET subject = '' WHERE customer_id = %(id)s",
    """UPDATE statement_lines SET concept = '', payer = '', payer_key = '' WHERE order_id IN
       (SELECT id FROM orders WHERE customer_id = %(id)s)""",
    "UPDATE claims SET details = '', answer = '' WHERE customer_id = %(id)s",
    "UPDATE credit_entries SET note = '' WHERE customer_id = %(id)s AND note <> ''",
    f"UPDATE refunds SET reason = '{WHY}' WHERE customer_id = %(id)s",  # noqa: S608  # a constant
    f"""UPDATE orders SET notes = '', cancel_reason = '{WHY}'
        WHERE customer_id = %(id)s AND (notes <> '' OR cancel_reason <> '')""",  # noqa: S608  # a constant
    f"""UPDATE timeline_entries t SET data = jsonb_set(t.data, '{{reason}}', '"{WHY}"')
        FROM orders o WHERE o.id = t.order_id AND o.customer_id = %(id)s
          AND coalesce(t.data ->> 'reason', '') <> ''""",  # noqa: S608  # a constant
)
# The number's place is held by the id: it must be unique, and is no number anybody has.
PERSON = """UPDATE customers SET name = '', email = '', notes = '', whatsapp = '',
    phone = 'x' || id, delivery_preference = 'web', reminders = false,
    blocked_at = coalesce(blocked_at, %(now)s), erased_at = %(now)s
    WHERE id = %(id)s"""


async def _close(session: AsyncSession, customer_id: int) -> int:
    return await run(
        session,
        """UPDATE erasure_requests SET closed_at = now()
           WHERE customer_id = %(id)s AND closed_at IS NULL""",
        id=customer_id,
    )
