"""Who holds an account until when, and moving one or all of them to other stock."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import replacements
from domain.errors import DomainError
from domain.replacements import Holder
from infra.clock import today
from infra.database import reading
from state import asked, views
from state.access import Gate, actor, allow
from state.admin.account import say
from state.admin.one_by_one import OneByOne
from state.live import live
from state.outcomes import Outcomes, told


@dataclass(frozen=True)
class HolderView:
    """One unit sold; `id` is the subscription that stands for it."""

    id: int = 0
    name: str = ""
    what: str = ""
    until: str = ""
    order: int = 0
    lapsed: bool = False
    reported: bool = False


class AccountHolders(OneByOne, Outcomes, rx.State):
    """`chosen` is whose change is being asked about. The account is the one in the address."""

    holders: list[HolderView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    chosen: HolderView = HolderView()
    _account: int = 0

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            self.results, self.progress, self.running = [], "", False
            self._account, self.chosen = asked.order_number(self), HolderView()
            live.watch(self, f"account:{self._account}", "orders", "claims")
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def ask(self, holder: int) -> None:
        self.chosen = next((one for one in self.holders if one.id == holder), HolderView())

    @rx.event
    @allow(Gate.OPERATOR)
    async def swap(self) -> AsyncGenerator[EventSpec | None]:
        """Move the one that was asked about."""
        async for event in self._swap([self.chosen] if self.chosen.id else []):
            yield event

    @rx.event
    @allow(Gate.OPERATOR)
    async def swap_all(self) -> AsyncGenerator[EventSpec | None]:
        """Move all, in the order in which scarce stock is given to them."""
        holders: list[HolderView] = []
        async with told(self):
            holders = await _held(self._account)
        if not self.notice:
            async for event in self._swap(holders):
                yield event

    async def _swap(self, holders: list[HolderView]) -> AsyncGenerator[EventSpec | None]:
        """What finds no stock stays; whoever was moved since, by anybody, is not moved again."""
        account, orders = self._account, {one.id: one.order for one in holders}

        async def work(session: AsyncSession, row: int) -> tuple[str, int]:
            await replacements.replace(session, actor(), assignment_id=row, from_account=account)
            return "Cambiado: ya puede ver su acceso nuevo", orders[row]

        rows = [(one.id, f"{one.name} · {one.what}") for one in holders]
        async for event in self._each(rows, work):
            yield event
        async with told(self):
            await self._show()
            await say(self, "")  # what was done before is old news; the results speak
            self.notice = "" if holders else "Nadie tiene ya esta cuenta."

    async def _look_again(self) -> None:
        with suppress(DomainError):  # somebody else signed in behind this tab
            await self._show()

    async def _show(self) -> None:
        self.holders = await _held(self._account)


async def _held(account_id: int) -> list[HolderView]:
    async with reading() as session:
        found = await replacements.holders_of(session, actor(), account_id=account_id)
    return [holder_view(one) for one in found]


def holder_view(one: Holder) -> HolderView:
    whole = f"Cuenta completa, {one.profiles} perfiles"
    return HolderView(
        id=one.assignment_id,
        name=one.customer_name or "Sin nombre",
        what=f"{whole if one.profiles > 1 else one.profile_label} · {one.plan_name}",
        until=f"{'Terminó' if one.ends_on < today() else 'Hasta'} el {views.day(one.ends_on)}",
        order=one.order_id,
        lapsed=one.ends_on < today(),
        reported=one.reported,
    )
