"""The stock over HTTP: what goes in, what is shown, and what only an audited request opens."""

from typing import Any

import httpx

from domain.sql import fetch, scalar
from infra.database import reading
from tests.api.people import of_customer, of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, pay, place_order

STOCK = "/api/inventario"
LOGIN, PASSWORD, PIN = "canario@correo.mx", "canario-de-la-clave", "739146"


def account(service_id: int, **values: Any) -> dict[str, Any]:
    return {
        "service_id": service_id,
        "login": LOGIN,
        "password": PASSWORD,
        "paid_until": "2027-01-31",
        "profiles": [{"label": "Perfil 1", "pin": PIN}, {"label": "Perfil 2"}],
        **values,
    }


async def test_an_account_goes_in_and_its_secrets_do_not_come_out(
    program: httpx.AsyncClient,
) -> None:
    plan = await make_plan()
    staff = await of_staff()
    made = await program.post(STOCK, json=account(plan.service_id), headers=staff)
    assert made.status_code == 201, made.text
    found = made.json()
    assert [p["status"] for p in found["profiles"]] == ["free", "free"]
    assert [p["has_pin"] for p in found["profiles"]] == [True, False]
    path = f"{STOCK}/{found['id']}"
    answers = [
        made,
        await program.get(path, headers=staff),
        await program.get(STOCK, params={"q": LOGIN}, headers=staff),
        await program.put(path, json={"notes": "De la sucursal"}, headers=staff),
    ]
    assert answers[2].json()["items"][0]["id"] == found["id"]
    assert answers[3].json()["notes"] == "De la sucursal"
    for answer in answers:
        assert not [secret for secret in (LOGIN, PASSWORD, PIN) if secret in answer.text]
        assert "cost" not in answer.text
    opened = await program.post(f"{path}/revelar", headers=staff)
    assert opened.headers["cache-control"] == "no-store"
    assert opened.json() == {
        "login": LOGIN,
        "password": PASSWORD,
        "pins": [{"profile_id": found["profiles"][0]["id"], "pin": PIN}],
    }
    async with reading() as session:
        rows = await fetch(
            session, "SELECT action FROM audit_entries WHERE action LIKE '%%.reveal' ORDER BY id"
        )
    assert [row.action for row in rows] == ["account.reveal", "account.reveal", "profile.reveal"]


async def test_what_an_account_cost_is_the_owners_to_say_and_to_see(
    program: httpx.AsyncClient,
) -> None:
    plan = await make_plan()
    owner, staff = await of_staff("owner"), await of_staff()
    priced = account(plan.service_id, cost="89.50")
    assert (await program.post(STOCK, json=priced, headers=staff)).status_code == 403
    made = await program.post(STOCK, json=priced, headers=owner)
    assert made.json()["cost"] == "89.50"
    path = f"{STOCK}/{made.json()['id']}"
    assert "cost" not in (await program.get(path, headers=staff)).json()
    refused = await program.put(path, json={"cost": "1.00"}, headers=staff)
    assert refused.status_code == 403
    kept = await program.put(path, json={"notes": "x"}, headers=staff)
    assert kept.status_code == 200
    assert (await program.get(path, headers=owner)).json()["cost"] == "89.50"


async def test_a_new_password_is_in_force_and_only_its_opening_shows_it(
    program: httpx.AsyncClient,
) -> None:
    stock = await make_account((await make_plan()).service_id)
    staff = await of_staff()
    path = f"{STOCK}/{stock.id}"
    changed = await program.put(path, json={"password": "otra-clave-nueva"}, headers=staff)
    assert changed.status_code == 200, changed.text
    assert "otra-clave-nueva" not in changed.text
    opened = await program.post(f"{path}/revelar", headers=staff)
    assert opened.json()["password"] == "otra-clave-nueva"


