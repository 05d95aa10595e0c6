"""A notice names a payment; only what Mercado Pago then answers pays an order, and pays it once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest

from domain import order_endings
from domain.actors import SYSTEM
from domain.sql import run, scalar
from infra.clock import now
from infra.database import reading, unit_of_work
from tests.api.conftest import client
from tests.builders import pay
from tests.fixtures import Shop
from tests.payments.fake_mercadopago import (
    DOWN,
    NOTICES,
    SECRET,
    FakeMercadoPago,
    broken,
    notice,
    signature,
)
from tests.payments.till import (
    alerts,
    jobs,
    logged,
    look,
    make_order,
    now_due,
    open_checkout,
    state,
)


@pytest.fixture
async def order(mercadopago: FakeMercadoPago) -> int:
    """Of 150.00, with a page open to pay it on."""
    del mercadopago
    number = await make_order()
    await open_checkout(number)
    return number


@pytest.fixture
def theirs(mercadopago: FakeMercadoPago) -> httpx.AsyncClient:
    """Mercado Pago's side: neither cookies nor keys of the shop."""
    del mercadopago
    return client()


async def send(theirs: httpx.AsyncClient, number: str, **signed: Any) -> httpx.Response:
    query, headers, body = notice(number, **signed)
    return await theirs.post(f"{NOTICES}?{query}", content=body, headers=headers)


async def hear(theirs: httpx.AsyncClient, cards: Any, number: str) -> None:
    """A notice, and the job it leaves."""
    assert (await send(theirs, number)).json() == {"taken": True}
    await cards.ask()


