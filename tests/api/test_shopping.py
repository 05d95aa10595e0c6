"""From the shelf to the access over HTTP, as a customer's program does it."""

from decimal import Decimal
from typing import Any

import httpx

from domain import shelf
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from tests.api.people import of_customer, of_staff
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    pay,
    place_order,
)


async def fill(
    program: httpx.AsyncClient, who: dict[str, str], plan_id: int | None, quantity: int = 1
) -> dict[str, Any]:
    wanted = {"plan_id": plan_id, "quantity": quantity}
    answer = await program.post("/api/cart/items", json=wanted, headers=who)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def test_the_shelves_show_prices_and_stock_and_never_cost(
    program: httpx.AsyncClient,
) -> None:
    plan = await make_plan()
    await make_account(plan.service_id, profiles=3)
    hidden = await make_plan(active=False)
    shelf.forget()
    services = (await program.get("/api/servicios/activos")).json()["items"]
    found = next(s for s in services if s["id"] == plan.service_id)
    assert (found["available"], found["plans"][0]["sale_price"]) == (3, "150.00")
    one = await program.get(f"/api/servicios/{plan.service_id}")
    assert one.json() == found
    plans = await program.get("/api/planes/activos", params={"service_id": plan.service_id})
    assert plans.json() == {"items": found["plans"], "next_cursor": None}
    assert (await program.get(f"/api/planes/{plan.id}")).json() == {
        "id": plan.id,
        "service_id": plan.service_id,
        "service_name": found["name"],
        "name": "1 mes",
        "duration_months": 1,
        "capacity": "profile",
        "sale_price": "150.00",
        "currency": "MXN",
        "available": 3,
    }
    for path in (f"/api/planes/{hidden.id}", f"/api/servicios/{hidden.service_id}"):
        assert (await program.get(path)).status_code == 404


async def test_a_cart_adds_up_caps_at_ten_and_says_what_is_short(
    program: httpx.AsyncClient,
) -> None:
    plan = await make_plan()
    await make_account(plan.service_id, profiles=2)
    ana = await of_customer(await make_customer())
    await fill(program, ana, plan.id, 7)
    cart = await fill(program, ana, plan.id, 7)
    line = cart["items"][0]
    assert (line["quantity"], line["available"], cart["total"]) == (10, 2, "1500.00")
    assert set(line) == {
        *("id", "plan_id", "service_name", "plan_name", "quantity", "unit_price", "line_total"),
        "available",
    }
    short = (await program.get("/api/cart/disponibilidad", headers=ana)).json()
    assert short == {
        "ok": False,
        "items": [{"plan_id": plan.id, "requested": 10, "available": 2}],
    }
    wanted = {"plan_id": plan.id, "quantity": 2}
    fits = await program.put("/api/cart/items", json=wanted, headers=ana)
    assert fits.json()["total"] == "300.00"
    assert (await program.get("/api/cart/disponibilidad", headers=ana)).json()["ok"]
    luis = await of_customer(await make_customer())
    await program.delete(f"/api/cart/items/{line['id']}", headers=luis)
    assert len((await program.get("/api/cart", headers=ana)).json()["items"]) == 1
    gone = await program.delete(f"/api/cart/items/{line['id']}", headers=ana)
    assert gone.json() == {"items": [], "total": "0.00", "currency": "MXN"}
    await fill(program, ana, plan.id)
    assert (await program.delete("/api/cart", headers=ana)).json()["items"] == []
    for quantity in (0, 11, -1, 1.5, "2", None, True, 10**30):
        wrong = {"plan_id": plan.id, "quantity": quantity}
        answer = await program.post("/api/cart/items", json=wrong, headers=ana)
        assert set(answer.json()["errors"]) == {"quantity"}, quantity


async def test_an_order_says_where_to_pay_and_shows_no_cost(program: httpx.AsyncClient) -> None:
    await make_bank(steps=["Realiza la transferencia", "Envía tu comprobante"])
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await of_customer(await make_customer())
    await fill(program, ana, plan.id, 2)
    answer = await program.post(
        "/api/ordenes-new", json={"delivery_preference": "web"}, headers=ana
    )
    assert answer.status_code == 201, answer.text
    order = answer.json()
    assert (order["status"], order["total"], order["currency"]) == (
        *("pending_payment", "300.00"),
        "MXN",
    )
    pay_to = order["payment_instructions"]
    assert pay_to["concept"] == f"Orden {order['number']}"
    assert "Monto a pagar: $300.00 MXN" in pay_to["text"]
    assert "2. Envía tu comprobante" in pay_to["text"]
    assert order["items"][0]["fulfilment"] == "waiting_payment"
    assert not {"cost", "profit", "customer", "notes"} & order.keys()
    assert (await program.get("/api/cart", headers=ana)).json()["items"] == []
    again = await program.get(f"/api/ordenes-new/{order['id']}", headers=ana)
    assert again.json() == order
    mine = (await program.get("/api/ordenes-new/mis-ordenes", headers=ana)).json()
    assert mine == {"items": [order], "next_cursor": None}


