"""Agreeing to the order: what, how much, how it is delivered and under which terms."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import carts, checkout, coupons, customers
from domain.carts import CartLine
from domain.customers import PREFERENCES
from domain.errors import Conflict, InvalidInput
from domain.orders import OrderPlaced
from domain.texts import REFUSALS
from infra.database import DatabaseDownError, reading, unit_of_work
from infra.settings import settings
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told
from state.storefront import card
from state.storefront.checkout_offer import NOTHING, OfferView, offer

# The field may be two screens above the button; it is drawn as wrong in the next frame.
TO_WHAT_IS_WRONG = """requestAnimationFrame(() => requestAnimationFrame(() => {
  const wrong = document.querySelector("main [aria-invalid=true]");
  wrong?.focus({ preventScroll: true });
  wrong?.scrollIntoView({ block: "center" });
}))"""


@dataclass(frozen=True)
class OrderLine:
    name: str
    initials: str
    tone: str
    detail: str
    total: str


@dataclass(frozen=True)
class ServiceTerms:
    name: str
    lines: tuple[str, ...]


class Checkout(Outcomes, rx.State):
    """`refused` names why the order was not placed, so that the page says what to do next.

    `known` is the preference the page came with, `preference` the one chosen on it.
    """

    lines: list[OrderLine] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    terms: list[ServiceTerms] = []  # noqa: RUF012
    money: OfferView = OfferView()
    hold_hours: int = 0
    email: str = ""
    preference: str = "whatsapp"
    known: str = "whatsapp"
    refused: str = ""
    busy: bool = False
    ready: bool = False
    failed: bool = False

    _agreed_total: Decimal = NOTHING
    _credit: Decimal = NOTHING
    _using: Decimal = NOTHING
    _coupon: str = ""

    @rx.event
    @allow(Gate.CUSTOMER)
    async def load(self) -> None:
        self.failed, self.busy, self.refused = True, False, ""
        self._coupon, self._using = "", NOTHING
        async with told(self):
            async with reading() as session:
                profile = await customers.profile(session, actor())
            self._credit = profile.credit
            await self._look()
            self.email, self.hold_hours = profile.email, settings().hold_hours
            self.preference = self.known = profile.delivery_preference
            self.failed = False
        self.ready = True

    @rx.event
    @allow(Gate.CUSTOMER)
    async def prefer(self, preference: str) -> None:
        async with told(self):
            self.preference = forms.choice(preference, "delivery_preference", PREFERENCES)

    @rx.event
    @allow(Gate.CUSTOMER)
    async def use_coupon(self, form: dict[str, Any]) -> None:
        """An empty field takes the coupon away again; a wrong code leaves the one that counts."""
        async with told(self):
            said = forms.text(forms.fields(form).get("coupon"), "coupon", longest=40)
            async with reading() as session:
                self._coupon = (
                    (await coupons.quote(session, actor(), code=said)).code if said else ""
                )
        self._say_it_once()
        await self._look()

    @rx.event
    @allow(Gate.CUSTOMER)
    async def use_credit(self, wanted: bool) -> None:
        """All of it that the order takes, until another amount is written."""
        self._using = self._credit if forms.flag(wanted) else NOTHING
        async with told(self):
            await self._look()

    @rx.event
    @allow(Gate.CUSTOMER)
    async def spend(self, amount: str) -> None:
        async with told(self):
            self._using = self._usable(amount)
            await self._look()
        self._say_it_once()

    @rx.event
    @allow(Gate.CUSTOMER)
    async def place(self, form: dict[str, Any]) -> AsyncGenerator[EventSpec | None]:
        self.busy, self.refused = True, ""
        yield None
        try:
            async with told(self):
                said = forms.fields(form)
                placed = await self._place(said)
                yield rx.redirect(await _where_to(placed, by_card=said.get("pay_by") == "card"))
        except Exception:
            self.busy = False
            yield None  # whatever broke, the button works again
            raise
        if self.refused:
            with suppress(DatabaseDownError):  # the refusal stands, whatever the new look brings
                await self._look()
        self.busy = False
        if self.errors:
            yield rx.call_script(TO_WHAT_IS_WRONG)

    async def _place(self, form: dict[str, object]) -> OrderPlaced:
        chosen = forms.choice(form.get("delivery_preference"), "delivery_preference", PREFERENCES)
        self.preference = chosen
        email = forms.text(form.get("email"), "email", longest=customers.LONGEST_EMAIL)
        _check(chosen, email, agreed=forms.flag(form.get("terms")))
        if self._using and "use_credit" in form:
            self._using = self._usable(form["use_credit"])
        try:
            async with unit_of_work() as session:
                await _remember(session, chosen, email)
                return await checkout.check_out(
                    session,
                    actor(),
                    delivery_preference=chosen,
                    seen_total=self._agreed_total,
                    coupon=self._coupon,
                    use_credit=self._using or None,
                )
        except Conflict as refusal:
            self.refused = refusal.code
            raise
        except InvalidInput as refusal:
            if "coupon" in refusal.fields:  # somebody had the last one: the total is another
                self.refused = "coupon"
            raise

    def _usable(self, amount: object) -> Decimal:
        """So much of the credit, if there is as much and the order takes it."""
        wanted, most = forms.money(amount, "use_credit"), min(self._credit, self._agreed_total)
        if wanted > most:
            said = REFUSALS["credit_most"].format(most=views.pesos(most))
            raise InvalidInput({"use_credit": said})
        return wanted

    def _say_it_once(self) -> None:
        """What stands beside its field is not said again where the order is confirmed."""
        if self.errors:
            self.notice = ""

    async def _look(self) -> None:
        """The cart, coupon and credit as they are now; a coupon that no longer counts is gone."""
        off = NOTHING
        async with reading() as session:
            cart = await carts.contents(session, actor())
            self._credit = (await customers.profile(session, actor())).credit
            if self._coupon:
                try:
                    off = (await coupons.quote(session, actor(), code=self._coupon)).discount
                except InvalidInput as refusal:
                    self._coupon, self.errors = "", self.errors | refusal.fields
        self.lines = [_line(line) for line in cart.items]
        self.terms = _terms(cart.items)
        self._agreed_total = cart.total - off
        self._using = min(self._using, self._credit, self._agreed_total)
        self.money = offer(
            cart.total,
            coupon=self._coupon,
            discount=off,
            credit=self._credit,
            using=self._using,
        )


async def _where_to(placed: OrderPlaced, *, by_card: bool) -> str:
    """The order is placed, whatever becomes of paying it."""
    if not by_card:
        return f"/pedido/{placed.id}"
    try:
        return await card.way_to_pay(placed.id)
    except (Conflict, DatabaseDownError) as refusal:
        paid = isinstance(refusal, Conflict) and refusal.code == "order_state"
        return f"/pedido/{placed.id}" + ("" if paid else "?tarjeta=cerrada")


def _check(chosen: str, email: str, *, agreed: bool) -> None:
    """Everything that is missing, at once. Without the tick under the terms there is no order."""
    missing = {} if agreed else {"terms": "terms_required"}
    if chosen == "email" and not email:
        missing["email"] = "email_required"
    if missing:
        raise InvalidInput(missing)


async def _remember(session: AsyncSession, preference: str, email: str) -> None:
    """The e-mail asked for here is the customer's; so is the choice, for the next order."""
    known = await customers.profile(session, actor())
    email = email or known.email
    if (email, preference) != (known.email, known.delivery_preference):
        await customers.update_profile(
            session, actor(), name=known.name, email=email, delivery_preference=preference
        )


def _line(line: CartLine) -> OrderLine:
    each = f"{line.quantity} × {views.pesos(line.unit_price)}"
    return OrderLine(
        name=line.service_name,
        initials=views.initials(line.service_name),
        tone=views.tone(line.service_slug, line.service_color),
        detail=line.plan_name if line.quantity == 1 else f"{line.plan_name} · {each}",
        total=views.pesos(line.line_total),
    )


def _terms(lines: tuple[CartLine, ...]) -> list[ServiceTerms]:
    """Once per service, however many of its plans are bought."""
    said = {line.service_name: line.terms for line in lines if line.terms.strip()}
    return [
        ServiceTerms(name, tuple(t.strip() for t in terms.splitlines() if t.strip()))
        for name, terms in said.items()
    ]
