"""What must be true of the shop at any moment, counted again in Python from its rows.

Nothing is taken from the statements of `domain.doctor`. Each rule yields a sentence for each row
that breaks it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from infra.clock import add_months, local
from tests.life.books import Books

Broken = Iterator[str]
OFFSETS = (-5, -1, 0, 2)  # days from the last paid one to its reminders
PAID = {"paid", "processing", "delivered"}


def uniques(b: Books) -> dict[str, Iterable[Hashable]]:
    """What may be there once, by the sentence that says so."""
    renewals = [r for r in b.renewals.values() if r.undone_at is None]
    return {
        "a unit is served once": ((a.order_item_id, a.unit_index) for a in b.assignments.values()),
        "a profile has one live holder": (a.profile_id for a in b.live),
        "a reference is one payment": ((p.order_id, p.reference) for p in b.payments.values()),
        "a tracking key is one payment": (
            (p.bank, p.paid_on, p.tracking_key) for p in b.payments.values() if p.tracking_key
        ),
        "a line renews once": ((r.order_item_id, r.assignment_id) for r in renewals),
        "an end is renewed once": ((r.assignment_id, r.ended_before) for r in renewals),
        "a subscription has one open claim": (c.assignment_id for c in b.open("claims")),
        "an alert is open once": (alert.kind for alert in b.open("alerts")),
        "a wish is open once": ((w.plan_id, w.customer_id) for w in b.open("restock_requests")),
        "a login is one account": ((c.service_id, c.login_hash) for c in b.accounts.values()),
        "a place is one profile": ((p.account_id, p.position) for p in b.profiles.values()),
        "a slot is one unpaid order": (
            (o.customer_id, o.unpaid_slot)
            for o in b.orders.values()
            if o.status == "pending_payment"
        ),
        "a version is kept once": (
            (v.account_id, v.profile_id, v.version) for v in b.credential_versions.values()
        ),
        "an event is told once": (
            (m.assignment_id, m.channel, m.kind, m.credential_version, m.occasion)
            for m in b.messages.values()
            if m.assignment_id
        ),
        "a reminder is sent once per end and offset": (
            (m.assignment_id, m.channel, *_reminder_of(m))
            for m in b.messages.values()
            if m.kind == "reminder" and m.occasion.startswith("ends:")
        ),
    }


def _reminder_of(message: Any) -> tuple[date, int]:
    """The end it speaks of, and which of its reminders was due on the day it was written."""
    end = date.fromisoformat(message.occasion.split(":")[1])
    gone = (local(message.created_at).date() - end).days
    return end, max(offset for offset in OFFSETS if offset <= gone)


def nothing_is_there_twice(b: Books) -> Broken:
    for sentence, keys in uniques(b).items():
        for key, times in Counter(keys).items():
            if times > 1:
                yield f"{sentence}: {key} is there {times} times"


def an_assigned_profile_has_exactly_one_live_subscription(b: Books) -> Broken:
    """I1."""
    holders = Counter(a.profile_id for a in b.live)
    for p in b.profiles.values():
        if holders[p.id] != (p.status == "assigned"):
            yield f"profile {p.id} is {p.status} and has {holders[p.id]} live subscriptions"


def a_paid_line_is_served_or_waits_visibly(b: Books) -> Broken:
    """I2. With the time it was promised for, and in an order that is not called delivered."""
    given = Counter(a.order_item_id for a in b.assignments.values())
    renewed = Counter(r.order_item_id for r in b.renewals.values() if r.undone_at is None)
    for i in b.order_items.values():
        order = b.orders[i.order_id]
        if order.status not in PAID:
            if i.fulfilment == "waiting_stock":
                yield f"line {i.id} of {order.status} order {order.id} waits for stock"
            continue
        served = given[i.id] == i.quantity * i.profiles_per_unit and not renewed[i.id]
        if i.renews_id and not given[i.id]:
            served = renewed[i.id] == i.profiles_per_unit
        waits = i.fulfilment == "waiting_stock" and order.status == "processing"
        if waits == served or (waits and (i.promised_at is None or given[i.id] or renewed[i.id])):
            done = f"{given[i.id]} given, {renewed[i.id]} renewed"
            yield f"line {i.id} of {order.status} order {order.id} is {i.fulfilment}, {done}"
    for o in b.orders.values():
        if o.status == "processing" and not any(i.order_id == o.id for i in b.waiting):
            yield f"order {o.id} is in process and nothing of it waits"


def a_delivery_is_told_once_per_channel(b: Books) -> Broken:
    """I3: the panel always has it, and the way the order chose."""
    told = Counter((m.assignment_id, m.channel) for m in b.messages.values() if _is(m, "delivered"))
    for a in b.assignments.values():
        for way in {"web", b.order_of(a).delivery_preference}:
            if told[a.id, way] != 1:
                yield f"the delivery of subscription {a.id} was told {told[a.id, way]} × by {way}"


def _is(message: Any, kind: str) -> bool:
    return message.kind == kind


def an_end_is_the_time_that_was_paid(b: Books) -> Broken:
    """Walked from delivery over every renewal: calendar months from the day the run began."""
    renewals: dict[int, list[Any]] = {}
    for r in b.renewals.values():
        if r.undone_at is None:
            renewals.setdefault(r.assignment_id, []).append(r)
    for a in b.assignments.values():
        anchor, months = a.starts_on, b.item_of(a).duration_months
        ends = add_months(anchor, months)
        if local(a.assigned_at).date() != a.starts_on:
            yield f"subscription {a.id} starts on {a.starts_on}, assigned {a.assigned_at}"
        for r in renewals.get(a.id, []):
            line, day = b.order_items[r.order_item_id], local(r.at).date()
            if b.orders[line.order_id].status not in PAID:
                yield f"order {line.order_id} is unpaid and renewed subscription {a.id}"
            lapsed = ends < day
            anchor, months = (day, 0) if lapsed else (anchor, months)
            months += line.duration_months
            ends = add_months(anchor, months)
            if r.ends_on != ends:
                yield f"renewal {r.id} leads to {r.ends_on}, paid until {ends}"
        if a.ends_on != ends:
            yield f"subscription {a.id} ends on {a.ends_on}, paid until {ends}"


def a_whole_account_stays_whole(b: Books) -> Broken:
    for unit in b.units().values():
        size = b.item_of(unit[0]).profiles_per_unit
        accounts = {b.profiles[a.profile_id].account_id for a in unit if a.released_at is None}
        if len({(a.ends_on, a.released_at) for a in unit}) > 1 or len(accounts) > 1:
            yield f"the unit of subscription {unit[0].id} is in pieces"
        if len(unit) != size:
            yield f"the unit of subscription {unit[0].id} has {len(unit)} of {size} profiles"


def access_belongs_to_the_one_who_paid(b: Books) -> Broken:
    for a in b.assignments.values():
        order = b.order_of(a)
        if a.customer_id != order.customer_id:
            yield f"subscription {a.id} is another customer's"
        if a.released_at is None and order.status not in PAID:
            yield f"subscription {a.id} of {order.status} order {order.id} is live"


def money_is_what_was_received(b: Books) -> Broken:
    received: dict[int, Decimal] = {}
    for p in b.payments.values():
        received[p.order_id] = received.get(p.order_id, Decimal(0)) + p.amount
    lines: dict[int, Decimal] = {}
    for i in b.order_items.values():
        line = i.unit_price * i.quantity - i.discount
        lines[i.order_id] = lines.get(i.order_id, Decimal(0)) + line
    for o in b.orders.values():
        got = received.get(o.id, Decimal(0))
        says = "unpaid" if not got else "partial" if got < o.total else "paid"
        says = "overpaid" if got > o.total else says
        if o.total != lines[o.id]:
            yield f"order {o.id} costs {o.total}, its lines {lines[o.id]}"
        if o.payment_status != says:
            yield f"order {o.id} received {got} of {o.total} and is called {o.payment_status}"
        if o.status in PAID and got < o.total:
            yield f"order {o.id} is {o.status} for {got} of {o.total}"
        if o.status == "pending_payment" and got >= o.total:
            yield f"order {o.id} has its money and waits for it"


def a_hold_is_for_an_order_that_needs_it(b: Books) -> Broken:
    """Free profiles only, of the order's services, and no more than its unserved lines want."""
    held: Counter[tuple[int, int]] = Counter()
    for p in b.profiles.values():
        if (p.reserved_order_id is None) != (p.reserved_until is None):
            yield f"profile {p.id} is held in halves"
        if p.reserved_order_id is None:
            continue
        order = b.orders[p.reserved_order_id]
        if p.status != "free" or order.status not in {"pending_payment", "processing"}:
            yield f"profile {p.id} is {p.status} and held for {order.status} order {order.id}"
        held[order.id, p.service_id] += 1
    wanted: Counter[tuple[int, int]] = Counter()
    for i in b.order_items.values():
        if i.fulfilment in {"waiting_payment", "waiting_stock"}:
            wanted[i.order_id, i.service_id] += i.quantity * i.profiles_per_unit
    for (order_id, service_id), count in held.items():
        wants = wanted[order_id, service_id]
        if count > wants:
            yield f"order {order_id} holds {count} of service {service_id} and wants {wants}"


