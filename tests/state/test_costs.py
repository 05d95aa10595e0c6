"""What things cost is the owner's: every page of the daily work, as an operator's browser gets it.

The owner walks the same way first: what the scan does not find in theirs it could not find at all.
"""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import imports, inventory
from domain.actors import SYSTEM
from domain.sql import fetch
from infra.clock import today
from infra.database import reading, unit_of_work
from state.admin.account import AccountPage
from state.admin.account_editing import AccountEditing, SupplierPayment
from state.admin.catalog import AdminCatalog
from state.admin.catalog_plan import PlanEditing
from state.admin.catalog_service import AdminService
from state.admin.expirations import Expirations
from state.admin.home import AdminHome
from state.admin.imports import AdminImports
from state.admin.inventory import Inventory
from state.admin.new_account import NewAccount
from state.admin.order import AdminOrder
from state.admin.orders import AdminOrders
from state.admin.stock import AdminStock
from state.live import live
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    pay,
    place_order,
    sign_in_staff,
)
from tests.canaries import hits
from tests.fixtures import Shop
from tests.state.test_live import delivering
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

COSTS = {
    "what the account costs": "987.65",
    "what it cost before": "876.54",
    "what the supplier was paid": "765.43",
    "what a file says": "654.32",
    "what the plan costs": "123.45",
    "what the plan earns": "26.55",
}
SOON = today() + timedelta(days=3)


@pytest.fixture
async def plan() -> models.Plan:
    await make_bank()
    return await make_plan(
        await make_service(max_profiles=5), cost=Decimal("123.45"), margin=Decimal("26.55")
    )


@pytest.fixture
async def account(plan: models.Plan) -> int:
    """Paid for three days more, in use, with every kind of cost in its past."""
    boss = as_staff(await make_staff("owner"))
    made = await make_account(plan.service_id, cost=Decimal("876.54"))
    assert made.id
    async with unit_of_work() as session:
        known = {"account_id": made.id, "plan_id": None, "paid_until": None, "notes": ""}
        await inventory.edit_account(session, boss, **known, cost=Decimal("987.65"))
        await inventory.renew_with_supplier(
            session, boss, account_id=made.id, paid_until=SOON, cost=Decimal("765.43")
        )
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    return made.id


async def stage(plan: models.Plan) -> int:
    row = "usuario,clave,perfil,costo\ncine@correo.mx,secreta,Sala,654.32\n"
    async with unit_of_work() as session:
        return await imports.stage(
            session, SYSTEM, content=row.encode(), file_name="x.csv", service_id=plan.service_id
        )


async def walk(tab: Tab, plan: models.Plan, account: int, batch: int) -> None:
    pages: list[tuple[Any, str]] = [
        (AdminHome.load, "/admin"),
        (AdminOrders.load, "/admin/pedidos"),
        (AdminOrder.load, "/admin/pedidos/1"),
        (AdminCatalog.load, "/admin/servicios"),
        (AdminService.load, f"/admin/servicios/{plan.service_id}"),
        (AdminStock.load, "/admin/inventario/niveles"),
        (Inventory.load, "/admin/inventario"),
        (NewAccount.load, "/admin/inventario/nueva"),
        (AdminImports.load, f"/admin/inventario/importar?lote={batch}"),
        (Expirations.load, "/admin/vencimientos?tab=proveedor"),
        (AccountPage.load, f"/admin/inventario/{account}"),
    ]
    for load, path in pages:
        tab.path = path
        await tab.send(load)
    await tab.send(PlanEditing.begin, plan_id=plan.id)
    for begin in (AccountEditing.begin, SupplierPayment.begin):
        await tab.send(begin)


def said(tab: Tab) -> list[str]:
    return [str(tab.deltas), str(tab.scripts)]


async def cost_of(account: int) -> str:
    async with reading() as session:
        row = await fetch(session, "SELECT cost::text FROM accounts WHERE id = %(id)s", id=account)
        return str(row[0].cost)


