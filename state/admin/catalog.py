"""The services of the shop, in shop order: put in order, paused, found."""

from __future__ import annotations

import reflex as rx

from domain import catalog_changes, catalog_pages, services
from infra.database import reading, unit_of_work
from state import asked, forms
from state.access import Gate, actor, allow
from state.admin.catalog_view import ServiceRow, service_rows
from state.live import live, staff_at
from state.outcomes import Outcomes, told

PATH = "/admin/catalogo"
LONGEST_SEARCH = 60


class AdminCatalog(Outcomes, rx.State):
    """`sorted` while every service is on screen, so that arrows mean what they say."""

    rows: list[ServiceRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    q: str = ""
    archived: bool = False
    sorted: bool = False
    is_owner: bool = False
    said: str = ""
    said_times: int = 0
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        self.said = ""
        async with told(self):
            live.watch(self, "catalog", "orders")
            await self._show()

    async def _look_again(self) -> None:
        if staff_at(self, PATH):
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def move(self, service_id: int, up: bool) -> None:
        async with told(self):
            service, upward = forms.row_id(service_id), forms.flag(up)
            async with unit_of_work() as session:
                await services.move(session, actor(), service_id=service, up=upward)
            await self._moved(service)

    @rx.event
    @allow(Gate.OPERATOR)
    async def drop(self, service_id: int, place_of: int) -> None:
        """Put it where it was dropped."""
        async with told(self):
            service, place = forms.row_id(service_id), forms.row_id(place_of)
            async with unit_of_work() as session:
                await services.put_at(session, actor(), service_id=service, place_of=place)
            await self._moved(service)

    @rx.event
    @allow(Gate.OPERATOR)
    async def sell(self, service_id: int, wanted: bool) -> None:
        """Pause a service, or put it on sale again."""
        async with told(self):
            service, active = forms.row_id(service_id), forms.flag(wanted)
            async with unit_of_work() as session:
                await catalog_changes.set_active(
                    session, actor(), "service", service, active=active
                )
            await self._show()
            self._say("Ya está a la venta." if active else "En pausa: nadie lo ve en la tienda.")

    async def _moved(self, service: int) -> None:
        await self._show()
        place = next((n for n, row in enumerate(self.rows, 1) if row.id == service), 0)
        if place:
            self._say(f"{self.rows[place - 1].name} está en el lugar {place}.")

    async def _show(self) -> None:
        query = asked.query(self)
        q = forms.echoed(query.get("q", ""), longest=LONGEST_SEARCH).replace("\x00", "").strip()
        archived = query.get("ver") == "archivados"
        async with reading() as session:
            found = await catalog_pages.lines(session, actor(), search=q, archived=archived)
        self.rows = service_rows(found, archived=archived)
        self.q, self.archived, self.sorted = q, archived, not q and not archived
        self.is_owner, self.loaded = actor().owner, True

    def _say(self, said: str) -> None:
        self.said, self.said_times = said, self.said_times + 1
