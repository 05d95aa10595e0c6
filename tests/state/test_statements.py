"""An operator's page of bank statements, event by event."""

from __future__ import annotations

import importlib
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import statements
from domain.actors import SYSTEM
from domain.sql import scalar
from domain.statement_movements import Movement
from infra.clock import today
from infra.database import reading, unit_of_work
from state.admin.statement_rows import PATH
from state.admin.statements import AdminStatements
from state.live import live
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    make_statement,
    place_order,
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Shop
from tests.tabs import Tab, signals_reach, tabs

pytestmark = pytest.mark.usefixtures("shop")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6]
UNKNOWN = b"Dia,Texto,Monto\n{day},Orden {order},150.00\n"


@pytest.fixture
async def plan() -> models.Plan:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    return plan


@pytest.fixture
async def tab() -> Any:
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff()))


async def placed(plan: models.Plan, name: str = "Ana") -> int:
    return (await place_order(await make_customer(name=name), plan)).id


def deposit(concept: str, amount: int = 150, **values: str) -> Movement:
    return Movement(1, today(), Decimal(amount), concept, **values)  # type: ignore[arg-type]


async def look(tab: Tab, statement: int, **asked: str) -> None:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    tab.path = f"{PATH}/{statement}?{query}"
    await tab.send(AdminStatements.load)


def results(tab: Tab) -> list[tuple[str, int, str]]:
    shown = tab.sees(AdminStatements)["lines"]
    return [(one.result, one.order, one.standing) for one in shown]


async def test_a_statement_shows_its_counts_and_applies_all_that_is_sure(
    shop: Shop, tab: Tab, plan: models.Plan
) -> None:
    first, second = await placed(plan), await placed(plan)
    statement = await make_statement(
        deposit(f"Orden {first}"), deposit(f"Orden {second}"), deposit("RENTA", 900)
    )
    await look(tab, statement)
    shown = tab.sees(AdminStatements)["statement"]
    assert shown.apply == "Aplicar 2 pagos seguros"
    assert [(one.label, one.count) for one in shown.tabs] == [
        ("Todos", "3"),
        ("Sin pedido", "1"),
        ("Coinciden", "2"),
    ]
    assert results(tab)[0] == ("Coincide", first, "Por aplicar")
    await tab.send(AdminStatements.start)
    assert tab.sees(AdminStatements)["statement"].status == "applying"
    await importlib.import_module("jobs.statements").apply(statement)
    async with shop.deliver_signals():
        await live.hand_out(signals_reach(tab), f"statement:{statement}")
    shown = tab.sees(AdminStatements)["statement"]
    assert (shown.status, shown.sure, shown.percent) == ("open", 0, 100)
    assert shown.paid == "2 pagos · $300.00 MXN"
    assert shown.undecided == "1 sin pedido"
    assert results(tab)[1] == ("Coincide", second, "Aplicado")


async def test_a_doubtful_movement_offers_its_candidates_and_is_assigned(
    tab: Tab, plan: models.Plan
) -> None:
    number = await placed(plan, "Beatriz")
    statement = await make_statement(deposit("TRANSFERENCIA"))
    await look(tab, statement, resultado="ambiguous")
    [one] = tab.sees(AdminStatements)["lines"]
    assert one.why == "Solo el monto coincide."
    [candidate] = one.candidates
    assert (candidate.order, candidate.title) == (number, f"#{number} · Beatriz")
    assert candidate.why == "Por el monto exacto."
    await tab.send(AdminStatements.settle, line=one.id, order=number)
    assert tab.sees(AdminStatements)["said"] == f"Pedido #{number}: coincide."
    async with reading() as session:
        assert await scalar(session, "SELECT status FROM orders") == "delivered"


async def test_an_order_is_looked_for_by_name_and_assigned(tab: Tab, plan: models.Plan) -> None:
    number = await placed(plan, "Beatriz Solano")
    statement = await make_statement(deposit("OTRA COSA", 120))
    await look(tab, statement)
    [one] = tab.sees(AdminStatements)["lines"]
    await tab.send(AdminStatements.ask, line=one.id)
    assert tab.sees(AdminStatements)["asking"].id == one.id
    await tab.send(AdminStatements.find, form={"q": ""})
    assert "q" in tab.sees(AdminStatements)["errors"]
    await tab.send(AdminStatements.find, form={"q": "solano"})
    assert [found.order for found in tab.sees(AdminStatements)["found"]] == [number]
    await tab.send(AdminStatements.settle, line=one.id, order=number)
    assert results(tab) == [("Parcial", number, "Aplicado")]


