"""Login, password and PINs of an account, opened one at a time, each opening on record.

What is opened goes to the browser that asked and is kept in no State.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import inventory_secrets
from infra.database import unit_of_work
from infra.vault import Secret
from state import forms
from state.access import Gate, actor, allow
from state.admin.account import AccountPage
from state.outcomes import Outcomes, told
from state.pushed import push

SEALED = {"key": "", "value": ""}
# One slot for all of them: what is opened closes what was open. Its key names the version, so
# that a password that is no longer in force hides itself as soon as the page knows.
UNSEALED = ClientStateVar.create("unsealed", default=SEALED)


class AccountSecrets(Outcomes, rx.State):
    """`tried` is the one whose opening was refused (`login`, `pin:3`), and `notice` says why."""

    tried: str = ""

    @rx.event
    @allow(Gate.OPERATOR)
    async def reveal(self, what: str) -> EventSpec:
        async def open_it(session: AsyncSession) -> Secret:
            page = await self.get_state(AccountPage)
            return await inventory_secrets.reveal_account(
                session, actor(), account_id=page.account.id, what=what
            )

        return await self._reveal(forms.echoed(what, longest=20), open_it)

    @rx.event
    @allow(Gate.OPERATOR)
    async def reveal_pin(self, profile: int) -> EventSpec:
        async def open_it(session: AsyncSession) -> Secret:
            profile_id = forms.row_id(profile, "profile")
            return await inventory_secrets.reveal_pin(session, actor(), profile_id=profile_id)

        return await self._reveal(f"pin:{forms.echoed(str(profile), longest=20)}", open_it)

    @rx.event
    @allow(Gate.OWNER)
    async def reveal_version(self, version: int) -> EventSpec:
        async def open_it(session: AsyncSession) -> Secret:
            version_id = forms.row_id(version, "version")
            return await inventory_secrets.reveal_version(session, actor(), version_id=version_id)

        return await self._reveal(f"version:{forms.echoed(str(version), longest=20)}", open_it)

    async def _reveal(
        self, name: str, open_it: Callable[[AsyncSession], Awaitable[Secret]]
    ) -> EventSpec:
        """Only when its audit entry is committed does the secret leave for the browser."""
        self.tried = name
        async with told(self):
            async with unit_of_work() as session:
                secret = await open_it(session)
            page = await self.get_state(AccountPage)
            await page._show()  # noqa: SLF001  # its history has one line more
            return push(UNSEALED, {"key": _key(page, name), "value": secret.disclose()})
        return push(UNSEALED, SEALED)


def _key(page: AccountPage, name: str) -> str:
    """`7:login`, `7:password:3`, `7:pin:12:1`, `7:version:4`: as the page spells it."""
    account = page.account
    if name == "password":
        return f"{account.id}:{name}:{account.version}"
    pins = {f"pin:{one.id}": one.pin_version for one in account.profiles}
    return f"{account.id}:{name}" + (f":{pins[name]}" if name in pins else "")
