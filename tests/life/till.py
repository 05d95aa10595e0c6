"""The money of a shop: paid in parts, twice, late, with credit and coupons, refunded, cancelled.

Every centavo is counted again in Python from the rows, after every step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import (
    carts,
    checkout,
    coupon_desk,
    credit,
    inventory,
    money_back,
    orders,
    payments,
    settlements,
)
from domain.coupon_desk import CouponTerms
from domain.money_back import CancelWish
from domain.refund_notices import RefundNotice
from infra.clock import today
from tests.life.books import Books
from tests.life.customers import as_customer
from tests.life.story import ANYTIME, OWNER, WHICH, Story

CENT = Decimal("0.01")
PAID = {"paid", "processing", "delivered"}
PARTS = st.sampled_from(("whole", "whole", "half", "rest", "over"))
COUPONS = st.sampled_from(("", "", "DIEZ", "CIEN", "TODO"))
WISHES = (
    CancelWish("ya no"),
    CancelWish("ya no", to_credit=True),
    CancelWish("ya no", refund_by="cash", refund_reference="CANCELADO"),
)


class Till(Story):
    @initialize()
    def print_coupons(self) -> None:
        """One for everybody twice, one for the first, one that pays for everything once each."""
        for code, terms in (
            ("DIEZ", CouponTerms(percent=Decimal(10), limit_each=2)),
            ("CIEN", CouponTerms(amount=Decimal(100), limit_total=1)),
            ("TODO", CouponTerms(percent=Decimal(100), limit_each=1, limit_total=2)),
        ):
            self.attempt(
                "print",
                f"the owner prints {code}",
                lambda s, c=code, t=terms: coupon_desk.create(s, OWNER, code=c, terms=t),
            )

    @rule(
        who=WHICH,
        what=WHICH,
        quantity=st.integers(1, 2),
        coupon=COUPONS,
        use_credit=st.sampled_from((None, None, Decimal("0.01"), Decimal(70), Decimal(9999))),
    )
    def place(
        self, who: int, what: int, quantity: int, coupon: str, use_credit: Decimal | None
    ) -> None:
        customer, plan = self.customer(who), self.plan(what)
        actor = as_customer(customer)

        async def order(session: AsyncSession) -> orders.OrderPlaced:
            await carts.empty(session, actor)
            await carts.add(session, actor, plan_id=plan.id, quantity=quantity)
            return await checkout.check_out(session, actor, coupon=coupon, use_credit=use_credit)

        said = f"{customer.name} orders {quantity} × plan {plan.id}, coupon «{coupon}», credit "
        self.attempt("place", f"{said}{use_credit}", order)

    @precondition(lambda self: self.books.orders)
    @rule(which=WHICH, part=PARTS, reference=st.sampled_from(("", "A", "B", "C")))
    def pay(self, which: int, part: str, reference: str) -> None:
        """Also twice, late, or for an order that was cancelled."""
        order = self._order(which)
        amount = max(CENT, self._amount(order, part))
        notice = payments.PaymentNotice(amount=amount, paid_on=today(), reference=reference)
        self.attempt(
            "pay",
            f"{amount} arrive for order {order.id}, reference «{reference}»",
            lambda s: payments.confirm_payment(s, OWNER, order_id=order.id, notice=notice),
        )

    @precondition(lambda self: self.books.orders)
    @rule(which=WHICH, most=st.sampled_from((None, Decimal(20))))
    def pay_with_credit(self, which: int, most: Decimal | None) -> None:
        order = self._order(which)
        self.attempt(
            "credit",
            f"order {order.id} is paid with credit, {most} at most",
            lambda s: payments.pay_with_credit(s, as_customer(order), order_id=order.id, most=most),
        )

    @precondition(lambda self: self.books.orders)
    @rule(which=WHICH)
    def move_to_credit(self, which: int) -> None:
        order = self._order(which)
        self.attempt(
            "move",
            f"what is too much for order {order.id} becomes credit",
            lambda s: money_back.move_to_credit(s, OWNER, order_id=order.id),
        )

    @precondition(lambda self: self.books.orders)
    @rule(which=WHICH, part=PARTS, release=st.booleans(), reference=st.sampled_from(("R1", "R2")))
    def refund(self, which: int, part: str, release: bool, reference: str) -> None:
        order = self._order(which)
        amount = max(CENT, self._amount(order, part))
        notice = RefundNotice(amount, "cash", "lo pidió", reference, today(), release=release)
        self.attempt(
            "refund",
            f"{amount} of order {order.id} go back, access taken back: {release}",
            lambda s: money_back.refund(s, OWNER, order_id=order.id, notice=notice),
        )

    @precondition(lambda self: self.books.orders)
    @rule(which=WHICH, wish=st.sampled_from(WISHES))
    def cancel(self, which: int, wish: CancelWish) -> None:
        order = self._order(which)
        self.attempt(
            "cancel",
            f"order {order.id} is cancelled: {wish}",
            lambda s: money_back.cancel(s, OWNER, order_id=order.id, wish=wish),
        )

    @precondition(lambda self: self.books.orders)
    @rule(which=WHICH)
    def revive(self, which: int) -> None:
        order = self._order(which)
        self.attempt(
            "revive",
            f"order {order.id} is taken up again",
            lambda s: settlements.revive(s, OWNER, order_id=order.id),
        )

    @rule(who=WHICH)
    def give(self, who: int) -> None:
        customer = self.customer(who)
        self.attempt(
            "give",
            f"{customer.name} gets 50 from the shop",
            lambda s: credit.give(
                s, OWNER, customer_id=customer.id, amount=Decimal(50), reason="espera"
            ),
        )

    @rule(who=WHICH)
    def pay_out(self, who: int) -> None:
        customer = self.customer(who)
        notice = RefundNotice(Decimal(30), "cash", "lo pidió", "P", today())
        self.attempt(
            "pay_out",
            f"{customer.name} gets 30 of the credit in cash",
            lambda s: money_back.pay_out(s, OWNER, customer_id=customer.id, notice=notice),
        )

    @rule(ahead=st.sampled_from((timedelta(hours=2), timedelta(hours=25))))
    def time_passes(self, ahead: timedelta) -> None:
        """Unpaid orders end: those that nothing but credit has paid for as well."""
        self.begin("time")
        self.world.clock.move_to(self.world.clock.now() + ahead)
        self.world.job("orders")
        self.say("time passes")

    @rule(which=WHICH, status=st.sampled_from(("down", "active")))
    def stock_comes_and_goes(self, which: int, status: str) -> None:
        account = list(self.books.accounts.values())[which % len(self.books.accounts)]
        self.attempt(
            "stock",
            f"account {account.id} is {status}",
            lambda s: inventory.set_status(
                s, OWNER, account_id=account.id, status=status, reason="x"
            ),
        )

    def _order(self, which: int) -> Any:
        """The latest ones are where something happens."""
        found = list(self.books.orders.values())
        return found[-1 - which % len(found)]

    def _amount(self, order: Any, part: str) -> Decimal:
        left = remains(self.books, order.id)
        amounts = {
            "whole": order.total,
            "half": (order.total / 2).quantize(CENT),
            "rest": order.total - left,
            "over": order.total + 10,
        }
        return Decimal(amounts[part])

    def disagreements(self) -> Iterable[str]:
        yield from every_centavo_is_somewhere(self.books)
        yield from credit_is_what_was_put_and_taken(self.books)
        yield from access_was_paid_for(self.books)
        yield from coupons_are_counted(self.books)
        for found in self.world.ask(self._examine):
            if found.rule not in ANYTIME:
                yield f"the doctor: {found.rule} {found.said}"


def total(rows: Iterable[Any], **wanted: Any) -> Decimal:
    return sum(
        (r.amount for r in rows if all(getattr(r, key) == v for key, v in wanted.items())),
        Decimal(0),
    )


def moved(b: Books, order_id: int) -> Decimal:
    return sum(
        (e.amount for e in b.credit_entries.values() if e.order_id == order_id and e.amount > 0),
        Decimal(0),
    )


def remains(b: Books, order_id: int) -> Decimal:
    return (
        total(b.payments.values(), order_id=order_id)
        - total(b.refunds.values(), order_id=order_id)
        - moved(b, order_id)
    )


def every_centavo_is_somewhere(b: Books) -> Iterator[str]:
    """What came into the shop and stayed is with its orders and in its customers' credit."""
    kept = Decimal(0)
    for o in b.orders.values():
        left = remains(b, o.id)
        kept += left
        if left < 0:
            yield f"order {o.id} gave {-left} more than it received"
        if o.status == "pending_payment" and left >= o.total:
            yield f"order {o.id} has its money and waits for it"
    came = sum((p.amount for p in b.payments.values() if p.source != "credit"), Decimal(0))
    gifts = total(b.credit_entries.values(), cause="gift")
    owed = sum((c.credit for c in b.customers.values()), Decimal(0))
    if came + gifts - total(b.refunds.values()) != kept + owed:
        yield f"{came} came, {gifts} were given, {kept} are with orders and {owed} in credit"


