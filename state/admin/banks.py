"""The bank accounts customers pay into, as the owner keeps them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec, run_script
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import bank_accounts, shop_settings
from domain.amounts import MOST
from domain.bank_accounts import BankAccount, BankDetails
from domain.shop_settings import CHOICES
from infra.database import reading, unit_of_work
from infra.settings import settings
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told

DIALOG = "bank-account"
STEPS = (
    "Realiza la transferencia por el monto exacto",
    "Incluye el número de orden en el concepto",
    "Envía tu comprobante por WhatsApp",
)


@dataclass(frozen=True)
class BankRow:
    """`steps` has one step a line, as its field takes them."""

    id: int = 0
    bank: str = ""
    holder: str = ""
    clabe: str = ""
    account: str = ""
    steps: str = "\n".join(STEPS)
    is_sample: bool = False
    is_default: bool = False
    least: str = ""
    most: str = ""
    amounts: str = ""


@dataclass(frozen=True)
class BanksView:
    """`rule` says which account an order is told: the default one, by its amount, or in turns.

    It is asked once there are `several` real ones.
    """

    rows: list[BankRow] = field(default_factory=list[BankRow])
    rule: str = "default"
    several: bool = False
    loaded: bool = False


class Banks(Outcomes, rx.State):
    """`chosen` is the account in the form; 0 is a new one. `bank` is the one its CLABE names."""

    view: BanksView = BanksView()
    chosen: BankRow = BankRow()
    bank: str = ""
    said: str = ""
    said_times: int = 0

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> None:
        self.said = ""
        async with told(self):
            await self._show()

    @rx.event
    @allow(Gate.OWNER)
    async def begin(self, account_id: int) -> None:
        """Fill the form with this account, or with a new one's usual steps."""
        async with told(self):
            wanted = forms.whole(account_id, "id", least=0, most=2**63 - 1)
            found = {row.id: row for row in self.view.rows}
            self.chosen = found.get(wanted, BankRow())
            self.bank = bank_accounts.bank_of(self.chosen.clabe)

    @rx.event
    @allow(Gate.OWNER)
    async def recognise(self, clabe: str) -> None:
        """Say which bank a CLABE is of while it is typed."""
        self.bank = bank_accounts.bank_of(forms.echoed(clabe, longest=30).replace(" ", ""))

    @rx.event
    @allow(Gate.OWNER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            details, account_id = _typed(forms.fields(form)), self.chosen.id
            async with unit_of_work() as session:
                if account_id:
                    await bank_accounts.change(
                        session, actor(), account_id=account_id, details=details
                    )
                else:
                    await bank_accounts.add(session, actor(), details)
            await self._show("Guardamos la cuenta. Los pedidos ya hechos conservan la suya.")
            return run_script(f"document.getElementById('{DIALOG}')?.close()")
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def choose_rule(self, rule: str) -> None:
        async with told(self):
            chosen = forms.choice(rule, "bank_rule", set(CHOICES["bank_rule"]))
            async with unit_of_work() as session:
                await shop_settings.change(session, actor(), {"bank_rule": chosen})
            await self._show("Vale para los pedidos nuevos.")

    @rx.event
    @allow(Gate.OWNER)
    async def make_default(self, account_id: int) -> None:
        async def choose(session: AsyncSession, chosen: int) -> None:
            await bank_accounts.make_default(session, actor(), account_id=chosen)

        await self._act(account_id, choose, "Los pedidos nuevos se pagan a esta cuenta.")

    @rx.event
    @allow(Gate.OWNER)
    async def remove(self) -> None:
        async def delete(session: AsyncSession, chosen: int) -> None:
            await bank_accounts.remove(session, actor(), account_id=chosen)

        await self._act(self.chosen.id, delete, "Quitamos la cuenta.")

    async def _act(
        self, account_id: int, act: Callable[[AsyncSession, int], Awaitable[None]], said: str
    ) -> None:
        async with told(self):
            chosen = forms.row_id(account_id)
            async with unit_of_work() as session:
                await act(session, chosen)
            await self._show(said)

    async def _show(self, said: str = "") -> None:
        async with reading() as session:
            found = await bank_accounts.bank_accounts(session, actor())
        rows = [_row(one) for one in found]
        self.view = BanksView(
            rows,
            settings().bank_rule,
            several=sum(not row.is_sample for row in rows) > 1,
            loaded=True,
        )
        self.said, self.said_times = said, self.said_times + bool(said)


def _typed(form: dict[str, object]) -> BankDetails:
    steps = forms.text(form.get("steps"), "steps", longest=2000)
    return BankDetails(
        holder=forms.text(form.get("holder"), "holder", longest=200, required=True),
        clabe=forms.text(form.get("clabe"), "clabe", longest=40, required=True),
        account=forms.text(form.get("account"), "account", longest=40),
        bank=forms.text(form.get("bank"), "bank", longest=120),
        steps=tuple(steps.splitlines()),
        least=_amount(form, "least"),
        most=_amount(form, "most"),
    )


def _amount(form: dict[str, object], name: str) -> Decimal | None:
    return forms.money(form[name], name, least=Decimal(0)) if form.get(name) else None


def _row(one: BankAccount) -> BankRow:
    return BankRow(
        id=one.id,
        bank=one.bank,
        holder=one.holder,
        clabe=one.clabe,
        account=one.account,
        steps="\n".join(one.steps),
        is_sample=one.is_sample,
        is_default=one.is_default,
        least=f"{one.least:.2f}" if one.least else "",
        most=f"{one.most:.2f}" if one.most is not None and one.most < MOST else "",
        amounts=_amounts(one),
    )


def _amounts(one: BankAccount) -> str:
    if one.least is None or one.most is None:
        return ""
    if one.most >= MOST:
        return f"Desde {views.pesos(one.least)}"
    return f"De {views.pesos(one.least)} a {views.pesos(one.most)}"
