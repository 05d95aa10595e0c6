"""A notice pays an order when the shop's secret signed it, once, and never another order's."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from domain.payments import reference_of
from domain.sql import fetch, scalar
from infra.clock import today
from infra.database import reading
from tests.api.conftest import client
from tests.builders import make_account, make_bank, make_customer, make_plan, pay, place_order
from tests.fixtures import Shop

PATH = "/api/webhooks/entrada/banco"
SECRET = "whsec_" + base64.b64encode(b"s" * 32).decode()
OTHER = "whsec_" + base64.b64encode(b"o" * 32).decode()


@pytest.fixture
def bridge(shop: Shop) -> httpx.AsyncClient:
    """A program at the bank's side, without cookies or keys of the shop."""
    shop.configure(bank_notice_secrets=SECRET)
    return client()


@pytest.fixture
async def order(shop: Shop) -> int:  # noqa: ARG001  # its database
    """Of 150.00, with something to deliver."""
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    return (await place_order(await make_customer(), plan)).id


def told(order: int, **more: str) -> dict[str, Any]:
    data = {"amount": "150.00", "paid_on": today().isoformat(), "concept": f"Orden {order}"}
    return {"type": "payment.received", "data": data | more}


async def send(
    bridge: httpx.AsyncClient,
    body: dict[str, Any] | str,
    *,
    number: str = "msg_1",
    secret: str = SECRET,
    at: datetime | None = None,
    **headers: str,
) -> httpx.Response:
    at = at or datetime.now(UTC)
    content = body if isinstance(body, str) else json.dumps(body)
    signed = {
        "webhook-id": number,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(number, at, content),
        "content-type": "application/json",
    }
    return await bridge.post(PATH, content=content, headers=signed | headers)


async def state(order: int) -> tuple[str, Decimal]:
    async with reading() as session:
        status = await scalar(session, "SELECT status FROM orders WHERE id = %(o)s", o=order)
        received = await scalar(session, "SELECT coalesce(sum(amount), 0) FROM payments")
    return status, received


async def logged(action: str) -> list[dict[str, Any]]:
    async with reading() as session:
        rows = await fetch(
            session, "SELECT change FROM audit_entries WHERE action = %(a)s ORDER BY id", a=action
        )
    return [row.change for row in rows]


async def test_a_signed_notice_pays_its_order_and_delivers_it(
    bridge: httpx.AsyncClient, order: int
) -> None:
    answer = await send(bridge, told(order))
    assert answer.json() == {"result": "matched", "order": order, "repeated": False}
    assert await state(order) == ("delivered", 150)
    async with reading() as session:
        assert await scalar(session, "SELECT source FROM payments") == "notice"
    assert len(await logged("notice.take")) == 1


@pytest.mark.parametrize(
    "words",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v2,AAAA"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": "v1,\u00bf"},
        {"webhook-signature": ""},
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "NaN"},
        {"webhook-timestamp": "9" * 400},
        {"webhook-timestamp": ""},
    ],
)
async def test_a_forged_notice_is_refused_and_logged(
    bridge: httpx.AsyncClient, order: int, words: dict[str, str]
) -> None:
    answer = await send(bridge, told(order), **{k: v.encode() for k, v in words.items()})  # type: ignore[arg-type]
    assert answer.status_code == 403
    assert await state(order) == ("pending_payment", 0)
    assert [one["reason"] for one in await logged("notice.refuse")] == ["signature"]


async def test_another_secret_or_another_body_is_refused(
    bridge: httpx.AsyncClient, order: int
) -> None:
    assert (await send(bridge, told(order), secret=OTHER)).status_code == 403
    content, at = json.dumps(told(order)), datetime.now(UTC)
    signature = Webhook(SECRET).sign("msg_1", at, content)
    changed = told(order, amount="1500.00")
    answer = await send(bridge, changed, at=at, **{"webhook-signature": signature})
    assert answer.status_code == 403
    assert await state(order) == ("pending_payment", 0)


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_an_old_or_an_early_notice_is_refused_and_logged(
    bridge: httpx.AsyncClient, order: int, minutes: int
) -> None:
    at = datetime.now(UTC) + timedelta(minutes=minutes)
    assert (await send(bridge, told(order), at=at)).status_code == 403
    assert [one["reason"] for one in await logged("notice.refuse")] == ["time"]
    assert await state(order) == ("pending_payment", 0)