async def test_an_account_in_use_is_not_retired(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan()
    stock = await make_account(plan.service_id, profiles=1)
    free = await make_account(plan.service_id, profiles=1)
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    staff = await of_staff()
    async with reading() as session:
        held = await scalar(
            session, "SELECT account_id FROM profiles WHERE status = 'assigned' LIMIT 1"
        )
    other = ({stock.id, free.id} - {held}).pop()
    refused = await program.delete(f"{STOCK}/{held}", headers=staff)
    assert (refused.status_code, refused.json()["code"]) == (409, "account_in_use")
    assert (await program.delete(f"{STOCK}/{other}", headers=staff)).status_code == 204
    gone = await program.get(f"{STOCK}/{other}", headers=staff)
    assert gone.json()["status"] == "retired"


async def test_a_file_is_looked_at_or_taken_whole(program: httpx.AsyncClient) -> None:
    plan = await make_plan()
    staff = {**await of_staff(), "Content-Type": "text/csv"}
    good = "usuario,contraseña,perfil\na@correo.mx,clave-1,Perfil 1\nb@correo.mx,clave-2,Perfil 1\n"
    asked = {"service_id": str(plan.service_id)}

    async def sent(text: str, **more: str) -> httpx.Response:
        return await program.post(
            f"{STOCK}/importar", params={**asked, **more}, content=text.encode(), headers=staff
        )

    dry = (await sent(good, dry_run="true")).json()
    assert (dry["id"], dry["status"], dry["accounts"], dry["bad"]) == (None, "preview", 2, 0)
    bad = await sent(good + "c@correo.mx,,Perfil 1\n", dry_run="true")
    assert bad.json()["errors"][0]["line"] == 4
    assert "clave" not in bad.text
    refused = await sent(good + "c@correo.mx,,Perfil 1\n")
    assert (refused.status_code, refused.json()["code"]) == (409, "import_bad_rows")
    taken = (await sent(good)).json()
    assert (taken["status"], taken["accounts"]) == ("running", 2)
    empty = await sent("")
    assert set(empty.json()["errors"]) == {"file"}
    nobody = await sent("null", dry_run="true", service_id="999999999")
    assert (nobody.status_code, nobody.json()["good"]) == (200, 0)


async def test_a_key_needs_the_scope_of_each_thing(program: httpx.AsyncClient) -> None:
    stock = await make_account((await make_plan()).service_id)
    path = f"{STOCK}/{stock.id}"
    for scope, allowed in (
        ("inventory:read", {"GET"}),
        ("inventory:write", {"PUT"}),
        ("inventory:reveal", {"POST"}),
    ):
        who = await of_key(scope)
        answers = {
            "GET": await program.get(path, headers=who),
            "PUT": await program.put(path, json={}, headers=who),
            "POST": await program.post(f"{path}/revelar", headers=who),
        }
        assert {m for m, a in answers.items() if a.status_code == 200} == allowed
        assert {a.status_code for a in answers.values()} == {200, 403}


async def test_the_earlier_paths_answer_as_their_successors_to_the_same_people(
    program: httpx.AsyncClient,
) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    customer = await make_customer()
    await place_order(customer, plan)
    staff, ana = await of_staff(), await of_customer(customer)
    for path, successor, public in (
        ("/api/productos", "/api/planes/activos", True),
        ("/api/ordenes", "/api/ordenes-new", False),
        ("/api/cuentas", "/api/inventario", False),
    ):
        told = await program.get(path, headers=staff)
        assert told.json() == (await program.get(successor, headers=staff)).json()
        assert told.json()
        assert (await program.get(path, headers=ana)).status_code == (200 if public else 403)
        assert (await program.post(path, json={}, headers=staff)).status_code == 405


async def test_anybody_reads_where_to_pay(program: httpx.AsyncClient) -> None:
    assert (await program.get("/api/instrucciones-pago")).status_code == 404
    await make_bank(steps=["Transfiere"])
    told = await program.get("/api/instrucciones-pago")
    assert told.json() == {
        "bank": "BBVA Bancomer",
        "holder": "Cuenty",
        "clabe": "012180001234567891",
        "account": "0123456789",
        "steps": ["Transfiere"],
    }
