"""E8: a request with a key is carried out once, whatever happens around it."""

import asyncio
from typing import Any

import httpx
import pytest

from domain import idempotency
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from tests.api.people import of_customer, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, place_order
from tests.fixtures import Shop

KEY = {"Idempotency-Key": "carga-0001"}


async def ready(program: httpx.AsyncClient) -> dict[str, str]:
    """A customer with something in the cart that can be bought."""
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await of_customer(await make_customer())
    wanted = {"plan_id": plan.id, "quantity": 1}
    assert (await program.post("/api/cart/items", json=wanted, headers=ana)).status_code == 200
    return ana


async def place(program: httpx.AsyncClient, who: dict[str, str], **body: Any) -> httpx.Response:
    return await program.post("/api/ordenes-new", json=body, headers=who)


async def orders() -> int:
    async with reading() as session:
        return int(await scalar(session, "SELECT count(*) FROM orders"))


async def test_the_same_request_gets_the_first_answer_again(program: httpx.AsyncClient) -> None:
    ana = await ready(program)
    first = await place(program, {**ana, **KEY})
    again = await place(program, {**ana, **KEY})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    control = await place(program, ana)
    assert control.json()["code"] == "cart_empty"
    assert await orders() == 1


async def test_fifty_at_once_are_one_order(program: httpx.AsyncClient) -> None:
    ana = await ready(program)
    answers = await asyncio.gather(*(place(program, {**ana, **KEY}) for _ in range(50)))
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = {answer.json()["id"] for answer in answers if answer.status_code == 201}
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert len(made) == 1
    assert refused <= {"idempotency_running"}
    assert await orders() == 1


async def test_a_key_with_another_body_is_refused(program: httpx.AsyncClient) -> None:
    ana = await ready(program)
    assert (await place(program, {**ana, **KEY})).status_code == 201
    other = await place(program, {**ana, **KEY}, delivery_preference="email")
    assert other.status_code == 422
    assert set(other.json()["errors"]) == {"Idempotency-Key"}


async def test_a_request_under_way_is_not_begun_again(program: httpx.AsyncClient) -> None:
    customer = await make_customer()
    ana = await of_customer(customer)
    async with unit_of_work() as session:
        holder = f"customer:{customer.id}"
        key = idempotency.keyed_hash("idempotency-key", KEY["Idempotency-Key"])
        await run(
            session,
            "SELECT pg_advisory_xact_lock(%(lock)s, hashtext(%(name)s))",
            lock=idempotency.LOCK,
            name=holder + key,
        )
        running = await place(program, {**ana, **KEY})
        assert (running.status_code, running.json()["code"]) == (409, "idempotency_running")
    after = await place(program, {**ana, **KEY})
    assert after.json()["code"] == "cart_empty"


async def test_each_person_has_keys_of_their_own(program: httpx.AsyncClient) -> None:
    ana, luis = await ready(program), await of_customer(await make_customer())
    assert (await place(program, {**ana, **KEY})).status_code == 201
    assert (await place(program, {**luis, **KEY})).json()["code"] == "cart_empty"


async def test_a_crash_keeps_neither_the_work_nor_the_answer(
    program: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = await ready(program)
    kept = idempotency.run

    async def dies(*_: Any, **__: Any) -> int:
        raise RuntimeError("killed")

    monkeypatch.setattr(idempotency, "run", dies)
    assert (await place(program, {**ana, **KEY})).status_code == 500
    assert await orders() == 0
    monkeypatch.setattr(idempotency, "run", kept)
    assert (await place(program, {**ana, **KEY})).status_code == 201
    assert await orders() == 1


async def test_an_answer_is_forgotten_when_its_time_is_over(program: httpx.AsyncClient) -> None:
    ana = await ready(program)
    assert (await place(program, {**ana, **KEY})).status_code == 201
    async with unit_of_work() as session:
        await run(session, "UPDATE idempotent_answers SET expires_at = now() - interval '1 s'")
        await idempotency.sweep(session)
        assert await scalar(session, "SELECT count(*) FROM idempotent_answers") == 0
    assert (await place(program, {**ana, **KEY})).json()["code"] == "cart_empty"


async def test_a_payment_is_booked_once(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    order = await place_order(await make_customer(), plan)
    staff = await of_staff()
    path = f"/api/ordenes-new/{order.id}/estado"
    body = {"status": "paid", "payment": {"amount": "150.00", "reference": "1"}}
    answers = [await program.put(path, json=body, headers={**staff, **KEY}) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM payments") == 1


async def test_a_key_fits_in_a_header(program: httpx.AsyncClient, shop: Shop) -> None:  # noqa: ARG001
    ana = await of_customer(await make_customer())
    for wrong in ("a b", "x" * 256, "clavé".encode("latin-1")):
        answer = await program.post(
            "/api/ordenes-new", json={}, headers={**ana, "Idempotency-Key": wrong}
        )
        assert answer.status_code == 422, wrong
