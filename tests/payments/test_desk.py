"""The owner gives money back to a card from the order's page, and sees what became of it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain import alerts as alert_rules
from infra.database import unit_of_work
from state.admin.home import AdminHome
from state.admin.order import AdminOrder
from state.admin.order_money import OrderMoney
from state.admin.order_money_rows import MoneyView
from state.admin.payment_list import PaymentList
from tests.builders import make_staff, sign_in_staff
from tests.fixtures import Shop
from tests.payments.fake_mercadopago import FakeMercadoPago, refuses
from tests.payments.till import look, make_order, paid_by_card, refunded, state
from tests.tabs import Tab, tabs

FORM = {"refund_amount": "150", "method": "card", "refund_reason": "No le sirvió"}


@pytest.fixture
async def order(mercadopago: FakeMercadoPago, cards: Any) -> int:
    """Delivered, its 150.00 paid with a card."""
    number = await make_order()
    await paid_by_card(mercadopago, cards, number)
    return number


@pytest.fixture
async def tab(order: int) -> AsyncGenerator[Tab]:
    """The owner's, on the page of the order."""
    async with tabs() as open_tab:
        opened = open_tab(await sign_in_staff(await make_staff("owner")))
        opened.path = f"/admin/pedidos/{order}"
        await opened.send(AdminOrder.load)
        yield opened


async def money(tab: Tab) -> MoneyView:
    await tab.send(AdminOrder.load)
    return tab.sees(AdminOrder)["order"].money  # type: ignore[no-any-return]


async def test_a_refund_to_the_card_is_on_its_way_and_then_in_the_ledger(
    cards: Any, tab: Tab, order: int
) -> None:
    assert (await money(tab)).cards.most == "$150.00 MXN"
    await tab.send(OrderMoney.refund, form=FORM)
    assert "Le pedimos a Mercado Pago" in tab.sees(AdminOrder)["said"]
    [row] = (await money(tab)).cards.refunds
    assert (row.said, row.failed) == ("$150.00 MXN van de regreso a su tarjeta.", False)
    await tab.send(OrderMoney.refund, form=FORM)
    assert "en camino" in tab.sees(OrderMoney)["notice"]
    await cards.refund()
    shown = await money(tab)
    assert shown.cards.refunds == []
    assert [one.title for one in shown.rows] == ["Pago con tarjeta", "Devolución a su tarjeta"]
    assert await refunded(order) == [150]


async def test_too_much_for_the_card_is_said_beside_the_amount(tab: Tab) -> None:
    await tab.send(OrderMoney.refund, form={**FORM, "refund_amount": "151"})
    assert "amount" in tab.sees(OrderMoney)["errors"]


async def test_a_refusal_is_said_in_words_and_tried_again_or_dropped(
    mercadopago: FakeMercadoPago, cards: Any, tab: Tab, order: int
) -> None:
    mercadopago.then("refund", refuses(2024), refuses(7777))
    await tab.send(OrderMoney.refund, form=FORM)
    await cards.refund()
    [row] = (await money(tab)).cards.refunds
    assert row.failed
    assert "demasiado antiguo" in row.said
    await tab.send(OrderMoney.refund_again, number=row.id)
    await cards.refund()
    [row] = (await money(tab)).cards.refunds
    assert "código 7777" in row.said
    await tab.send(OrderMoney.drop_refund, number=row.id)
    assert (await money(tab)).cards.refunds == []
    await tab.send(OrderMoney.drop_refund, number=row.id)
    assert "ya se resolvió" in tab.sees(OrderMoney)["notice"]
    assert await refunded(order) == []


@pytest.mark.parametrize("number", [None, "x", -1, 0, 999, 2**80, [], {}])
async def test_nonsense_settles_nothing(tab: Tab, number: Any) -> None:
    for handler in (OrderMoney.refund_again, OrderMoney.drop_refund):
        await tab.send(handler, number=number)
        assert tab.sees(OrderMoney)["notice"]


async def test_a_cancelled_order_sends_its_money_back_to_the_card(
    mercadopago: FakeMercadoPago, cards: Any
) -> None:
    number = await make_order()
    await paid_by_card(mercadopago, cards, number, transaction_amount=60.0)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff("owner")))
        tab.path = f"/admin/pedidos/{number}"
        assert (await money(tab)).cards.whole
        await tab.send(AdminOrder.begin_cancel)
        await tab.send(AdminOrder.cancel, form={"reason": "Ya no lo quiere", "money": "card"})
    await cards.refund()
    assert await refunded(number) == [60]
    assert (await state(number))[0] == "cancelled"


async def test_the_list_of_payments_says_that_it_was_a_card(tab: Tab) -> None:
    tab.path = "/admin/pagos/lista?fuente=provider"
    await tab.send(PaymentList.load)
    [row] = tab.sees(PaymentList)["view"].rows
    assert (row.source, row.amount) == ("Tarjeta", "$150.00 MXN")
    assert row.written.startswith("Mercado Pago · Referencia ")


async def test_what_mercado_pago_took_back_is_told_with_the_way_to_its_order(
    mercadopago: FakeMercadoPago, cards: Any, tab: Tab, order: int
) -> None:
    mercadopago.give_back_in_panel(next(iter(mercadopago.payments)), 40.0)
    await cards.reconcile(0)
    async with unit_of_work() as session:
        await alert_rules.settle(session)
    tab.path = "/admin"
    await tab.send(AdminHome.load)
    [told] = [one for one in tab.sees(AdminHome)["alerts"] if "Mercado Pago" in one.said]
    assert told.address == f"/admin/pedidos/{order}"
    assert await refunded(order) == [40]


async def test_control_without_a_set_up_nothing_of_cards_is_offered(
    shop: Shop, cards: Any, tab: Tab, order: int
) -> None:
    """A refund is then written down, as one made by any other way."""
    shop.configure(mercadopago_access_token="", mercadopago_webhook_secret="")
    assert (await money(tab)).cards.most == ""
    await tab.send(OrderMoney.refund, form={**FORM, "refund_reference": "PANEL-1"})
    assert await refunded(order) == [150]
    await look(cards)
