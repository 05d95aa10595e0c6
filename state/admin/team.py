"""Who runs the shop, and the invitation that makes somebody one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.event import EventSpec

from domain import team
from domain.invitations import Invitation
from domain.team import Member
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.pushed import push

ROLES = {"owner": "Dueño", "operator": "Operador"}
NO_LINK = {"name": "", "link": "", "until": ""}
# Whoever has the link is let in: it goes to the browser that asked and is kept nowhere.
LINK = ClientStateVar.create("invitation_link", default=NO_LINK)


@dataclass(frozen=True)
class MemberRow:
    """`standing` says whether they can sign in, and `tone` repeats it in colour."""

    id: int
    name: str
    role: str
    standing: str
    tone: str
    second_factor: bool
    sessions: str
    me: bool


class Team(Outcomes, rx.State):
    members: list[MemberRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    loaded: bool = False

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> None:
        async with told(self):
            await self._show()

    @rx.event
    @allow(Gate.OWNER)
    async def invite(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            said = forms.fields(form)
            username = forms.text(said.get("username"), "username", longest=60, required=True)
            role = forms.choice(said.get("role"), "role", set(ROLES))
            email = forms.text(said.get("email"), "email", longest=254)
            whatsapp = forms.text(said.get("whatsapp"), "whatsapp", longest=40)
            async with unit_of_work() as session:
                invitation = await team.invite(
                    session,
                    actor(),
                    username=username,
                    role=role,
                    email=email,
                    whatsapp=whatsapp,
                )
            await self._show()
            return show_link(invitation)
        return None

    async def _show(self) -> None:
        async with reading() as session:
            found = await team.members(session, actor())
        self.members = [member_row(member) for member in found]
        self.loaded = True


def show_link(invitation: Invitation) -> EventSpec:
    return push(
        LINK,
        {
            "name": invitation.username,
            "link": invitation.link.disclose(),
            "until": views.deadline(invitation.expires_at),
        },
    )


def member_row(member: Member) -> MemberRow:
    standing, tone = _standing(member)
    open_ones = {0: "Sin sesiones abiertas", 1: "1 sesión abierta"}
    return MemberRow(
        id=member.id,
        name=member.username,
        role=ROLES[member.role],
        standing=standing,
        tone=tone,
        second_factor=member.second_factor,
        sessions=open_ones.get(member.sessions, f"{member.sessions} sesiones abiertas"),
        me=member.id == actor().id,
    )


def _standing(member: Member) -> tuple[str, str]:
    if not member.enabled:
        return "Desactivada", "error"
    if member.joined:
        return "Activa", "success"
    if member.invited_until is None:
        return "Invitación vencida", "warning"
    return "Invitación pendiente", "info"
