"""Reporting a problem from a card: what may help at once, what is wrong, and what came of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any

import reflex as rx

from domain import claims
from domain.errors import Conflict, InvalidInput, NotFound
from domain.texts import CLAIM_KINDS
from infra.database import unit_of_work
from state import forms
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.storefront.account_cards import AccessCard
from state.storefront.my_accounts import MyAccounts, held_cards

NEW_DATA = (
    "Tus datos cambiaron y aún no ves los nuevos: toca «Ver mis datos de acceso» en la tarjeta y "
    "prueba con ellos."
)
RECEIVED = "Recibimos tu reporte. Lo que pase con él aparece solo en esta página."
REPLACED = (
    "Te dimos un acceso nuevo; tu último día no cambia. Toca «Ver mis datos de acceso» en la "
    "tarjeta."
)


@dataclass(frozen=True)
class ProblemView:
    """`aid` is what to try before reporting it."""

    kind: str
    name: str
    aid: str


class ReportProblem(Outcomes, rx.State):
    """The dialog of one card. `times` counts its openings; `said` is what came of the report."""

    card_id: str = ""
    title: str = "Reportar un problema"
    problems: list[ProblemView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    said: str = ""
    tone: str = "success"
    times: int = 0

    @rx.event
    @allow(Gate.CUSTOMER)
    async def ask(self, card_id: str) -> AsyncGenerator[None]:
        self.card_id, self.problems, self.errors, self.notice = "", [], {}, ""
        self.title, self.said, self.times = "Reportar un problema", "", self.times + 1
        yield  # what was said of another card leaves at once
        async with told(self):
            number = str(forms.row_id(card_id))
            card = next((c for c in await held_cards() if c.id == number), None)
            if card is None:
                raise NotFound
            self.title, self.problems = f"Problema con {card.service}", _problems(card)
            self.card_id = number

    @rx.event
    @allow(Gate.CUSTOMER)
    async def send(self, form: dict[str, Any]) -> None:
        """The second of a double tap finds it said, and says nothing else."""
        if self.said:
            return
        said, tone = "", "success"
        async with told(self):
            said, tone = await _report(forms.row_id(self.card_id), forms.fields(form))
        if said:
            self.said, self.tone = said, tone
            await self._show_on_card()

    async def _show_on_card(self) -> None:
        """The signal says it too, but the one who tapped need not wait for it."""
        page = await self.get_state(MyAccounts)
        async with told(self):
            page.cards = await held_cards()


async def _report(card_id: int, form: dict[str, object]) -> tuple[str, str]:
    """What to say of it, and in which tone; what is reported already is no mistake."""
    wrong: dict[str, str] = {}
    details = ""
    try:
        details = forms.text(form.get("details"), "details", longest=claims.LONGEST)
    except InvalidInput as refusal:
        wrong = refusal.fields
    kind = form.get("kind")
    if not isinstance(kind, str) or kind not in CLAIM_KINDS:
        raise InvalidInput({"kind": "claim_kind", **wrong})
    if wrong:
        raise InvalidInput(wrong)
    try:
        async with unit_of_work() as session:
            done = await claims.report(
                session, actor(), assignment_id=card_id, kind=kind, details=details
            )
    except Conflict as refusal:
        if refusal.code != "claim_open":
            raise
        return refusal.message, "info"
    return (REPLACED if done.replaced else RECEIVED), "success"


def _problems(card: AccessCard) -> list[ProblemView]:
    aids = {
        "wrong_password": NEW_DATA
        if card.changed
        else "Copia el usuario y la contraseña con su botón, tal como aparecen en la tarjeta.",
        "profile_taken": f"Tu perfil es «{card.profile}». Si entraste a otro, cámbiate a ese.",
        "screen_limit": "Cierra la aplicación en tus otros dispositivos, espera cinco minutos y "
        "prueba otra vez: tu perfil es para uno a la vez.",
        "account_down": NEW_DATA
        if card.changed
        else "Prueba con otro dispositivo u otra conexión. Si sigue igual, repórtalo.",
        "other": "Cuéntanos abajo qué hacías y qué viste.",
    }
    return [ProblemView(kind, name, aids[kind]) for kind, name in CLAIM_KINDS.items()]