async def test_a_notice_pays_its_order_and_delivers_it(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    number = mercadopago.pay(mercadopago.newest())
    await hear(theirs, cards, number)
    assert await state(order) == ("delivered", 150)
    async with reading() as session:
        row = "SELECT source || ' ' || reference || ' ' || bank FROM payments"
        assert await scalar(session, row) == f"provider {number} Mercado Pago"
    assert len(await logged("card.notice")) == 1
    assert await jobs("cards.ask") == 1


async def test_a_notice_is_answered_before_anything_is_asked(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, order: int
) -> None:
    mercadopago.always = DOWN
    assert (await send(theirs, mercadopago.pay(mercadopago.newest()))).status_code == 200
    assert mercadopago.asked["payment"] == 0
    assert await state(order) == ("pending_payment", 0)


def _flip(text: str) -> str:
    return text[:-1] + ("0" if text[-1] != "0" else "1")


FORGED: list[tuple[str, Callable[[dict[str, str], str], dict[str, str]]]] = [
    ("no signature", lambda _h, _n: {"x-signature": ""}),
    ("nonsense", lambda _h, _n: {"x-signature": "nonsense"}),
    ("one digit off", lambda h, _n: {"x-signature": _flip(h["x-signature"])}),
    ("another version", lambda h, _n: {"x-signature": h["x-signature"].replace("v1=", "v2=")}),
    ("no time", lambda h, _n: {"x-signature": h["x-signature"].partition(",")[2]}),
    ("another time", lambda h, _n: {"x-signature": h["x-signature"].replace("ts=1", "ts=2")}),
    ("time in words", lambda h, _n: {"x-signature": "ts=ayer," + h["x-signature"].split(",")[1]}),
    ("a digit of another script", lambda _h, n: {"x-signature": signature(n, "req-1", "²")}),
    ("not ASCII", lambda _h, _n: {"x-signature": "ts=1,v1=\u00bf"}),
    ("another request", lambda _h, _n: {"x-request-id": "req-2"}),
    ("no request", lambda _h, _n: {"x-request-id": ""}),
    (
        "another secret",
        lambda _h, n: {"x-signature": signature(n, "req-1", str(int(now().timestamp())), "other")},
    ),
    (
        "another payment's signature",
        lambda _h, _n: {"x-signature": signature("5", "req-1", str(int(now().timestamp())))},
    ),
    (
        "nobody's",
        lambda _h, _n: {"x-signature": signature("", "", str(int(now().timestamp())))},
    ),
]


@pytest.mark.parametrize(("name", "forge"), FORGED, ids=[name for name, _ in FORGED])
async def test_a_forged_notice_is_refused_and_logged(
    theirs: httpx.AsyncClient,
    mercadopago: FakeMercadoPago,
    order: int,
    name: str,
    forge: Callable[[dict[str, str], str], dict[str, str]],
) -> None:
    del name
    number = mercadopago.pay(mercadopago.newest())
    query, headers, body = notice(number)
    wrong: Any = {k: v.encode() for k, v in (headers | forge(headers, number)).items()}
    answer = await theirs.post(f"{NOTICES}?{query}", content=body, headers=wrong)
    assert (answer.status_code, answer.json()["code"]) == (403, "notice_unsigned")
    assert [one["reason"] for one in await logged("card.notice_refused")] == ["card_signature"]
    assert await jobs("cards.ask") == 0
    assert await state(order) == ("pending_payment", 0)


@pytest.mark.parametrize("seconds", [-301, 301])
async def test_an_old_or_an_early_notice_is_refused_and_logged(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, order: int, seconds: int
) -> None:
    number = mercadopago.pay(mercadopago.newest())
    answer = await send(theirs, number, at=now().timestamp() + seconds)
    assert answer.status_code == 403
    assert [one["reason"] for one in await logged("card.notice_refused")] == ["card_time"]
    assert await state(order) == ("pending_payment", 0)


async def test_a_time_in_seconds_is_one_as_well(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, order: int
) -> None:
    """Their guides show seconds, their real notices have milliseconds."""
    number = mercadopago.pay(mercadopago.newest())
    query, headers, body = notice(number)
    headers["x-signature"] = signature(number, "req-1", str(int(now().timestamp())))
    assert order
    assert (
        await theirs.post(f"{NOTICES}?{query}", content=body, headers=headers)
    ).status_code == 200


async def test_a_body_that_says_otherwise_changes_nothing(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    """It is not signed: neither its number nor its status is believed."""
    real, other = mercadopago.pay(mercadopago.newest(), "rejected"), mercadopago.add("x", 150.0)
    query, headers, _ = notice(real)
    lie = '{"type": "payment", "data": {"id": "' + other + '"}, "status": "approved"}'
    await theirs.post(f"{NOTICES}?{query}", content=lie, headers=headers)
    await cards.ask()
    assert await state(order) == ("pending_payment", 0)


async def test_a_replayed_notice_changes_nothing_and_is_logged(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    number = mercadopago.pay(mercadopago.newest())
    for _ in range(3):
        await hear(theirs, cards, number)
    assert await state(order) == ("delivered", 150)
    assert len(await logged("card.notice_repeated")) == 2


async def test_the_same_notice_twenty_times_at_once_is_one_payment(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    number = mercadopago.pay(mercadopago.newest())

    async def whole() -> None:
        assert (await send(theirs, number)).status_code == 200
        await cards.ask()

    await asyncio.gather(*(whole() for _ in range(20)), look(cards))
    assert await state(order) == ("delivered", 150)
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM payments") == 1
        assert await scalar(session, "SELECT count(*) FROM assignments") == 1


async def test_a_notice_of_a_payment_nobody_knows_is_harmless_and_logged(
    theirs: httpx.AsyncClient, cards: Any, order: int
) -> None:
    """As the test notices that Mercado Pago's panel sends."""
    await hear(theirs, cards, "123456")
    assert [one["reason"] for one in await logged("card.ignored")] == ["card_unknown"]
    assert await state(order) == ("pending_payment", 0)
    assert await alerts() == []


@pytest.mark.parametrize("topic", ["merchant_order", "plan", "x"])
async def test_notices_of_anything_else_mean_nothing(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, order: int, topic: str
) -> None:
    number = mercadopago.pay(mercadopago.newest())
    _, headers, body = notice(number)
    query = f"data.id={number}&type={topic}"
    answer = await theirs.post(f"{NOTICES}?{query}", content=body, headers=headers)
    assert answer.json() == {"taken": False}
    assert await jobs("cards.ask") == 0
    assert order


@pytest.mark.parametrize("status", ["pending", "in_process", "authorized", "rejected", "cancelled"])
async def test_what_is_not_approved_pays_nothing_until_it_is(
    theirs: httpx.AsyncClient,
    mercadopago: FakeMercadoPago,
    cards: Any,
    order: int,
    status: str,
) -> None:
    number = mercadopago.pay(mercadopago.newest(), status)
    await hear(theirs, cards, number)
    assert await state(order) == ("pending_payment", 0)
    mercadopago.move(number, "approved")
    await hear(theirs, cards, number)
    assert await state(order) == ("delivered", 150)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"currency_id": "USD"}, "currency"),
    ({"live_mode": False}, "test"),
    ({"transaction_amount": 0}, "amount"),
]


@pytest.mark.parametrize(("values", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
async def test_money_that_is_none_pays_nothing_and_the_staff_is_told(
    theirs: httpx.AsyncClient,
    mercadopago: FakeMercadoPago,
    cards: Any,
    order: int,
    values: dict[str, Any],
    reason: str,
) -> None:
    number = mercadopago.pay(mercadopago.newest(), **values)
    await hear(theirs, cards, number)
    await hear(theirs, cards, number)
    assert await state(order) == ("pending_payment", 0)
    assert [one["reason"] for one in await logged("card.ignored")] == [f"card_{reason}"]
    assert await alerts() == [f"card_ignored:{order}"]


async def test_test_money_pays_where_nothing_else_is_taken(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, shop: Shop, cards: Any, order: int
) -> None:
    """The control of the one before: the demo with credentials of the test mode."""
    number = mercadopago.pay(mercadopago.newest(), live_mode=False)
    real = "tests.payments.fake_mercadopago.TOKEN"
    shop.patch.setattr(real, "TEST-token")
    shop.configure(mercadopago_access_token="TEST-token")
    await hear(theirs, cards, number)
    assert await state(order) == ("delivered", 150)


@pytest.mark.parametrize("reference", ["", "1", "1-0000000000000000", "x" * 300])
async def test_a_reference_of_no_checkout_is_logged_and_pays_nothing(
    theirs: httpx.AsyncClient,
    mercadopago: FakeMercadoPago,
    cards: Any,
    order: int,
    reference: str,
) -> None:
    """An order's number alone is no reference: other sales of the owner's may have it."""
    await hear(theirs, cards, mercadopago.add(reference or str(order), 150.0))
    assert await state(order) == ("pending_payment", 0)
    assert [one["reason"] for one in await logged("card.ignored")] == ["card_reference"]
    assert await alerts() == []


async def test_another_amount_pays_as_much_as_it_is(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    first = mercadopago.pay(mercadopago.newest(), transaction_amount=100.0)
    await hear(theirs, cards, first)
    assert await state(order) == ("pending_payment", 100)
    await open_checkout(order)
    preference = mercadopago.preferences[mercadopago.newest()]
    assert preference["items"][0]["unit_price"] == 50
    await hear(theirs, cards, mercadopago.pay(mercadopago.newest()))
    assert await state(order) == ("delivered", 150)


async def test_paying_twice_is_money_too_many_that_staff_sees(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    for _ in range(2):
        await hear(theirs, cards, mercadopago.pay(mercadopago.newest()))
    assert await state(order) == ("delivered", 300)
    async with reading() as session:
        assert await scalar(session, "SELECT loose FROM order_money") == 150
        assert await scalar(session, "SELECT payment_status FROM orders") == "overpaid"


async def test_a_late_payment_revives_its_expired_order(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    number = mercadopago.pay(mercadopago.newest())
    async with unit_of_work() as session:
        await run(session, "UPDATE orders SET expires_at = now() - interval '1 hour'")
    async with unit_of_work() as session:
        await order_endings.expire_due(session)
    assert await state(order) == ("cancelled", 0)
    await hear(theirs, cards, number)
    assert await state(order) == ("delivered", 150)


async def test_a_payment_of_an_order_that_somebody_cancelled_is_kept_for_its_customer(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    number = mercadopago.pay(mercadopago.newest())
    async with unit_of_work() as session:
        await order_endings.cancel(session, SYSTEM, order_id=order, reason="Ya no lo quiere")
    await hear(theirs, cards, number)
    assert await state(order) == ("cancelled", 150)
    async with reading() as session:
        assert await scalar(session, "SELECT loose FROM order_money") == 150


async def test_while_mercado_pago_is_down_no_notice_is_forgotten(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    number = mercadopago.pay(mercadopago.newest())
    mercadopago.always = broken(503)
    await hear(theirs, cards, number)
    for _ in range(12):
        await now_due()
        await cards.due(0)
    assert await state(order) == ("pending_payment", 0)
    mercadopago.always = type(mercadopago.always)()
    await now_due()
    await cards.due(0)
    assert await state(order) == ("delivered", 150)


async def test_a_notice_that_never_came_loses_no_payment(
    mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    mercadopago.pay(mercadopago.newest())
    await look(cards)
    assert await state(order) == ("delivered", 150)


async def test_a_checkout_is_asked_for_less_and_less_often_and_not_for_ever(
    mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    assert order
    await look(cards)
    await cards.due(0)
    assert mercadopago.asked["search"] == 1, "not again before its time"
    async with unit_of_work() as session:
        await run(
            session,
            "UPDATE card_checkouts SET due_at = now(), expires_at = now() - interval '4 days'",
        )
    await cards.due(0)
    async with reading() as session:
        assert await scalar(session, "SELECT due_at FROM card_checkouts") is None


async def test_other_sales_of_the_owner_leave_no_trace(
    mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    number = mercadopago.pay(mercadopago.newest())
    mercadopago.add("otra-venta", 999.0)
    await cards.reconcile(0)
    assert await state(order) == ("delivered", 150)
    async with reading() as session:
        assert await scalar(session, "SELECT array_agg(number) FROM card_payments") == [number]


async def test_what_was_confirmed_by_hand_is_not_paid_again_by_the_same_number(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    number = mercadopago.pay(mercadopago.newest())
    await pay(order, Decimal(150), reference=number)
    await hear(theirs, cards, number)
    assert await state(order) == ("delivered", 150)


async def test_control_without_a_set_up_nothing_is_taken(shop: Shop) -> None:
    query, headers, body = notice("5")
    answer = await client().post(f"{NOTICES}?{query}", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (501, "not_configured")
    assert await jobs("cards.ask") == 0
    assert shop
    assert SECRET


async def test_a_payment_is_of_the_day_it_was_approved_in_mexico(
    theirs: httpx.AsyncClient, mercadopago: FakeMercadoPago, cards: Any, order: int
) -> None:
    late = "2026-01-02T01:30:00.000-04:00"  # 23:30 of the day before, there
    number = mercadopago.pay(mercadopago.newest(), date_approved=late)
    await hear(theirs, cards, number)
    async with reading() as session:
        assert await scalar(session, "SELECT paid_on FROM payments") == datetime(2026, 1, 1).date()  # noqa: DTZ001
    assert order
