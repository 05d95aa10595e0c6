"""A customer's credit: what it is made of; the owner gives some, or pays it out."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import credit, money_back
from domain.texts import MONEY_CAUSES
from infra.database import reading, unit_of_work
from state import asked, forms, views
from state.access import Gate, actor, allow
from state.admin.order_money import refund_notice
from state.outcomes import Outcomes, told

GIVE, PAY_OUT = "dar-saldo", "devolver-saldo"
CLOSE = "document.querySelectorAll('dialog[open]').forEach((one) => one.close())"


@dataclass(frozen=True)
class EntryRow:
    id: int
    title: str
    amount: str
    detail: str
    order: int


@dataclass(frozen=True)
class CreditView:
    """`plain` is the whole balance as a field takes it; `times` empties the forms."""

    balance: str = ""
    plain: str = ""
    rows: tuple[EntryRow, ...] = ()
    said: str = ""
    times: int = 0


class CustomerCredit(Outcomes, rx.State):
    credit: CreditView = CreditView()

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        """Of a customer that does not exist the page says so itself."""
        self.credit = CreditView()
        async with told(self):
            await self._show("")

    @rx.event
    @allow(Gate.OWNER)
    async def give(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            said = forms.fields(form)
            async with unit_of_work() as session:
                await credit.give(
                    session,
                    actor(),
                    customer_id=asked.order_number(self),
                    amount=forms.money(said.get("gift"), "gift"),
                    reason=forms.text(said.get("reason"), "reason", longest=200),
                )
            await self._show("Ya tiene el saldo a su favor.")
            return rx.call_script(CLOSE)
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def pay_out(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            notice = refund_notice(forms.fields(form))
            async with unit_of_work() as session:
                await money_back.pay_out(
                    session,
                    actor(),
                    customer_id=asked.order_number(self),
                    notice=notice,
                    seen=Decimal(self.credit.plain or 0),
                )
            await self._show("Registramos la devolución de su saldo.")
            return rx.call_script(CLOSE)
        return None

    async def _show(self, said: str) -> None:
        number = asked.order_number(self)
        async with reading() as session:
            balance = await credit.balance(session, actor(), customer_id=number)
            found = await credit.entries(session, actor(), customer_id=number)
        self.credit = CreditView(
            balance=views.pesos(balance),
            plain=f"{balance:.2f}" if balance else "",
            rows=tuple(_row(one) for one in found),
            said=said,
            times=self.credit.times + 1,
        )


def _row(one: credit.Entry) -> EntryRow:
    return EntryRow(
        id=one.id,
        title=MONEY_CAUSES[one.cause],
        amount=views.signed(one.amount),
        detail=" · ".join(filter(None, (views.moment(one.created_at), one.note))),
        order=one.order_id or 0,
    )
