"""Payments, receipts, bank statements and the cash of a day, by HTTP."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

import models
from domain import statement_applying, statement_runs
from infra.clock import today
from infra.database import reading, unit_of_work
from tests.api.people import of_customer, of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, pay, place_order

PAYMENTS, RECEIPTS = "/api/pagos", "/api/pagos/comprobantes"
STATEMENTS = "/api/estados-de-cuenta"
KEY = {"tracking_key": "MBAN0100231125", "bank": "BBVA", "paid_on": str(today())}


@pytest.fixture
async def clerk(program: httpx.AsyncClient) -> dict[str, str]:
    """A program with a key for money and nothing else."""
    del program
    return await of_key("payments:read", "payments:write")


@pytest.fixture
async def plan(program: httpx.AsyncClient) -> models.Plan:
    del program
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    return plan


async def received(program: httpx.AsyncClient, plan: models.Plan, **told: str) -> tuple[int, int]:
    """An order and the receipt that its customer sent."""
    customer = await make_customer()
    order = await place_order(customer, plan)
    files = {name: (None, value) for name, value in {**KEY, **told}.items()}
    sent = await program.post(
        f"/api/comprobantes/{order.id}", files=files, headers=await of_customer(customer)
    )
    assert sent.status_code == 201, sent.text
    return order.id, sent.json()["id"]


async def test_a_program_works_the_queue_of_receipts(
    program: httpx.AsyncClient, clerk: dict[str, str], plan: models.Plan
) -> None:
    order, first = await received(program, plan)
    _, second = await received(program, plan, tracking_key="OTRA1")
    _, third = await received(program, plan, tracking_key="OTRA2")
    queue = (await program.get(RECEIPTS, params={"limit": 2}, headers=clerk)).json()
    rest = await program.get(RECEIPTS, params={"cursor": queue["next_cursor"]}, headers=clerk)
    assert [one["id"] for one in queue["items"]] == [first, second]
    assert [one["id"] for one in rest.json()["items"]] == [third]

    shown = (await program.get(f"{RECEIPTS}/{first}", headers=clerk)).json()
    assert (shown["order_id"], shown["missing"], shown["payments"]) == (order, "150.00", 0)
    assert shown["receipt"]["tracking_key"] == KEY["tracking_key"]
    body = {"amount": "150.00", "tracking_key": KEY["tracking_key"], "seen_payments": 0}
    for _ in range(2):
        done = await program.post(
            f"{RECEIPTS}/{first}/aceptar", json=body, headers=clerk | {"Idempotency-Key": "k"}
        )
        assert done.json()["status"] == "delivered"
    late = await program.post(f"{RECEIPTS}/{first}/rechazar", json={"reason": "x"}, headers=clerk)
    assert (late.status_code, late.json()["code"]) == (409, "receipt_reviewed")

    refused = await program.post(
        f"{RECEIPTS}/{second}/rechazar", json={"reason": "No es nuestro banco"}, headers=clerk
    )
    assert refused.json()["receipt"]["status"] == "rejected"
    asked = await program.post(
        f"{RECEIPTS}/{third}/pedir-otro", json={"reason": "No se lee"}, headers=clerk
    )
    assert asked.json()["receipt"]["status"] == "asked_again"
    assert (await program.get(RECEIPTS, headers=clerk)).json()["items"] == []
    stale = await received(program, plan, tracking_key="OTRA3")
    await pay(stale[0], plan.sale_price, reference="A")  # the receipt is over with it
    over = await program.post(f"{RECEIPTS}/{stale[1]}/aceptar", json=body, headers=clerk)
    assert over.json()["code"] == "receipt_reviewed"


async def test_payments_are_listed_and_found(
    program: httpx.AsyncClient, clerk: dict[str, str], plan: models.Plan
) -> None:
    one, other = [await place_order(await make_customer(), plan) for _ in range(2)]
    await pay(one.id, one.total, reference="A1", bank="BBVA")
    await pay(other.id, other.total + 20, reference="B1")

    async def found(**wanted: str) -> list[int]:
        answer = await program.get(PAYMENTS, params=wanted, headers=clerk)
        return [row["order_id"] for row in answer.json()["items"]]

    assert await found() == [other.id, one.id]
    assert await found(q="a1") == await found(bank="bbva") == [one.id]
    assert await found(loose="true") == await found(kind="over") == [other.id]
    assert await found(amount="170.00", source="manual") == [other.id]
    assert await found(to="2026-01-01") == []
    wrong = await program.get(PAYMENTS, params={"kind": "x"}, headers=clerk)
    assert list(wrong.json()["errors"]) == ["kind"]


async def apply(statement_id: int) -> None:
    """What the worker does."""
    async with unit_of_work() as session:
        actor = await statement_runs.take(session, statement_id)
    assert actor is not None
    async with reading() as session:
        lines = await statement_runs.following(session, statement_id, 0)
    for line in lines:
        async with unit_of_work() as session:
            await statement_applying.apply(session, actor, line_id=line)
    async with unit_of_work() as session:
        await statement_runs.report(session, statement_id)


def movements(*rows: str) -> bytes:
    day = f"{today():%d/%m/%Y}"
    return "\n".join(["Dia,Texto,Monto,Saldo", *(f"{day},{row}" for row in rows)]).encode()


async def upload(program: httpx.AsyncClient, who: dict[str, str], content: bytes) -> Any:
    return await program.post(
        STATEMENTS,
        content=content,
        params={"name": "noviembre.csv"},
        headers=who | {"Content-Type": "text/csv"},
    )


async def test_a_statement_goes_from_its_file_to_the_orders_it_pays_and_back(
    program: httpx.AsyncClient, clerk: dict[str, str], plan: models.Plan
) -> None:
    named, unnamed = [await place_order(await make_customer(), plan) for _ in range(2)]
    file = movements(
        f"SPEI RECIBIDO ORDEN {named.id},150.00,1150.00", "DEPOSITO VENTANILLA,150.00,1300.00"
    )
    made = await upload(program, clerk, file)
    assert (made.status_code, made.json()["status"]) == (201, "columns")
    path = f"{STATEMENTS}/{made.json()['id']}"
    columns = (await program.get(f"{path}/columnas", headers=clerk)).json()["columns"]
    assert [one["name"] for one in columns] == ["Dia", "Texto", "Monto", "Saldo"]
    assert (await program.post(f"{path}/aplicar", headers=clerk)).status_code == 409
    wrong = await program.put(f"{path}/columnas", json={"mapping": ["date", "x"]}, headers=clerk)
    assert "mapping" in wrong.json()["errors"]
    read = await program.put(
        f"{path}/columnas",
        json={"mapping": ["date", "concept", "amount", "balance"]},
        headers=clerk,
    )
    assert (read.json()["status"], read.json()["sure"]) == ("open", 1)
    known = await upload(program, clerk, file)
    assert list(known.json()["errors"]) == ["file"]

    applying = await program.post(f"{path}/aplicar", headers=clerk)
    assert (applying.json()["status"], applying.json()["wanted"]) == ("applying", 1)
    await apply(made.json()["id"])
    done = (await program.get(path, headers=clerk)).json()
    assert (done["status"], done["settled"], done["paid"]) == ("open", 1, "150.00")
    listed = (await program.get(f"{path}/movimientos?limit=1", headers=clerk)).json()
    assert (listed["items"][0]["order_id"], listed["items"][0]["result"]) == (named.id, "matched")
    rest = await program.get(
        f"{path}/movimientos", params={"cursor": listed["next_cursor"]}, headers=clerk
    )
    [line] = rest.json()["items"]
    assert (line["settled"], line["order_id"]) == (False, None)
    where = f"{STATEMENTS}/movimientos/{line['id']}"
    ignored = await program.post(f"{where}/ignorar", headers=clerk)
    assert ignored.json()["result"] == "ignored"
    again = await program.post(f"{where}/recuperar", headers=clerk)
    assert again.json()["result"] == line["result"]
    paid = await program.post(f"{where}/asignar", json={"order_id": unnamed.id}, headers=clerk)
    assert (paid.json()["settled"], paid.json()["result"]) == (True, "matched")
    undone = await program.post(f"{path}/deshacer", headers=clerk)
    assert undone.json() == {"taken_back": 0, "kept": 2}
    assert (await program.get(path, headers=clerk)).json()["status"] == "undone"


async def test_a_file_that_nobody_can_read_is_refused_and_one_without_columns_forgotten(
    program: httpx.AsyncClient, clerk: dict[str, str]
) -> None:
    for content in (b"", b"\x00\x01", b"hola"):
        answer = await upload(program, clerk, content)
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["file"])
    made = await upload(program, clerk, movements("RENTA,900.00,900.00"))
    path = f"{STATEMENTS}/{made.json()['id']}"
    assert (await program.delete(path, headers=clerk)).status_code == 204
    assert (await program.get(path, headers=clerk)).status_code == 404


async def test_the_cash_of_a_day_is_what_moved_in_it_as_json_and_as_a_csv(
    program: httpx.AsyncClient, clerk: dict[str, str], plan: models.Plan
) -> None:
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total + 50, reference="A1", bank="BBVA")
    body = {"amount": "50.00", "method": "cash", "reason": "de más", "reference": "D1"}
    owner = await of_staff("owner")
    await program.post(f"/api/ordenes-new/{order.id}/devoluciones", json=body, headers=owner)
    span = {"from": str(today()), "to": str(today())}
    told = (await program.get("/api/caja", params=span, headers=clerk)).json()
    assert (told["total"]["received"], told["total"]["refunded"]) == ("200.00", "50.00")
    assert [day["net"] for day in told["by_day"]] == ["150.00"]
    assert [place["source"] for place in told["by_place"]] == ["manual", "cash"]
    sold = await program.get("/api/ordenes-new/admin/estadisticas", params=span, headers=owner)
    assert (sold.json()["total_revenue"], sold.json()["total_refunds"]) == ("150.00", "0.00")
    file = await program.get("/api/caja/csv", params=span, headers=clerk)
    assert file.headers["content-type"].startswith("text/csv")
    assert [line.split(",")[7:9] for line in file.text.splitlines()[1:]] == [
        ["200.00", ""],
        ["", "50.00"],
    ]
    for wrong in ({"from": "2026-02-02", "to": "2026-02-01"}, {"from": "2020-01-01"}):
        assert (await program.get("/api/caja", params=wrong, headers=clerk)).status_code == 422
