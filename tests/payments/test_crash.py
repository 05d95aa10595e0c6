"""kill -9 while a card pays or is paid back: once each, whatever was under way."""

from __future__ import annotations

import signal
from decimal import Decimal
from typing import Any

import pytest

from domain import money_back
from domain.refund_notices import RefundNotice
from infra import clock
from infra.database import unit_of_work
from tests.builders import as_staff, make_staff
from tests.payments.dying import work_and_die
from tests.payments.fake_mercadopago import FakeMercadoPago
from tests.payments.till import (
    look,
    make_order,
    now_due,
    open_checkout,
    paid_by_card,
    refunded,
    state,
)
from tests.race.processes import finish, start

POINTS = ("asking", "answered", "recorded")


async def killed_at(question: str, point: str) -> None:
    await now_due()
    process, _ = start(work_and_die, question, point)
    assert await finish(process) == -signal.SIGKILL


@pytest.mark.parametrize("point", POINTS)
async def test_a_worker_that_dies_gives_nothing_back_twice(
    mercadopago: FakeMercadoPago, cards: Any, point: str
) -> None:
    order = await make_order()
    await paid_by_card(mercadopago, cards, order)
    owner = as_staff(await make_staff("owner"))
    notice = RefundNotice(Decimal(150), "card", "No le sirvió", "", clock.today())
    async with unit_of_work() as session:
        await money_back.refund(session, owner, order_id=order, notice=notice)
    await killed_at("give_back", point)
    assert len(mercadopago.refunds) == (point != "asking")
    assert await refunded(order) == [150] * (point == "recorded")
    await look(cards)
    [payment] = mercadopago.payments.values()
    assert payment["transaction_amount_refunded"] == 150
    assert len(mercadopago.refunds) == 1
    assert await refunded(order) == [150]


@pytest.mark.parametrize("point", POINTS)
async def test_a_worker_that_dies_loses_no_payment_and_pays_none_twice(
    mercadopago: FakeMercadoPago, cards: Any, point: str
) -> None:
    order = await make_order()
    await open_checkout(order)
    mercadopago.pay(mercadopago.newest())
    await killed_at("payments_of", point)
    assert (await state(order))[1] == (150 if point == "recorded" else 0)
    await look(cards)
    assert await state(order) == ("delivered", 150)
