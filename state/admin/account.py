"""One account of the stock: what is known of it, who holds its places, and what may be done."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import reflex as rx
from reflex_base.event import EventSpec

from domain import account_pages, inventory_pages
from domain.errors import DomainError
from infra.database import reading
from state import asked
from state.access import Gate, actor, allow
from state.admin.account_view import MISSING, AccountView, account_view
from state.admin.order import TO_TOP
from state.live import live
from state.outcomes import Outcomes, told


class AccountPage(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed."""

    account: AccountView = AccountView()
    phase: str = "loading"
    said: str = ""
    _arrival: tuple[int, str] = (0, "")  # what is said once when this account is opened next

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> AsyncGenerator[None]:
        """A socket that comes back loads again: what is being typed then stays."""
        number = asked.order_number(self)
        self.said = self._arrival[1] if self._arrival[0] == number else ""
        self._arrival = (0, "")
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


async def say(state: rx.State, said: str) -> None:
    """After something was done with the account on screen: read it again, and say what."""
    page = await state.get_state(AccountPage)
    await page._show()  # noqa: SLF001  # private, so that no client can call it
    page.said, page.notice = said, ""


async def announce(state: rx.State, number: int, said: str) -> None:
    """Let the page of an account say this once, when it opens."""
    page = await state.get_state(AccountPage)
    page._arrival = (number, said)  # noqa: SLF001


def close(dialog: str) -> EventSpec:
    """Close the dialog whose work is done, and go to where the outcome stands."""
    return rx.call_script(f"document.getElementById('{dialog}')?.close(); {TO_TOP}")
