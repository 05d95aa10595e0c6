"""The stock as a file: who gets it, with what in it, and that no sheet runs any of it."""

from __future__ import annotations

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import openpyxl
import pytest

import models
from domain import exports, sessions
from domain.errors import Forbidden, InvalidInput
from domain.import_columns import propose
from domain.import_files import read
from domain.sql import fetch, run
from infra import browser as browsers
from infra.database import reading, unit_of_work
from tests.builders import (
    PASSWORD,
    as_staff,
    make_account,
    make_customer,
    make_service,
    make_staff,
    sign_in_customer,
    sign_in_staff,
)

PATH = "/api/admin/exportar/inventario"
SECRETS = f"{PATH}/con-accesos"
EVIL = "=HYPERLINK(1)"


@pytest.fixture
async def netflix(browser: httpx.AsyncClient) -> models.Service:
    del browser
    service = await make_service(name="Netflix")
    assert service.id is not None
    await make_account(
        service.id,
        profiles=2,
        login="ana@x.mx",
        password=EVIL,
        pin="0042",
        cost=Decimal("12.50"),
        paid_until=date(2026, 12, 31),
    )
    return service


async def enter(browser: httpx.AsyncClient, role: str) -> models.StaffUser:
    user = await make_staff(role)
    browser.cookies.set(browsers.session_cookie(), await sign_in_staff(user))
    return user


async def ticket_for(browser: httpx.AsyncClient, user: models.StaffUser) -> str:
    """As the dialog gets it, in the session behind the browser's cookie."""
    async with unit_of_work() as session:
        found = await sessions.find(session, browser.cookies[browsers.session_cookie()])
        assert found is not None
        actor = as_staff(user, session_id=found.session_id)
        return await exports.permit(session, actor, password=PASSWORD)


