"""What must be true once the worker has run: whatever was due has been done."""

from __future__ import annotations

from datetime import timedelta

from infra.clock import local
from tests.life.books import Books
from tests.life.invariants import OFFSETS, Broken, could_sell


def nobody_has_access_beyond_paid_time_and_grace(b: Books) -> Broken:
    """But for a renewal that was ordered before the grace ended and can still be paid."""
    for unit in b.units().values():
        last = unit[0].ends_on + timedelta(days=b.grace)
        waits = any(
            i.renews_id in {a.id for a in unit}
            and (o := b.orders[i.order_id]).status == "pending_payment"
            and o.expires_at > b.now
            and local(o.created_at).date() <= last
            for i in b.order_items.values()
        )
        if unit[0].released_at is None and last < b.today and not waits:
            yield f"subscription {unit[0].id} ended on {unit[0].ends_on} and is live"


def an_unpaid_order_holds_nothing_after_its_time(b: Books) -> Broken:
    for o in b.orders.values():
        due = o.status == "pending_payment" and o.expires_at <= b.now
        if due and o.payment_status == "unpaid":
            yield f"unpaid order {o.id} should have ended at {o.expires_at}"


def nobody_waits_for_what_is_there(b: Books) -> Broken:
    for i in b.waiting:
        if left := could_sell(b, b.plans[i.plan_id]):
            yield f"line {i.id} waits for plan {i.plan_id}, of which {left} could be sold"


def who_asked_for_a_plan_has_heard_that_it_is_back(b: Books) -> Broken:
    for wish in b.open("restock_requests"):
        if could_sell(b, b.plans[wish.plan_id]):
            yield f"plan {wish.plan_id} is back and customer {wish.customer_id} was not told"


def little_stock_is_told_exactly_while_it_is_little(b: Books) -> Broken:
    said = {alert.kind for alert in b.open("alerts")}
    for plan in b.plans.values():
        low = plan.low_stock > 0 and could_sell(b, plan) <= plan.low_stock
        if low != (f"low_stock:{plan.id}" in said):
            yield f"plan {plan.id} is low: {low}, and the alert says otherwise"


def an_alert_ends_with_its_reason(b: Books) -> Broken:
    for alert in b.open("alerts"):
        kind, _, number = alert.kind.partition(":")
        if kind == "beyond_paid_until":
            until = b.accounts[int(number)].paid_until if int(number) in b.accounts else None
            holders = [a for a in b.live if b.account_of(a).id == int(number)]
            if until is None or all(a.ends_on <= until for a in holders):
                yield f"alert {alert.kind} has no reason any more"
        if kind == "account_reports" and not any(
            c.kind == "account_down" and b.profiles[c.profile_id].account_id == int(number)
            for c in b.open("claims")
        ):
            yield f"alert {alert.kind} has no reason any more"


def a_reminder_that_fits_today_was_written(b: Books) -> Broken:
    """By day: nobody is woken up for it."""
    if b.quiet:
        return
    written = {
        (m.assignment_id, m.occasion)
        for m in b.messages.values()
        if m.kind == "reminder" and m.channel == "web"
    }
    for unit in b.units().values():
        first, gone = unit[0], (b.today - unit[0].ends_on).days
        passed = [offset for offset in OFFSETS if offset <= gone]
        if first.released_at is not None or not passed or gone > b.grace:
            continue
        if (first.id, f"ends:{first.ends_on}:{passed[-1]}") not in written:
            yield f"subscription {first.id} ends on {first.ends_on} and nobody said so today"


SETTLED = (
    nobody_has_access_beyond_paid_time_and_grace,
    an_unpaid_order_holds_nothing_after_its_time,
    nobody_waits_for_what_is_there,
    who_asked_for_a_plan_has_heard_that_it_is_back,
    little_stock_is_told_exactly_while_it_is_little,
    an_alert_ends_with_its_reason,
    a_reminder_that_fits_today_was_written,
)