async def test_a_movement_is_ignored_and_recovered(tab: Tab, plan: models.Plan) -> None:
    await placed(plan)
    await look(tab, await make_statement(deposit("TRANSFERENCIA")))
    [one] = tab.sees(AdminStatements)["lines"]
    await tab.send(AdminStatements.ignore, line=one.id)
    [one] = tab.sees(AdminStatements)["lines"]
    assert (one.result, one.open, one.may_restore) == ("Ignorado", False, True)
    await tab.send(AdminStatements.restore, line=one.id)
    assert results(tab) == [("Por revisar", 0, "")]


async def test_comparing_again_finds_orders_that_came_since(tab: Tab, plan: models.Plan) -> None:
    number = await placed(plan)
    statement = await make_statement(deposit(f"Orden {number + 1}", 150))
    await look(tab, statement)
    assert tab.sees(AdminStatements)["statement"].sure == 0
    await placed(plan)
    await tab.send(AdminStatements.rematch)
    assert tab.sees(AdminStatements)["statement"].sure == 1


async def test_an_undo_says_what_stays(tab: Tab, plan: models.Plan) -> None:
    first, second = await placed(plan), await placed(plan)
    statement = await make_statement(deposit(f"Orden {first}"), deposit(f"Orden {second}", 50))
    await look(tab, statement)
    await tab.send(AdminStatements.start)
    await importlib.import_module("jobs.statements").apply(statement)
    await tab.send(AdminStatements.undo)
    shown = tab.sees(AdminStatements)
    assert shown["said"] == "Deshecho: 1 movimientos. 1 se quedan: sus pedidos ya se entregaron."
    assert shown["statement"].kept == "1 movimiento se queda"
    assert results(tab) == [("Coincide", first, "Aplicado"), ("Parcial", second, "Deshecho")]


async def test_account_numbers_are_shown_by_their_end(tab: Tab) -> None:
    movement = deposit("PAGO CUENTA 0113831760", 120, payer="BNET 0113831760")
    await look(tab, await make_statement(movement))
    [one] = tab.sees(AdminStatements)["lines"]
    assert (one.concept, one.detail) == ("PAGO CUENTA •••1760", "BNET •••1760")
    assert "0113831760" not in str(tab.deltas)


async def test_an_unknown_file_asks_for_its_columns_once(tab: Tab, plan: models.Plan) -> None:
    number = await placed(plan)
    content = UNKNOWN.replace(b"{day}", f"{today():%d/%m/%Y}".encode())
    first = await stage(content.replace(b"{order}", str(number).encode()))
    await look(tab, first)
    shown = tab.sees(AdminStatements)["statement"]
    assert (shown.status, [c.label for c in shown.columns]) == (
        "columns",
        ["Dia", "Texto", "Monto"],
    )
    assert f"Orden {number}" in shown.columns[1].sample
    await tab.send(AdminStatements.say_columns, form={"column_1": "concept"})
    assert "mapping" in tab.sees(AdminStatements)["errors"]
    form = {"column_0": "date", "column_1": "concept", "column_2": "amount"}
    await tab.send(AdminStatements.say_columns, form=form)
    assert results(tab) == [("Coincide", number, "Por aplicar")]
    following = await stage(content.replace(b"{order}", b"99999"))
    await look(tab, following)
    assert tab.sees(AdminStatements)["statement"].status == "open"


async def test_the_columns_show_the_movements_they_read_to_before_they_are_said(tab: Tab) -> None:
    day = f"{today():%d/%m/%Y}"
    content = (
        "Cuando,Texto,Num,Suma,Queda\n"
        f"{day},SALDO ANTERIOR,,,1000.00\n"
        f"{day},Orden 7 cuenta 0113831760,0010012,150.00,1150.00\n"
        f"{day},COMISION,,10.00,1140.00\n"
        f"{day},otra cosa,,5.00,99.00\n"
    )
    await look(tab, await stage(content.encode()))
    assert preview(tab).summary == "Así no se lee ningún movimiento."
    for column, held in enumerate(("date", "concept", "reference", "amount")):
        await tab.send(AdminStatements.choose, column=f"column_{column}", held=held)
    assert preview(tab).summary == "Se leen 3 abonos por $165.00 MXN."
    await tab.send(AdminStatements.choose, column="column_4", held="balance")
    shown = preview(tab)
    assert shown.summary == "Se leen 1 abono por $150.00 MXN y 1 cargo por $10.00 MXN."
    assert [(row.line, row.concept, row.detail) for row in shown.rows] == [
        (3, "Orden 7 cuenta •••1760", "Ref. 0010012"),
        (4, "COMISION", ""),
    ]
    assert [(row.amount, row.kind, row.balance) for row in shown.rows] == [
        ("+$150.00 MXN", "Abono", "Saldo $1,150.00 MXN"),
        ("−$10.00 MXN", "Cargo", "Saldo $1,140.00 MXN"),
    ]
    assert shown.unread == ["El monto y el saldo no concuerdan: renglón 5."]
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM statement_lines") == 0


