"""One person who runs the shop, as an owner arranges them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import session_list, team
from infra.database import reading, unit_of_work
from state import asked, forms, views
from state.access import Gate, actor, allow
from state.admin.session_rows import SessionRow, session_id, session_row
from state.admin.team import ROLES, MemberRow, member_row, show_link
from state.outcomes import Outcomes, told


@dataclass(frozen=True)
class MemberView:
    """`version` changes with what its forms show, so that they are drawn anew."""

    row: MemberRow = field(
        default_factory=lambda: MemberRow(
            id=0, name="", role="", standing="", tone="", second_factor=False, sessions="", me=False
        )
    )
    role: str = ""
    email: str = ""
    whatsapp: str = ""
    enabled: bool = True
    joined: bool = False
    open_sessions: list[SessionRow] = field(default_factory=list[SessionRow])


class TeamMember(Outcomes, rx.State):
    member: MemberView = MemberView()
    said: str = ""
    said_times: int = 0

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> None:
        self.said = ""
        async with told(self):
            await self._show(asked.order_number(self))

    @rx.event
    @allow(Gate.OWNER)
    async def change_role(self, role: str) -> None:
        async def change(session: AsyncSession, staff_id: int) -> None:
            chosen = forms.choice(role, "role", set(ROLES))
            await team.change_role(session, actor(), staff_id=staff_id, role=chosen)

        await self._act(change, "Cambió su papel; cuenta desde este momento.")

    @rx.event
    @allow(Gate.OWNER)
    async def save_addresses(self, form: dict[str, Any]) -> None:
        async def save(session: AsyncSession, staff_id: int) -> None:
            email, whatsapp = addresses(form)
            await team.set_alert_addresses(
                session, actor(), staff_id=staff_id, email=email, whatsapp=whatsapp
            )

        await self._act(save, "Guardamos a dónde le llegan los avisos.")

    @rx.event
    @allow(Gate.OWNER)
    async def invite_again(self) -> EventSpec | None:
        async with told(self):
            async with unit_of_work() as session:
                invitation = await team.invite_again(session, actor(), staff_id=self.member.row.id)
            await self._show(invitation.staff_id)
            return show_link(invitation)
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def disable(self) -> None:
        async def out(session: AsyncSession, staff_id: int) -> None:
            await team.disable(session, actor(), staff_id=staff_id)

        await self._act(out, "Ya no puede entrar, y cerramos sus sesiones.")

    @rx.event
    @allow(Gate.OWNER)
    async def enable(self) -> None:
        async def back(session: AsyncSession, staff_id: int) -> None:
            await team.enable(session, actor(), staff_id=staff_id)

        await self._act(back, "Puede entrar otra vez.")

    @rx.event
    @allow(Gate.OWNER)
    async def remove_second_factor(self) -> None:
        async def remove(session: AsyncSession, staff_id: int) -> None:
            await team.remove_second_factor(session, actor(), staff_id=staff_id)

        await self._act(remove, "Quitamos su verificación en dos pasos y cerramos sus sesiones.")

    @rx.event
    @allow(Gate.OWNER)
    async def end_session(self, session: str) -> None:
        async def end(work: AsyncSession, _staff_id: int) -> None:
            await session_list.end_one(work, actor(), session_id=session_id(session))

        await self._act(end, "Cerramos esa sesión.")

    async def _act(self, act: Callable[[AsyncSession, int], Awaitable[None]], said: str) -> None:
        self.said = ""
        async with told(self):
            async with unit_of_work() as session:
                await act(session, self.member.row.id)
            await self._show(self.member.row.id)
            self.said, self.said_times = said, self.said_times + 1

    async def _show(self, staff_id: int) -> None:
        async with reading() as session:
            found = await team.member(session, actor(), staff_id=staff_id)
            held = await session_list.of_staff(session, actor(), staff_id=staff_id)
        self.member = MemberView(
            row=member_row(found),
            role=found.role,
            email=found.email,
            whatsapp=views.phone(found.whatsapp),
            enabled=found.enabled,
            joined=found.joined,
            open_sessions=[session_row(one) for one in held],
        )


def addresses(form: object) -> tuple[str, str]:
    """E-mail and WhatsApp for alerts, each of which may be empty."""
    said = forms.fields(form)
    return (
        forms.text(said.get("email"), "email", longest=254),
        forms.text(said.get("whatsapp"), "whatsapp", longest=40),
    )
