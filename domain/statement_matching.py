"""Which order a movement pays: said only when two things agree, else offered with the reasons.

A wrong match gives a stranger's order away; a doubtful one costs an operator a look. So an order
that is named (reference, number, tracking key) and lacks exactly this amount is sure, and so is
the only order of a payer who has paid for that customer before. An amount alone proves nothing.
What was decided counts for the movements that follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from decimal import Decimal

from domain.payments import reference_of
from domain.statement_clues import Clues, clues
from domain.statement_facts import Candidate, OrderFacts, PaymentFacts, Picture, Verdict
from domain.statement_movements import Movement
from models.statements import LineResult

SAME_TRANSFER = timedelta(days=3)
SAME_MOVEMENT = timedelta(days=1)
MOST_CANDIDATES = 5
MOST_TIMES = 3  # what is more than this often the price is looked at by a person
WORDS = frozenset({"reference", "reference_mended", "number", "number_mended"})
WRITTEN = frozenset({"reference", "number", "receipt"})


class Matching:
    """Decides movement by movement, over one picture, for one statement."""

    def __init__(self, picture: Picture, statement: int = 0) -> None:
        self._orders, self._statement = picture.orders, statement
        self._receipts, self._payers = picture.receipts, picture.payers
        self._by_reference: dict[str, list[int]] = {}
        self._payments: dict[int, list[PaymentFacts]] = {}
        self._keys: dict[str, PaymentFacts] = {}
        self._open: dict[Decimal, dict[int, None]] = {}
        self._of_customer: dict[int, list[int]] = {}
        for payment in picture.payments:
            self._keep(payment)
        for order in picture.orders.values():
            self._by_reference.setdefault(reference_of(order.id), []).append(order.id)
            self._of_customer.setdefault(order.customer_id, []).append(order.id)
            if order.waits:
                self._open.setdefault(order.missing, {})[order.id] = None

    def decide(self, movement: Movement) -> Verdict:
        if movement.amount <= 0:
            return Verdict(LineResult.IGNORED, why=("charge",))
        said = clues(movement)
        verdict = self._decide(movement, said)
        if verdict.sure:
            self._remember(movement, verdict)
        return verdict

    def _decide(self, movement: Movement, said: Clues) -> Verdict:
        known = next((self._keys[key] for key in sorted(said.keys) if key in self._keys), None)
        if known is not None:
            return self._by_key(movement, known)
        named = self._named(said)
        if len(named) > 1:
            named = self._settle(named, movement)
        if len(named) == 1:
            [(order_id, why)] = named.items()
            return self._for_named(movement, said, self._orders[order_id], why)
        if named:
            return self._doubt(movement, said, named, "several_named")
        return self._for_unnamed(movement, said)

    def _by_key(self, movement: Movement, known: PaymentFacts) -> Verdict:
        """A tracking key names one transfer: its money is on record, whoever recorded it."""
        if known.amount != movement.amount:
            candidate = Candidate(known.order_id, ("tracking_key",))
            return Verdict(LineResult.AMBIGUOUS, why=("key_other_amount",), candidates=(candidate,))
        return Verdict(
            LineResult.RECORDED,
            sure=True,
            order_id=known.order_id,
            payment_id=known.id,
            why=("tracking_key",),
        )

    def _named(self, said: Clues) -> dict[int, set[str]]:
        """The orders that the words or a receipt name, and how."""
        named: dict[int, set[str]] = {}
        for reference, written in said.references.items():
            for order_id in self._by_reference.get(reference, ()):
                named.setdefault(order_id, set()).add(
                    "reference" if written else "reference_mended"
                )
        for number, written in said.numbers.items():
            if number in self._orders:
                named.setdefault(number, set()).add("number" if written else "number_mended")
        for key in said.keys:
            for order_id in self._receipts.get(key, ()):
                named.setdefault(order_id, set()).add("receipt")
        return named

    def _settle(self, named: dict[int, set[str]], movement: Movement) -> dict[int, set[str]]:
        """Of several, the one that fits to the centavo, if what names the others had to be mended.

        Banks put numbers of their own beside the payer's: some look like a reference.
        """
        fitting = {
            order_id: why
            for order_id, why in named.items()
            if self._orders[order_id].waits
            and self._orders[order_id].missing == movement.amount
            and why & WRITTEN
        }
        others = [why for order_id, why in named.items() if order_id not in fitting]
        if len(fitting) == 1 and not any(why & WRITTEN for why in others):
            return fitting
        return named

    def _for_named(
        self, movement: Movement, said: Clues, order: OrderFacts, why: set[str]
    ) -> Verdict:
        noted = self._on_record(order, movement)
        if noted is not None:
            return Verdict(
                LineResult.RECORDED,
                sure=True,
                order_id=order.id,
                payment_id=noted.id,
                why=(*sorted(why), "on_record"),
            )
        if order.waits and movement.booked_on < order.placed_on:
            return self._doubt(movement, said, {order.id: why}, "before_order")
        if order.waits and order.missing == movement.amount:
            return self._sure(LineResult.MATCHED, order, {*why, "amount"})
        against = self._against(movement, said, order, why)
        if against:
            return self._doubt(movement, said, {order.id: why}, against)
        if order.waits:
            less = movement.amount < order.missing
            return self._sure(LineResult.PARTIAL if less else LineResult.OVER, order, why)
        result = LineResult.LATE if order.status == "cancelled" else LineResult.DUPLICATE
        return self._sure(result, order, {*why, "amount"})

    def _against(self, movement: Movement, said: Clues, order: OrderFacts, why: set[str]) -> str:
        """What speaks against an order that is named but does not wait for exactly this amount."""
        exact = [self._orders[i] for i in self._open.get(movement.amount, ()) if i != order.id]
        theirs = {order.customer_id, *self._payers.get(said.payer, ())}
        names = said.payer not in {"", order.customer_key}
        if any(
            other.customer_id in theirs or (names and other.customer_key == said.payer)
            for other in exact
        ):
            return "other_order_fits"  # a saved concept of last month, or another's number
        if order.waits:
            return _against_another_amount(movement, order, why, exact)
        if order.status == "pending":
            return "draft"
        if order.status == "cancelled":
            return "" if why & WORDS and order.missing == movement.amount else "late_unsure"
        return self._against_a_second(movement, order, why)

    def _against_a_second(self, movement: Movement, order: OrderFacts, why: set[str]) -> str:
        """Who pays what is paid pays the same once more."""
        paid = self._payments.get(order.id, [])
        if not why & WRITTEN or movement.amount not in {order.total, *(p.amount for p in paid)}:
            return "paid_already"
        if any(self._same_movement(payment, movement) for payment in paid):
            return "in_other_statement"
        return ""

    def _same_movement(self, payment: PaymentFacts, movement: Movement) -> bool:
        """Another file of the same account may bring the same deposit in other words."""
        return (
            payment.statement not in (None, self._statement)
            and payment.amount == movement.amount
            and abs(payment.paid_on - movement.booked_on) <= SAME_MOVEMENT
        )

    def _for_unnamed(self, movement: Movement, said: Clues) -> Verdict:
        """Nobody names an order: the payer may be known, or an amount may suggest one."""
        if said.no_sale:
            return Verdict(LineResult.IGNORED, why=("no_sale",))
        exact = [
            self._orders[order_id]
            for order_id in self._open.get(movement.amount, ())
            if movement.booked_on >= self._orders[order_id].placed_on
        ]
        customers = self._payers.get(said.payer, set()) if said.payer else set[int]()
        theirs = [order for order in exact if order.customer_id in customers]
        noted = self._noted_of(customers, movement)
        names_another = bool(said.numbers)  # a reference of no order is some bank's filling
        if len(customers) == 1 and len(theirs) + len(noted) == 1 and not names_another:
            if theirs:
                return self._sure(LineResult.MATCHED, theirs[0], {"payer", "amount"})
            return Verdict(
                LineResult.RECORDED,
                sure=True,
                order_id=noted[0].order_id,
                payment_id=noted[0].id,
                why=("payer", "on_record"),
            )
        backed = [
            order
            for order in exact
            if order.id in said.bare
            and (order.customer_id in customers or order.customer_key == said.payer != "")
        ]
        if len(backed) == 1 and len(theirs) <= 1 and not names_another:
            return self._sure(LineResult.MATCHED, backed[0], {"bare_number", "payer", "amount"})
        hints = {number: {"bare_number"} for number in said.bare if number in self._orders}
        return self._doubt(movement, said, hints, "amount_only" if exact else "")

    def _noted_of(self, customers: set[int], movement: Movement) -> list[PaymentFacts]:
        found = (
            self._on_record(self._orders[order_id], movement)
            for customer in customers
            for order_id in self._of_customer.get(customer, ())
        )
        return [payment for payment in found if payment is not None]

    def _on_record(self, order: OrderFacts, movement: Movement) -> PaymentFacts | None:
        """A payment of this order that may be this very transfer, and no movement has claimed."""
        fitting = [
            payment
            for payment in self._payments.get(order.id, ())
            if payment.statement is None
            and payment.amount == movement.amount
            and abs(payment.paid_on - movement.booked_on) <= SAME_TRANSFER
            and not (payment.tracking_key and movement.tracking_key)  # those differ, or were found
        ]
        return min(
            fitting, key=lambda payment: abs(payment.paid_on - movement.booked_on), default=None
        )

    def _sure(self, result: LineResult, order: OrderFacts, why: Iterable[str]) -> Verdict:
        return Verdict(result, sure=True, order_id=order.id, why=tuple(sorted(why)))

    def _doubt(
        self, movement: Movement, said: Clues, hints: dict[int, set[str]], reason: str
    ) -> Verdict:
        """Everything that may be meant, the best reasons first; nothing at all is no match."""
        found = {order_id: set(why) for order_id, why in hints.items()}
        customers = self._payers.get(said.payer, set()) if said.payer else set[int]()
        for order_id in self._open.get(movement.amount, ()):
            order = self._orders[order_id]
            why = found.setdefault(order_id, set())
            why.add("amount")
            if order.customer_id in customers:
                why.add("payer")
            elif said.payer and order.customer_key == said.payer:
                why.add("name")
        ranked = sorted(found.items(), key=lambda one: (-_weight(one[1]), -one[0]))
        candidates = tuple(
            Candidate(order_id, tuple(sorted(why))) for order_id, why in ranked[:MOST_CANDIDATES]
        )
        if not candidates:
            return Verdict(LineResult.NO_MATCH, why=("unknown_order",) if said.numbers else ())
        return Verdict(LineResult.AMBIGUOUS, why=(reason,) if reason else (), candidates=candidates)

    def _keep(self, payment: PaymentFacts) -> None:
        self._payments.setdefault(payment.order_id, []).append(payment)
        if payment.tracking_key:
            self._keys[payment.tracking_key] = payment

    def _remember(self, movement: Movement, verdict: Verdict) -> None:
        """A sure movement counts for those after it: the second of two equal ones is a second."""
        assert verdict.order_id is not None  # noqa: S101  # sure of an order
        order = self._orders.get(verdict.order_id)
        if verdict.result is LineResult.RECORDED:
            for payment in self._payments.get(verdict.order_id, ()):
                if payment.id == verdict.payment_id:
                    payment.statement = self._statement
            return
        if order is None:
            return
        self._keep(
            PaymentFacts(
                None,
                order.id,
                movement.amount,
                movement.booked_on,
                movement.tracking_key,
                self._statement,
            )
        )
        if order.waits:
            del self._open[order.missing][order.id]
        order.received += movement.amount
        if order.status in {"pending_payment", "cancelled"} and order.missing <= 0:
            order.status = "paid"
        if order.waits:
            self._open.setdefault(order.missing, {})[order.id] = None


def match(movements: Sequence[Movement], picture: Picture, statement: int = 0) -> list[Verdict]:
    """A verdict for each movement, decided in the order of the days they were booked on."""
    matching = Matching(picture, statement)
    order = sorted(range(len(movements)), key=lambda i: (movements[i].booked_on, i))
    verdicts: dict[int, Verdict] = {i: matching.decide(movements[i]) for i in order}
    return [verdicts[i] for i in range(len(movements))]


_WEIGHTS = {"reference": 8, "number": 8, "receipt": 8, "amount": 4, "payer": 4}


def _weight(why: set[str]) -> int:
    return sum(_WEIGHTS.get(code, 2) for code in why)


def _against_another_amount(
    movement: Movement, order: OrderFacts, why: set[str], exact: Sequence[OrderFacts]
) -> str:
    """Part of the price, or more than it, is sure only of an order that is plainly named.

    A slip of the finger makes another number; in a reference the check digit would tell.
    """
    if not why & WRITTEN:
        return "mended_other_amount"
    if "reference" not in why and any(_near(order.id, other.id) for other in exact):
        return "near_number_fits"
    return "much_more" if movement.amount > MOST_TIMES * order.missing else ""


def _near(one: int, other: int) -> bool:
    """One digit typed wrong, or two of them in each other's place."""
    a, b = str(one), str(other)
    if len(a) != len(b):
        return a.startswith(b) or b.startswith(a)
    wrong = [i for i in range(len(a)) if a[i] != b[i]]
    if len(wrong) == 1:
        return True
    return len(wrong) == 2 and [a[i] for i in wrong] == [b[i] for i in reversed(wrong)]  # noqa: PLR2004
