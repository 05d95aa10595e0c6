"""Working through what ends: row by row, each outcome said, nothing done twice."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.sql import run, scalar
from infra.clock import today
from infra.database import reading, unit_of_work
from state.admin.diagnosis import Diagnosis
from state.admin.expirations import Expirations
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Calendar
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("calendar")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6]


@pytest.fixture
async def tab(calendar: Calendar) -> AsyncGenerator[Tab]:
    """An operator's tab on the day three subscriptions end."""
    await make_bank()
    plan = await make_plan()
    until = today() + timedelta(days=33)
    await make_account(plan.service_id, paid_until=until, cost=Decimal(90))
    for name in ("Ana", "Eva", "Luz"):
        order = await place_order(await make_customer(name=name), plan)
        await pay(order.id, order.total)
    calendar.go_to(2026, 2, 15, 15)
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff()))


async def look(tab: Tab, query: str = "") -> dict[str, Any]:
    tab.path = f"/admin/vencimientos{query}"
    await tab.send(Expirations.load)
    assert tab.sees(Expirations)["notice"] == ""
    return tab.sees(Expirations)


async def act(tab: Tab, handler: Any, *rows: int, **payload: Any) -> list[str]:
    for row in rows:
        await tab.send(Expirations.toggle, row=row)
    await tab.send(handler, **payload)
    return [one.said for one in tab.sees(Expirations)["results"]]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def test_each_row_says_what_came_of_it_and_doing_it_again_changes_nothing(tab: Tab) -> None:
    seen = await look(tab)
    assert [(row.title, row.first_note) for row in seen["rows"]] == [
        ("Ana", "Hoy"),
        ("Eva", "Hoy"),
        ("Luz", "Hoy"),
    ]
    assert [one.count for one in seen["tabs"]] == ["3", "", "3", "3", "3", "", "", "1"]
    assert await act(tab, Expirations.remind, 1, 2) == ["Recordado", "Recordado"]
    said = await act(tab, Expirations.remind, 1, 3)
    assert said == ["No se pudo: Ya le recordamos hoy esta suscripción.", "Recordado"]
    assert await value("SELECT count(*) FROM messages WHERE kind = 'reminder'") == 6
    assert tab.sees(Expirations)["rows"][0].state == "Recordado hoy"


async def test_chosen_rows_are_renewed_and_the_progress_is_shown(tab: Tab) -> None:
    await look(tab)
    await tab.send(Expirations.toggle_all)
    said = await act(tab, Expirations.renew, form={"how": "ask"})
    assert said == [f"Renovado, por pagar: pedido #{n}" for n in (4, 5, 6)]
    progress = [
        delta[Expirations.get_full_name()].get("progress_rx_state_")
        for delta in tab.deltas
        if Expirations.get_full_name() in delta
    ]
    assert [one for one in progress if one] == ["1 de 3", "2 de 3", "3 de 3"]
    assert tab.sees(Expirations)["rows"][0].state == "Por pagar: pedido #4"
    assert tab.sees(Expirations)["chosen"] == []
    again = await act(tab, Expirations.renew, 1, form={"how": "ask"})
    assert again == ["No se pudo: Ya pediste esta renovación en el pedido #4. Falta pagarlo."]


async def test_who_has_paid_is_renewed_with_the_reference(tab: Tab) -> None:
    await look(tab)
    form = {"how": "paid", "reference": "SPEI 9"}
    assert await act(tab, Expirations.renew, 2, form=form) == ["Renovado y pagado: pedido #4"]
    assert await value("SELECT ends_on::text FROM assignments WHERE id = 2") == "2026-03-15"
    assert [row.title for row in tab.sees(Expirations)["rows"]] == ["Ana", "Luz"]
    await act(tab, Expirations.renew, 1, form={"how": "paid", "reference": ""})
    assert list(tab.sees(Expirations)["errors"]) == ["reference"]
    assert await value("SELECT count(*) FROM orders") == 4


async def test_a_date_that_moved_since_it_was_shown_refuses_its_row(tab: Tab) -> None:
    await look(tab)
    async with unit_of_work() as session:
        await run(
            session,
            "UPDATE assignments SET months = 2, ends_on = '2026-03-15' WHERE id = 1",
        )
    (said,) = await act(tab, Expirations.renew, 1, form={"how": "ask"})
    assert said == "No se pudo: Su fecha cambió mientras tanto. Mira la lista otra vez."