async def test_a_replayed_notice_changes_nothing_and_is_logged(
    bridge: httpx.AsyncClient, order: int
) -> None:
    first = await send(bridge, told(order))
    again = await send(bridge, told(order))
    assert again.json() == {**first.json(), "repeated": True}
    assert await state(order) == ("delivered", 150)
    assert len(await logged("notice.repeat")) == 1


async def test_the_same_notice_twenty_times_at_once_is_one_payment(
    bridge: httpx.AsyncClient, order: int
) -> None:
    answers = await asyncio.gather(*(send(bridge, told(order)) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    assert sum(not answer.json()["repeated"] for answer in answers) == 1
    assert await state(order) == ("delivered", 150)


async def test_one_transfer_told_under_two_ids_is_one_payment(
    bridge: httpx.AsyncClient, order: int
) -> None:
    body = told(order, tracking_key="BNET01002511200001", bank="BBVA")
    await send(bridge, body)
    assert (await send(bridge, body, number="msg_2")).json()["repeated"]
    assert await state(order) == ("delivered", 150)


async def test_an_id_or_a_key_with_other_words_is_refused_and_logged(
    bridge: httpx.AsyncClient, order: int
) -> None:
    key = {"tracking_key": "BNET01002511200001", "bank": "BBVA"}
    await send(bridge, told(order, **key))
    assert (await send(bridge, told(order, amount="99.00"))).status_code == 409
    other = await send(bridge, told(order, amount="99.00", **key), number="msg_2")
    assert other.status_code == 409
    assert [one["reason"] for one in await logged("notice.refuse")] == ["notice_changed"] * 2
    assert await state(order) == ("delivered", 150)


async def test_a_notice_of_another_orders_amount_pays_part_of_the_one_it_names(
    bridge: httpx.AsyncClient, order: int
) -> None:
    """Whoever can sign knows what came in; it is on record and nothing is delivered for it."""
    answer = await send(bridge, told(order, amount="100.00"))
    assert answer.json()["result"] == "partial"
    assert await state(order) == ("pending_payment", 100)


async def test_a_notice_that_names_nobody_waits_for_an_operator(
    bridge: httpx.AsyncClient, order: int
) -> None:
    answer = await send(bridge, told(order, concept="TRANSFERENCIA"))
    assert answer.json() == {"result": "ambiguous", "order": None, "repeated": False}
    assert await state(order) == ("pending_payment", 0)
    async with reading() as session:
        [line] = await fetch(session, "SELECT candidates FROM statement_lines")
    assert [one["order"] for one in line.candidates] == [order]


async def test_what_was_confirmed_by_hand_is_not_paid_again(
    bridge: httpx.AsyncClient, order: int
) -> None:
    await pay(order, Decimal(150))
    answer = await send(bridge, told(order, reference=reference_of(order)))
    assert answer.json()["result"] == "recorded"
    assert await state(order) == ("delivered", 150)


@pytest.mark.parametrize(
    "more",
    [
        {"amount": "0.00"},
        {"amount": "-5.00"},
        {"amount": 150},
        {"amount": "1e3"},
        {"paid_on": "ayer"},
        {"paid_on": (today() + timedelta(days=2)).isoformat()},
        {"concept": "x\x00"},
        {"concept": "x" * 401},
        {"surplus": "x"},
    ],
)
async def test_a_signed_notice_that_makes_no_sense_is_refused(
    bridge: httpx.AsyncClient, order: int, more: dict[str, Any]
) -> None:
    assert (await send(bridge, told(order, **more))).status_code == 422
    assert await state(order) == ("pending_payment", 0)


async def test_two_secrets_stand_side_by_side_while_one_takes_over(shop: Shop, order: int) -> None:
    shop.configure(bank_notice_secrets=f"{OTHER},{SECRET}")
    assert (await send(client(), told(order))).status_code == 200


async def test_control_without_a_secret_nothing_is_taken(shop: Shop, order: int) -> None:
    answer = await send(client(), told(order))
    assert (answer.status_code, answer.json()["code"]) == (501, "not_configured")
    shop.configure(bank_notice_secrets=SECRET)
    assert (await send(client(), told(order))).status_code == 200
