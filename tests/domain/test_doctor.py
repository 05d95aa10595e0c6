"""Reconciliation: each way to disagree is seen, once; a healthy shop has none."""

from __future__ import annotations

from datetime import date

import pytest

from domain import (
    alerts,
    claims,
    doctor,
    order_endings,
    orders,
    renewals,
    replacements,
    subscriptions,
)
from domain.actors import SYSTEM
from domain.doctor import RULES, Disagreement
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from models import Customer, Plan
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    pay,
    place_order,
)
from tests.fixtures import Calendar

pytestmark = pytest.mark.usefixtures("calendar")


async def examine() -> list[Disagreement]:
    async with reading() as session:
        return await doctor.examine(session)


async def sell(*plans: Plan, quantity: int = 1) -> tuple[Customer, orders.OrderPlaced]:
    customer = await make_customer()
    order = await place_order(customer, *plans, quantity=quantity)
    await pay(order.id, order.total)
    return customer, order


async def renew(customer: Customer, plan: Plan, assignment_id: int) -> None:
    async with unit_of_work() as session:
        order = await renewals.place(
            session, as_customer(customer), assignment_id=assignment_id, plan_id=plan.id or 0
        )
    await pay(order.id, order.total)


@pytest.fixture
async def story(calendar: Calendar) -> Plan:
    """Subscription 1 was renewed, 2 replaced, 3 to 7 are a whole account; order 6 expired."""
    await make_bank()
    plan = await make_plan()
    whole = await make_plan(await make_service(), full_account=True)
    await make_account(plan.service_id, profiles=3, paid_until=date(2026, 12, 31))
    await make_account(plan.service_id, profiles=2, paid_until=date(2026, 11, 30))
    await make_account(whole.service_id, profiles=5)
    ana, _ = await sell(plan)
    await renew(ana, plan, 1)  # order 2
    eva, _ = await sell(plan)  # order 3, subscription 2
    async with unit_of_work() as session:
        made = await claims.report(
            session, as_customer(eva), assignment_id=2, kind="wrong_password"
        )
        await replacements.replace(session, SYSTEM, assignment_id=2, claim_id=made.claim_id)
    await sell(whole)  # order 5: a first look at the stock took a number
    await place_order(await make_customer(), plan)  # order 6
    calendar.go(days=3)
    async with unit_of_work() as session:
        await order_endings.expire_due(session)
    return plan


async def test_a_healthy_shop_has_no_disagreement(story: Plan, calendar: Calendar) -> None:
    assert await examine() == []
    boss = as_staff(await make_staff())
    waiting = await place_order(await make_customer(), story, quantity=2)
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'maintenance' WHERE id <= 2")
    await pay(waiting.id, waiting.total)  # nothing can be sold: it waits
    assert await examine() == []
    async with unit_of_work() as session:
        await order_endings.cancel(session, boss, order_id=waiting.id, reason="no quiso esperar")
    await pay(waiting.id, waiting.total, reference="OTRA VEZ")
    assert await examine() == []
    calendar.go(days=70)
    async with unit_of_work() as session:
        assert await subscriptions.release_lapsed(session) == 7
    assert await examine() == []


@pytest.mark.usefixtures("story")
async def test_releasing_closes_what_was_reported(calendar: Calendar) -> None:
    ana = Customer(id=1, phone="+525510000000")
    async with unit_of_work() as session:
        await claims.report(session, as_customer(ana), assignment_id=1, kind="other")
    calendar.go(days=80)
    async with unit_of_work() as session:
        await subscriptions.release_lapsed(session)
    assert await examine() == []
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM claims WHERE status = 'open'") == 0


