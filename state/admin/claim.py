"""One report: its holder gets another access, or an answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import claim_pages, claims, replacements
from domain.claim_pages import ClaimOnPage
from domain.errors import DomainError
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.claim_rows import MISSING, ClaimView, claim_view
from state.admin.order import TO_TOP
from state.live import live
from state.outcomes import Outcomes, told


class AdminClaim(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed.

    What this page shows as answered is not answered again: the second of a double tap is quiet.
    """

    claim: ClaimView = ClaimView()
    phase: str = "loading"
    said: str = ""
    _number: int = 0
    _assignment: int = 0

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> AsyncGenerator[None]:
        """A socket that comes back loads again: the answer being typed then stays."""
        self.said, number = "", asked.order_number(self)
        if number != self._number:
            self.claim, self.phase = ClaimView(), "loading"
            yield
        async with told(self):
            live.watch(self, "claims")  # watched first: no change is missed
            self._number = number
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def replace(self) -> EventSpec:
        if not self.claim.open:
            return rx.call_script(TO_TOP)
        self.said = ""
        async with told(self):
            async with unit_of_work() as session:
                await replacements.replace(
                    session, actor(), assignment_id=self._assignment, claim_id=self._number
                )
            await self._show()
            self.said = "Tiene un acceso nuevo y ya le avisamos."
        return rx.call_script(TO_TOP)

    @rx.event
    @allow(Gate.OPERATOR)
    async def solve(self, form: dict[str, Any]) -> EventSpec | None:
        return await self._close(form, "solved", "El reporte quedó resuelto.")

    @rx.event
    @allow(Gate.OPERATOR)
    async def reject(self, form: dict[str, Any]) -> EventSpec | None:
        return await self._close(form, "rejected", "El reporte quedó rechazado.")

    async def _close(self, form: object, status: str, said: str) -> EventSpec | None:
        """The field is named as its outcome: both forms are on the page."""
        if not self.claim.open:
            return rx.call_script(TO_TOP)
        self.said, typed = "", forms.fields(form).get(status)
        async with told(self):
            answer = forms.text(typed, "answer", longest=claims.LONGEST)
            async with unit_of_work() as session:
                await claims.close(
                    session, actor(), claim_id=self._number, status=status, answer=answer
                )
            await self._show()
            self.said = said
            return rx.call_script(TO_TOP)
        if "answer" in self.errors:
            self.errors = {status: self.errors["answer"]}
        return None

    async def _look_again(self) -> None:
        if actor().staff and self.phase == "ready":
            await self._show()

    async def _show(self) -> None:
        found = await _found(self._number)
        self.claim = claim_view(found) if found else MISSING
        self._assignment = found.line.assignment_id if found else 0
        self.phase = "ready" if found else "missing"


async def _found(number: int) -> ClaimOnPage | None:
    try:
        async with reading() as session:
            return await claim_pages.claim_page(session, actor(), claim_id=number)
    except DomainError:
        return None
