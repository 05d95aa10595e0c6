"""An operator's page of imports, event by event; no secret of a file reaches it."""

from __future__ import annotations

import importlib
from typing import Any

import pytest

import models
from domain import imports
from domain.actors import SYSTEM
from domain.sql import scalar
from infra.database import reading, unit_of_work
from state.admin.imports import PATH, AdminImports
from state.live import live
from tests.builders import (
    make_customer,
    make_service,
    make_staff,
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Shop
from tests.tabs import Tab, signals_reach, tabs

pytestmark = pytest.mark.usefixtures("shop")

TEXT = "ana.torres@dominio.mx:clave-secreta:Sala:7391\nbea@dominio.mx:otra-secreta:Sala:12x4\n"
NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6]


@pytest.fixture
async def service() -> models.Service:
    return await make_service(name="Netflix")


@pytest.fixture
async def tab() -> Any:
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff()))


async def stage(service: models.Service, text: str = TEXT) -> int:
    async with unit_of_work() as session:
        return await imports.stage(
            session, SYSTEM, content=text.encode(), file_name="x.txt", service_id=service.id
        )


async def look(tab: Tab, batch: int) -> None:
    tab.path = f"{PATH}?lote={batch}"
    await tab.send(AdminImports.load)


async def test_a_preview_shows_what_comes_in_masked_and_names_what_does_not(
    tab: Tab, service: models.Service
) -> None:
    await look(tab, await stage(service))
    shown = tab.sees(AdminImports)
    assert shown["phase"] == "batch"
    assert [row.login for row in shown["batch"].sample] == ["an•••@dominio.mx"]
    assert shown["batch"].action == "Importar 1 cuenta"
    [issue] = shown["issues"]
    assert (issue.line, issue.column, issue.text) == (2, "PIN", "El PIN solo lleva números.")
    for secret in ("ana.torres", "clave-secreta", "otra-secreta", "7391", "12x4"):
        assert secret not in str(tab.deltas)


async def test_all_or_nothing_refuses_bad_rows_and_keeps_everything_on_the_page(
    tab: Tab, service: models.Service
) -> None:
    batch = await stage(service)
    await look(tab, batch)
    await tab.send(AdminImports.start, form={"mode": "all"})
    assert "errores" in tab.sees(AdminImports)["notice"]
    assert tab.sees(AdminImports)["batch"].status == "preview"
    await tab.send(AdminImports.start, form={"mode": "good"})
    assert tab.sees(AdminImports)["batch"].status == "running"


async def test_the_page_follows_an_import_and_the_undo_of_it(
    shop: Shop, tab: Tab, service: models.Service
) -> None:
    run_job = importlib.import_module("jobs.imports").run
    batch = await stage(service)
    await look(tab, batch)
    await tab.send(AdminImports.start, form={"mode": "good"})
    await run_job(batch)
    async with shop.deliver_signals():
        await live.hand_out(signals_reach(tab), f"import:{batch}")
    shown = tab.sees(AdminImports)["batch"]
    assert (shown.status, shown.accounts, shown.percent) == ("done", "1 cuenta", 100)
    assert shown.may_undo
    await tab.send(AdminImports.undo)
    assert tab.sees(AdminImports)["batch"].status == "undone"
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM accounts") == 0


async def test_an_undo_that_is_refused_says_why(tab: Tab, service: models.Service) -> None:
    run_job = importlib.import_module("jobs.imports").run
    batch = await stage(service)
    await look(tab, batch)
    await tab.send(AdminImports.start, form={"mode": "good"})
    await run_job(batch)
    async with unit_of_work() as session:
        await scalar(session, "UPDATE accounts SET status = 'down' RETURNING id")
    await tab.send(AdminImports.undo)
    assert "una cuenta cambió después" in tab.sees(AdminImports)["notice"]


async def test_columns_are_chosen_again_and_the_file_is_read_anew(
    tab: Tab, service: models.Service
) -> None:
    await look(tab, await stage(service, "clave,ana@x.mx\n"))
    form = {"login": "1", "password": "0", "profile": "", "service_id": str(service.id)}
    await tab.send(AdminImports.remap, form=form)
    shown = tab.sees(AdminImports)["batch"]
    assert [row.login for row in shown.sample] == ["an•••@x.mx"]
    await tab.send(AdminImports.remap, form={"login": "1", "password": "1"})
    assert tab.sees(AdminImports)["errors"]["mapping"]


async def test_errors_are_read_page_by_page(tab: Tab, service: models.Service) -> None:
    bad = "".join(f"c{n}@x.mx:clave:Sala:x\n" for n in range(120))
    batch = await stage(service, bad)
    await look(tab, batch)
    seen = []
    for _ in range(3):
        shown = tab.sees(AdminImports)
        seen += [issue.line for issue in shown["issues"]]
        tab.path = shown["older"] or tab.path
        await tab.send(AdminImports.load)
    assert seen == list(range(1, 121))


async def test_files_are_listed_and_one_that_is_gone_says_so(
    tab: Tab, service: models.Service
) -> None:
    batch = await stage(service)
    tab.path = PATH
    await tab.send(AdminImports.load)
    [row] = tab.sees(AdminImports)["files"]
    assert (row.name, row.summary, row.address) == ("x.txt", "2 filas", f"{PATH}?lote={batch}")
    await look(tab, batch)
    await tab.send(AdminImports.discard)
    assert tab.went == [PATH]
    await look(tab, batch)
    assert tab.sees(AdminImports)["phase"] == "missing"


@pytest.mark.parametrize("nonsense", NONSENSE)
async def test_no_argument_breaks_the_page(
    tab: Tab, service: models.Service, nonsense: Any
) -> None:
    await look(tab, await stage(service))
    for handler in (AdminImports.remap, AdminImports.start):
        for form in (nonsense, {"mode": nonsense, "login": nonsense, "service_id": nonsense}):
            await tab.send(handler, form=form)
    assert tab.sees(AdminImports)["batch"].status == "preview"


async def test_a_customer_sees_nothing_of_it(service: models.Service) -> None:
    batch = await stage(service)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await look(tab, batch)
        await tab.send(AdminImports.start, form={"mode": "good"})
        assert "batch" not in tab.sees(AdminImports)
    async with reading() as session:
        assert await scalar(session, "SELECT status FROM import_batches") == "preview"