def profiles_repeat_their_account(b: Books) -> Broken:
    for p in b.profiles.values():
        c = b.accounts[p.account_id]
        sold = (c.service_id, c.plan_id or 0, c.status == "active")
        if (p.service_id, p.dedicated_to, p.sellable) != sold:
            yield f"profile {p.id} does not repeat account {c.id}"
        if c.paid_until is not None and p.paid_until != c.paid_until:
            yield f"profile {p.id} is paid until {p.paid_until}, its account {c.paid_until}"


def an_account_has_no_more_places_than_its_service_allows(b: Books) -> Broken:
    for c in b.accounts.values():
        places, most = len(b.profiles_of(c.id)), b.services[c.service_id].max_profiles
        if places > most:
            yield f"account {c.id} has {places} places, its service allows {most}"


def a_retired_account_is_out_for_good(b: Books) -> Broken:
    for p in b.profiles.values():
        if (b.accounts[p.account_id].status == "retired") != (p.status == "disabled"):
            yield f"profile {p.id} is {p.status}, its account {b.accounts[p.account_id].status}"


def time_beyond_the_supplier_is_warned_of(b: Books) -> Broken:
    open_alerts = {alert.kind for alert in b.open("alerts")}
    for a in b.live:
        c = b.account_of(a)
        beyond = c.paid_until is not None and a.ends_on > c.paid_until
        if beyond and f"beyond_paid_until:{c.id}" not in open_alerts:
            yield f"subscription {a.id} outlives what account {c.id} is paid for, and no alert"


