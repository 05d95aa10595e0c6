"""An account is added, read, corrected, paid, paused and retired, each on its page."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

import models
from domain import replacements, rotations
from domain.sql import fetch, run
from infra.clock import add_months, today
from infra.database import reading, unit_of_work
from infra.vault import Secret
from state import views
from state.admin.account import AccountPage
from state.admin.account_editing import AccountEditing, SupplierPayment
from state.admin.account_profiles import MoreProfiles, ProfileName
from state.admin.account_status import Retirement, StatusChange
from state.admin.account_view import AccountView
from state.admin.new_account import NewAccount
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
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Shop
from tests.state.test_live import delivering
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "1\x00", "²", "\ud800", "x" * 10**6]
FIELDS = (
    *("service_id", "login", "password", "plan_id", "paid_until", "cost", "notes", "status"),
    *("paid_to", "paid_cost", "profile_label", "label_1", "pin_1"),
)
TYPED = {"login": "cine@correo.mx", "password": " clave de cine "}


@pytest.fixture
async def plan() -> models.Plan:
    await make_bank()
    return await make_plan(await make_service(name="Cine", slug="cine", max_profiles=3))


@pytest.fixture
async def operator() -> models.StaffUser:
    return await make_staff(username="luz")


@pytest.fixture
async def tab(operator: models.StaffUser) -> AsyncGenerator[Tab]:
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(operator))


@pytest.fixture
async def owners_tab() -> AsyncGenerator[Tab]:
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff("owner", username="sol")))


async def look(tab: Tab, number: int | str | None) -> AccountView:
    tab.path = f"/admin/inventario/{number}"
    await tab.send(AccountPage.load)
    return tab.sees(AccountPage)["account"]


async def do(tab: Tab, handler: Any, **form: Any) -> AccountView:
    await tab.send(handler, form=form)
    return tab.sees(AccountPage)["account"]


async def bought(plan: models.Plan, *, name: str = "Ana") -> int:
    order = await place_order(await make_customer(name=name), plan)
    await pay(order.id, order.total)
    return order.id


async def rows(statement: str) -> list[tuple[Any, ...]]:
    async with reading() as session:
        return [tuple(row) for row in await fetch(session, statement)]


async def test_an_account_is_added_and_serves_the_order_that_waits(
    owners_tab: Tab, plan: models.Plan
) -> None:
    tab = owners_tab
    await make_account(plan.service_id, profiles=1)
    order = await place_order(await make_customer(), plan)
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down'")
    await pay(order.id, order.total)
    await tab.send(NewAccount.load)
    await tab.send(NewAccount.choose, service_id=str(plan.service_id))
    seen = tab.sees(NewAccount)
    assert [one.label for one in seen["places"]] == ["Perfil 1", "Perfil 2", "Perfil 3"]
    assert [one.label for one in seen["plans"]] == ["1 mes"]
    await tab.send(NewAccount.count, profiles=2)
    form = {
        **TYPED,
        "service_id": str(plan.service_id),
        "plan_id": str(plan.id),
        "label_1": "Sala",
        "label_2": "Cocina",
        "pin_2": "4321",
        "paid_until": (today() + timedelta(days=60)).isoformat(),
        "cost": "$1,250.50",
        "notes": "Con Luis",
    }
    await tab.send(NewAccount.add, form=form)
    assert tab.sees(NewAccount)["errors"] == {}
    assert tab.went == ["/admin/inventario/2"]
    account = await look(tab, 2)
    said = tab.sees(AccountPage)["said"]
    assert (
        said == f"La cuenta ya está en el inventario y atendió al pedido #{order.id}, que esperaba."
    )
    assert (account.plan_name, account.cost, account.notes) == (
        "1 mes",
        "$1,250.50 MXN",
        "Con Luis",
    )
    assert [(one.label, one.state, one.has_pin) for one in account.profiles] == [
        ("Sala", "En uso", False),
        ("Cocina", "Libre", True),
    ]
    for secret in (*TYPED.values(), "4321"):
        assert secret not in str(tab.deltas)
    await look(tab, 2)
    assert tab.sees(AccountPage)["said"] == ""  # said once


async def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_added(
    owners_tab: Tab, plan: models.Plan
) -> None:
    tab = owners_tab
    await make_account(plan.service_id, profiles=3, login=TYPED["login"])
    await tab.send(NewAccount.add, form={})
    assert set(tab.sees(NewAccount)["errors"]) == {"service_id", "login", "password"}
    await tab.send(NewAccount.choose, service_id=str(plan.service_id))
    right = {
        **TYPED,
        "service_id": str(plan.service_id),
        **{f"label_{n}": f"Perfil {n}" for n in (1, 2, 3)},
    }
    other = await make_plan()
    for wrong, fields in (
        ({"label_2": " "}, {"label_2"}),
        ({"pin_1": "12 4", "label_3": ""}, {"pin_1", "label_3"}),
        ({"paid_until": "ayer"}, {"paid_until"}),
        ({"cost": "gratis"}, {"cost"}),
        ({"plan_id": str(other.id)}, {"plan_id"}),
    ):
        await tab.send(NewAccount.add, form={**right, **wrong})
        assert set(tab.sees(NewAccount)["errors"]) == fields
    await tab.send(NewAccount.add, form=right)
    assert (
        tab.sees(NewAccount)["notice"] == "Ya hay una cuenta de ese servicio con el mismo usuario."
    )
    assert tab.went == []
    assert await rows("SELECT count(*) FROM accounts") == [(1,)]


async def test_the_page_tells_who_holds_each_place_until_when_and_who_did(
    tab: Tab, plan: models.Plan, operator: models.StaffUser
) -> None:
    account = await make_account(plan.service_id, profiles=3, paid_until=today())
    left, order = await bought(plan, name="Eva"), await bought(plan)
    held = await place_order(await make_customer(), plan)
    await make_account(plan.service_id)
    async with unit_of_work() as session:
        await replacements.replace(session, as_staff(operator), assignment_id=1)
    seen = await look(tab, account.id)
    first, second, third = seen.profiles
    assert (first.state, first.to_rotate, first.customer) == ("Por rotar", True, "")
    assert (second.customer, second.order, second.state) == ("Ana", order, "En uso")
    assert (second.until, second.beyond) == (views.day(add_months(today(), 1)), True)
    assert (third.state, third.held_for) == ("Apartado", held.id)
    assert (seen.places, seen.in_use, seen.will_be_told) == ("0 de 3", 1, 1)
    assert seen.paid_note == "Vence hoy"
    [gone] = seen.past
    assert (gone.who, gone.order, gone.said) == ("Eva", left, "Perfil 1 · Se cambió a otra cuenta")


async def test_known_facts_are_corrected_and_the_history_says_how(
    owners_tab: Tab, plan: models.Plan
) -> None:
    tab = owners_tab
    account = await make_account(plan.service_id)
    await look(tab, account.id)
    until = today() + timedelta(days=20)
    form = {"plan_id": str(plan.id), "paid_until": str(until), "cost": "90", "notes": "Con Luis"}
    seen = await do(tab, AccountEditing.save, **form)
    assert (seen.plan, seen.paid_until_plain) == (str(plan.id), str(until))
    assert (seen.cost, seen.notes) == ("$90.00 MXN", "Con Luis")
    latest = seen.history[0]
    assert latest.said.startswith("Se editó: plan dedicado; fecha del proveedor, de sin fecha a ")
    assert latest.said.endswith("; costo, de $0.00 MXN a $90.00 MXN; notas")
    assert latest.who == "sol"
    await do(tab, AccountEditing.save, **{**form, "cost": "-1"})
    assert set(tab.sees(AccountEditing)["errors"]) == {"cost"}
    await tab.send(AccountEditing.begin)  # the dialog opens anew
    assert tab.sees(AccountEditing)["errors"] == {}
    seen = await do(tab, AccountEditing.save, paid_until="", cost="", plan_id="", notes="")
    assert (seen.plan, seen.paid_until, seen.cost_plain) == ("", "Sin fecha", "0.00")


async def test_the_supplier_is_paid_and_the_date_only_moves_forward(
    owners_tab: Tab, plan: models.Plan
) -> None:
    tab = owners_tab
    account = await make_account(plan.service_id, paid_until=today() + timedelta(days=2))
    seen = await look(tab, account.id)
    next_date = seen.next_paid_until
    assert next_date == str(add_months(today() + timedelta(days=2), 1))
    await do(tab, SupplierPayment.record, paid_to=str(today()), paid_cost="80")
    assert tab.sees(SupplierPayment)["errors"] == {
        "paid_until": "Escribe una fecha posterior a la que ya está pagada."
    }
    seen = await do(tab, SupplierPayment.record, paid_to=next_date, paid_cost="80")
    assert seen.paid_until_plain == next_date
    [paid] = seen.payments
    assert (paid.cost, "sol" in paid.detail) == ("$80.00 MXN", True)
    assert tab.sees(AccountPage)["said"] == "Registramos el pago al proveedor."


async def test_an_account_is_paused_goes_down_and_comes_back(tab: Tab, plan: models.Plan) -> None:
    account = await make_account(plan.service_id)
    await look(tab, account.id)
    seen = await do(tab, StatusChange.change, status="maintenance", status_reason="")
    assert (seen.status_name, seen.profiles[0].state) == ("En mantenimiento", "Libre, sin vender")
    await do(tab, StatusChange.change, status="down", status_reason=" ")
    assert tab.sees(StatusChange)["errors"] == {"reason": "Escribe el motivo."}
    seen = await do(tab, StatusChange.change, status="down", status_reason="No abre")
    assert (seen.status_name, seen.history[0].said) == ("Caída", "Se marcó como caída: No abre")
    seen = await do(tab, StatusChange.change, status="active", status_reason="")
    assert (seen.active, seen.history[0].said) == (True, "Volvió a usarse")
    await do(tab, StatusChange.change, status="retired", status_reason="a escondidas")
    assert set(tab.sees(StatusChange)["errors"]) == {"status"}


async def test_an_account_in_use_is_not_retired_and_a_retired_one_only_read(
    tab: Tab, plan: models.Plan
) -> None:
    used, idle = await make_account(plan.service_id), await make_account(plan.service_id)
    await bought(plan)
    (holder,) = await rows("SELECT DISTINCT account_id FROM profiles WHERE status = 'assigned'")
    await look(tab, holder[0])
    seen = await do(tab, Retirement.retire, retire_reason="vieja")
    assert "Alguien usa todavía esta cuenta" in tab.sees(Retirement)["notice"]
    assert seen.retired is False
    other = next(one.id for one in (used, idle) if one.id != holder[0])
    await look(tab, other)
    await do(tab, Retirement.retire, retire_reason="")
    assert tab.sees(Retirement)["errors"] == {"reason": "Escribe el motivo."}
    seen = await do(tab, Retirement.retire, retire_reason="vieja")
    assert (seen.retired, {one.state for one in seen.profiles}) == (True, {"Retirado"})
    await do(tab, AccountEditing.save, notes="1")
    assert tab.sees(AccountEditing)["notice"] == "Esta cuenta está retirada y ya no cambia."


async def test_places_are_added_up_to_what_the_service_allows_and_named_anew(
    tab: Tab, plan: models.Plan
) -> None:
    account = await make_account(plan.service_id, profiles=1)
    await look(tab, account.id)
    await tab.send(MoreProfiles.begin)
    await tab.send(MoreProfiles.count, profiles=2)
    places = tab.sees(MoreProfiles)["places"]
    assert [(one.label_name, one.label) for one in places] == [
        ("label_1", "Perfil 2"),
        ("label_2", "Perfil 3"),
    ]
    await tab.send(MoreProfiles.count, profiles=3)
    assert len(tab.sees(MoreProfiles)["places"]) == 2
    seen = await do(tab, MoreProfiles.add, label_1="Dos", label_2="Tres", pin_2="11")
    assert [one.label for one in seen.profiles] == ["Perfil 1", "Dos", "Tres"]
    assert seen.room == 0
    await do(tab, MoreProfiles.add, label_1="Cuatro", label_2="Cinco")
    assert "hasta 3 perfiles" in tab.sees(MoreProfiles)["notice"]
    await tab.send(ProfileName.begin, profile_id=seen.profiles[1].id)
    await do(tab, ProfileName.save, profile_label="")
    assert set(tab.sees(ProfileName)["errors"]) == {"label_1"}
    seen = await do(tab, ProfileName.save, profile_label="Abuela")
    assert [one.label for one in seen.profiles] == ["Perfil 1", "Abuela", "Tres"]
    assert seen.history[0].said == "Abuela: antes se llamaba Dos"


async def test_an_open_page_follows_what_others_do_with_the_account(
    shop: Shop, tab: Tab, plan: models.Plan
) -> None:
    account = await make_account(plan.service_id)
    boss = as_staff(await make_staff("owner"))
    assert account.id
    await look(tab, account.id)
    async with delivering(shop, live, tab) as handed_out:
        await bought(plan)
        await handed_out("orders")
        assert tab.sees(AccountPage)["account"].in_use == 1
        async with unit_of_work() as session:
            await rotations.rotate_password(
                session, boss, account_id=account.id, password=Secret("nueva"), reason="Se filtró"
            )
        await handed_out(f"account:{account.id}")
        seen = tab.sees(AccountPage)["account"]
        assert seen.version == 2
        assert seen.history[0].said == (
            "Cambió la contraseña (versión 2); avisamos a 1 suscripción. Se filtró"
        )


@pytest.mark.parametrize("path", ["99", "²", "abc", "-1", "9" * 40])
async def test_what_is_no_account_is_missing(tab: Tab, path: str) -> None:
    assert (await look(tab, path)).id == 0
    assert tab.sees(AccountPage)["phase"] == "missing"


@pytest.mark.parametrize("nonsense", NONSENSE)
async def test_nonsense_changes_nothing(tab: Tab, plan: models.Plan, nonsense: Any) -> None:
    account = await make_account(plan.service_id)
    await look(tab, account.id)
    await tab.send(NewAccount.choose, service_id=nonsense)
    await tab.send(NewAccount.count, profiles=nonsense)
    await tab.send(ProfileName.begin, profile_id=nonsense)
    await tab.send(MoreProfiles.count, profiles=nonsense)
    for handler in (
        NewAccount.add,
        AccountEditing.save,
        SupplierPayment.record,
        StatusChange.change,
        Retirement.retire,
        MoreProfiles.add,
        ProfileName.save,
    ):
        await tab.send(handler, form=dict.fromkeys(FIELDS, nonsense))
        await tab.send(handler, form=nonsense)
    assert await rows("SELECT count(*), min(status) FROM accounts") == [(1, "active")]


async def test_a_customer_reaches_none_of_it(plan: models.Plan) -> None:
    account = await make_account(plan.service_id)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        tab.path = f"/admin/inventario/{account.id}"
        await tab.send(AccountPage.load)
        await tab.send(StatusChange.change, form={"status": "maintenance"})
        assert tab.sees(AccountPage).get("phase") in (None, "loading")
    assert await rows("SELECT status FROM accounts") == [("active",)]
