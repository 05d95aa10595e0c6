"""The passwords and PINs an account has had, and who of its holders has seen which password."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import reflex as rx

from domain import account_pages
from domain.account_pages import Version
from domain.errors import DomainError
from infra.database import reading
from state import asked, forms, views
from state.access import Gate, actor, allow
from state.live import live
from state.outcomes import Outcomes, told


@dataclass(frozen=True)
class VersionView:
    """`id` is 0 for the password in force; `kept` says that there is something to reveal.

    `begun` and `ended` are when it came into force and when, by whom and why it went out of it.
    """

    id: int
    title: str
    number: int
    password: bool
    in_force: bool
    kept: bool
    begun: str
    ended: str
    seen: str


@dataclass(frozen=True)
class WitnessView:
    name: str
    phone: str
    profile: str
    order: int
    seen: str


class AccountVersions(Outcomes, rx.State):
    """`witnesses` are the holders asked about last, for the password version `witnessed`."""

    versions: list[VersionView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    witnesses: list[WitnessView] = []  # noqa: RUF012
    witnessed: int = 0
    _account: int = 0

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            self.witnesses, self.witnessed = [], 0
            self._account = asked.order_number(self)
            live.watch(self, f"account:{self._account}")
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def ask_who(self, version: int) -> None:
        self.witnesses, self.witnessed = [], 0
        async with told(self):
            number = forms.whole(version, "version", least=1, most=10**6)
            async with reading() as session:
                found = await account_pages.seen(
                    session, actor(), account_id=self._account, version=number
                )
            self.witnessed = number
            self.witnesses = [
                WitnessView(
                    name=one.customer_name or "Sin nombre",
                    phone=views.phone(one.customer_phone),
                    profile=one.profile_label,
                    order=one.order_id,
                    seen=views.moment(one.seen_at),
                )
                for one in found
            ]

    async def _look_again(self) -> None:
        with suppress(DomainError):  # somebody else signed in behind this tab
            await self._show()

    async def _show(self) -> None:
        async with reading() as session:
            found = await account_pages.versions(session, actor(), account_id=self._account)
        self.versions = [version_view(one, _before(one, found)) for one in found]


def version_view(one: Version, before: Version | None) -> VersionView:
    password = one.profile_id is None
    until = f"Hasta {views.moment(one.replaced_at)}" if one.replaced_at else ""
    return VersionView(
        id=one.id or 0,
        title=_title(one),
        number=one.version,
        password=password,
        in_force=one.replaced_at is None,
        kept=one.kept,
        begun=f"Desde {views.moment(before.replaced_at)}" if before else "Desde el principio",
        ended=" · ".join(filter(None, (until, one.by, one.reason))),
        seen=_seen(one),
    )


def _title(one: Version) -> str:
    if one.profile_id is None:
        return f"Contraseña, versión {one.version}"
    return f"PIN de {one.profile_label}, versión {one.version}"


def _before(one: Version, among: Sequence[Version]) -> Version | None:
    """The version that this one took the place of."""
    same = (known for known in among if known.profile_id == one.profile_id)
    return next((known for known in same if known.version == one.version - 1), None)


def _seen(one: Version) -> str:
    """How many of those who hold it today have opened it."""
    if not one.holders:
        return "Nadie la tiene ahora"
    if one.profile_id is not None:
        return "Quien lo tiene ahora lo vio" if one.seen else "Quien lo tiene ahora no lo vio"
    return f"La vieron {one.seen} de {one.holders}"