async def test_only_what_lapsed_is_released_then_rotated(tab: Tab, calendar: Calendar) -> None:
    await look(tab)
    (said,) = await act(tab, Expirations.release, 1)
    assert said == "No se pudo: Esta suscripción todavía tiene tiempo pagado."
    calendar.go(hours=10)  # after midnight
    assert (await look(tab, "?tab=vencidas"))["may_release"] is True
    (said,) = await act(tab, Expirations.release, 1)
    assert said.startswith("Liberado")
    (row,) = (await look(tab, "?tab=por-rotar"))["rows"]
    assert row.detail == "Lo tuvo Ana"
    (said,) = await act(tab, Expirations.rotate, row.id)
    assert said.startswith("Rotado")
    assert await value("SELECT status FROM profiles WHERE id = 1") == "free"


async def test_the_supplier_is_paid_for_the_chosen_accounts(tab: Tab) -> None:
    (row,) = (await look(tab, "?tab=proveedor"))["rows"]
    assert (row.second_clock, row.detail) == ("17 feb 2026", "3 suscripciones vivas")
    refused = await act(tab, Expirations.pay, row.id, form={"months": "2", "cost": "$180.00"})
    assert refused == ["No se pudo: Tu cuenta no tiene permiso para hacer esto."]
    said = await act(tab, Expirations.pay, row.id, form={"months": "2"})
    assert said == ["Pagada hasta el 17 abr 2026"]
    assert tab.sees(Expirations)["rows"] == []
    assert await value("SELECT cost::text FROM supplier_renewals") == "90.00"  # as before


async def test_the_owner_says_what_the_supplier_was_paid(tab: Tab) -> None:
    await tab.become(await sign_in_staff(await make_staff("owner")))
    await tab.send(Expirations.load)
    (row,) = (await look(tab, "?tab=proveedor"))["rows"]
    form = {"months": "2", "cost": "$180.00"}
    assert await act(tab, Expirations.pay, row.id, form=form) == ["Pagada hasta el 17 abr 2026"]
    assert await value("SELECT cost::text FROM supplier_renewals") == "180.00"


async def test_nonsense_does_nothing_and_another_tabs_action_neither(tab: Tab) -> None:
    for strange in ("?tab=nada", "?tab=30&servicio=%ED%A0%80", "?before=x&tab=7", "?servicio=no"):
        await look(tab, strange)
    await look(tab)
    for raw in NONSENSE:
        await tab.send(Expirations.toggle, row=raw)
        await tab.send(Expirations.renew, form=raw)
        await tab.send(Expirations.renew, form={"how": raw, "reference": raw})
        await tab.send(Expirations.renew, form={"how": "paid", "reference": raw})
        await tab.send(Expirations.pay, form={"months": raw, "cost": raw})
    await tab.send(Expirations.toggle, row=99)
    assert tab.sees(Expirations).get("chosen", []) == []
    for handler in (Expirations.rotate, Expirations.remind):
        await tab.send(handler)
        assert tab.sees(Expirations)["notice"] == "Elige al menos un renglón."
    await tab.send(Expirations.toggle, row=1)
    await tab.send(Expirations.rotate)
    assert await value("SELECT count(*) FROM profiles WHERE status = 'assigned'") == 3


async def test_customers_neither_see_the_list_nor_the_diagnosis() -> None:
    async with tabs() as open_tab:
        ana = open_tab(await sign_in_customer(await make_customer()))
        for handler in (Expirations.load, Expirations.remind, Diagnosis.load):
            await ana.send(handler)
        assert ana.sees(Expirations) == {}
        assert ana.sees(Diagnosis) == {}


async def test_the_diagnosis_names_what_disagrees_and_where_to_look(tab: Tab) -> None:
    await tab.send(Diagnosis.load)
    assert (tab.sees(Diagnosis)["summary"], tab.sees(Diagnosis)["loaded"]) == ("", True)
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down'")
    await tab.send(Diagnosis.load)
    seen = tab.sees(Diagnosis)
    assert seen["summary"] == "Hay 3 diferencias por revisar."
    (rule,) = seen["rules"]
    assert rule.title == "Suscripción viva en una cuenta caída o retirada"
    assert [(one.order, one.account) for one in rule.findings] == [(1, 1), (2, 1), (3, 1)]
    assert await value("SELECT count(*) FROM alerts WHERE kind = 'doctor'") == 1