def table(answer: httpx.Response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def audited(action: str) -> list[Any]:
    async with reading() as session:
        return await fetch(
            session, "SELECT * FROM audit_entries WHERE action = %(action)s", action=action
        )


async def test_an_operator_gets_the_list_and_no_secret(
    browser: httpx.AsyncClient, netflix: models.Service
) -> None:
    del netflix
    await enter(browser, "operator")
    answer = await browser.get(PATH, params={"formato": "csv"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "inventario-" in answer.headers["Content-Disposition"]
    header, *rows = table(answer)
    assert header == list(exports.HEADER)
    assert [row[1:] for row in rows] == [
        ["Netflix", "", "Activa", f"Perfil {n}", "Libre", "2026-12-31"] for n in (1, 2)
    ]
    for secret in ("ana@x.mx", EVIL, "0042", "12.5"):
        assert secret not in answer.text
    [entry] = await audited("list.export")
    assert (entry.object_id, entry.change) == ("inventario", {"format": "csv", "filters": {}})


@pytest.mark.parametrize("who", ["nobody", "customer"])
async def test_nobody_else_gets_anything(browser: httpx.AsyncClient, who: str) -> None:
    if who == "customer":
        token = await sign_in_customer(await make_customer())
        browser.cookies.set(browsers.session_cookie(), token)
    assert (await browser.get(PATH)).status_code == (403 if who == "customer" else 401)


async def test_the_owner_takes_the_secrets_once_with_a_ticket(
    browser: httpx.AsyncClient, netflix: models.Service
) -> None:
    del netflix
    owner = await enter(browser, "owner")
    form = {"permiso": await ticket_for(browser, owner)}
    answer = await browser.post(SECRETS, params={"formato": "xlsx"}, data=form)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet is not None
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[1][-3:] == ["ana@x.mx", EVIL, "0042"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    again = await browser.post(SECRETS, params={"formato": "xlsx"}, data=form)
    assert (again.status_code, again.json()["code"]) == (403, "export_ticket")
    assert len(await audited("stock.export_secrets")) == 1


async def test_what_was_exported_with_its_secrets_can_be_imported_as_it_is(
    browser: httpx.AsyncClient, netflix: models.Service
) -> None:
    del netflix
    owner = await enter(browser, "owner")
    form = {"permiso": await ticket_for(browser, owner)}
    answer = await browser.post(SECRETS, params={"formato": "xlsx"}, data=form)
    found = read(answer.content)
    columns = propose(found.header)
    assert {name: found.rows[0].cells[at] for name, at in columns.items()} == {
        "service": "Netflix",
        "plan": "",
        "profile": "Perfil 1",
        "paid_until": "2026-12-31",
        "cost": "12.5",
        "login": "ana@x.mx",
        "password": EVIL,
        "pin": "0042",
    }


async def test_no_cell_of_a_csv_is_a_formula(
    browser: httpx.AsyncClient, netflix: models.Service
) -> None:
    del netflix
    owner = await enter(browser, "owner")
    form = {"permiso": await ticket_for(browser, owner)}
    rows = table(await browser.post(SECRETS, data=form))
    assert rows[1][-2] == f"'{EVIL}"
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


async def test_an_operator_cannot_take_secrets_whatever_they_try(
    browser: httpx.AsyncClient, netflix: models.Service
) -> None:
    del netflix
    owner = await enter(browser, "owner")
    ticket = await ticket_for(browser, owner)
    operator = await enter(browser, "operator")
    answer = await browser.post(SECRETS, data={"permiso": ticket})
    assert answer.status_code == 403
    with pytest.raises(Forbidden):
        await ticket_for(browser, operator)
    assert await audited("stock.export_secrets") == []


async def test_a_ticket_is_of_one_session_and_of_one_minute(
    browser: httpx.AsyncClient, netflix: models.Service
) -> None:
    del netflix
    owner = await enter(browser, "owner")
    ticket = await ticket_for(browser, owner)
    browser.cookies.set(browsers.session_cookie(), await sign_in_staff(owner))
    assert (await browser.post(SECRETS, data={"permiso": ticket})).status_code == 403
    late = await ticket_for(browser, owner)
    async with unit_of_work() as session:
        await run(session, "UPDATE export_tickets SET expires_at = now() - interval '1 second'")
    assert (await browser.post(SECRETS, data={"permiso": late})).status_code == 403


async def test_another_sites_page_cannot_take_the_secrets(
    browser: httpx.AsyncClient, netflix: models.Service
) -> None:
    del netflix
    owner = await enter(browser, "owner")
    form = {"permiso": await ticket_for(browser, owner)}
    browser.headers["Origin"] = "https://tienda.example"
    assert (await browser.post(SECRETS, data=form)).status_code == 403


async def test_a_wrong_password_gives_no_ticket_and_counts(browser: httpx.AsyncClient) -> None:
    owner = await enter(browser, "owner")
    async with unit_of_work() as session:
        found = await sessions.find(session, browser.cookies[browsers.session_cookie()])
    assert found is not None
    actor = as_staff(owner, session_id=found.session_id)
    with pytest.raises(InvalidInput):
        async with unit_of_work() as session:
            await exports.permit(session, actor, password="otra cosa")
    async with reading() as session:
        tried = await fetch(session, "SELECT * FROM signin_attempts")
    assert len(tried) == 1


async def test_the_file_holds_what_the_filters_show(
    browser: httpx.AsyncClient, netflix: models.Service
) -> None:
    spotify = await make_service(name="Spotify")
    assert spotify.id is not None
    other = await make_account(spotify.id, profiles=1, login="bea@x.mx")
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down' WHERE id = %(id)s", id=other.id)
    await enter(browser, "operator")

    async def services(**asked: object) -> set[str]:
        return {row[1] for row in table(await browser.get(PATH, params=asked))[1:]}  # type: ignore[arg-type]

    assert await services() == {"Netflix", "Spotify"}
    assert await services(estado="caidas") == {"Spotify"}
    assert await services(servicio=netflix.id) == {"Netflix"}
    assert await services(estado="nada", servicio="x", before="7") == {"Netflix", "Spotify"}


async def test_every_account_is_there_once_however_many_pages(
    browser: httpx.AsyncClient, netflix: models.Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert netflix.id is not None
    monkeypatch.setattr(exports, "PAGE", 2)
    for _ in range(4):
        await make_account(netflix.id, profiles=2)
    await enter(browser, "operator")
    rows = table(await browser.get(PATH))[1:]
    async with reading() as session:
        ids = [row.id for row in await fetch(session, "SELECT id FROM accounts ORDER BY id")]
    assert [int(row[0]) for row in rows] == [n for n in ids for _ in range(2)]
