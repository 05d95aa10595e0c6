"""Support over HTTP: a customer's own tickets, everybody's for staff, and the contact page's."""

from typing import Any

import httpx

from domain.sql import run
from infra.database import unit_of_work
from tests.api.conftest import client
from tests.api.people import of_customer, of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, place_order
from tests.fixtures import Shop

TICKETS = "/api/tickets"
NEW = {"subject": "No abre", "body": "Me pide otra contraseña."}
HELLO = {"name": "Luis", "email": "luis@correo.mx", "subject": "Regalos", "body": "¿Hay tarjetas?"}


async def ask(program: httpx.AsyncClient, who: dict[str, str], **more: Any) -> dict[str, Any]:
    answer = await program.post(TICKETS, json={**NEW, **more}, headers=who)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def say(
    program: httpx.AsyncClient, who: dict[str, str], ticket: int, **said: Any
) -> httpx.Response:
    return await program.post(f"{TICKETS}/{ticket}/mensajes", json=said, headers=who)


async def test_a_question_is_answered_settled_and_asked_again(program: httpx.AsyncClient) -> None:
    ana, luis = await of_customer(await make_customer()), await of_staff()
    asked = await ask(program, ana)
    number = asked["id"]
    found = (await program.get(f"{TICKETS}/{number}", headers=luis)).json()
    assert (found["status"], found["customer"]["name"], found["unread"]) == ("open", "Ana", True)
    answered = await say(
        program, luis, number, body="Ya quedó.", solved=True, version=found["version"]
    )
    assert (answered.status_code, answered.json()["status"]) == (201, "solved")
    read = (await program.get(f"{TICKETS}/{number}", headers=ana)).json()
    assert [(e["by"], e["body"]) for e in read["entries"] if not e["event"]] == [
        ("staff", "Ya quedó."),
        ("customer", NEW["body"]),
    ]
    again = await say(program, ana, number, body="Sigue igual.")
    assert (again.status_code, again.json()["status"]) == (201, "open")
    path = f"{TICKETS}/{number}/estado"
    settled = await program.put(path, json={"status": "solved"}, headers=ana)
    assert (settled.status_code, settled.json()["status"]) == (200, "solved")
    for status in ("open", "closed"):
        refused = await program.put(path, json={"status": status}, headers=ana)
        assert refused.status_code == 403


async def test_an_answer_to_a_ticket_that_has_changed_since_is_refused(
    program: httpx.AsyncClient,
) -> None:
    ana, luis = await of_customer(await make_customer()), await of_staff()
    number = (await ask(program, ana))["id"]
    seen = (await program.get(f"{TICKETS}/{number}", headers=luis)).json()["version"]
    await say(program, ana, number, body="Y tampoco en la tele.")
    for answer in (
        await say(program, luis, number, body="Ya quedó.", version=seen),
        await program.put(
            f"{TICKETS}/{number}/estado", json={"status": "closed", "version": seen}, headers=luis
        ),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "ticket_changed")
    blind = await say(program, luis, number, body="Ya quedó.")
    assert (blind.status_code, set(blind.json()["errors"])) == (422, {"version"})


async def test_what_is_the_staffs_stays_with_the_staff(program: httpx.AsyncClient) -> None:
    ana, eva = await of_customer(await make_customer()), await of_customer(await make_customer())
    luis = await of_staff()
    number = (await ask(program, ana))["id"]
    noted = await say(program, luis, number, body="Es la de siempre", internal=True)
    assert noted.json()["entries"][0]["internal"] is True
    theirs = await program.get(f"{TICKETS}/{number}", headers=ana)
    assert "Es la de siempre" not in theirs.text
    for field in ("author", "internal", "priority", "assignee", "version", "customer"):
        assert f'"{field}":' not in theirs.text
        assert f'"{field}":' not in (await program.get(TICKETS, headers=ana)).text
    assert (await program.get(TICKETS, headers=eva)).json()["items"] == []
    assert (await program.get(f"{TICKETS}/{number}", headers=eva)).status_code == 404
    assert (await say(program, eva, number, body="Hola")).status_code == 404
    solved = {"status": "solved"}
    path = f"{TICKETS}/{number}/estado"
    assert (await program.put(path, json=solved, headers=eva)).status_code == 404


async def test_a_ticket_is_about_an_order_of_ones_own(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await make_customer()
    order = await place_order(ana, plan)
    asked = await ask(program, await of_customer(ana), order_id=order.id)
    assert asked["order_id"] == order.id
    eva = await of_customer(await make_customer())
    foreign = await program.post(TICKETS, json={**NEW, "order_id": order.id}, headers=eva)
    assert foreign.status_code == 404


async def test_the_queue_is_paged_and_filtered_as_the_screen_is(program: httpx.AsyncClient) -> None:
    luis = await of_staff()
    made = [(await ask(program, await of_customer(await make_customer())))["id"] for _ in range(3)]
    async with unit_of_work() as session:
        await run(session, "UPDATE tickets SET priority = 'urgent' WHERE id = %(id)s", id=made[1])
    seen, cursor = [], ""
    while cursor is not None:
        asked = {"status": "open", "limit": 2, "cursor": cursor}
        page = (await program.get(TICKETS, params=asked, headers=luis)).json()
        seen += [line["id"] for line in page["items"]]
        cursor = page["next_cursor"]
    assert seen == made
    for wanted, found in (
        ({}, made[::-1]),
        ({"status": "settled"}, []),
        ({"priority": "urgent"}, [made[1]]),
        ({"assignee_id": 0}, made[::-1]),
        ({"assignee_id": 1}, []),
    ):
        answer = await program.get(TICKETS, params=wanted, headers=luis)
        assert [line["id"] for line in answer.json()["items"]] == found, wanted


async def test_anybody_writes_to_the_shop_and_a_key_reads_it(
    program: httpx.AsyncClient, shop: Shop
) -> None:
    shop.configure(contacts_per_address_hour=1)
    key = {"Idempotency-Key": "saludo-0001"}
    sent = await program.post("/api/contact", json=HELLO, headers=key)
    again = await program.post("/api/contact", json=HELLO, headers=key)
    assert (sent.status_code, again.json()) == (201, sent.json())
    reader = await of_key("support:read")
    [found] = (await program.get("/api/contact", headers=reader)).json()["items"]
    assert (found["id"], found["name"], found["answered_at"]) == (sent.json()["id"], "Luis", None)
    answered = await program.get("/api/contact", params={"answered": True}, headers=reader)
    assert answered.json()["items"] == []
    more = await program.post("/api/contact", json=HELLO)
    assert (more.status_code, int(more.headers["retry-after"]) > 0) == (429, True)
    async with client(address="198.51.100.9") as elsewhere:
        other = await elsewhere.post("/api/contact", json={**HELLO, "name": "Eva"}, headers=key)
        assert other.status_code == 201  # a guest's key is not another's
    wrong = await program.post("/api/contact", json={**HELLO, "email": "", "name": " "})
    assert set(wrong.json()["errors"]) == {"name", "email"}