async def test_what_is_short_is_named_and_nothing_is_ordered(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan()
    ana = await of_customer(await make_customer())
    await fill(program, ana, plan.id)
    answer = await program.post("/api/ordenes-new", json={}, headers=ana)
    assert (answer.status_code, answer.json()["code"]) == (409, "out_of_stock")
    assert answer.json()["plan_ids"] == [plan.id]
    assert len((await program.get("/api/cart", headers=ana)).json()["items"]) == 1


async def test_another_customers_order_is_not_there(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await make_customer()
    order = await place_order(ana, plan)
    await pay(order.id, order.total)
    luis = await of_customer(await make_customer())
    for path in (f"/api/ordenes-new/{order.id}", f"/api/ordenes-new/{order.id}/credenciales"):
        for who, status in ((luis, 404), (await of_customer(ana), 200)):
            assert (await program.get(path, headers=who)).status_code == status
    assert (await program.get("/api/ordenes-new/mis-ordenes", headers=luis)).json()["items"] == []


async def test_a_paid_order_opens_its_accesses_to_its_customer_and_writes_it_down(
    program: httpx.AsyncClient,
) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(
        plan.service_id, login="netflix@correo.mx", password="contraseña-1", pin="4321"
    )
    ana = await make_customer()
    order = await place_order(ana, plan, quantity=2)
    headers = await of_customer(ana)
    path = f"/api/ordenes-new/{order.id}/credenciales"
    assert (await program.get(path, headers=headers)).json() == []
    await pay(order.id, order.total)
    answer = await program.get(path, headers=headers)
    assert answer.headers["cache-control"] == "no-store"
    first, second = answer.json()
    assert (first["login"], first["password"], first["pin"]) == (
        *("netflix@correo.mx", "contraseña-1"),
        "4321",
    )
    assert {first["profile"], second["profile"]} == {"Perfil 1", "Perfil 2"}
    assert (first["unit_index"], second["unit_index"]) == (0, 1)
    async with reading() as session:
        opened = await scalar(
            session, "SELECT count(*) FROM audit_entries WHERE action = 'credential.reveal'"
        )
    assert opened == 2
    assert (await program.get(path, headers=await of_staff("owner"))).status_code == 403


async def test_a_list_is_paged_to_its_end_without_gap_or_repeat(
    program: httpx.AsyncClient,
) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    ana = await make_customer()
    made = []
    for _ in range(5):
        order = await place_order(ana, plan)
        await pay(order.id, order.total)
        made.append(order.id)
    for who, path in (
        (await of_customer(ana), "/api/ordenes-new/mis-ordenes"),
        (await of_staff(), "/api/ordenes-new"),
    ):
        seen: list[int] = []
        cursor: str | None = ""
        while cursor is not None:
            asked = {"limit": 2, "cursor": cursor}
            answer = (await program.get(path, params=asked, headers=who)).json()
            seen += [row["id"] for row in answer["items"]]
            cursor = answer["next_cursor"]
        assert seen == sorted(made, reverse=True)


async def test_staff_find_orders_by_the_filters_of_the_screen(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan, other = await make_plan(), await make_plan()
    for each in (plan, other):
        await make_account(each.service_id)
    ana, luis = await make_customer("+525511112222"), await make_customer("+525533334444")
    first, second = await place_order(ana, plan), await place_order(luis, other)
    await pay(second.id, second.total)
    async with unit_of_work() as session:  # 23:30 of the first day in Mexico City
        await run(
            session,
            "UPDATE orders SET created_at = '2026-01-02T05:30:00Z' WHERE id = %(id)s",
            id=first.id,
        )
    staff = await of_staff()

    async def found(**filters: Any) -> list[int]:
        answer = await program.get("/api/ordenes-new", params=filters, headers=staff)
        assert answer.status_code == 200, answer.text
        return [row["id"] for row in answer.json()["items"]]

    assert await found() == [second.id, first.id]
    assert await found(status="delivered") == [second.id]
    assert await found(phone="55 1111 2222") == [first.id]
    assert await found(service_id=other.service_id) == [second.id]
    assert await found(q=f"#{first.id}") == [first.id]
    assert await found(q="4444") == [second.id]
    assert await found(q="nadie") == []
    assert await found(to="2026-01-01") == [first.id]
    assert await found(**{"from": "2026-01-02"}) == [second.id]
    wrong = await program.get("/api/ordenes-new?status=perdido", headers=staff)
    assert set(wrong.json()["errors"]) == {"status"}


async def test_staff_move_an_order_by_its_commands_only(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=1)
    ana = await make_customer()
    order = await place_order(ana, plan)
    staff, owner = await of_staff(), await of_staff("owner")
    path = f"/api/ordenes-new/{order.id}/estado"

    async def moved(who: dict[str, str], **body: Any) -> httpx.Response:
        return await program.put(path, json=body, headers=who)

    assert (await moved(staff, status="delivered")).json()["code"] == "order_state"
    assert (await moved(staff, status="pending")).status_code == 409
    assert set((await moved(staff, status="paid")).json()["errors"]) == {"payment"}
    for amount in (150, "1e2", "150.001", "-1", "0"):
        wrong = await moved(staff, status="paid", payment={"amount": amount})
        assert wrong.status_code == 422, amount
    payment = {"amount": "150.00", "tracking_key": "MX01", "bank": "BBVA", "reference": "77"}
    paid = await moved(staff, status="paid", payment=payment)
    assert paid.status_code == 200, paid.text
    assert (paid.json()["status"], paid.json()["items"][0]["fulfilment"]) == (
        *("delivered",),
        "delivered",
    )
    assert paid.json()["customer"]["phone"] == ana.phone
    assert not {"cost", "profit"} & paid.json().keys()
    again = await moved(owner, status="paid", payment=payment)
    assert (again.json()["cost"], again.json()["profit"]) == ("120.00", "30.00")
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM payments") == 1
    late = await moved(staff, status="cancelled", reason="Se arrepintió")
    assert (late.status_code, late.json()["code"]) == (409, "order_state")
    none = await program.put(
        "/api/ordenes-new/999999/estado",
        json={"status": "cancelled", "reason": "x"},
        headers=staff,
    )
    assert none.status_code == 404


async def test_a_paid_item_that_waits_is_given_the_profile_that_staff_choose(
    program: httpx.AsyncClient,
) -> None:
    await make_bank()
    plan = await make_plan()
    stock = await make_account(plan.service_id, profiles=1)
    ana = await make_customer()
    order = await place_order(ana, plan)
    async with unit_of_work() as session:  # the account goes down before the payment
        await run(session, "UPDATE accounts SET status = 'down' WHERE id = %(id)s", id=stock.id)
    await pay(order.id, order.total)
    staff = await of_staff()
    whole = (await program.get(f"/api/ordenes-new/{order.id}", headers=staff)).json()
    item = whole["items"][0]
    assert (whole["status"], item["fulfilment"]) == ("processing", "waiting_stock")
    path = f"/api/ordenes-new/items/{item['id']}/asignar"
    still = await program.post(path, json={}, headers=staff)
    assert still.json()["fulfilment"] == "waiting_stock"
    moved = await program.put(
        f"/api/ordenes-new/{order.id}/estado", json={"status": "delivered"}, headers=staff
    )
    assert (moved.status_code, moved.json()["code"]) == (409, "stock_missing")
    foreign = await make_account((await make_plan()).service_id, profiles=1)
    async with reading() as session:
        of_account = "SELECT id FROM profiles WHERE account_id = %(id)s"
        elsewhere = await scalar(session, of_account, id=foreign.id)
    taken = await program.post(path, json={"profile_ids": [elsewhere]}, headers=staff)
    assert (taken.status_code, taken.json()["code"]) == (409, "profile_in_use")
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'active' WHERE id = %(id)s", id=stock.id)
        chosen = await scalar(session, of_account, id=stock.id)
    given = await program.post(path, json={"profile_ids": [chosen]}, headers=staff)
    assert given.json()["fulfilment"] == "delivered", given.text
    assert {way["channel"] for way in given.json()["deliveries"]} == {"web", "whatsapp"}
    told = await program.post(
        f"/api/ordenes-new/items/{item['id']}/entregar", json={"channel": "sms"}, headers=staff
    )
    assert {way["channel"] for way in told.json()["deliveries"]} == {"web", "whatsapp", "sms"}
    soon = await program.post(
        f"/api/ordenes-new/items/{item['id']}/entregar", json={}, headers=staff
    )
    assert soon.status_code == 429
    assert int(soon.headers["retry-after"]) > 0


async def test_figures_show_cost_to_the_owner_only(program: httpx.AsyncClient) -> None:
    await make_bank()
    plan = await make_plan(cost=Decimal("100.00"), margin=Decimal("50.00"))
    await make_account(plan.service_id)
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    path = "/api/ordenes-new/admin/estadisticas"
    owners = (await program.get(path, headers=await of_staff("owner"))).json()
    assert (owners["total_revenue"], owners["total_cost"]) == ("150.00", "100.00")
    assert (owners["total_refunds"], owners["net_revenue"]) == ("0.00", "150.00")
    assert (owners["profit"], owners["average_ticket"]) == ("50.00", "150.00")
    assert owners["by_service"][0]["units"] == 1
    staff = await of_staff()
    told = await program.get(path, headers=staff)
    assert told.json()["total_revenue"] == "150.00"
    assert "cost" not in told.text
    assert "profit" not in told.text
    wrong = await program.get(path + "?from=2026-02-02&to=2026-02-01", headers=staff)
    assert wrong.status_code == 422