def a_claim_is_open_only_while_its_access_is(b: Books) -> Broken:
    for c in b.open("claims"):
        if b.assignments[c.assignment_id].released_at is not None:
            yield f"claim {c.id} waits for nobody"


def replacements_follow_each_other(b: Books) -> Broken:
    where: dict[int, int] = {}
    for r in b.replacements.values():
        if where.get(r.assignment_id, r.from_profile_id) != r.from_profile_id:
            yield f"replacement {r.id} starts where subscription {r.assignment_id} was not"
        where[r.assignment_id] = r.to_profile_id
    for assignment_id, profile_id in where.items():
        if b.assignments[assignment_id].profile_id != profile_id:
            yield f"subscription {assignment_id} is not where its replacements lead"


def free(b: Books, profile: Any) -> bool:
    return profile.status == "free" and profile.sellable and not b.held(profile)


def could_sell(b: Books, plan: Any) -> int:
    """Units of a plan that could be sold now, counted as a person would."""
    pools = {None, plan.id}
    accounts = [
        b.profiles_of(c.id)
        for c in b.accounts.values()
        if c.service_id == plan.service_id and c.plan_id in pools and c.status == "active"
    ]
    if plan.capacity == "profile":
        return sum(free(b, p) for profiles in accounts for p in profiles)
    size = b.services[plan.service_id].max_profiles
    return sum(len(ps) == size and all(free(b, p) for p in ps) for ps in accounts)


ALWAYS = (
    nothing_is_there_twice,
    an_assigned_profile_has_exactly_one_live_subscription,
    a_paid_line_is_served_or_waits_visibly,
    a_delivery_is_told_once_per_channel,
    an_end_is_the_time_that_was_paid,
    a_whole_account_stays_whole,
    access_belongs_to_the_one_who_paid,
    money_is_what_was_received,
    a_hold_is_for_an_order_that_needs_it,
    profiles_repeat_their_account,
    an_account_has_no_more_places_than_its_service_allows,
    a_retired_account_is_out_for_good,
    time_beyond_the_supplier_is_warned_of,
    a_claim_is_open_only_while_its_access_is,
    replacements_follow_each_other,
)
