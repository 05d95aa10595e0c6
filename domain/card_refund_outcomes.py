"""What became of a refund the provider was asked for: given back, refused, or not known yet."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import card_work
from domain.actors import SYSTEM, Actor
from domain.errors import DomainError
from domain.money_back import write_down
from domain.orders import lock
from domain.records import audit, raise_alert, tell
from domain.refund_notices import RefundNotice
from domain.sql import come_back_point, fetch, fetch_one, run, scalar
from infra.clock import today
from infra.payments.shapes import ProviderRefund

STUCK = 6  # tries, about an hour, after which the staff is told


@dataclass(frozen=True, slots=True)
class Outgoing:
    """To be asked for now, under `key`, out of the provider's payment `number`.

    `written` are the refunds on record: another one of `amount`, once it was asked for, is this.
    """

    id: int
    number: str
    amount: Decimal
    key: UUID
    tries: int
    written: frozenset[str]

    def among(self, refunds: tuple[ProviderRefund, ...]) -> ProviderRefund | None:
        """This very refund, if the provider made it and its answer was lost."""
        alike = (one for one in refunds if one.amount == self.amount)
        return next((one for one in alike if one.number not in self.written), None)


async def take(session: AsyncSession, *, only: int | None = None) -> list[Outgoing]:
    """Those that wait and whose time has come."""
    return [
        Outgoing(
            id=row.id,
            number=await scalar(
                session,
                "SELECT number FROM card_payments WHERE id = %(id)s",
                id=row.card_payment_id,
            ),
            amount=row.amount,
            key=row.key,
            tries=row.tries,
            written=frozenset(
                one.reference
                for one in await fetch(
                    session,
                    "SELECT reference FROM refunds WHERE order_id = %(id)s",
                    id=row.order_id,
                )
            ),
        )
        for row in await card_work.take(session, "card_refunds", only=only)
    ]


async def given(session: AsyncSession, refund_id: int, said: ProviderRefund) -> None:
    """The provider gave it back: now it is on record, whatever else changed meanwhile."""
    row = await _waiting(session, refund_id)
    if row is None:
        return
    error = "" if await _written_down(session, row, said) else "not_written"
    await run(
        session,
        """WITH done AS (UPDATE card_refunds SET state = 'done', number = %(number)s,
                             error = %(error)s, due_at = NULL WHERE id = %(id)s
                         RETURNING card_payment_id, amount)
           UPDATE card_payments k SET returned = k.returned + d.amount, due_at = now()
           FROM done d WHERE k.id = d.card_payment_id""",
        id=refund_id,
        number=said.number,
        error=error,
    )
    if error:
        await raise_alert(session, f"card_returned:{row.order_id}", amount=str(row.amount))
    await tell(session, f"order:{row.order_id}", "orders")


async def _written_down(session: AsyncSession, row: Any, said: ProviderRefund) -> bool:
    """In the name of who asked. What keeps the access from being taken back keeps no money off."""
    notice = RefundNotice(
        amount=said.amount,
        method="card",
        reason=row.reason,
        reference=said.number,
        refunded_on=today(),
        release=row.release,
    )
    owner = Actor(kind="staff", id=row.staff_id, role="owner")
    for wanted in (notice, replace(notice, release=False)):
        order = await lock(session, SYSTEM, row.order_id)
        back = await come_back_point(session)
        try:
            await write_down(session, owner, order, wanted)
        except DomainError:
            await back()
        else:
            return True
    return False


async def refused(session: AsyncSession, refund_id: int, code: str) -> None:
    """The provider will not: whoever asked sees why, and asks again or does not."""
    row = await _waiting(session, refund_id)
    if row is None:
        return
    await run(
        session,
        """UPDATE card_refunds SET state = 'failed', error = %(code)s, due_at = NULL
           WHERE id = %(id)s""",
        id=refund_id,
        code=code,
    )
    amount = str(row.amount)
    await audit(
        session,
        SYSTEM,
        "card.refund_failed",
        "order",
        row.order_id,
        amount=amount,
        error=code,
    )
    await raise_alert(session, f"card_refund:{row.order_id}", amount=amount)
    await tell(session, f"order:{row.order_id}", "orders")


async def unsure(session: AsyncSession, outgoing: Outgoing, code: str) -> None:
    """Nobody knows whether it was given back: the same question will tell."""
    row = await _waiting(session, outgoing.id)
    if row is None:
        return
    await run(
        session,
        "UPDATE card_refunds SET error = %(code)s WHERE id = %(id)s",
        id=outgoing.id,
        code=code,
    )
    if outgoing.tries >= STUCK:
        await raise_alert(session, f"card_refund:{row.order_id}", amount=str(row.amount))
    await tell(session, f"order:{row.order_id}")


async def _waiting(session: AsyncSession, refund_id: int) -> Any | None:
    """Its order is locked first, as everywhere."""
    order_id = await scalar(
        session, "SELECT order_id FROM card_refunds WHERE id = %(id)s", id=refund_id
    )
    await lock(session, SYSTEM, order_id)
    return await fetch_one(
        session,
        "SELECT * FROM card_refunds WHERE id = %(id)s AND state = 'waiting' FOR UPDATE",
        id=refund_id,
    )
