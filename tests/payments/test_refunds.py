"""Money goes back to its card once, up to what the card brought, and is on record when it did."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from domain import card_refund_outcomes, card_refunds, doctor, money_back
from domain.actors import SYSTEM, Actor
from domain.errors import Conflict, Forbidden, InvalidInput
from domain.money_back import CancelWish
from domain.refund_notices import RefundNotice
from domain.sql import fetch, scalar
from infra import clock
from infra.database import reading, unit_of_work
from tests.builders import as_customer, as_staff, make_customer, make_staff, pay
from tests.fixtures import Shop
from tests.payments.fake_mercadopago import DOWN, HALF, FakeMercadoPago, broken, refuses
from tests.payments.till import (
    alerts,
    logged,
    look,
    make_order,
    now_due,
    open_checkout,
    paid_by_card,
    refunded,
    state,
)


@pytest.fixture
async def owner(shop: Shop) -> Actor:
    del shop
    return as_staff(await make_staff("owner"))


@pytest.fixture
async def order(mercadopago: FakeMercadoPago, cards: Any) -> int:
    """Delivered, its 150.00 paid with a card."""
    number = await make_order()
    await paid_by_card(mercadopago, cards, number)
    assert await state(number) == ("delivered", 150)
    return number


def back(amount: object = 150, **values: Any) -> RefundNotice:
    notice = RefundNotice(Decimal(str(amount)), "card", "No le sirvió", "", clock.today())
    return replace(notice, **values)


async def refund(actor: Actor, order: int, notice: RefundNotice) -> bool:
    async with unit_of_work() as session:
        return await money_back.refund(session, actor, order_id=order, notice=notice)


async def standing(order: int) -> card_refunds.CardMoney:
    async with reading() as session:
        return await card_refunds.card_money(session, order)


async def adds_up() -> None:
    async with reading() as session:
        found = await doctor.examine(session)
    assert found == [], found


async def test_a_refund_is_asked_for_once_and_then_on_record(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    assert await refund(owner, order, back()) is True
    assert await refunded(order) == [], "not before the provider gave it back"
    assert [one.state for one in (await standing(order)).refunds] == ["waiting"]
    await cards.refund()
    await cards.refund()
    [there] = mercadopago.refunds.values()
    assert await refunded(order) == [150]
    async with reading() as session:
        [row] = await fetch(session, "SELECT method, reference, actor_id FROM refunds")
    assert (row.method, row.reference, row.actor_id) == ("card", str(there["id"]), owner.id)
    assert mercadopago.asked["refund"] == 1
    assert (await standing(order)).refunds == ()
    assert (await state(order))[0] == "delivered", "what was given is kept, unless said otherwise"
    await look(cards)
    assert await refunded(order) == [150], "what Mercado Pago then says of it is no other refund"
    assert await alerts() == []


async def test_parts_go_back_until_the_card_has_all_of_it(
    cards: Any, owner: Actor, order: int
) -> None:
    for amount in (100, 30):
        await refund(owner, order, back(amount))
        await cards.refund()
    assert (await standing(order)).most == 20
    with pytest.raises(InvalidInput) as refusal:
        await refund(owner, order, back(21))
    assert "amount" in refusal.value.fields
    await refund(owner, order, back(20))
    await cards.refund()
    assert await refunded(order) == [100, 30, 20]


async def test_no_more_goes_to_a_card_than_it_brought(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor
) -> None:
    order = await make_order()
    await pay(order, Decimal(100))
    await paid_by_card(mercadopago, cards, order)
    assert await state(order) == ("delivered", 150)
    with pytest.raises(InvalidInput) as refusal:
        await refund(owner, order, back(100))
    assert "tarjeta" in refusal.value.fields["amount"]
    await refund(owner, order, back(50))
    await cards.refund()
    assert mercadopago.asked["refund"] == 1
    assert await refunded(order) == [50]


async def test_only_the_owner_gives_money_back(order: int) -> None:
    for actor in (as_staff(await make_staff()), as_customer(await make_customer()), SYSTEM):
        with pytest.raises(Forbidden):
            await refund(actor, order, back())


Other = Callable[[Actor, int], Awaitable[Any]]


async def _to_credit(owner: Actor, order: int) -> None:
    async with unit_of_work() as session:
        await money_back.move_to_credit(session, owner, order_id=order)


async def _transfer(owner: Actor, order: int) -> None:
    await refund(owner, order, back(10, method="transfer", reference="DEV-1"))


async def _card(owner: Actor, order: int) -> None:
    await refund(owner, order, back(10))


@pytest.mark.parametrize("other", [_to_credit, _transfer, _card])
async def test_while_money_is_on_its_way_to_a_card_no_other_leaves_the_order(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int, other: Other
) -> None:
    await paid_by_card_again(mercadopago, cards)
    await refund(owner, order, back(50))
    with pytest.raises(Conflict, match="refund_waits"):
        await other(owner, order)
    await cards.refund()
    await other(owner, order)


async def paid_by_card_again(mercadopago: FakeMercadoPago, cards: Any) -> None:
    """150.00 too many."""
    mercadopago.pay(mercadopago.newest())
    await look(cards)


@pytest.mark.parametrize("lost", [DOWN, HALF, broken(500), broken(503), refuses(0, 429)])
async def test_an_answer_that_is_lost_gives_nothing_back_twice(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int, lost: Any
) -> None:
    await refund(owner, order, back())
    mercadopago.then("refund", lost)
    await cards.refund()
    assert await refunded(order) == []
    await look(cards)
    assert await refunded(order) == [150]
    [payment] = mercadopago.payments.values()
    assert payment["transaction_amount_refunded"] == 150


async def test_a_repetition_that_is_refused_was_done_before(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    """Mercado Pago may forget a key, and then says that there is nothing left to give back."""
    await refund(owner, order, back())
    mercadopago.then("refund", HALF)
    await cards.refund()
    mercadopago.refunds.clear()
    await look(cards)
    assert await refunded(order) == [150]
    assert mercadopago.asked["refund"] == 1


async def test_many_workers_give_it_back_once(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    await refund(owner, order, back())
    await asyncio.gather(*(cards.refund() for _ in range(10)), cards.due(0))
    assert mercadopago.asked["refund"] == 1
    assert await refunded(order) == [150]


async def test_a_crash_before_it_is_on_record_gives_nothing_back_twice(
    mercadopago: FakeMercadoPago,
    cards: Any,
    owner: Actor,
    order: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await refund(owner, order, back())

    async def dies(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(card_refund_outcomes, "given", dies)
        with pytest.raises(RuntimeError):
            await cards.refund()
    assert len(mercadopago.refunds) == 1
    await look(cards)
    await look(cards)
    assert len(mercadopago.refunds) == 1
    assert await refunded(order) == [150]


async def test_control_without_its_key_and_question_a_crash_gives_back_twice(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    """What the tests above would see."""
    await refund(owner, order, back(50))
    mercadopago.then("refund", HALF)
    await cards.refund()
    mercadopago.refunds.clear()
    card_payment = next(iter(mercadopago.payments))
    mercadopago.payments[card_payment]["refunds"].clear()
    await look(cards)
    assert mercadopago.payments[card_payment]["transaction_amount_refunded"] == 100


async def test_a_refusal_is_shown_and_can_be_tried_again_or_dropped(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    await refund(owner, order, back())
    mercadopago.then("refund", refuses(2024), refuses(2024))
    await cards.refund()
    [failed] = (await standing(order)).refunds
    assert (failed.state, failed.error) == ("failed", "mercadopago_2024")
    assert await alerts() == [f"card_refund:{order}"]
    assert [one["error"] for one in await logged("card.refund_failed")] == ["mercadopago_2024"]
    async with unit_of_work() as session:
        await card_refunds.again(session, owner, refund_id=failed.id)
    await cards.refund()
    async with unit_of_work() as session:
        await card_refunds.drop(session, owner, refund_id=failed.id)
    assert (await standing(order)).refunds == ()
    assert await alerts() == []
    await refund(owner, order, back())
    await cards.refund()
    assert await refunded(order) == [150]


async def test_one_that_was_refused_holds_up_no_other_money(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    await refund(owner, order, back())
    mercadopago.then("refund", refuses(2024))
    await cards.refund()
    await refund(owner, order, back(150, method="transfer", reference="DEV-1"))
    [failed] = (await standing(order)).refunds
    async with unit_of_work() as session:
        with pytest.raises(Conflict, match="money_moved"):
            await card_refunds.again(session, owner, refund_id=failed.id)


async def test_a_failed_refund_is_the_owners_to_settle(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    await refund(owner, order, back())
    mercadopago.then("refund", refuses(2024))
    await cards.refund()
    [failed] = (await standing(order)).refunds
    operator = as_staff(await make_staff())
    for settle in (card_refunds.again, card_refunds.drop):
        async with unit_of_work() as session:
            with pytest.raises(Forbidden):
                await settle(session, operator, refund_id=failed.id)


async def test_what_is_released_ends_when_the_money_is_back(
    cards: Any, owner: Actor, order: int
) -> None:
    await refund(owner, order, back(release=True))
    await cards.refund()
    async with reading() as session:
        live = "SELECT count(*) FROM assignments WHERE released_at IS NULL"
        assert await scalar(session, live) == 0
        assert await scalar(session, "SELECT released FROM refunds") is True


async def test_a_cancelled_order_gives_its_card_back_what_it_brought(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor
) -> None:
    order = await make_order()
    await paid_by_card(mercadopago, cards, order, transaction_amount=60.0)
    assert await state(order) == ("pending_payment", 60)
    wish = CancelWish("Ya no lo quiere", refund_by="card")
    async with unit_of_work() as session:
        await money_back.cancel(session, owner, order_id=order, wish=wish)
    await cards.refund()
    assert await refunded(order) == [60]
    assert (await state(order))[0] == "cancelled"


async def test_a_card_that_paid_elsewhere_is_only_written_down(
    mercadopago: FakeMercadoPago, owner: Actor
) -> None:
    """Without a payment of the provider's, «a su tarjeta» is what the owner did at a terminal."""
    order = await make_order()
    await pay(order, Decimal(150))
    with pytest.raises(InvalidInput):
        await refund(owner, order, back())
    assert await refund(owner, order, back(reference="TERMINAL-7")) is False
    assert await refunded(order) == [150]
    assert mercadopago.asked["refund"] == 0


