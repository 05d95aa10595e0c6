"""What customers reported: the open ones, the oldest first, and those that were answered."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from domain import claim_pages
from domain.claim_pages import PAGE
from infra.database import reading
from state import asked
from state.access import Gate, actor, allow
from state.admin.claim_rows import ClaimRow, claim_row
from state.asked import Place
from state.live import live, staff_at
from state.outcomes import Outcomes, told

PATH = "/admin/garantias"
CLOSED = "cerradas"


@dataclass(frozen=True)
class ClaimTab:
    label: str
    address: str
    active: bool
    count: int


class AdminClaims(Outcomes, rx.State):
    """`closed` says which tab is shown."""

    claims: list[ClaimRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    tabs: list[ClaimTab] = []  # noqa: RUF012
    closed: bool = False
    newer: str = ""
    older: str = ""
    paged: bool = False
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            live.watch(self, "claims")
            await self._show()

    async def _look_again(self) -> None:
        if staff_at(self, PATH):
            await self._show()

    async def _show(self) -> None:
        closed, place = asked.query(self).get("tab") == CLOSED, Place.of(self)
        async with reading() as session:
            count = await claim_pages.open_count(session)
            found = (
                await claim_pages.closed_claims(
                    session, actor(), before=place.before, limit=PAGE + 1
                )
                if closed
                else await claim_pages.open_claims(
                    session, actor(), after=place.before, limit=PAGE + 1
                )
            )
        kept = {"tab": CLOSED if closed else ""}
        self.newer, self.older = place.around(PATH, kept, [one.id for one in found], PAGE)
        self.tabs = [
            ClaimTab("Abiertas", PATH, not closed, count),
            ClaimTab("Cerradas", asked.address(PATH, {"tab": CLOSED}), closed, 0),
        ]
        self.claims = [claim_row(one) for one in found[:PAGE]]
        self.paged = bool(self.newer or self.older)
        self.closed, self.loaded = closed, True