async def test_columns_that_misfit_show_why_and_are_mended(tab: Tab) -> None:
    await look(tab, await stage(f"Fecha,Texto,Monto\n{today():%d/%m/%Y},a,150.00\n".encode()))
    assert len(preview(tab).rows) == 1
    await tab.send(AdminStatements.choose, column="column_1", held="amount")
    assert preview(tab).rows == []
    assert "una vez cada una" in preview(tab).unread[0]
    await tab.send(AdminStatements.choose, column="column_1", held="")
    assert len(preview(tab).rows) == 1
    columns = tab.sees(AdminStatements)["statement"].columns
    assert [column.chosen for column in columns] == ["date", "", "amount"]


async def test_only_the_first_movements_are_shown(tab: Tab) -> None:
    rows = "".join(f"{today():%d/%m/%Y},a,{n}.00\n" for n in range(1, 31))
    await look(tab, await stage(f"Fecha,Texto,Monto\n{rows}".encode()))
    assert len(preview(tab).rows) == 8
    assert preview(tab).summary == "Se leen 30 abonos por $465.00 MXN."
    assert preview(tab).more == "… y 22 movimientos más."


def preview(tab: Tab) -> Any:
    return tab.sees(AdminStatements)["statement"].preview


async def stage(content: bytes) -> int:
    async with unit_of_work() as session:
        return await statements.stage(session, SYSTEM, content=content, file_name="x.csv")


async def test_a_file_whose_columns_nobody_says_is_discarded(tab: Tab) -> None:
    await look(tab, await stage(UNKNOWN.replace(b"{day}", b"02/11/2026")))
    await tab.send(AdminStatements.discard)
    assert tab.went == [PATH]
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM statements") == 0


async def test_the_list_shows_what_waits(tab: Tab, plan: models.Plan) -> None:
    number = await placed(plan)
    await make_statement(deposit(f"Orden {number}"))
    await make_statement(deposit("RENTA", 900), marks="g")
    tab.path = PATH
    await tab.send(AdminStatements.load)
    shown = tab.sees(AdminStatements)
    assert shown["phase"] == "list"
    assert [(one.state, one.summary) for one in shown["rows"]] == [
        ("Listo", "1 movimiento"),
        ("Por aplicar", "1 movimiento"),
    ]


@pytest.mark.parametrize("path", [f"{PATH}/999", f"{PATH}/0", f"{PATH}/nada"])
async def test_a_statement_that_is_not_there_is_said_to_be_missing(tab: Tab, path: str) -> None:
    tab.path = path
    await tab.send(AdminStatements.load)
    assert tab.sees(AdminStatements)["phase"] == "missing"


@pytest.mark.parametrize("value", NONSENSE)
async def test_nonsense_changes_nothing(tab: Tab, plan: models.Plan, value: Any) -> None:
    number = await placed(plan)
    await look(tab, await make_statement(deposit("TRANSFERENCIA")))
    for handler in (AdminStatements.ask, AdminStatements.ignore, AdminStatements.restore):
        await tab.send(handler, line=value)
    await tab.send(AdminStatements.settle, line=value, order=number)
    await tab.send(AdminStatements.settle, line=1, order=value)
    await tab.send(AdminStatements.find, form=value)
    await tab.send(AdminStatements.say_columns, form=value)
    await tab.send(AdminStatements.choose, column=value, held="date")
    await tab.send(AdminStatements.choose, column="column_0", held=value)
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM payments") == 0
        assert await scalar(session, "SELECT result FROM statement_lines") == "ambiguous"


async def test_a_customer_does_nothing_here(tab: Tab, plan: models.Plan) -> None:
    number = await placed(plan)
    statement = await make_statement(deposit(f"Orden {number}"))
    await look(tab, statement)
    await tab.become(await sign_in_customer(await make_customer()))
    await tab.send(AdminStatements.start)
    async with reading() as session:
        assert await scalar(session, "SELECT status FROM statements") == "open"
