"""Statements and their lines as they are shown, account numbers only by their last digits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from domain.order_lists import ListedOrder
from domain.statement_files import Statement
from domain.statement_pages import CandidateRead, LineRead, StatementRead
from domain.statement_texts import AGAINST, FOR, MANY_RESULTS, REFUSED, RESULTS
from state import asked, views
from state.admin.statement_preview import (
    ColumnView,
    Preview,
    columns_of,
    masked,
    preview_of,
    unread,
)

PATH = "/admin/pagos/estados-de-cuenta"
STATES = {
    "columns": ("Faltan columnas", "warning"),
    "open": ("Listo", "success"),
    "applying": ("Aplicando", "info"),
    "undone": ("Deshecho", "neutral"),
}
TONES = {
    "matched": "success",
    "recorded": "success",
    "partial": "warning",
    "over": "warning",
    "late": "warning",
    "duplicate": "warning",
    "ambiguous": "info",
}


@dataclass(frozen=True)
class StatementRow:
    id: int
    name: str
    state: str
    tone: str
    summary: str
    when: str


@dataclass(frozen=True)
class ResultTab:
    label: str
    address: str
    active: bool
    count: str


@dataclass(frozen=True)
class StatementView:
    """`sure` counts the lines that wait to be applied, `undecided` those that wait for a person.

    `percent` is how far applying got.
    """

    id: int = 0
    title: str = "Estado de cuenta"
    status: str = ""
    state: str = ""
    tone: str = "neutral"
    when: str = ""
    sure: int = 0
    apply: str = ""
    undecided: str = ""
    paid: str = ""
    known: str = ""
    unread: list[str] = field(default_factory=list[str])
    progress: str = ""
    percent: int = 0
    may_undo: bool = False
    undone: str = ""
    kept: str = ""
    columns: list[ColumnView] = field(default_factory=list[ColumnView])
    preview: Preview = field(default_factory=Preview)
    tabs: list[ResultTab] = field(default_factory=list[ResultTab])


@dataclass(frozen=True)
class CandidateRow:
    order: int
    title: str
    detail: str
    why: str


@dataclass(frozen=True)
class LineRow:
    """`order` is 0 where there is none. `open` lines can be assigned, or ignored."""

    id: int = 0
    day: str = ""
    amount: str = ""
    concept: str = ""
    detail: str = ""
    result: str = ""
    tone: str = "neutral"
    standing: str = ""
    why: str = ""
    order: int = 0
    customer: str = ""
    open: bool = False
    may_restore: bool = False
    candidates: list[CandidateRow] = field(default_factory=list[CandidateRow])


def statement_row(one: StatementRead) -> StatementRow:
    state, tone = _state(one)
    return StatementRow(
        id=one.id,
        name=_title(one),
        state=state,
        tone=tone,
        summary="Sin leer"
        if one.status == "columns"
        else _count(sum(one.counts.values()), "movimiento", "movimientos"),
        when=views.moment(one.created_at),
    )


def statement_view(one: StatementRead, result: str, file: Statement | None) -> StatementView:
    state, tone = _state(one)
    undone = one.status == "undone"
    by = " · ".join(part for part in (views.moment(one.created_at), one.staff_name) if part)
    return StatementView(
        id=one.id,
        title=_title(one),
        status=one.status,
        state=state,
        tone=tone,
        when=by,
        sure=one.sure,
        apply=f"Aplicar {_count(one.sure, 'pago seguro', 'pagos seguros')}",
        undecided=_undecided(one),
        paid=f"{_count(one.settled, 'pago', 'pagos')} · {views.pesos(one.paid)}"
        if one.settled
        else "Nada todavía",
        known=_count(one.known, "ya estaba importado", "ya estaban importados")
        if one.known
        else "",
        unread=unread(one.unread),
        progress=f"{one.done:,} de {_count(one.wanted, 'pago', 'pagos')}",
        percent=round(100 * one.done / one.wanted) if one.wanted else 0,
        may_undo=one.status == "open" and one.kind == "file",
        undone=f"{views.moment(one.undone_at)} · {one.undone_by}" if undone else "",
        kept=_count(one.settled, "movimiento se queda", "movimientos se quedan")
        if undone and one.settled
        else "",
        columns=columns_of(file) if file else [],
        preview=preview_of(file) if file else Preview(),
        tabs=[] if one.status == "columns" else _tabs(one, result),
    )


def line_row(one: LineRead, orders: Mapping[int, CandidateRead], *, live: bool) -> LineRow:
    """`live`: the statement is not undone, so its open lines can be worked on."""
    undecided = live and not one.settled and not one.taken_back and one.amount > 0
    ignored = one.result == "ignored"
    standing = "Deshecho" if one.taken_back else "Por aplicar" if one.sure else ""
    return LineRow(
        id=one.id,
        day=views.near_day(one.booked_on),
        amount=_signed(one.amount),
        concept=masked(one.concept) or "Sin concepto",
        detail=" · ".join(
            part
            for part in (
                masked(one.payer),
                f"Ref. {masked(one.reference)}" if one.reference else "",
                f"Rastreo {one.tracking_key}" if one.tracking_key else "",
            )
            if part
        ),
        result=RESULTS[one.result],
        tone=TONES.get(one.result, "neutral"),
        standing="Aplicado" if one.settled else standing,
        why=_why(one),
        order=one.order_id or 0,
        customer=one.customer_name,
        open=undecided and not ignored,
        may_restore=undecided and ignored and bool(one.decided_by),
        candidates=[_candidate(given, orders) for given in one.candidates]
        if undecided and not one.sure
        else [],
    )


def found_row(order: ListedOrder) -> CandidateRow:
    return CandidateRow(
        order=order.id,
        title=f"#{order.id} · {order.customer_name or 'Sin nombre'}",
        detail=f"{views.state_name(order.status)} · {views.pesos(order.total)} · "
        f"{views.phone(order.customer_phone)}",
        why="",
    )


def _state(one: StatementRead) -> tuple[str, str]:
    """An open one says what it waits for."""
    if one.status == "open" and one.sure:
        return "Por aplicar", "warning"
    if one.status == "open" and one.counts.get("ambiguous"):
        return "Por revisar", "info"
    return STATES[one.status]


def _undecided(one: StatementRead) -> str:
    waiting = (("ambiguous", "por revisar"), ("no_match", "sin pedido"))
    return " · ".join(
        f"{one.counts[result]:,} {said}" for result, said in waiting if one.counts.get(result)
    )


def _title(one: StatementRead) -> str:
    if one.month is not None:
        return f"Avisos de {views.MONTHS[one.month.month - 1]} {one.month.year}"
    return one.file_name or "Estado de cuenta"


def _why(one: LineRead) -> str:
    spoken = [FOR[code] for code in one.why if code in FOR]
    if spoken:
        return f"Por {_listed(spoken)}."
    return " ".join(AGAINST.get(code, REFUSED) for code in one.why)


def _candidate(given: Mapping[str, Any], orders: Mapping[int, CandidateRead]) -> CandidateRow:
    order = orders[given["order"]]
    spoken = [FOR[code] for code in given["why"] if code in FOR]
    lacks = f"faltan {views.pesos(order.missing)}" if order.missing > 0 else "ya pagado"
    return CandidateRow(
        order=order.id,
        title=f"#{order.id} · {order.customer_name or 'Sin nombre'}",
        detail=f"{views.state_name(order.status)} · {views.pesos(order.total)}, {lacks} · "
        f"{views.moment(order.placed_at)}",
        why=f"Por {_listed(spoken)}." if spoken else "",
    )


def _tabs(one: StatementRead, active: str) -> list[ResultTab]:
    address = f"{PATH}/{one.id}"
    every = ResultTab("Todos", address, not active, str(sum(one.counts.values()) or ""))
    return [
        every,
        *(
            ResultTab(
                label,
                asked.address(address, {"resultado": result}),
                result == active,
                str(one.counts[result]),
            )
            for result, label in MANY_RESULTS.items()
            if result in one.counts
        ),
    ]


def _signed(amount: Decimal) -> str:
    return f"−{views.pesos(-amount)}" if amount < 0 else views.pesos(amount)


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} y {words[-1]}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
