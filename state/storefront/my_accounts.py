"""What the customer may use today. Credentials are opened one at a time and kept in no State."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.event import EventSpec

from domain import assignments
from domain.assignments import Credential, Subscription
from infra.clock import today
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.pushed import push

CLOSED = {"id": "", "login": "", "password": "", "pin": ""}
# Lives in the browser's memory only: what is pushed here is in no State, so in no store of states.
OPENED = ClientStateVar.create("opened_access", default=CLOSED)
SOON = 3


@dataclass(frozen=True)
class AccessCard:
    """A subscription; `ends` is its last day. `id` is a text because the browser compares it."""

    id: str
    service: str
    initials: str
    tone: str
    plan: str
    profile: str
    ends: str
    left: str
    left_tone: str
    order_number: int
    instructions: list[str]
    terms: list[str]


class MyAccounts(Outcomes, rx.State):
    """`tried` is the card whose opening was refused, and `notice` says why."""

    cards: list[AccessCard] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    tried: str = ""
    loaded: bool = False

    @rx.event
    @allow(Gate.CUSTOMER)
    async def load(self) -> None:
        async with told(self):
            async with reading() as session:
                held = await assignments.held_by(session, actor())
            self.cards, self.tried, self.loaded = [_card(one) for one in held], "", True

    @rx.event
    @allow(Gate.CUSTOMER)
    async def reveal(self, card_id: str) -> EventSpec:
        self.tried = forms.echoed(card_id, longest=20)
        async with told(self):
            assignment_id = forms.row_id(card_id)
            async with unit_of_work() as session:
                opened = await assignments.reveal(session, actor(), assignment_id=assignment_id)
            return push(OPENED, _disclosed(opened))  # only now: its audit entry is committed
        return push(OPENED, CLOSED)


def _disclosed(opened: Credential) -> dict[str, str]:
    return {
        "id": str(opened.assignment_id),
        "login": opened.login.disclose(),
        "password": opened.password.disclose(),
        "pin": opened.pin.disclose() if opened.pin else "",
    }


def _card(held: Subscription) -> AccessCard:
    left, tone = _left(held.ends_on)
    whole = "Cuenta completa · " if held.capacity == "full_account" else ""
    return AccessCard(
        id=str(held.id),
        service=held.service_name,
        initials=views.initials(held.service_name),
        tone=held.service_slug,
        plan=f"{whole}{held.plan_name}",
        profile=held.profile_label,
        ends=views.day(held.ends_on),
        left=left,
        left_tone=tone,
        order_number=held.order_id,
        instructions=held.instructions.splitlines(),
        terms=held.terms.splitlines(),
    )


def _left(ends_on: date) -> tuple[str, str]:
    days = (ends_on - today()).days
    if days < 0:
        return "Terminó", "error"
    if days == 0:
        return "Termina hoy", "warning"
    said = "Queda 1 día" if days == 1 else f"Quedan {days} días"
    return said, "warning" if days <= SOON else "success"
