"""The catalog's screens: what each role is sent, and what a form or a preview does."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from state.admin.catalog import AdminCatalog
from state.admin.catalog_plan import PlanEditing
from state.admin.catalog_service import AdminService
from state.admin.price_rises import PriceRises
from tests.builders import make_plan, make_service, make_staff, sign_in_staff
from tests.tabs import tabs

pytestmark = pytest.mark.usefixtures("shop")
RISE = {"scope": "", "way": "up", "by": "10", "unit": "percent", "rounding": "cent"}


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with reading() as session:
        return [tuple(row) for row in await fetch(session, statement)]


@pytest.mark.parametrize(("role", "told"), [("operator", False), ("owner", True)])
async def test_costs_are_sent_to_the_owner_alone(role: str, told: bool) -> None:
    """The control: the owner is sent them."""
    plan = await make_plan(cost=Decimal("713.37"), margin=Decimal("91.53"))
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff(role)))
        tab.path = f"/admin/catalogo/{plan.service_id}"
        await tab.send(AdminService.load)
        await tab.send(PlanEditing.begin, plan_id=plan.id)
        sent = str(tab.deltas)
    assert "804.90" in sent
    assert ("713.37" in sent, "91.53" in sent) == (told, told)


async def test_an_operator_renames_a_plan_and_its_prices_stay() -> None:
    plan = await make_plan()
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff()))
        tab.path = f"/admin/catalogo/{plan.service_id}"
        await tab.send(AdminService.load)
        await tab.send(PlanEditing.begin, plan_id=plan.id)
        await tab.send(PlanEditing.save, form={"plan_name": "Un mes", "cost": "1", "margin": "1"})
    assert await rows("SELECT name, cost, margin FROM plans") == [("Un mes", 120, 30)]


async def test_a_preview_is_applied_once_and_a_stale_one_never() -> None:
    await make_plan()
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff("owner")))
        await tab.send(PriceRises.look, form=RISE)
        assert [row.after for row in tab.sees(PriceRises)["rows"]] == ["$165.00 MXN (+15.00)"]
        async with unit_of_work() as session:
            await run(session, "UPDATE plans SET margin = 31")
        await tab.send(PriceRises.apply)
        assert tab.sees(PriceRises)["notice"].startswith("Los precios cambiaron")
        await tab.send(PriceRises.look, form=RISE)
        for _ in range(2):
            await tab.send(PriceRises.apply)
    assert await rows("SELECT sale_price FROM plans") == [(Decimal("166.10"),)]


async def test_a_service_is_dropped_where_another_stands_and_nonsense_moves_nothing() -> None:
    first, _, last = [await make_service(name=name, position=1) for name in ("A1", "B2", "C3")]
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff()))
        tab.path = "/admin/catalogo"
        await tab.send(AdminCatalog.load)
        await tab.send(AdminCatalog.drop, service_id=last.id, place_of=first.id)
        seen = tab.sees(AdminCatalog)
        assert [row.name for row in seen["rows"]] == ["C3", "A1", "B2"]
        assert seen["said"] == "C3 está en el lugar 1."
        for raw in (None, {}, -1, 10**400, "²", "\ud800"):
            await tab.send(AdminCatalog.drop, service_id=raw, place_of=first.id)
            await tab.send(AdminCatalog.drop, service_id=first.id, place_of=raw)
    assert await rows("SELECT name FROM services ORDER BY position") == [("C3",), ("A1",), ("B2",)]
