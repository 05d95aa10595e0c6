"""Where to pay, over HTTP: read by anybody, changed by the owner in person."""

import httpx
import pytest

from domain import api_keys
from tests.api.people import of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, place_order

PATH = "/api/instrucciones-pago"
NEW = {"holder": "Ana López", "clabe": "002180001234567896", "steps": ["Transfiere el total"]}


async def test_the_owner_says_where_new_orders_are_paid(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    before = await place_order(await make_customer(), plan)
    owner = await of_staff("owner")
    changed = await program.put(PATH, json=NEW, headers=owner)
    assert changed.status_code == 200, changed.text
    assert (await program.get(PATH)).json() == changed.json()
    assert (changed.json()["bank"], changed.json()["clabe"]) == ("Banamex", NEW["clabe"])
    kept = (await program.get(f"/api/ordenes-new/{before.id}", headers=owner)).json()
    assert kept["payment_instructions"]["holder"] == "Cuenty"


async def test_the_first_account_is_told_at_once(program: httpx.AsyncClient) -> None:
    assert (await program.get(PATH)).status_code == 404
    first = await program.put(PATH, json=NEW, headers=await of_staff("owner"))
    assert (first.status_code, (await program.get(PATH)).json()) == (200, first.json())


@pytest.mark.parametrize("clabe", ["002180001234567891", "999180001234567892", "12", "x" * 18])
async def test_a_clabe_that_is_none_is_named(program: httpx.AsyncClient, clabe: str) -> None:
    await make_bank()
    answer = await program.put(PATH, json={**NEW, "clabe": clabe}, headers=await of_staff("owner"))
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"clabe"})


async def test_no_key_decides_where_the_money_goes(program: httpx.AsyncClient) -> None:
    await make_bank()
    for who in (await of_key(*api_keys.SCOPES, role="owner"), await of_staff()):
        assert (await program.put(PATH, json=NEW, headers=who)).status_code == 403
