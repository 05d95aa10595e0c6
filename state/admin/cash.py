"""The cash report: by day, by where money came from, and a single day line by line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import reflex as rx

from domain import cash
from domain.cash import Bridge, Day, Movement, Place, Report, Span, Sums
from domain.texts import MONEY_CAUSES, PAYMENT_SOURCES
from infra.clock import today
from infra.database import reading
from state import asked, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told

PATH = "/admin/pagos/caja"
KINDS = {"payment": "Pago", "refund": "Devolución", "credit": "A saldo a favor"}


@dataclass(frozen=True)
class SumsRow:
    """`name` is a day or a place, `address` that of a day's own page; empty is zero."""

    name: str = ""
    address: str = ""
    received: str = ""
    refunded: str = ""
    net: str = ""
    credit_given: str = ""
    credit_used: str = ""


@dataclass(frozen=True)
class MovementRow:
    title: str
    detail: str
    order: int
    amount: str


@dataclass(frozen=True)
class BridgeRow:
    said: str
    amount: str


@dataclass(frozen=True)
class CashView:
    """`address` names the span on screen, as the address of a named one does.

    `bridge` leads from what was sold to the net, and is empty where both are the same.
    """

    address: str = ""
    since: str = ""
    until: str = ""
    title: str = ""
    total: SumsRow = SumsRow()
    days: tuple[SumsRow, ...] = ()
    places: tuple[SumsRow, ...] = ()
    movements: tuple[MovementRow, ...] = ()
    cut: bool = False
    spans: tuple[SumsRow, ...] = ()
    bridge: tuple[BridgeRow, ...] = ()
    loaded: bool = False


class CashReport(Outcomes, rx.State):
    view: CashView = CashView()

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            span = Span.of(asked.query(self))
            async with reading() as session:
                found = await cash.report(session, actor(), span)
                bridge = await cash.bridge(session, actor(), found)
            self.view = _view(found, bridge)


def _view(found: Report, bridge: Bridge) -> CashView:
    span = found.span
    one_day = span.since == span.until
    return CashView(
        address=asked.address(PATH, span.said()),
        since=span.since.isoformat(),
        until=span.until.isoformat(),
        title=views.day(span.since)
        if one_day
        else f"Del {views.day(span.since)} al {views.day(span.until)}",
        total=_sums("Total", found.total),
        days=() if one_day else tuple(_day(day) for day in found.days),
        places=tuple(_place(place) for place in found.places),
        movements=tuple(_movement(one) for one in found.movements),
        cut=len(found.movements) == cash.MOST_LINES,
        spans=_spans(),
        bridge=_bridge(bridge),
        loaded=True,
    )


def _bridge(one: Bridge) -> tuple[BridgeRow, ...]:
    """What is nothing is not said; where nothing differs there is nothing to say."""
    between = (
        ("Devoluciones de ventas", one.returned),
        ("Pagado con saldo a favor: ese dinero ya había entrado o fue un regalo", one.by_credit),
        ("Devoluciones que no eran de una venta: pagos de más, cancelados o saldo", one.no_sale),
        ("Pagos de pedidos vendidos otro día, anticipos y pagos de más", one.other_days),
    )
    rows = tuple(BridgeRow(said, views.signed(amount)) for said, amount in between if amount)
    if one.sold == one.net and not rows:
        return ()
    sold = BridgeRow("Vendido: pedidos completos, el día en que quedaron pagados", _whole(one.sold))
    return (sold, *rows, BridgeRow("Neto en caja", _whole(one.net)))


def _whole(amount: Decimal) -> str:
    return views.signed(amount) if amount < 0 else views.pesos(amount)


def _sums(name: str, sums: Sums, address: str = "") -> SumsRow:
    shown = (sums.received, sums.refunded, sums.net, sums.credit_given, sums.credit_used)
    return SumsRow(name, address, *(views.pesos(amount) if amount else "—" for amount in shown))


def _day(day: Day) -> SumsRow:
    return _sums(views.day(day.day), day, asked.address(PATH, Span(day.day, day.day).said()))


def _place(place: Place) -> SumsRow:
    source = PAYMENT_SOURCES.get(place.source) or f"Devolución {_how(place.source)}"
    bank = f" · {place.bank}" if place.bank else ""
    return _sums(f"{source}{bank} ({place.times})", place)


def _how(method: str) -> str:
    return MONEY_CAUSES[method].lower()


def _movement(one: Movement) -> MovementRow:
    how = PAYMENT_SOURCES.get(one.source) or MONEY_CAUSES[one.source]
    known = (one.customer_name, one.bank, one.reference and f"Referencia {one.reference}")
    return MovementRow(
        title=f"{KINDS[one.kind]} · {how}",
        detail=" · ".join(filter(None, known)),
        order=one.order_id or 0,
        amount=views.signed(one.amount),
    )


def _spans() -> tuple[SumsRow, ...]:
    """The spans people ask for, by name."""
    day = today()
    month = day.replace(day=1)
    before = month - timedelta(days=1)
    named = (
        ("Hoy", Span(day, day)),
        ("Ayer", Span(day - timedelta(days=1), day - timedelta(days=1))),
        ("Este mes", Span(month, day)),
        ("Mes pasado", Span(before.replace(day=1), before)),
    )
    return tuple(SumsRow(name, asked.address(PATH, span.said())) for name, span in named)
