"""The counter's side of a subscription: renewed for a customer who asks in person."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from domain import payments, subscriptions
from domain.errors import Conflict, Forbidden, NotFound
from domain.message_bodies import said_by
from domain.sql import fetch, fetch_one
from infra import clock
from infra.database import reading, unit_of_work
from tests.builders import as_customer, as_staff, make_staff
from tests.domain.test_renewals import held, subscribed
from tests.fixtures import Calendar

pytestmark = pytest.mark.usefixtures("calendar")


async def renew_for(**values: object) -> subscriptions.RenewalForCustomer:
    staff = as_staff(await make_staff())
    async with unit_of_work() as session:
        return await subscriptions.renew_for(session, staff, **({"assignment_id": 1} | values))  # type: ignore[arg-type]


async def said() -> list[str]:
    """What was written about renewals, as it would be sent now."""
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT * FROM messages WHERE kind IN ('payment_due', 'renewed')
                 AND channel = 'whatsapp' ORDER BY created_at, id""",
        )
        return [(await said_by(session, row)).body.disclose() for row in rows]


async def test_a_renewal_paid_at_the_counter_is_longer_at_once() -> None:
    await subscribed()
    notice = payments.PaymentNotice(amount=Decimal("150.00"), paid_on=clock.today())
    done = await renew_for(payment=notice)
    assert (done.order_id, done.status) == (2, "delivered")
    assert (await held()).ends_on == date(2026, 3, 15)
    [told] = await said()
    assert "renovamos tu suscripción" in told


async def test_a_renewal_still_to_be_paid_tells_the_customer_what_and_where() -> None:
    await subscribed()
    done = await renew_for()
    assert done.status == "pending_payment"
    assert (await held()).ends_on == date(2026, 2, 15)
    [told] = await said()
    assert "$150.00 MXN" in told
    assert "/m/" in told
    async with reading() as session:
        order = await fetch_one(session, "SELECT * FROM orders WHERE id = 2")
    assert order.customer_id == (await held()).customer_id


async def test_a_payment_that_is_too_small_leaves_the_rest_to_be_paid() -> None:
    await subscribed()
    notice = payments.PaymentNotice(amount=Decimal("100.00"), paid_on=clock.today())
    assert (await renew_for(payment=notice)).status == "pending_payment"
    [told] = await said()
    assert "$50.00 MXN" in told


async def test_the_counter_renews_one_unit_once_and_only_what_lives(calendar: Calendar) -> None:
    await subscribed()
    with pytest.raises(NotFound):
        await renew_for(assignment_id=99)
    await renew_for()
    with pytest.raises(Conflict, match="renewal_pending"):
        await renew_for()
    calendar.go(days=60)
    async with unit_of_work() as session:
        await subscriptions.release_lapsed(session)
    with pytest.raises(Conflict, match="access_ended"):
        await renew_for()


async def test_a_customer_is_not_the_counter() -> None:
    ana, _ = await subscribed()
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await subscriptions.renew_for(session, as_customer(ana), assignment_id=1)