BREAKS: dict[str, tuple[str, ...]] = {
    "assigned_without_subscription": ("UPDATE profiles SET status = 'assigned' WHERE id = 5",),
    "subscription_without_assigned": ("UPDATE profiles SET status = 'free' WHERE id = 1",),
    "dead_account": (
        "UPDATE accounts SET status = 'down' WHERE id = 1",
        "UPDATE profiles SET sellable = false WHERE account_id = 1",
    ),
    "beyond_paid_until": (
        "UPDATE accounts SET paid_until = '2026-03-14' WHERE id = 1",
        "UPDATE profiles SET paid_until = '2026-03-14' WHERE account_id = 1",
    ),
    "hold_without_order": (
        "UPDATE profiles SET reserved_order_id = 99, reserved_until = now() WHERE id = 5",
    ),
    "hold_on_taken_profile": (
        "UPDATE profiles SET reserved_order_id = 6, reserved_until = now() WHERE id = 1",
    ),
    "endless_hold": (
        """UPDATE orders SET status = 'pending_payment', expires_at = now() + interval '1 day'
           WHERE id = 6""",
        "UPDATE profiles SET reserved_order_id = 6, reserved_until = '9999-12-31' WHERE id = 5",
    ),
    "profile_copy": ("UPDATE profiles SET sellable = false WHERE id = 5",),
    "item_not_served": (
        "DELETE FROM assignments WHERE id = 7",
        "UPDATE profiles SET status = 'rotate' WHERE id = 10",
    ),
    "delivered_but_waiting": (
        "UPDATE order_items SET fulfilment = 'waiting_stock' WHERE order_id = 2",
        "DELETE FROM renewals",
        """UPDATE assignments SET anchor_on = '2026-01-15', months = 1, ends_on = '2026-02-15'
           WHERE id = 1""",
    ),
    "processing_without_waiting": ("UPDATE orders SET status = 'processing' WHERE id = 3",),
    "waiting_in_ended_order": (
        "UPDATE order_items SET fulfilment = 'waiting_stock' WHERE order_id = 6",
    ),
    "overdue_unpaid": ("UPDATE orders SET status = 'pending_payment' WHERE id = 6",),
    "order_sums": ("UPDATE orders SET cost = cost + 1 WHERE id = 3",),
    "payment_status": ("UPDATE orders SET payment_status = 'partial' WHERE id = 6",),
    "paid_without_money": (
        "DELETE FROM payments WHERE order_id = 3",
        "UPDATE orders SET payment_status = 'unpaid' WHERE id = 3",
    ),
    "order_ledger": (
        """INSERT INTO refunds (customer_id, order_id, amount, method, reason, reference,
               refunded_on, actor_kind)
           VALUES (1, 3, 500, 'cash', 'x', 'x', now(), 'staff')""",
    ),
    "credit_balance": (
        """INSERT INTO credit_entries (customer_id, amount, cause, actor_kind)
           VALUES (1, 10, 'gift', 'staff')""",
    ),
    "credit_payment": ("UPDATE payments SET source = 'credit' WHERE order_id = 3",),
    "late_release": (
        """UPDATE assignments SET starts_on = '2025-12-12', anchor_on = '2025-12-12',
               ends_on = '2026-01-12' WHERE id = 2""",
    ),
    "unpaid_time": ("UPDATE assignments SET months = 2, ends_on = '2026-03-15' WHERE id = 2",),
    "other_customer": ("UPDATE assignments SET customer_id = 1 WHERE id = 2",),
    "ended_order_holds": ("UPDATE orders SET status = 'cancelled' WHERE id = 3",),
    "replacement_chain": ("UPDATE replacements SET to_profile_id = 5",),
    "claim_on_released": (
        "UPDATE claims SET status = 'open', closed_at = NULL, closed_by = NULL",
        "UPDATE assignments SET released_at = now(), release_reason = 'lapsed' WHERE id = 2",
        "UPDATE profiles SET status = 'rotate' WHERE id = 4",
    ),
    "untold_delivery": ("DELETE FROM messages WHERE assignment_id = 2 AND kind = 'delivered'",),
    "alert_over": ("INSERT INTO alerts (kind) VALUES ('beyond_paid_until:1')",),
    "broken_unit": (
        "UPDATE assignments SET released_at = now(), release_reason = 'lapsed' WHERE id = 7",
        "UPDATE profiles SET status = 'rotate' WHERE id = 10",
    ),
    "waiting_without_promise": (
        "UPDATE orders SET status = 'processing' WHERE id = 3",
        "UPDATE order_items SET fulfilment = 'waiting_stock' WHERE order_id = 3",
        "DELETE FROM messages WHERE assignment_id = 2",
        "DELETE FROM replacements",
        "DELETE FROM claims",
        "DELETE FROM assignments WHERE id = 2",
        "UPDATE profiles SET status = 'rotate' WHERE id = 4",
    ),
}


@pytest.mark.parametrize("rule", [rule.code for rule in RULES])
@pytest.mark.usefixtures("story")
async def test_what_breaks_a_rule_is_seen_once_and_by_no_other_rule(rule: str) -> None:
    async with unit_of_work() as session:
        await run(session, "SET LOCAL session_replication_role = replica")
        for statement in BREAKS[rule]:
            assert await run(session, statement), statement
    found = await examine()
    assert [(one.rule, one.sentence) for one in found] == [(rule, found[0].sentence)]


@pytest.mark.usefixtures("story")
async def test_a_rule_broken_everywhere_names_its_first_rows(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(doctor, "MOST", 2)
    async with unit_of_work() as session:
        await run(session, "DELETE FROM messages")
    assert [one.object_id for one in await examine()] == [1, 2]


@pytest.mark.usefixtures("story")
async def test_the_alert_stands_for_as_long_as_anything_disagrees() -> None:
    for broken, standing in ((True, 1), (True, 1), (False, 0)):
        async with unit_of_work() as session:
            await run(
                session,
                "UPDATE orders SET cost = %(cost)s WHERE id = 3",
                cost=1 if broken else 120,
            )
        async with unit_of_work() as session:
            assert len(await doctor.watch(session)) == standing
        async with reading() as session:
            open_alerts = "SELECT count(*) FROM alerts WHERE closed_at IS NULL"
            assert await scalar(session, open_alerts) == standing


@pytest.mark.usefixtures("story")
async def test_an_alert_whose_reason_is_gone_closes_and_others_stay() -> None:
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO alerts (kind)
               VALUES ('beyond_paid_until:1'), ('account_reports:1'), ('code_budget'),
                      ('low_stock:1')""",
        )
        assert await alerts.settle(session) == 2
    assert await examine() == []


@pytest.mark.usefixtures("story")
async def test_the_report_reads_as_sentences_by_rule() -> None:
    assert doctor.report(await examine()) == "Todo cuadra: 0 diferencias."
    async with unit_of_work() as session:
        await run(session, "UPDATE orders SET cost = 1 WHERE id = 3")
        await run(session, "DELETE FROM messages WHERE assignment_id = 2")
    said = doctor.report(await examine())
    assert "Total que no es la suma de sus artículos (1)" in said
    assert "El pedido #3 dice 150.00 con costo 1.00" in said
    assert said.endswith("Diferencias: 2.")
