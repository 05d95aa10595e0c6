"""One account of the stock: what is known of it, who holds its places, and what may be done."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import reflex as rx

from domain import account_pages, inventory_pages
from domain.errors import DomainError
from infra.database import reading
from state import asked
from state.access import Gate, actor, allow
from state.admin.account_view import MISSING, AccountView, account_view
from state.live import live
from state.outcomes import Outcomes, told


class AccountPage(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed."""

    account: AccountView = AccountView()
    phase: str = "loading"
    said: str = ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> AsyncGenerator[None]:
        """A socket that comes back loads again: what is being typed then stays."""
        self.said, number = "", asked.order_number(self)
        if number != self.account.id:
            self.account, self.phase = AccountView(), "loading"
            yield
        async with told(self):
            live.watch(self, f"account:{number}", "orders")  # watched first: no change is missed
            await self._show(number)

    async def _look_again(self) -> None:
        if actor().staff and self.phase == "ready":
            await self._show()

    async def _show(self, number: int = 0) -> None:
        """Read the account again; without a number the one on screen."""
        try:
            async with reading() as session:
                account = await account_pages.account_page(
                    session, actor(), account_id=number or self.account.id
                )
                services = await inventory_pages.services(session, actor())
        except DomainError:
            self.account, self.phase = MISSING, "missing"
            return
        plans = next((one.plans for one in services if one.id == account.service_id), ())
        self.account, self.phase = account_view(account, plans), "ready"