def credit_is_what_was_put_and_taken(b: Books) -> Iterator[str]:
    for c in b.customers.values():
        entries = total(b.credit_entries.values(), customer_id=c.id)
        if c.credit != entries or c.credit < 0:
            yield f"{c.name} has {c.credit}, the entries say {entries}"
    used = {e.payment_id: -e.amount for e in b.credit_entries.values() if e.cause == "used"}
    paid = {p.id: p.amount for p in b.payments.values() if p.source == "credit"}
    if used != paid:
        yield f"credit paid {paid} and {used} was taken"


def access_was_paid_for(b: Books) -> Iterator[str]:
    """Once: what an order gives was received for it, and what left again has somebody's name."""
    given = Counter((a.order_item_id, a.unit_index) for a in b.assignments.values())
    if any(times > 1 for times in given.values()):
        yield f"a unit was served more than once: {given}"
    for o in b.orders.values():
        if o.status not in PAID:
            continue
        received = total(b.payments.values(), order_id=o.id)
        if received < o.total:
            yield f"order {o.id} is {o.status} for {received} of {o.total}"
        left = remains(b, o.id)
        by_name = any(r.order_id == o.id and r.actor_kind == "staff" for r in b.refunds.values())
        if left < o.total and not by_name:
            yield f"order {o.id} is {o.status} with {left} of {o.total} and nobody gave it back"
        if left > o.total and o.payment_status != "overpaid" and not by_name:
            yield f"order {o.id} has {left - o.total} too much and does not say so"
    for a in b.live:
        order = b.order_of(a)
        if order.status not in PAID:
            yield f"subscription {a.id} of {order.status} order {order.id} is live"


def coupons_are_counted(b: Books) -> Iterator[str]:
    for k in b.coupons.values():
        live = [u for u in b.coupon_uses.values() if u.coupon_id == k.id and not u.returned_at]
        each = Counter(u.customer_id for u in live)
        if k.uses != len(live) or (k.limit_total or 99) < len(live):
            yield f"coupon {k.code} counts {k.uses} uses, {len(live)} orders have it"
        if each and max(each.values()) > (k.limit_each or 99):
            yield f"coupon {k.code} was used {each} times by one customer"
    for u in b.coupon_uses.values():
        order = b.orders[u.order_id]
        if (order.status == "cancelled") == (u.returned_at is None):
            yield f"order {order.id} is {order.status} and its coupon was returned {u.returned_at}"
    for o in b.orders.values():
        lines = [i for i in b.order_items.values() if i.order_id == o.id]
        off = sum((i.discount for i in lines), Decimal(0))
        whole = sum((i.unit_price * i.quantity for i in lines), Decimal(0))
        if o.discount != off or o.total != whole - off:
            yield f"order {o.id} costs {o.total}, its lines {whole} less {off}"
