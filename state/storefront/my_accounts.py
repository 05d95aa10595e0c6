"""What the customer may use today. Credentials are opened one at a time and kept in no State."""

from __future__ import annotations

from contextlib import suppress

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.event import EventSpec

from domain import claim_pages, credentials, message_receipts, my_accounts
from domain.credentials import Credential
from domain.errors import DomainError
from infra.database import reading, unit_of_work
from state import forms
from state.access import Gate, actor, allow
from state.live import live
from state.outcomes import Outcomes, told
from state.pushed import push
from state.storefront.account_cards import AccessCard, access_card

CLOSED = {"id": "", "version": "", "login": "", "password": "", "pin": ""}
# Lives in the browser's memory only: what is pushed here is in no State, so in no store of states.
OPENED = ClientStateVar.create("opened_access", default=CLOSED)


class MyAccounts(Outcomes, rx.State):
    """`tried` is the card of which something was refused, and `notice` says why."""

    cards: list[AccessCard] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    tried: str = ""
    loaded: bool = False

    @rx.event
    @allow(Gate.CUSTOMER)
    async def load(self) -> None:
        async with told(self):
            live.watch(self, f"accounts:{actor().id}")  # watched first: no change is missed
            self.cards, self.tried, self.loaded = await held_cards(), "", True

    @rx.event
    @allow(Gate.CUSTOMER)
    async def reveal(self, card_id: str) -> EventSpec:
        self.tried = forms.echoed(card_id, longest=20)
        async with told(self):
            assignment_id = forms.row_id(card_id)
            async with unit_of_work() as session:
                opened = await credentials.reveal(session, actor(), assignment_id=assignment_id)
            self.cards = await held_cards()  # what was opened is no longer news
            return push(OPENED, _disclosed(opened))  # only now: its audit entry is committed
        return push(OPENED, CLOSED)

    @rx.event
    @allow(Gate.CUSTOMER)
    async def confirm(self, card_id: str) -> None:
        self.tried = forms.echoed(card_id, longest=20)
        async with told(self):
            assignment_id = forms.row_id(card_id)
            async with unit_of_work() as session:
                await message_receipts.confirm(session, actor(), assignment_id=assignment_id)
            self.cards = await held_cards()

    async def _look_again(self) -> None:
        """What is open stays open, unless its card names another version by now."""
        with suppress(DomainError):  # somebody of the staff signed in behind this tab
            if self.loaded:
                self.cards = await held_cards()


async def held_cards() -> list[AccessCard]:
    async with reading() as session:
        news = await claim_pages.of_customer(session, actor())
        held = await my_accounts.held_by(session, actor())
    return [access_card(one, news.get(one.id)) for one in held]


def _disclosed(opened: Credential) -> dict[str, str]:
    return {
        "id": str(opened.assignment_id),
        "version": opened.version,
        "login": opened.login.disclose(),
        "password": opened.password.disclose(),
        "pin": opened.pin.disclose() if opened.pin else "",
    }
