"""What may have changed from one step to the next, and what never may."""

from __future__ import annotations

from typing import Any

from tests.life.books import Books
from tests.life.invariants import Broken

MOVES = {
    "pending_payment": {"processing", "delivered", "cancelled"},
    "processing": {"delivered", "cancelled"},
    "cancelled": {"processing", "delivered"},
    "delivered": set[str](),
}
KEPT = ("payments", "messages", "timeline_entries", "audit_entries", "replacements", "renewals")
MAKE_SAFE = {"rotate_password", "rotate_pin", "mark_rotated", "retire"}
LET_GO = {"edit_account", "set_status", "cancel", "time"}  # what takes a running hold from an order


def what_happened_stays_on_record(before: Books, after: Books, deed: str) -> Broken:
    del deed
    for table in KEPT:
        if gone := before.rows[table].keys() - after.rows[table].keys():
            yield f"{sorted(gone, key=str)} of {table} are gone"
    for p in before.payments.values():
        if after.payments[p.id] != p:
            yield f"payment {p.id} was rewritten"


def an_order_goes_only_forward(before: Books, after: Books, deed: str) -> Broken:
    """A cancelled order comes back only when its money arrives and nobody had cancelled it."""
    for o in before.orders.values():
        now = after.orders[o.id]
        if now.status != o.status and now.status not in MOVES[o.status]:
            yield f"order {o.id} went from {o.status} to {now.status}"
        revived = o.status == "cancelled" and now.status != "cancelled"
        if revived and (o.cancel_reason or deed != "pay"):
            yield f"order {o.id} was cancelled by a person and is {now.status}"


def a_subscription_keeps_its_dates(before: Books, after: Books, deed: str) -> Broken:
    """Only a renewal moves an end, only a replacement the profile, nothing a start."""
    del deed
    renewed = {
        r.assignment_id
        for r in after.renewals.values()
        if r.id not in before.renewals or before.renewals[r.id] != r
    }
    replaced = {
        r.assignment_id for r in after.replacements.values() if r.id not in before.replacements
    }
    for a in before.assignments.values():
        now = after.assignments[a.id]
        if a.released_at is not None and now != a:
            yield f"ended subscription {a.id} changed"
        if (now.ends_on != a.ends_on) != (a.id in renewed):
            yield f"the end of subscription {a.id} went from {a.ends_on} to {now.ends_on}"
        if (now.profile_id != a.profile_id) != (a.id in replaced):
            yield f"subscription {a.id} moved to profile {now.profile_id}"
        if now.starts_on != a.starts_on or now.customer_id != a.customer_id:
            yield f"the start or the holder of subscription {a.id} changed"


def given(before: Books, after: Books) -> list[Any]:
    """Live subscriptions that are on another profile than before, or new."""
    return [
        a
        for a in after.assignments.values()
        if a.id not in before.assignments or before.assignments[a.id].profile_id != a.profile_id
    ]


def only_fit_stock_is_given(before: Books, after: Books, deed: str) -> Broken:
    """Of an active account, for the plan's own or everybody's, free, and nobody else's hold."""
    left = {a.profile_id for a in before.live if after.assignments[a.id].released_at is not None}
    for a in given(before, after):
        item, account, was = (
            after.item_of(a),
            after.account_of(a),
            before.profiles.get(a.profile_id),
        )
        if account.service_id != item.service_id or account.plan_id not in {None, item.plan_id}:
            yield f"subscription {a.id} got stock of another plan"
        if account.status != "active":
            yield f"subscription {a.id} was given {account.status} account {account.id}"
        if was is None:
            continue
        rotates = after.services[account.service_id].rotate_before_resale
        fit = {"free"} | ({"rotate"} if deed in MAKE_SAFE else set())
        if was.status not in fit and (rotates or a.profile_id not in left):
            yield f"subscription {a.id} was given profile {was.id}, which was {was.status}"
        foreign = before.held(was) and was.reserved_order_id != item.order_id
        if foreign and deed not in LET_GO:
            yield f"subscription {a.id} got profile {was.id}, held for {was.reserved_order_id}"


def what_somebody_held_is_rotated_first(before: Books, after: Books, deed: str) -> Broken:
    """Whoever left knows the secret; a replacement asks for it even where the service does not."""
    for a in before.live:
        now, p = after.assignments[a.id], after.profiles[a.profile_id]
        moved = now.profile_id != a.profile_id
        if not moved and now.released_at is None:
            continue
        rotates = moved or after.services[p.service_id].rotate_before_resale
        if rotates and p.status != "rotate":
            yield f"profile {p.id} was left by subscription {a.id} and is {p.status}"
    for p in before.profiles.values():
        if p.status != "rotate" or p.id not in after.profiles or deed in MAKE_SAFE:
            continue
        if after.profiles[p.id].status != "rotate":
            yield f"profile {p.id} is {after.profiles[p.id].status} without a rotation"


def the_first_who_paid_is_served_first(before: Books, after: Books, deed: str) -> Broken:
    """Of two lines that waited for one plan, the one paid later is not served alone.

    But when its order held stock of that service already: that was its own.
    """
    del deed
    for place, later in enumerate(before.waiting):
        own = any(
            p.reserved_order_id == later.order_id and p.service_id == later.service_id
            for p in before.profiles.values()
        )
        if own or after.order_items[later.id].fulfilment != "delivered":
            continue
        for first in before.waiting[:place]:
            waits = after.order_items[first.id].fulfilment == "waiting_stock"
            if waits and first.plan_id == later.plan_id and first.order_id != later.order_id:
                yield f"line {later.id} was served before line {first.id}, which was paid earlier"


STEPS = (
    what_happened_stays_on_record,
    an_order_goes_only_forward,
    a_subscription_keeps_its_dates,
    only_fit_stock_is_given,
    what_somebody_held_is_rotated_first,
    the_first_who_paid_is_served_first,
)
