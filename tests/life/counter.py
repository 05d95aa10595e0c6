"""What happens at the counter: money comes in, orders end, access is renewed, moved, taken back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from domain import (
    claims,
    expirations,
    order_endings,
    payments,
    reminders,
    replacements,
    subscriptions,
)
from infra.clock import today
from tests.life.story import OWNER, WHICH, Story

CENT = Decimal("0.01")


class Counter(Story):
    @property
    def unpaid(self) -> list[Any]:
        return [o for o in self.books.orders.values() if o.status == "pending_payment"]

    @property
    def cancellable(self) -> list[Any]:
        return [
            o for o in self.books.orders.values() if o.status in {"pending_payment", "processing"}
        ]

    @precondition(lambda self: self.unpaid)
    @rule(which=WHICH, part=st.sampled_from(("whole", "whole", "half", "rest", "over")))
    def pay(self, which: int, part: str) -> None:
        """Half and the rest are two transfers, so they carry references of their own."""
        order = self.unpaid[which % len(self.unpaid)]
        self.receive(order.id, self._amount(order, part), "" if part == "whole" else part)

    @precondition(lambda self: self.books.orders)
    @rule(
        which=WHICH,
        part=st.sampled_from(("whole", "half", "rest")),
        reference=st.sampled_from(("", "OTRA", "OTRA MÁS")),
    )
    def pay_whatever_its_state(self, which: int, part: str, reference: str) -> None:
        """Twice, late, or for an order that was cancelled."""
        order = list(self.books.orders.values())[-1 - which % len(self.books.orders)]
        self.receive(order.id, self._amount(order, part), reference)

    def _amount(self, order: Any, part: str) -> Decimal:
        got = sum(p.amount for p in self.books.payments.values() if p.order_id == order.id)
        amounts = {
            "whole": order.total,
            "half": (order.total / 2).quantize(CENT),
            "rest": max(order.total - got, CENT),
            "over": order.total + 10,
        }
        return Decimal(amounts[part])

    def receive(self, order_id: int, amount: Decimal, reference: str) -> None:
        notice = payments.PaymentNotice(amount=amount, paid_on=today(), reference=reference)
        self.attempt(
            "pay",
            f"{amount} arrive for order {order_id}, reference «{reference}»",
            lambda s: payments.confirm_payment(s, OWNER, order_id=order_id, notice=notice),
        )

    @precondition(lambda self: self.cancellable)
    @rule(which=WHICH)
    def cancel(self, which: int) -> None:
        order = self.cancellable[which % len(self.cancellable)]
        self.attempt(
            "cancel",
            f"the operator cancels {order.status} order {order.id}",
            lambda s: order_endings.cancel(s, OWNER, order_id=order.id, reason="se arrepintió"),
        )

    @precondition(lambda self: self.books.live)
    @rule(which=WHICH, reference=st.sampled_from((None, "EFECTIVO")))
    def renew_at_the_counter(self, which: int, reference: str | None) -> None:
        held = self.books.live[which % len(self.books.live)]
        self.attempt(
            "renew",
            f"subscription {held.id} is renewed at the counter, reference {reference}",
            lambda s: expirations.renew(
                s, OWNER, assignment_id=held.id, seen_end=held.ends_on, reference=reference
            ),
        )

    @precondition(lambda self: self.books.live)
    @rule(which=WHICH)
    def replace(self, which: int) -> None:
        held = self.books.live[which % len(self.books.live)]
        claim = next((c for c in self.books.open("claims") if c.assignment_id == held.id), None)
        self.attempt(
            "replace",
            f"subscription {held.id} gets another access",
            lambda s: replacements.replace(
                s, OWNER, assignment_id=held.id, claim_id=claim.id if claim else None
            ),
        )

    @precondition(lambda self: any(c.status == "down" for c in self.books.accounts.values()))
    @rule(which=WHICH)
    def swap_the_holders_of_a_dead_account(self, which: int) -> None:
        account = self.pick((c for c in self.books.accounts.values() if c.status == "down"), which)
        assert account is not None
        for holder in self.world.look(
            lambda s: replacements.holders_of(s, OWNER, account_id=account.id)
        ):
            self.attempt(
                "replace",
                f"subscription {holder.assignment_id} leaves dead account {account.id}",
                lambda s, h=holder: replacements.replace(
                    s, OWNER, assignment_id=h.assignment_id, from_account=account.id
                ),
            )
            self.everything_agrees()

    @precondition(lambda self: self.books.open("claims"))
    @rule(which=WHICH, status=st.sampled_from(("solved", "rejected")))
    def answer_a_claim(self, which: int, status: str) -> None:
        claim = self.pick(self.books.open("claims"), which)
        assert claim is not None
        self.attempt(
            "close_claim",
            f"claim {claim.id} is {status}",
            lambda s: claims.close(s, OWNER, claim_id=claim.id, status=status, answer="listo"),
        )

    @precondition(lambda self: self.books.live)
    @rule(which=WHICH)
    def take_access_back(self, which: int) -> None:
        lapsed = [a for a in self.books.live if a.ends_on < self.books.today]
        held = self.pick(lapsed or self.books.live, which)
        assert held is not None
        self.attempt(
            "release",
            f"the operator takes subscription {held.id} back",
            lambda s: subscriptions.release(s, OWNER, assignment_id=held.id),
        )

    @precondition(lambda self: self.books.live)
    @rule(which=WHICH)
    def remind(self, which: int) -> None:
        held = self.books.live[which % len(self.books.live)]
        self.attempt(
            "remind",
            f"the holder of subscription {held.id} is reminded",
            lambda s: reminders.remind(s, OWNER, assignment_id=held.id),
        )
