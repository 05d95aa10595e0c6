"""Money in: once, on record, whatever its amount and hour."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

import models
from domain import order_endings, orders, payments
from domain.actors import SYSTEM
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.sql import fetch, run, scalar
from infra import clock
from infra.database import reading, unit_of_work
from models.payments import PaymentKind
from tests.builders import (
    as_customer,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    pay,
    place_order,
)

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def order(shop: object) -> orders.OrderPlaced:
    del shop
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=2)
    return await place_order(await make_customer(), plan)


async def states(order_id: int) -> tuple[str, str]:
    async with reading() as session:
        rows = await fetch(
            session, "SELECT status, payment_status FROM orders WHERE id = %(o)s", o=order_id
        )
    return rows[0].status, rows[0].payment_status


async def kinds(order_id: int) -> list[str]:
    async with reading() as session:
        rows = await fetch(
            session, "SELECT kind FROM payments WHERE order_id = %(o)s ORDER BY id", o=order_id
        )
    return [row.kind for row in rows]


async def test_the_exact_amount_delivers_the_order(order: orders.OrderPlaced) -> None:
    done = await pay(order.id, order.total)
    assert (done.kind, done.status) == (PaymentKind.FULL, "delivered")
    assert await states(order.id) == ("delivered", "paid")


async def test_the_same_payment_confirmed_again_changes_nothing(order: orders.OrderPlaced) -> None:
    await pay(order.id, order.total, reference="SPEI-9")
    again = await pay(order.id, order.total, reference="SPEI-9")
    assert again.repeated
    assert await kinds(order.id) == ["full"]


async def test_without_a_reference_the_orders_own_makes_confirming_twice_one_payment(
    order: orders.OrderPlaced,
) -> None:
    await pay(order.id, order.total)
    assert (await pay(order.id, order.total)).repeated


async def test_partial_payments_wait_until_they_add_up(order: orders.OrderPlaced) -> None:
    await pay(order.id, Decimal(100), reference="A")
    assert await states(order.id) == ("pending_payment", "partial")
    done = await pay(order.id, Decimal(50), reference="B")
    assert done.status == "delivered"
    assert await kinds(order.id) == ["partial", "full"]


async def test_too_much_money_delivers_and_is_seen(order: orders.OrderPlaced) -> None:
    done = await pay(order.id, order.total + 50)
    assert (done.kind, done.status) == (PaymentKind.OVER, "delivered")
    assert await states(order.id) == ("delivered", "overpaid")


async def test_a_second_payment_is_a_duplicate_on_record(order: orders.OrderPlaced) -> None:
    await pay(order.id, order.total, reference="A")
    done = await pay(order.id, order.total, reference="B")
    assert done.kind is PaymentKind.DUPLICATE
    assert await states(order.id) == ("delivered", "overpaid")
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM assignments") == 1


async def test_money_for_an_expired_order_revives_it(order: orders.OrderPlaced) -> None:
    async with unit_of_work() as session:
        await run(session, "UPDATE orders SET expires_at = now() - interval '1 minute'")
        await order_endings.expire_due(session)
    done = await pay(order.id, order.total)
    assert (done.kind, done.status) == (PaymentKind.LATE, "delivered")


async def test_money_for_a_cancelled_order_is_kept_as_late(order: orders.OrderPlaced) -> None:
    async with unit_of_work() as session:
        await order_endings.cancel(session, SYSTEM, order_id=order.id, reason="pedido de prueba")
    done = await pay(order.id, order.total)
    assert (done.kind, done.status) == (PaymentKind.LATE, "cancelled")
    assert await kinds(order.id) == ["late"]
    assert await states(order.id) == ("cancelled", "paid")
    await pay(order.id, order.total, reference="OTRA VEZ")
    assert await states(order.id) == ("cancelled", "overpaid")


async def test_an_order_cancelled_with_the_word_expired_is_not_revived(
    order: orders.OrderPlaced,
) -> None:
    async with unit_of_work() as session:
        await order_endings.cancel(session, SYSTEM, order_id=order.id, reason="expired")
    assert (await pay(order.id, order.total)).status == "cancelled"


async def test_a_tracking_key_pays_one_order_only(order: orders.OrderPlaced) -> None:
    plan = await make_plan()
    await make_account(plan.service_id)
    other = await place_order(await make_customer(), plan)
    await pay(order.id, order.total, tracking_key="abc123", bank="BBVA")
    with pytest.raises(Conflict, match="tracking_used") as refusal:
        await pay(other.id, other.total, tracking_key="ABC123", bank="BBVA")
    assert f"#{order.id}" in refusal.value.message
    assert await states(other.id) == ("pending_payment", "unpaid")


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("amount", {"amount": Decimal(0)}),
        ("amount", {"amount": Decimal("10.005")}),
        ("amount", {"amount": Decimal(99999999)}),
        ("paid_on", {"paid_on": clock.today() + timedelta(days=2)}),
        ("reference", {"reference": "x" * 41}),
        ("tracking_key", {"tracking_key": "x" * 31}),
    ],
)
async def test_a_wrong_notice_is_refused_beside_its_field(
    order: orders.OrderPlaced, field: str, values: dict[str, object]
) -> None:
    given = {"amount": order.total, "paid_on": clock.today(), **values}
    notice = payments.PaymentNotice(**given)  # type: ignore[arg-type]
    with pytest.raises(InvalidInput) as refusal:
        async with unit_of_work() as session:
            await payments.confirm_payment(session, SYSTEM, order_id=order.id, notice=notice)
    assert list(refusal.value.fields) == [field]


async def test_customers_do_not_confirm_payments(order: orders.OrderPlaced) -> None:
    notice = payments.PaymentNotice(amount=order.total, paid_on=clock.today())
    buyer = as_customer(models.Customer(id=1, phone="+525510000000"))
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await payments.confirm_payment(session, buyer, order_id=order.id, notice=notice)


async def test_an_order_that_does_not_exist_is_not_found(order: orders.OrderPlaced) -> None:
    with pytest.raises(NotFound):
        await pay(order.id + 1000, order.total)


def test_references_have_seven_digits_and_catch_every_single_wrong_digit() -> None:
    for number in (1, 123, 4567, 999_999):
        reference = payments.reference_of(number)
        assert len(reference) == 7
        assert reference.startswith(f"{number:06d}")
        for place in range(6):
            for digit in "0123456789":
                typo = reference[:place] + digit + reference[place + 1 :]
                if typo != reference:
                    assert payments.reference_of(int(typo[:6])) != typo


async def test_another_amount_under_a_known_reference_is_refused_not_swallowed(
    order: orders.OrderPlaced,
) -> None:
    await pay(order.id, Decimal(50))
    with pytest.raises(Conflict, match="payment_known") as refusal:
        await pay(order.id, Decimal(100))
    assert "$50.00" in refusal.value.message
    assert await states(order.id) == ("pending_payment", "partial")


async def test_a_transfer_told_by_two_channels_is_one_payment(order: orders.OrderPlaced) -> None:
    """The bank books it a day later under its own name; the key is the transfer's."""
    await pay(order.id, order.total, reference="EDO-1", tracking_key="K1", bank="BBVA MEXICO")
    notice = payments.PaymentNotice(
        amount=order.total,
        paid_on=clock.today() - timedelta(days=1),
        reference="K1",
        tracking_key="k1",
        bank="BBVA",
    )
    async with unit_of_work() as session:
        done = await payments.confirm_payment(session, SYSTEM, order_id=order.id, notice=notice)
    assert done.repeated
    assert await kinds(order.id) == ["full"]
    with pytest.raises(Conflict, match="payment_known"):
        await pay(order.id, Decimal(10), reference="X", tracking_key="K1", bank="Otro")
