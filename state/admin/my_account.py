"""The own account of a member of staff: where alerts go, the second factor, open sessions."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.event import EventSpec

from domain import my_second_factor, session_list, team
from domain.my_second_factor import Setup
from infra.database import reading, unit_of_work
from infra.vault import Secret
from state import forms, views
from state.access import Gate, actor, allow
from state.admin.session_rows import SessionRow, session_id, session_row
from state.admin.team_member import addresses
from state.outcomes import Outcomes, told
from state.pushed import push

NOTHING: dict[str, Any] = {"secret": "", "drawing": "", "box": "0 0 1 1", "codes": []}
# The secret, its QR code and the recovery codes are shown once, by the browser that asked.
SHOWN = ClientStateVar.create("second_factor", default=NOTHING)
MARGIN = 4  # white modules around the code, without which cameras do not find it


@dataclass(frozen=True)
class MyAccountView:
    email: str = ""
    whatsapp: str = ""
    second_factor: bool = False
    since: str = ""
    codes_left: int = 0
    sessions: list[SessionRow] = field(default_factory=list[SessionRow])
    elsewhere: bool = False


class MyAccount(Outcomes, rx.State):
    mine: MyAccountView = MyAccountView()
    loaded: bool = False
    said: str = ""
    said_times: int = 0

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        self.said = ""
        async with told(self):
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def save_addresses(self, form: dict[str, Any]) -> None:
        async with told(self):
            email, whatsapp = addresses(form)
            async with unit_of_work() as session:
                await team.set_alert_addresses(
                    session, actor(), staff_id=actor().id or 0, email=email, whatsapp=whatsapp
                )
            await self._show("Guardamos a dónde te llegan los avisos.")

    @rx.event
    @allow(Gate.OPERATOR)
    async def begin_second_factor(self) -> EventSpec:
        async with told(self):
            async with unit_of_work() as session:
                setup = await my_second_factor.begin(session, actor())
            return push(SHOWN, _drawn(setup))
        return push(SHOWN, NOTHING)

    @rx.event
    @allow(Gate.OPERATOR)
    async def enable_second_factor(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            code = forms.text(forms.fields(form).get("code"), "code", longest=20, required=True)
            async with unit_of_work() as session:
                codes = await my_second_factor.enable(session, actor(), code=code)
            await self._show("Listo: tu cuenta pide dos pasos. Cerramos tus otras sesiones.")
            return push(SHOWN, _recovery(codes))
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def turn_off_second_factor(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            password = forms.secret(forms.fields(form).get("password"), "password")
            async with unit_of_work() as session:
                await my_second_factor.turn_off(session, actor(), password=password)
            await self._show("Tu cuenta ya solo pide la contraseña.")
            return push(SHOWN, NOTHING)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def renew_codes(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            password = forms.secret(forms.fields(form).get("password"), "password")
            async with unit_of_work() as session:
                codes = await my_second_factor.renew_codes(session, actor(), password=password)
            await self._show("Los códigos anteriores ya no sirven.")
            return push(SHOWN, _recovery(codes))
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def end_session(self, session: str) -> None:
        async with told(self):
            ended = session_id(session)
            async with unit_of_work() as work:
                await session_list.end_one(work, actor(), session_id=ended)
            await self._show("Cerramos esa sesión.")

    @rx.event
    @allow(Gate.OPERATOR)
    async def end_others(self) -> None:
        async with told(self):
            async with unit_of_work() as session:
                await session_list.end_others(session, actor())
            await self._show("Cerramos tus otras sesiones.")

    async def _show(self, said: str = "") -> None:
        me = actor()
        async with reading() as session:
            email, whatsapp = await team.my_alert_addresses(session, me)
            standing = await my_second_factor.standing(session, me)
            held = await session_list.of_staff(session, me, staff_id=me.id or 0)
        self.mine = MyAccountView(
            email=email,
            whatsapp=views.phone(whatsapp),
            second_factor=standing.since is not None,
            since=views.moment(standing.since),
            codes_left=standing.codes_left,
            sessions=[session_row(one) for one in held],
            elsewhere=len(held) > 1,
        )
        self.loaded = True
        self.said, self.said_times = said, self.said_times + bool(said)


def _drawn(setup: Setup) -> dict[str, Any]:
    """The QR code as the path of an SVG: a square for each dark module."""
    import segno  # noqa: PLC0415  # once in a person's life

    rows = [bytes(row) for row in segno.make_qr(setup.address.disclose(), error="m").matrix]
    size = len(rows) + 2 * MARGIN
    dark = [(x, y) for y, row in enumerate(rows) for x, module in enumerate(row) if module]
    secret = setup.secret.disclose()
    return {
        **NOTHING,
        "secret": " ".join(secret[n : n + 4] for n in range(0, len(secret), 4)),
        "drawing": "".join(f"M{x + MARGIN} {y + MARGIN}h1v1h-1z" for x, y in dark),
        "box": f"0 0 {size} {size}",
    }


def _recovery(codes: list[Secret]) -> dict[str, Any]:
    return {**NOTHING, "codes": [code.disclose() for code in codes]}