async def test_no_page_of_the_daily_work_tells_an_operator_what_anything_costs(
    plan: models.Plan, account: int
) -> None:
    batch = await stage(plan)
    async with tabs() as open_tab:
        owner = open_tab(await sign_in_staff(await make_staff("owner")))
        await walk(owner, plan, account, batch)
        assert hits(COSTS, said(owner)) == sorted(COSTS)  # the scan finds them where they are
        operator = open_tab(await sign_in_staff(await make_staff()))
        await walk(operator, plan, account, batch)
        seen = operator.sees(AccountPage)["account"]
        assert (seen.id, len(seen.payments), len(seen.history)) == (account, 1, 3)
        assert operator.sees(AdminImports)["batch"].sample[0].login == "ci•••@correo.mx"
        assert hits(COSTS, said(operator)) == []


async def test_a_page_an_operator_has_open_follows_an_owner_without_the_cost(
    shop: Shop, account: int
) -> None:
    boss = as_staff(await make_staff("owner"))
    async with tabs() as open_tab:
        operator = open_tab(await sign_in_staff(await make_staff()))
        operator.path = f"/admin/inventario/{account}"
        await operator.send(AccountPage.load)
        async with delivering(shop, live, operator) as handed_out:
            async with unit_of_work() as session:
                known = {"account_id": account, "plan_id": None, "paid_until": SOON}
                await inventory.edit_account(
                    session, boss, **known, notes="Con Luis", cost=Decimal("543.21")
                )
            await handed_out(f"account:{account}")
        seen = operator.sees(AccountPage)["account"]
        assert (seen.notes, seen.history[0].said) == ("Con Luis", "Se editó: notas")
        assert "543.21" not in str(operator.deltas)


async def test_a_change_of_the_cost_alone_is_told_to_an_operator_without_it(account: int) -> None:
    async with tabs() as open_tab:
        operator = open_tab(await sign_in_staff(await make_staff()))
        operator.path = f"/admin/inventario/{account}"
        await operator.send(AccountPage.load)
        history = [one.said for one in operator.sees(AccountPage)["account"].history]
    assert history[1] == "Se editó"
    assert history[0].startswith("Se pagó al proveedor hasta el ")


async def test_what_an_operator_saves_leaves_the_cost_as_it_is(account: int) -> None:
    async with tabs() as open_tab:
        operator = open_tab(await sign_in_staff(await make_staff()))
        operator.path = f"/admin/inventario/{account}"
        await operator.send(AccountPage.load)
        form = {"plan_id": "", "paid_until": SOON.isoformat(), "notes": "Con Luis"}
        await operator.send(AccountEditing.save, form=form)
        later = (SOON + timedelta(days=30)).isoformat()
        await operator.send(SupplierPayment.record, form={"paid_to": later})
        seen = operator.sees(AccountPage)["account"]
        assert (seen.notes, seen.paid_until_plain) == ("Con Luis", later)
    assert await cost_of(account) == "987.65"
    async with reading() as session:
        paid = await fetch(session, "SELECT cost::text FROM supplier_renewals ORDER BY id")
    assert [one.cost for one in paid] == ["765.43", "987.65"]  # as much as the account costs


async def test_a_cost_an_operator_sends_by_hand_is_refused(plan: models.Plan, account: int) -> None:
    refusal = "Tu cuenta no tiene permiso para hacer esto."
    async with tabs() as open_tab:
        operator = open_tab(await sign_in_staff(await make_staff()))
        operator.path = f"/admin/inventario/{account}"
        await operator.send(AccountPage.load)
        await operator.send(AccountEditing.save, form={"cost": "1"})
        assert operator.sees(AccountEditing)["notice"] == refusal
        later = (SOON + timedelta(days=30)).isoformat()
        await operator.send(SupplierPayment.record, form={"paid_to": later, "paid_cost": "1"})
        assert operator.sees(SupplierPayment)["notice"] == refusal
        await operator.send(NewAccount.choose, service_id=str(plan.service_id))
        await operator.send(NewAccount.count, profiles=1)
        typed = {"service_id": str(plan.service_id), "login": "a@correo.mx", "password": "secreta"}
        await operator.send(NewAccount.add, form={**typed, "label_1": "Sala", "cost": "1"})
        assert operator.sees(NewAccount)["notice"] == refusal
        await operator.send(NewAccount.add, form={**typed, "label_1": "Sala"})
        assert operator.sees(NewAccount)["notice"] == ""
    assert (await cost_of(account), await cost_of(account + 1)) == ("987.65", "0.00")
