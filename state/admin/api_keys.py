"""Keys for programs: the owner makes one, copies it at once, and ends it when it is not needed.

The key itself goes to the browser that asked for it, once, and is kept in no State.
"""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.event import EventSpec

from domain import api_keys
from domain.api_keys import SCOPES, KeyLine
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.pushed import push

NEW_KEY = ClientStateVar.create("new_api_key", default="")
# Which one the question about ending a key is about.
ASKED = ClientStateVar.create("api_key_to_end", default=0)
CHOICES = tuple(SCOPES.items())
DAYS = (("30", "30 días"), ("90", "90 días"), ("180", "6 meses"), ("366", "Un año"))


@dataclass(frozen=True)
class KeyRow:
    """`ending` are its last four letters, by which its owner knows it."""

    id: int
    name: str
    ending: str
    state: str
    tone: str
    live: bool
    may: str
    detail: str


class ApiKeys(Outcomes, rx.State):
    keys: list[KeyRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    loaded: bool = False

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> EventSpec:
        """What was shown before stays nowhere."""
        async with told(self):
            await self._show()
        return push(NEW_KEY, "")

    @rx.event
    @allow(Gate.OWNER)
    async def create(self, form: dict[str, object]) -> EventSpec:
        async with told(self):
            sent = forms.fields(form)
            async with unit_of_work() as session:
                made = await api_keys.create(
                    session,
                    actor(),
                    name=forms.text(sent.get("name"), "name", longest=api_keys.LONGEST_NAME),
                    scopes=[scope for scope in SCOPES if forms.flag(sent.get(scope))],
                    days=forms.whole(sent.get("days"), "days", least=1, most=api_keys.MOST_DAYS),
                    role="owner" if forms.flag(sent.get("costs")) else "operator",
                )
            await self._show()
            return push(NEW_KEY, made.key.disclose())
        return push(NEW_KEY, "")

    @rx.event
    @allow(Gate.OWNER)
    async def revoke(self, key: int) -> None:
        async with told(self):
            key_id = forms.row_id(key)
            async with unit_of_work() as session:
                await api_keys.revoke(session, actor(), key_id=key_id)
            await self._show()

    async def _show(self) -> None:
        async with reading() as session:
            found = await api_keys.keys(session, actor())
        self.keys = [_row(key) for key in found]
        self.loaded = True


def _row(key: KeyLine) -> KeyRow:
    if key.live:
        state, tone = f"Vale hasta el {views.day(key.expires_at.date())}", "success"
    else:
        state, tone = ("Cancelada" if key.revoked_at else "Terminó"), "neutral"
    used = f"usada {views.ago(key.last_used_at)}" if key.last_used_at else "sin usar"
    sees = "ve costos" if key.role == "owner" else "no ve costos"
    return KeyRow(
        id=key.id,
        name=key.name,
        ending=key.ending,
        state=state,
        tone=tone,
        live=key.live,
        may=" · ".join(said for scope, said in CHOICES if scope in key.scopes),
        detail=f"La hizo {key.made_by} · {used} · {sees}",
    )
