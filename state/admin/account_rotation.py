"""A new password, PIN or login is put in force, and who uses the account hears of it.

What is typed comes with the form's event and is kept in no field: these are secrets.
"""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import rotations
from domain.errors import NotFound
from domain.rotations import Rotated
from infra.database import unit_of_work
from infra.vault import Secret
from state import forms
from state.access import Gate, actor, allow
from state.admin.account import AccountPage, say
from state.admin.account_holders import AccountHolders
from state.admin.account_versions import AccountVersions
from state.outcomes import Outcomes, told

DONE = """document.querySelectorAll("dialog[open]").forEach((one) => one.close());
window.scrollTo(0, 0)"""  # where the outcome stands


class AccountRotation(Outcomes, rx.State):
    """`profile` is whose PIN is asked for, 0 for nobody's.

    `changes` counts what was changed in this tab: a new one empties the forms.
    """

    profile: int = 0
    label: str = ""
    has_pin: bool = False
    changes: int = 0

    @rx.event
    @allow(Gate.OPERATOR)
    async def ask(self, profile: int) -> None:
        """What is about to change: a profile's PIN or, with 0, something of the whole account."""
        async with told(self):
            page = await self.get_state(AccountPage)
            found = next((one for one in page.account.profiles if one.id == profile), None)
            self.profile = found.id if found else 0
            self.label = found.label if found else ""
            self.has_pin = found.has_pin if found else False

    @rx.event
    @allow(Gate.OPERATOR)
    async def change_password(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            typed, reason = _typed(form, "password")
            account_id = await self._account_id()
            async with unit_of_work() as session:
                done = await rotations.rotate_password(
                    session, actor(), account_id=account_id, password=typed, reason=reason
                )
            said = f"La contraseña versión {done.version} ya está en vigor. {_outcome(done)}"
            return await self._done(said)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def change_pin(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            if not self.profile:
                raise NotFound
            typed, reason = _typed(form, "pin")
            return await self._put_pin(typed, reason)
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def remove_pin(self) -> EventSpec | None:
        async with told(self):
            if not self.profile:
                raise NotFound
            return await self._put_pin(None, "")
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def mark_rotated(self, profile: int) -> EventSpec | None:
        async with told(self):
            profile_id = forms.row_id(profile, "profile")
            async with unit_of_work() as session:
                served = await rotations.mark_rotated(session, actor(), profile_id=profile_id)
            return await self._done(f"El perfil se puede vender otra vez.{_served(served)}")
        return None

    @rx.event
    @allow(Gate.OPERATOR)
    async def correct_login(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            typed, _ = _typed(form, "login")
            account_id = await self._account_id()
            async with unit_of_work() as session:
                heard = await rotations.correct_login(
                    session, actor(), account_id=account_id, login=typed
                )
            return await self._done(f"El usuario quedó corregido. {_told(len(heard))}")
        return None

    async def _account_id(self) -> int:
        """The account on screen; 0, which no account has, before there is one."""
        return (await self.get_state(AccountPage)).account.id

    async def _put_pin(self, pin: Secret | None, reason: str) -> EventSpec:
        async with unit_of_work() as session:
            done = await rotations.rotate_pin(
                session, actor(), profile_id=self.profile, pin=pin, reason=reason
            )
        what = f"{self.label} tiene un PIN nuevo." if pin else f"{self.label} ya no tiene PIN."
        return await self._done(f"{what} {_outcome(done)}")

    async def _done(self, said: str) -> EventSpec:
        """The whole page shows it, and says what became of it."""
        await say(self, said)
        for part in (AccountHolders, AccountVersions):
            await (await self.get_state(part))._show()  # noqa: SLF001  # parts of one page
        self.profile, self.label, self.changes = 0, "", self.changes + 1
        return rx.call_script(DONE)


def _typed(form: object, field: str) -> tuple[Secret, str]:
    """What is put in force, out of the form, and why."""
    said = forms.fields(form)
    typed = Secret(forms.secret(said.get(f"new_{field}"), field))
    return typed, forms.text(said.get(f"{field}_reason"), "reason", longest=200)


def _outcome(done: Rotated) -> str:
    freed = {0: "", 1: " Quedó libre 1 perfil."}.get(
        done.freed, f" Quedaron libres {done.freed} perfiles."
    )
    return f"{_told(len(done.told))}{freed}{_served(done.served)}"


def _told(count: int) -> str:
    if not count:
        return "Nadie tuvo que enterarse."
    return "Avisamos a 1 suscripción." if count == 1 else f"Avisamos a {count} suscripciones."


def _served(count: int) -> str:
    if not count:
        return ""
    return (
        " Atendimos 1 pedido que esperaba."
        if count == 1
        else (f" Atendimos {count} pedidos que esperaban.")
    )