async def test_what_goes_back_in_mercado_pagos_panel_is_written_down_and_told(
    mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    number = next(iter(mercadopago.payments))
    there = mercadopago.give_back_in_panel(number, 40.0)
    for _ in range(3):
        await cards.reconcile(0)
    assert await refunded(order) == [40]
    async with reading() as session:
        assert await scalar(session, "SELECT reference FROM refunds") == there
    assert await alerts() == [f"card_returned:{order}"]
    assert len(await logged("card.returned")) == 1


async def test_what_went_back_there_after_it_became_credit_here_is_told(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    await paid_by_card_again(mercadopago, cards)
    await _to_credit(owner, order)
    first, second = list(mercadopago.payments)
    mercadopago.give_back_in_panel(first, 150.0)
    mercadopago.give_back_in_panel(second, 150.0)
    await cards.reconcile(0)
    assert await refunded(order) == [150]
    assert await alerts() == [f"card_returned:{order}"]
    assert len(await logged("card.returned")) == 2


async def test_a_payment_that_went_back_before_anybody_saw_it_delivers_nothing(
    mercadopago: FakeMercadoPago, cards: Any
) -> None:

    order = await make_order()
    await open_checkout(order)
    number = mercadopago.pay(mercadopago.newest())
    mercadopago.give_back_in_panel(number, 150.0)
    await look(cards)
    assert await state(order) == ("pending_payment", 0)


async def test_a_dispute_is_told_until_it_is_over(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    number = next(iter(mercadopago.payments))
    mercadopago.move(number, "charged_back")
    for _ in range(2):
        await cards.reconcile(0)
    assert await alerts() == [f"card_disputed:{order}"]
    assert len(await logged("card.disputed")) == 1
    with pytest.raises(InvalidInput):
        await refund(owner, order, back())
    mercadopago.move(number, "approved")
    await cards.reconcile(0)
    assert await alerts() == []
    assert await state(order) == ("delivered", 150)


async def test_everything_adds_up_afterwards(
    mercadopago: FakeMercadoPago, cards: Any, owner: Actor, order: int
) -> None:
    await refund(owner, order, back(100))
    await cards.refund()
    mercadopago.give_back_in_panel(next(iter(mercadopago.payments)), 20.0)
    await cards.reconcile(0)
    await now_due()
    await cards.due(0)
    assert await refunded(order) == [100, 20]
    await adds_up()
