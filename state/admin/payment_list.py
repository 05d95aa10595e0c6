"""Every payment on record: filters, a search and a page of it, all in the address."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from domain import payment_pages
from domain.payment_pages import PAGE, Filters, PaymentLine
from domain.texts import PAYMENT_KINDS, PAYMENT_SOURCES
from infra.database import reading
from state import asked, views
from state.access import Gate, actor, allow
from state.asked import Place
from state.outcomes import Outcomes, told

PATH = "/admin/pagos/lista"
SOURCES = tuple(PAYMENT_SOURCES.items())
KINDS = tuple(PAYMENT_KINDS.items())
TONES = {
    "full": "success",
    "partial": "warning",
    "over": "info",
    "late": "warning",
    "duplicate": "error",
}


@dataclass(frozen=True)
class PaymentRow:
    """`loose` is what its order has without a destination."""

    id: int
    order: int
    who: str
    amount: str
    kind: str
    tone: str
    source: str
    written: str
    day: str
    loose: str


@dataclass(frozen=True)
class PaymentListView:
    """`key` changes when the filters must be drawn anew."""

    rows: tuple[PaymentRow, ...] = ()
    since: str = ""
    until: str = ""
    source: str = ""
    kind: str = ""
    bank: str = ""
    amount: str = ""
    loose: bool = False
    q: str = ""
    any: bool = False
    more: bool = False
    key: str = ""
    newer: str = ""
    older: str = ""
    loaded: bool = False


class PaymentList(Outcomes, rx.State):
    view: PaymentListView = PaymentListView()

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            filters, place = Filters.of(asked.query(self)), Place.of(self)
            async with reading() as session:
                found = await payment_pages.payment_list(
                    session, actor(), filters, before=place.before, limit=PAGE + 1
                )
            self.view = _view(filters, place, found)


def _view(filters: Filters, place: Place, found: list[PaymentLine]) -> PaymentListView:
    kept = filters.said()
    newer, older = place.around(PATH, kept, [one.id for one in found], PAGE)
    return PaymentListView(
        rows=tuple(_row(one) for one in found[:PAGE]),
        since=kept["desde"],
        until=kept["hasta"],
        source=kept["fuente"],
        kind=kept["tipo"],
        bank=kept["banco"],
        amount=kept["monto"],
        loose=filters.loose,
        q=kept["q"],
        any=any(kept.values()),
        more=any(value for name, value in kept.items() if name not in {"q", "sin-destino"}),
        key=":".join(kept.values()),
        newer=newer,
        older=older,
        loaded=True,
    )


def _row(one: PaymentLine) -> PaymentRow:
    written = (
        one.bank,
        f"Referencia {one.reference}",
        one.tracking_key and f"Rastreo {one.tracking_key}",
    )
    return PaymentRow(
        id=one.id,
        order=one.order_id,
        who=one.customer_name or views.phone(one.customer_phone),
        amount=views.pesos(one.amount),
        kind=PAYMENT_KINDS[one.kind],
        tone=TONES[one.kind],
        source=PAYMENT_SOURCES[one.source] + (f" · {one.who}" if one.who else ""),
        written=" · ".join(filter(None, written)),
        day=views.day(one.paid_on),
        loose=views.pesos(one.loose) if one.loose else "",
    )
