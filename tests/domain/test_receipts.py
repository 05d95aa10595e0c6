"""Receipts: sent by customers, kept for the staff, and what each answer to them means."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import (
    credit,
    customer_erasures,
    order_endings,
    order_pages,
    payments,
    receipt_pages,
    receipt_reviews,
    receipts,
)
from domain.actors import Actor
from domain.errors import Conflict, DomainError, InvalidInput, NotFound, TooManyRequests
from domain.payments import PaymentNotice
from domain.receipts import ReceiptTold
from domain.sql import fetch, fetch_one, run, scalar
from infra.clock import now, today
from infra.database import reading, unit_of_work
from infra.pictures import Picture
from models.payments import PaymentSource
from tests.builders import (
    as_customer,
    as_guest,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
)
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")

KEY = ReceiptTold("MBAN01002311250001", "BBVA", today())
LOOK = bytes(96 * 128)


def drawn(mark: int = 1, look: bytes = LOOK, original: str = "") -> Picture:
    return Picture(b"a picture", original or f"{mark:064x}", look, (mark,) * 8)


async def ordered(customer: models.Customer | None = None, **values: Any) -> tuple[Actor, int]:
    """An order that waits for its payment, and who placed it."""
    customer = customer or await make_customer(**values)
    async with reading() as session:
        told = await scalar(session, "SELECT count(*) FROM payment_instructions")
    if not told:
        await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    placed = await place_order(customer, plan)
    return as_customer(customer), placed.id


async def sent(
    actor: Actor, order_id: int, told: ReceiptTold = KEY, picture: Picture | None = None
) -> int:
    async with unit_of_work() as session:
        return await receipts.send(session, actor, order_id=order_id, told=told, picture=picture)


async def row(statement: str, **values: Any) -> Any:
    async with reading() as session:
        return await fetch_one(session, statement, **values)


async def order_row(order_id: int) -> Any:
    return await row("SELECT * FROM orders WHERE id = %(id)s", id=order_id)


async def status_of(receipt_id: int) -> str:
    found = await row("SELECT status FROM receipts WHERE id = %(id)s", id=receipt_id)
    return str(found.status)


async def change(statement: str, **values: Any) -> None:
    async with unit_of_work() as session:
        await run(session, statement, **values)


async def accept(staff: Actor, receipt_id: int, amount: str = "150", **values: Any) -> Any:
    notice = PaymentNotice(
        amount=Decimal(amount),
        paid_on=today(),
        reference=f"COMPROBANTE-{receipt_id}",
        source=PaymentSource.RECEIPT,
    )
    async with unit_of_work() as session:
        return await receipt_reviews.accept(
            session, staff, receipt_id=receipt_id, notice=notice, **values
        )


async def test_a_receipt_never_marks_an_order_paid_and_gives_it_time() -> None:
    ana, number = await ordered()
    await change("UPDATE orders SET expires_at = now() + interval '1 hour'")
    receipt_id = await sent(ana, number, picture=drawn())
    order = await order_row(number)
    assert (order.status, order.payment_status) == ("pending_payment", "unpaid")
    assert order.expires_at > now() + timedelta(hours=23)
    async with reading() as session:
        until = await fetch(
            session, "SELECT reserved_until FROM profiles WHERE reserved_order_id IS NOT NULL"
        )
        page = await order_pages.order_page(session, ana, order_id=number)
    assert [held.reserved_until for held in until] == [order.expires_at]
    assert page.in_review
    assert await status_of(receipt_id) == "waiting"


async def test_only_the_first_receipt_gives_time_and_none_takes_any() -> None:
    ana, number = await ordered()
    await change("UPDATE orders SET expires_at = now() + interval '90 hours'")
    before = await order_row(number)
    await sent(ana, number)
    assert (await order_row(number)).expires_at == before.expires_at
    await change("UPDATE orders SET expires_at = now() + interval '1 hour'")
    before = await order_row(number)
    await sent(ana, number, picture=drawn())
    assert (await order_row(number)).expires_at == before.expires_at


async def test_an_order_does_not_end_while_its_receipt_waits() -> None:
    ana, number = await ordered()
    receipt_id = await sent(ana, number)
    _, other = await ordered()
    await change("UPDATE orders SET expires_at = now() - interval '1 minute'")
    async with unit_of_work() as session:
        assert await order_endings.expire_due(session) == 1, "the control: the other one ends"
    assert (await order_row(other)).status == "cancelled"
    assert (await order_row(number)).status == "pending_payment"
    staff = as_staff(await make_staff())
    async with unit_of_work() as session:
        await receipt_reviews.reject(session, staff, receipt_id=receipt_id, reason="No se lee")
    async with unit_of_work() as session:
        assert await order_endings.expire_due(session) == 1


async def test_a_receipt_that_comes_while_its_order_is_being_ended_keeps_it() -> None:
    ana, number = await ordered()
    await change("UPDATE orders SET expires_at = now() - interval '1 minute'")
    async with unit_of_work() as session:
        found = await fetch(session, "SELECT * FROM orders")
        await sent(ana, number)
        assert await order_endings._without_receipts(session, found) == []


@pytest.mark.parametrize("who", ["another", "guest", "staff"])
async def test_nobody_sends_a_receipt_for_anothers_order(who: str) -> None:
    ana, number = await ordered()
    asking = {
        "another": as_customer(await make_customer()),
        "guest": as_guest(),
        "staff": as_staff(await make_staff()),
    }[who]
    for wanted in (number, 999):
        with pytest.raises(DomainError):
            await sent(asking, wanted)
        async with reading() as session:
            with pytest.raises(DomainError):
                await receipts.may_send(session, asking, order_id=wanted)
    assert await row("SELECT 1 FROM receipts") is None
    await sent(ana, number)


async def test_a_picture_is_for_its_customer_and_the_staff_alone() -> None:
    ana, number = await ordered()
    receipt_id = await sent(ana, number, ReceiptTold(), drawn())
    staff = as_staff(await make_staff())
    async with reading() as session:
        for allowed in (ana, staff):
            got = await receipt_pages.picture(session, allowed, receipt_id=receipt_id)
            assert got == b"a picture"
        for other in (as_customer(await make_customer()), as_guest()):
            with pytest.raises(NotFound):
                await receipt_pages.picture(session, other, receipt_id=receipt_id)
        assert (
            await receipt_pages.of_order(
                session, as_customer(await make_customer()), order_id=number
            )
            == ()
        )


async def test_what_is_written_is_checked_field_by_field() -> None:
    ana, number = await ordered()
    for told, fields in (
        (ReceiptTold(), {"file"}),
        (ReceiptTold("CLAVE1"), {"bank", "paid_on"}),
        (ReceiptTold("clave ñandú", "BBVA", today()), {"tracking_key"}),
        (ReceiptTold("X" * 31, "BBVA", today()), {"tracking_key"}),
        (ReceiptTold("CLAVE1", "B" * 61, today()), {"bank"}),
        (ReceiptTold("CLAVE1", "BBVA", today() + timedelta(days=1)), {"paid_on"}),
        (ReceiptTold("CLAVE1", "BBVA", today(), Decimal(0)), {"amount"}),
    ):
        with pytest.raises(InvalidInput) as refused:
            await sent(ana, number, told)
        assert set(refused.value.fields) == fields
        assert all(sentence.endswith(".") for sentence in refused.value.fields.values())
    await sent(ana, number, ReceiptTold(" mban-0100 23 ", "BBVA", today()))
    assert (await row("SELECT tracking_key FROM receipts")).tracking_key == "MBAN010023"


async def test_the_same_receipt_twice_is_one_even_at_once() -> None:
    ana, number = await ordered()
    ids = await asyncio.gather(*(sent(ana, number, picture=drawn()) for _ in range(5)))
    assert len(set(ids)) == 1
    assert (await row("SELECT count(*) AS n FROM receipts")).n == 1


async def test_there_is_a_limit_for_each_order_and_each_customer(shop: Shop) -> None:
    shop.configure(receipts_per_order=2, receipts_per_day=3)
    customer = await make_customer()
    ana, number = await ordered(customer)
    _, second = await ordered(customer)
    for mark in (1, 2):
        await sent(ana, number, ReceiptTold(), drawn(mark))
    with pytest.raises(Conflict) as refused:
        await sent(ana, number, ReceiptTold(), drawn(3))
    assert refused.value.code == "receipt_limit"
    await sent(ana, second, ReceiptTold(), drawn(4))
    with pytest.raises(TooManyRequests):
        await sent(ana, second, ReceiptTold(), drawn(5))


async def test_an_order_that_is_paid_or_was_cancelled_takes_none_but_an_expired_one_does() -> None:
    ana, paid = await ordered()
    await pay(paid, Decimal(150))
    eva, cancelled = await ordered()
    async with unit_of_work() as session:
        await order_endings.cancel(session, eva, order_id=cancelled, reason="ya no")
    for actor, number in ((ana, paid), (eva, cancelled)):
        with pytest.raises(Conflict) as refused:
            await sent(actor, number)
        assert refused.value.code == "receipt_order"
    luz, expired = await ordered()
    await change("UPDATE orders SET expires_at = now() WHERE id = %(id)s", id=expired)
    async with unit_of_work() as session:
        await order_endings.expire_due(session)
    receipt_id = await sent(luz, expired)
    done = await accept(as_staff(await make_staff()), receipt_id)
    assert (done.kind.value, done.status) == ("late", "delivered")


async def test_an_accepted_receipt_pays_and_delivers_the_order() -> None:
    ana, number = await ordered()
    receipt_id = await sent(ana, number, picture=drawn())
    again = await sent(ana, number, ReceiptTold(), drawn(2))
    staff = as_staff(await make_staff())
    done = await accept(staff, receipt_id, seen_payments=0)
    assert done.status == "delivered"
    paid = await row("SELECT source, amount FROM payments")
    assert (paid.source, paid.amount) == ("receipt", Decimal(150))
    assert (await status_of(receipt_id), await status_of(again)) == ("accepted", "superseded")


async def test_an_accepted_part_leaves_the_order_waiting_for_the_rest() -> None:
    ana, number = await ordered()
    staff = as_staff(await make_staff())
    done = await accept(staff, await sent(ana, number), "100")
    assert (done.kind.value, done.status) == ("partial", "pending_payment")
    rest = await sent(ana, number, ReceiptTold("OTRA2", "BBVA", today()))
    async with reading() as session:
        shown = await receipt_pages.to_review(session, staff, receipt_id=rest)
    assert (shown.missing, shown.payments, len(shown.earlier)) == (Decimal(50), 1, 1)
    assert (await accept(staff, rest, "50")).status == "delivered"


@pytest.mark.parametrize("how", ["reject", "ask_again"])
async def test_a_refused_receipt_says_why_to_the_customer(how: str) -> None:
    ana, number = await ordered(delivery_preference="whatsapp")
    receipt_id = await sent(ana, number)
    staff = as_staff(await make_staff())
    await change("UPDATE orders SET expires_at = now() + interval '1 minute'")
    decide = getattr(receipt_reviews, how)
    for reason in ("  ", "x" * 201):
        async with unit_of_work() as session:
            with pytest.raises(InvalidInput):
                await decide(session, staff, receipt_id=receipt_id, reason=reason)
    async with unit_of_work() as session:
        await decide(session, staff, receipt_id=receipt_id, reason="No se lee el monto")
    kind = {"reject": "payment_rejected", "ask_again": "receipt_again"}[how]
    told = await row("SELECT order_id, status FROM messages WHERE kind = %(kind)s", kind=kind)
    assert (told.order_id, told.status) == (number, "queued")
    more = (await order_row(number)).expires_at > now() + timedelta(hours=1)
    assert more == (how == "ask_again"), "only who is asked for another gets time for it"
    async with reading() as session:
        [kept] = await receipt_pages.of_order(session, ana, order_id=number)
        assert kept.reason == "No se lee el monto"
        page = await order_pages.order_page(session, ana, order_id=number)
    assert not page.in_review


async def test_of_two_who_review_one_wins_and_the_other_reads_what_happened() -> None:
    ana, number = await ordered()
    receipt_id = await sent(ana, number)
    eva, tom = [as_staff(await make_staff(username=name)) for name in ("eva", "tom")]

    async def refuse(who: Actor) -> str:
        async with unit_of_work() as session:
            await receipt_reviews.reject(session, who, receipt_id=receipt_id, reason="Borroso")
        return "done"

    async def confirm(who: Actor) -> str:
        await accept(who, receipt_id)
        return "done"

    outcomes = await asyncio.gather(refuse(eva), confirm(tom), return_exceptions=True)
    assert sorted(isinstance(one, Conflict) for one in outcomes) == [False, True]
    [loser] = [one for one in outcomes if isinstance(one, Conflict)]
    assert loser.code == "receipt_reviewed"
    assert any(name in loser.message for name in ("eva lo revisó: rechazado", "tom lo revisó"))
    paid = (await row("SELECT count(*) AS n FROM payments")).n
    assert paid == (await status_of(receipt_id) == "accepted")


@pytest.mark.parametrize("how", ["paid", "cancelled"])
async def test_what_still_waits_is_over_with_its_order(how: str) -> None:
    ana, number = await ordered()
    receipt_id = await sent(ana, number)
    if how == "paid":
        await pay(number, Decimal(150))
    else:
        async with unit_of_work() as session:
            await order_endings.cancel(session, ana, order_id=number, reason="ya no")
    assert await status_of(receipt_id) == "superseded"
    with pytest.raises(Conflict):
        await accept(as_staff(await make_staff()), receipt_id)


async def test_the_same_picture_or_key_of_another_order_is_flagged_on_both() -> None:
    ana, first = await ordered()
    eva, second = await ordered()
    luz, third = await ordered()
    staff = as_staff(await make_staff())
    noisy = bytes(min(255, spot + 5) for spot in LOOK)
    other = bytes(200 if n == 5000 else spot for n, spot in enumerate(LOOK))
    one = await sent(ana, first, KEY, drawn(7))
    two = await sent(eva, second, ReceiptTold(), drawn(7, noisy, "a" * 64))
    three = await sent(luz, third, KEY, drawn(7, other, "b" * 64))
    await accept(staff, one)

    async def flags(receipt_id: int) -> set[tuple[str, int, bool]]:
        async with reading() as session:
            found = await receipt_pages.to_review(session, staff, receipt_id=receipt_id)
        return {(flag.what, flag.order_id, flag.paid) for flag in found.repeats}

    assert await flags(one) == {("picture", second, False), ("key", third, False)}
    assert await flags(two) == {("picture", first, True)}
    assert await flags(three) == {("key", first, True)}


async def test_the_queue_goes_round_and_counts() -> None:
    staff = as_staff(await make_staff())
    ids = []
    for _ in range(3):
        ana, number = await ordered()
        ids.append(await sent(ana, number))
    async with reading() as session:
        assert await receipt_pages.first_waiting(session, staff) == ids[0]
        around = await receipt_pages.neighbours(session, staff, receipt_id=ids[1])
        assert (around.before, around.after, around.waiting) == (ids[0], ids[2], 3)
        last = await receipt_pages.neighbours(session, staff, receipt_id=ids[2])
        assert (last.before, last.after) == (ids[1], ids[0])
        with pytest.raises(DomainError):
            await receipt_pages.first_waiting(session, as_customer(await make_customer()))


async def test_the_staff_hears_of_each_receipt_once() -> None:
    await make_staff(email="tienda@correo.mx")
    ana, number = await ordered()
    for _ in range(2):
        await sent(ana, number)
    told = await row("SELECT count(*) AS n FROM messages WHERE kind = 'staff_receipt'")
    assert told.n == 1


async def test_pictures_go_with_the_customer_who_is_erased() -> None:
    ana, number = await ordered()
    await sent(ana, number, picture=drawn())
    owner = as_staff(await make_staff("owner"))
    customer = await row("SELECT id, phone FROM customers")
    async with unit_of_work() as session:
        await customer_erasures.erase(
            session, owner, customer_id=customer.id, typed=customer.phone[-4:]
        )
    assert await row("SELECT 1 FROM receipts") is None


async def test_the_time_a_receipt_gives_is_a_setting(shop: Shop) -> None:
    shop.configure(receipt_hold_hours=48)
    ana, number = await ordered()
    await sent(ana, number)
    left = (await order_row(number)).expires_at - now()
    assert timedelta(hours=47) < left <= timedelta(hours=48)


async def test_what_is_missing_is_what_has_left_too() -> None:
    """Its customer's credit had paid a part; the order ended, and the credit went back."""
    ana, number = await ordered()
    owner = as_staff(await make_staff("owner"))
    async with unit_of_work() as session:
        await credit.give(
            session, owner, customer_id=ana.id or 0, amount=Decimal(60), reason="por la espera"
        )
        await payments.pay_with_credit(session, ana, order_id=number)
    await change("UPDATE orders SET expires_at = now() - interval '1 minute'")
    async with unit_of_work() as session:
        await order_endings.expire_due(session)
    receipt_id = await sent(ana, number)
    async with reading() as session:
        shown = await receipt_pages.to_review(session, owner, receipt_id=receipt_id)
    assert shown.missing == Decimal(150)
