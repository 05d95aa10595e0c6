"""What customers do, from their phones."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import carts, claims, credentials, order_endings, orders, renewals, restocks
from domain.actors import Actor
from domain.texts import CLAIM_KINDS
from tests.life.counter import Counter
from tests.life.story import WHICH, Story


def as_customer(row: Any) -> Actor:
    return Actor(kind="customer", id=row.id if hasattr(row, "phone") else row.customer_id)


class Customers(Counter):
    @initialize(
        sales=st.lists(
            st.tuples(WHICH, WHICH, st.integers(1, 2), st.booleans()), min_size=2, max_size=6
        )
    )
    def opening_day(self, sales: list[tuple[int, int, int, bool]]) -> None:
        """A shop without customers has no stories."""
        for who, what, quantity, paid in sales:
            placed = self.order(who, [(what, quantity)])
            self.everything_agrees()
            if placed is not None and paid:
                self.receive(placed.id, placed.total, "")
                self.everything_agrees()

    @rule(who=WHICH, lines=st.lists(st.tuples(WHICH, st.integers(1, 3)), min_size=1, max_size=2))
    def place(self, who: int, lines: list[tuple[int, int]]) -> None:
        self.order(who, lines)

    @rule(who=WHICH, what=WHICH, quantity=st.sampled_from((1, 1, 1, 2)))
    def place_and_pay(self, who: int, what: int, quantity: int) -> None:
        """The way most orders go."""
        placed = self.order(who, [(what, quantity)])
        self.everything_agrees()
        if placed is not None:
            self.receive(placed.id, placed.total, "")

    def order(self, who: int, lines: list[tuple[int, int]]) -> orders.OrderPlaced | None:
        customer, wanted = self.customer(who), [(self.plan(p), n) for p, n in lines]
        actor = as_customer(customer)

        async def place(session: AsyncSession) -> orders.OrderPlaced:
            await carts.empty(session, actor)
            for plan, quantity in wanted:
                await carts.add(session, actor, plan_id=plan.id, quantity=quantity)
            return await orders.place(session, actor)

        said = ", ".join(f"{n} × plan {plan.id}" for plan, n in wanted)
        return self.attempt("place", f"{customer.name} orders {said}", place)

    @precondition(lambda self: self.unpaid)
    @rule(which=WHICH)
    def cancel_own(self, which: int) -> None:
        order = self.unpaid[which % len(self.unpaid)]
        self.attempt(
            "cancel",
            f"the customer cancels order {order.id}",
            lambda s: order_endings.cancel(
                s, as_customer(order), order_id=order.id, reason="ya no"
            ),
        )

    @precondition(lambda self: self.books.live)
    @rule(which=WHICH, what=WHICH)
    def renew(self, which: int, what: int) -> None:
        held = self.books.live[which % len(self.books.live)]
        plans = [p for p in self.books.plans.values() if self.fits(held, p)]
        plan = plans[what % len(plans)]
        self.attempt(
            "renew",
            f"the holder of subscription {held.id} renews it with plan {plan.id}",
            lambda s: renewals.place(s, as_customer(held), assignment_id=held.id, plan_id=plan.id),
        )

    def fits(self, held: Any, plan: Any) -> bool:
        item = self.books.item_of(held)
        return (plan.service_id, plan.capacity) == (item.service_id, item.capacity)

    @precondition(lambda self: self.books.live)
    @rule(which=WHICH, kind=st.sampled_from(sorted(CLAIM_KINDS)))
    def report(self, which: int, kind: str) -> None:
        held = self.books.live[which % len(self.books.live)]
        self.attempt(
            "report",
            f"the holder of subscription {held.id} reports {kind}",
            lambda s: claims.report(s, as_customer(held), assignment_id=held.id, kind=kind),
        )

    @precondition(lambda self: self.books.live)
    @rule(which=WHICH)
    def look_at_the_password(self, which: int) -> None:
        held = self.books.live[which % len(self.books.live)]

        async def reveal(session: AsyncSession) -> str:
            seen = await credentials.reveal(session, as_customer(held), assignment_id=held.id)
            return f"version {seen.version}"

        self.attempt("reveal", f"the holder of subscription {held.id} looks at it", reveal)

    @rule(who=WHICH, what=WHICH)
    def ask_for_a_plan(self, who: int, what: int) -> None:
        customer, plan = self.customer(who), self.plan(what)
        self.attempt(
            "ask",
            f"{customer.name} wants to hear when plan {plan.id} is back",
            lambda s: restocks.ask(s, as_customer(customer), plan_id=plan.id),
        )


__all__ = ["Customers", "Story"]
