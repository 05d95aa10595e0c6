"""The queue of receipts and the customer's page, event by event."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain import order_endings, receipt_reviews
from domain.sql import run
from infra.database import unit_of_work
from state.admin.home import AdminHome
from state.admin.order import AdminOrder
from state.admin.orders import AdminOrders
from state.admin.receipts import ReceiptReview
from state.live import live
from state.storefront.my_orders import MyOrders
from state.storefront.order import OrderStatusPage
from tests.builders import (
    as_staff,
    make_customer,
    make_staff,
    pay,
    sign_in_customer,
    sign_in_staff,
)
from tests.domain.test_receipts import KEY, drawn, ordered, sent, status_of
from tests.tabs import Tab, signals_reach, tabs

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def open_tab(shop: object) -> AsyncGenerator[Callable[..., Tab]]:
    del shop
    async with tabs() as opener:
        yield opener


@pytest.fixture
async def desk(open_tab: Callable[..., Tab]) -> Tab:
    return await at_the_queue(open_tab, "olga")


async def at_the_queue(open_tab: Callable[..., Tab], name: str) -> Tab:
    tab = open_tab(await sign_in_staff(await make_staff(username=name)))
    tab.path = "/admin/pagos"
    return tab


async def waiting(picture: int = 1) -> tuple[int, int]:
    """An order and its receipt."""
    ana, number = await ordered()
    return number, await sent(ana, number, KEY, drawn(picture, bytes([picture]) * 12288))


def shown(tab: Tab) -> Any:
    return tab.sees(ReceiptReview)["receipt"]


def accepting(tab: Tab, **more: str) -> dict[str, str]:
    """The form as it is shown."""
    view = shown(tab)
    return {
        "receipt": str(view.id),
        "seen": str(view.payments),
        "amount": view.missing_plain,
        "paid_on": view.paid_on,
        "bank": view.bank,
        "tracking_key": view.tracking_key,
        **more,
    }


async def test_the_one_that_waited_longest_is_shown_beside_what_it_should_say(desk: Tab) -> None:
    number, receipt_id = await waiting()
    await waiting(2)
    await desk.send(ReceiptReview.load)
    view = shown(desk)
    assert (view.id, view.order, view.missing) == (receipt_id, number, "$150.00 MXN")
    assert view.picture == f"/api/comprobantes/{receipt_id}"
    assert (view.tracking_key, view.bank, view.waiting) == (KEY.tracking_key, "BBVA", 2)
    [repeat] = view.repeats
    assert (repeat.said, repeat.order) == (
        f"La misma clave de rastreo: pedido #{number + 1}.",
        number + 1,
    )


async def test_accepting_pays_and_shows_the_next_until_none_is_left(desk: Tab) -> None:
    number, _ = await waiting()
    _, second = await waiting(2)
    await desk.send(ReceiptReview.load)
    await desk.send(ReceiptReview.accept, form=accepting(desk, tracking_key="UNA1"))
    seen = desk.sees(ReceiptReview)
    assert seen["said"] == f"Pedido #{number}: pago confirmado y accesos entregados."
    assert shown(desk).id == second
    await desk.send(ReceiptReview.accept, form=accepting(desk, amount="100"))
    seen = desk.sees(ReceiptReview)
    assert "pago parcial" in seen["said"]
    assert seen["phase"] == "empty"


async def test_more_than_was_missing_is_said_to_who_accepts_it(desk: Tab) -> None:
    number, _ = await waiting()
    await desk.send(ReceiptReview.load)
    await desk.send(ReceiptReview.accept, form=accepting(desk, amount="200"))
    seen = desk.sees(ReceiptReview)
    assert seen["tone"] == "warning"
    assert seen["said"].startswith(f"Pedido #{number}: pago confirmado con dinero de más. Abre")


async def test_money_for_an_order_that_ended_and_whose_stock_is_gone_is_no_order_that_waits(
    desk: Tab,
) -> None:
    ana, number = await ordered()
    async with unit_of_work() as session:
        await run(session, "UPDATE orders SET expires_at = now() - interval '1 hour'")
        await order_endings.expire_due(session)
        await run(session, "UPDATE profiles SET status = 'disabled'")
    await sent(ana, number)
    await desk.send(ReceiptReview.load)
    await desk.send(ReceiptReview.accept, form=accepting(desk))
    seen = desk.sees(ReceiptReview)
    assert seen["tone"] == "warning"
    assert "pago tardío registrado; el pedido sigue cancelado. Abre el pedido" in seen["said"]


async def test_another_amount_than_the_order_lacks_is_pointed_out(desk: Tab) -> None:
    ana, number = await ordered()
    await sent(ana, number, replace(KEY, amount=Decimal(140)))
    await desk.send(ReceiptReview.load)
    assert "El cliente dice que pagó $140.00 MXN" in shown(desk).notice
    await pay(number, Decimal(10))
    await desk.send(ReceiptReview.load)
    assert shown(desk).notice == ""


async def test_what_is_wrong_is_said_beside_its_field_and_the_receipt_waits(desk: Tab) -> None:
    _, receipt_id = await waiting()
    await desk.send(ReceiptReview.load)
    for field, value in (("amount", "mucho"), ("amount", "-1"), ("paid_on", "2999-01-01")):
        await desk.send(ReceiptReview.accept, form=accepting(desk, **{field: value}))
        assert set(desk.sees(ReceiptReview)["errors"]) == {field}
    for handler, field in (
        (ReceiptReview.reject, "rejected"),
        (ReceiptReview.ask_again, "asked_again"),
    ):
        form = {"receipt": str(receipt_id), "chosen": "otro", field: " "}
        await desk.send(handler, form=form)
        assert set(desk.sees(ReceiptReview)["errors"]) == {field}
    for nonsense in (None, "x", {"receipt": "0"}, {"receipt": [1]}, {"receipt": "1" * 40}):
        for handler in (ReceiptReview.accept, ReceiptReview.reject, ReceiptReview.ask_again):
            await desk.send(handler, form=nonsense)
            assert desk.sees(ReceiptReview)["notice"]
    assert await status_of(receipt_id) == "waiting"


async def test_a_refusal_takes_a_ready_reason_or_ones_own(desk: Tab) -> None:
    ids = [(await waiting(n))[1] for n in (1, 2)]
    await desk.send(ReceiptReview.load)
    form = {"receipt": str(ids[0]), "chosen": "La imagen no se lee bien", "rejected": "otra cosa"}
    await desk.send(ReceiptReview.reject, form=form)
    form = {"receipt": str(ids[1]), "chosen": "otro", "asked_again": "Faltan 10 pesos"}
    await desk.send(ReceiptReview.ask_again, form=form)
    assert [await status_of(one) for one in ids] == ["rejected", "asked_again"]
    await desk.send(ReceiptReview.go, receipt=ids[0])
    assert shown(desk).decided == "Rechazado por olga: La imagen no se lee bien"
    await desk.send(ReceiptReview.go, receipt=ids[1])
    assert shown(desk).decided == "Se pidió otro por olga: Faltan 10 pesos"


async def test_the_second_of_two_operators_sees_what_the_first_decided(
    desk: Tab, open_tab: Callable[..., Tab]
) -> None:
    _, receipt_id = await waiting()
    other = await at_the_queue(open_tab, "tom")
    for tab in (desk, other):
        await tab.send(ReceiptReview.load)
    form = accepting(other)
    await desk.send(
        ReceiptReview.reject, form={"receipt": str(receipt_id), "chosen": "Borroso", "rejected": ""}
    )
    await other.send(ReceiptReview.accept, form=form)
    seen = other.sees(ReceiptReview)
    assert seen["notice"] == "Mientras tanto olga lo revisó: rechazado: Borroso."
    assert seen["receipt"].decided == "Rechazado por olga: Borroso"


async def test_the_open_queue_and_the_customers_page_change_by_themselves(
    open_tab: Callable[..., Tab], desk: Tab
) -> None:
    customer = await make_customer()
    ana, number = await ordered(customer)
    page = open_tab(await sign_in_customer(customer))
    page.path = f"/pedido/{number}"
    await page.send(OrderStatusPage.load)
    await desk.send(ReceiptReview.load)
    assert desk.sees(ReceiptReview)["phase"] == "empty"
    receipt_id = await sent(ana, number, KEY, drawn())
    app = signals_reach(desk)
    await live.hand_out(app, "receipts")
    await live.hand_out(app, f"order:{number}")
    assert shown(desk).id == receipt_id
    order = page.sees(OrderStatusPage)["order"]
    assert (order.status, order.expires, order.receipts[0].state) == (
        "in_review",
        "",
        "En revisión",
    )
    staff = as_staff(await make_staff())
    async with unit_of_work() as session:
        await receipt_reviews.reject(session, staff, receipt_id=receipt_id, reason="No se lee")
    await live.hand_out(app, f"order:{number}")
    order = page.sees(OrderStatusPage)["order"]
    assert (order.status, order.takes_receipts) == ("pending_payment", True)
    assert order.refused == "No pudimos aceptar tu comprobante: No se lee."
    assert "olga" not in str(order)
    await pay(number, Decimal(150))
    await live.hand_out(app, f"order:{number}")
    order = page.sees(OrderStatusPage)["order"]
    assert (order.status, order.takes_receipts, order.refused) == ("delivered", False, "")


async def test_lists_and_the_first_page_say_what_is_in_review(
    open_tab: Callable[..., Tab], desk: Tab
) -> None:
    customer = await make_customer()
    ana, number = await ordered(customer)
    await ordered()
    await sent(ana, number)
    await desk.send(AdminHome.load)
    assert desk.sees(AdminHome)["work"].receipts == "1"
    desk.path = "/admin/pedidos?tab=en-revision"
    await desk.send(AdminOrders.load)
    [row] = desk.sees(AdminOrders)["orders"]
    assert (row.number, row.status) == (number, "in_review")
    desk.path = f"/admin/pedidos/{number}"
    await desk.send(AdminOrder.load)
    assert [one.waiting for one in desk.sees(AdminOrder)["order"].receipts] == [True]
    mine = open_tab(await sign_in_customer(customer))
    mine.path = "/mis-pedidos"
    await mine.send(MyOrders.load)
    assert [row.status for row in mine.sees(MyOrders)["orders"]] == ["in_review"]
