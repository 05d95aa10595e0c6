"""Reports over HTTP, as the staff decides them."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

import models
from tests.api.people import of_customer, of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, pay, place_order

CLAIMS = "/api/reportes"


@pytest.fixture
async def staff(program: httpx.AsyncClient) -> dict[str, str]:
    del program
    await make_bank()
    return await of_staff()


async def reported(
    program: httpx.AsyncClient, plan: models.Plan, staff: dict[str, str], kind: str = "other"
) -> tuple[dict[str, str], Any]:
    """The headers of who reports, and the report as the staff finds it."""
    ana = await make_customer()
    order, who = await place_order(ana, plan), await of_customer(ana)
    await pay(order.id, order.total)
    [held] = (await program.get("/api/suscripciones", headers=who)).json()["items"]
    where = f"/api/suscripciones/{held['id']}/reportes"
    await program.post(where, json={"kind": kind, "details": "no abre"}, headers=who)
    found = (await program.get(CLAIMS, headers=staff)).json()["items"]
    return who, next(claim for claim in found if claim["subscription_id"] == held["id"])


async def test_a_report_waits_is_answered_and_its_customer_reads_the_answer(
    program: httpx.AsyncClient, staff: dict[str, str]
) -> None:
    plan = await make_plan()
    await make_account(plan.service_id)
    who, claim = await reported(program, plan, staff)
    assert (claim["kind"], claim["details"], claim["status"]) == ("other", "no abre", "open")
    silent = await program.post(f"{CLAIMS}/{claim['id']}/rechazar", json={}, headers=staff)
    assert silent.json()["errors"].keys() == {"answer"}
    said = {"answer": "ya quedó"}
    done = await program.post(f"{CLAIMS}/{claim['id']}/resolver", json=said, headers=staff)
    assert (done.json()["claim"]["status"], done.json()["claim"]["answer"]) == (
        "solved",
        "ya quedó",
    )
    again = await program.post(f"{CLAIMS}/{claim['id']}/rechazar", json=said, headers=staff)
    assert (again.status_code, again.json()["code"]) == (409, "claim_closed")
    [held] = (await program.get("/api/suscripciones", headers=who)).json()["items"]
    assert held["report"] == {"status": "solved", "at": None, "answer": "ya quedó"}
    closed = (await program.get(f"{CLAIMS}?status=closed", headers=staff)).json()["items"]
    assert [one["id"] for one in closed] == [claim["id"]]
    assert (await program.get(CLAIMS, headers=staff)).json()["items"] == []


async def test_a_report_is_answered_by_another_access(
    program: httpx.AsyncClient, staff: dict[str, str]
) -> None:
    plan = await make_plan()
    await make_account(plan.service_id, profiles=1)
    _, claim = await reported(program, plan, staff)
    where = f"{CLAIMS}/{claim['id']}/reemplazar"
    caller = await of_key("subscriptions:write")
    none = await program.post(where, headers=caller)
    assert (none.status_code, none.json()["code"]) == (409, "no_replacement")
    spare = await make_account(plan.service_id, profiles=1)
    done = (await program.post(where, headers=caller)).json()
    assert done["claim"]["status"] == "replaced"
    [moved] = done["replacements"]
    assert (moved["from_account"], moved["to_account"]) == (claim["account"], spare.id)
    assert not {"login", "password", "pin"} & done["claim"].keys()


async def test_open_reports_come_page_by_page_the_first_first(
    program: httpx.AsyncClient, staff: dict[str, str]
) -> None:
    plan = await make_plan()
    await make_account(plan.service_id, profiles=3)
    ids = [(await reported(program, plan, staff))[1]["id"] for _ in range(3)]
    first = (await program.get(f"{CLAIMS}?limit=2", headers=staff)).json()
    rest = f"{CLAIMS}?limit=2&cursor={first['next_cursor']}"
    second = (await program.get(rest, headers=staff)).json()
    assert [one["id"] for one in first["items"] + second["items"]] == ids
    assert second["next_cursor"] is None
