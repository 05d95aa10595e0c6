"""What a page of imports shows: a batch, its columns, some of its accounts, its bad lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from domain.import_batches import Batch, IssueLine, Names
from domain.texts import IMPORT_COLUMNS, IMPORT_ROWS, REFUSALS
from state import views

STATES = {
    "preview": ("En revisión", "warning"),
    "running": ("Importando", "info"),
    "done": ("Importado", "success"),
    "failed": ("No entró", "error"),
    "undone": ("Deshecho", "neutral"),
}
HINTS = {
    "service": "Solo si el archivo trae varios servicios.",
    "plan": "Para dedicar la cuenta a un plan.",
    "profile": "Sin él, la cuenta entra con todos sus perfiles.",
    "paid_until": "Hasta cuándo le pagaste al proveedor.",
}
SHOWN_LABELS = 3


@dataclass(frozen=True)
class Option:
    value: str
    label: str


@dataclass(frozen=True)
class ColumnView:
    """`chosen` is the number of the file's column that holds this, or empty."""

    name: str
    label: str
    hint: str
    chosen: str


@dataclass(frozen=True)
class SampleRow:
    line: int
    login: str
    service: str
    profiles: str
    paid_until: str
    cost: str


@dataclass(frozen=True)
class IssueRow:
    line: int
    column: str
    text: str


@dataclass(frozen=True)
class BatchRow:
    """One line of the list of files."""

    id: int
    name: str
    state: str
    tone: str
    summary: str
    when: str
    address: str


@dataclass(frozen=True)
class BatchView:
    """`revision` changes with what the forms start from; `percent` is how far it got."""

    id: int = 0
    title: str = "Importar cuentas"
    status: str = ""
    state: str = ""
    tone: str = "neutral"
    when: str = ""
    rows: str = ""
    good: str = ""
    bad: str = ""
    bad_count: int = 0
    accounts: str = ""
    progress: str = ""
    percent: int = 0
    lacks: str = ""
    failed: str = ""
    mode: str = "all"
    service: str = ""
    action: str = ""
    ready: bool = False
    open: bool = False
    may_undo: bool = False
    revision: str = ""
    columns: list[ColumnView] = field(default_factory=list[ColumnView])
    choices: list[Option] = field(default_factory=list[Option])
    sample: list[SampleRow] = field(default_factory=list[SampleRow])


def batch_row(batch: Batch, path: str) -> BatchRow:
    state, tone = STATES[batch.status]
    if batch.status in {"done", "undone"}:
        summary = count(batch.accounts, "cuenta", "cuentas")
    else:
        summary = count(batch.rows, "fila", "filas")
    return BatchRow(
        id=batch.id,
        name=batch.file_name or "Líneas pegadas",
        state=state,
        tone=tone,
        summary=summary,
        when=views.moment(batch.finished_at or batch.created_at),
        address=f"{path}?lote={batch.id}",
    )


def batch_view(batch: Batch, names: Names) -> BatchView:
    state, tone = STATES[batch.status]
    accounts = count(batch.accounts, "cuenta", "cuentas")
    failed = batch.status == "failed"
    return BatchView(
        id=batch.id,
        title=batch.file_name or "Líneas pegadas",
        status=batch.status,
        state=state,
        tone=tone,
        when=f"{views.moment(batch.created_at)} · {batch.staff_name}",
        rows=count(batch.rows, "fila", "filas"),
        good=f"{batch.good:,}",
        bad=count(batch.bad, "fila", "filas"),
        bad_count=batch.bad,
        accounts=accounts,
        progress=f"{batch.done:,} de {count(batch.good, 'fila', 'filas')}",
        percent=round(100 * batch.done / batch.good) if batch.good else 0,
        lacks=REFUSALS[batch.error] if batch.error and not failed else "",
        failed=REFUSALS[batch.error] if batch.error and failed else "",
        mode="good" if batch.bad else "all",
        service=str(batch.service_id or ""),
        action=f"Importar {accounts}",
        ready=bool(batch.good) and (failed or not batch.error),
        open=batch.open and batch.status in {"preview", "failed"},
        may_undo=batch.status == "done" and batch.accounts > 0,
        revision=f"{batch.id}-{batch.mapping}-{batch.service_id}-{batch.bad}",
        columns=[
            ColumnView(name, label, HINTS.get(name, ""), str(batch.mapping.get(name, "")))
            for name, label in IMPORT_COLUMNS.items()
        ],
        choices=_choices(batch),
        sample=[_sample(row, names) for row in batch.sample],
    )


def issue_row(issue: IssueLine, header: Sequence[str], mapping: Mapping[str, int]) -> IssueRow:
    """The column is named as the file names it, and by what it holds where it has no name."""
    column = mapping.get(issue.field, -1)
    own = header[column] if 0 <= column < len(header) else ""
    return IssueRow(
        line=issue.line,
        column=own or IMPORT_COLUMNS.get(issue.field, ""),
        text=IMPORT_ROWS[issue.code].format(**issue.data),
    )


def count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"


def _choices(batch: Batch) -> list[Option]:
    named = [*batch.header, *([""] * (batch.columns - len(batch.header)))]
    return [
        Option(str(i), f"{i + 1}. {name[:40]}" if name else f"Columna {i + 1}")
        for i, name in enumerate(named)
    ]


def _sample(row: Mapping[str, Any], names: Names) -> SampleRow:
    service = names.services.get(row["service_id"], "")
    plan = names.plans.get(row["plan_id"], "")
    labels = row["profiles"]
    shown = ", ".join(labels[:SHOWN_LABELS])
    more = len(labels) - SHOWN_LABELS
    return SampleRow(
        line=row["line"],
        login=row["login"],
        service=f"{service} · {plan}" if plan else service,
        profiles=f"{shown} y {more} más" if more > 0 else shown,
        paid_until=views.day(date.fromisoformat(row["paid_until"])) if row["paid_until"] else "—",
        cost=views.pesos(Decimal(row["cost"])) if row["cost"] else "—",
    )
