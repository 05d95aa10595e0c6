"""Bank statements for programs: a file comes in, its movements are held against orders, applied."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request
from pydantic import Field, model_validator
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.once import Once
from api.paging import Items, Paged
from api.schemas import Answer, Body, Id, Money, RowId
from domain import (
    statement_pages,
    statement_review,
    statement_runs,
    statement_undoing,
    statements,
)
from domain.actors import Actor
from domain.statement_columns import FIELDS
from infra.database import reading, unit_of_work

router = routing.router("/estados-de-cuenta", "statements")

Reader = Annotated[Actor, Depends(staff_for("payments:read"))]
Writer = Annotated[Actor, Depends(staff_for("payments:write"))]
Result = Literal[
    "matched",
    "partial",
    "over",
    "late",
    "duplicate",
    "recorded",
    "ambiguous",
    "no_match",
    "ignored",
]
MOST_COLUMNS = 60
CSV = """Fecha,Concepto,Cargo,Abono,Saldo
21/11/2026,SPEI RECIBIDO REF 0001237 ORDEN 123,,150.00,1150.00
"""


class UnreadLine(Answer):
    """`code` says why nobody could read it, and is empty where no reason was kept."""

    line: int
    code: str

    @model_validator(mode="before")
    @classmethod
    def _as_kept(cls, kept: tuple[int, str] | int) -> dict[str, Any]:
        line, code = (kept, "") if isinstance(kept, int) else kept
        return {"line": line, "code": code}


class BankStatement(Answer):
    """`counts` are movements by result; `sure` of them wait to be applied, `settled` are paid.

    In `columns` somebody has to say first what the file's columns hold. `known` were brought by an
    earlier file; `unread` are lines that nobody could read. While it is `applying`, `done` of
    `wanted` are.
    """

    id: int
    kind: Literal["file", "notices"]
    status: Literal["columns", "open", "applying", "undone"]
    file_name: str
    bank: str
    known: int
    unread: list[UnreadLine]
    wanted: int
    done: int
    counts: dict[str, int]
    sure: int
    settled: int
    taken_back: int
    paid: Money
    currency: str = "MXN"
    created_at: datetime
    applied_at: datetime | None
    undone_at: datetime | None


class StatementCandidate(Answer):
    order: int
    why: list[str]


class StatementLine(Answer):
    """`sure` ones are applied; of the others `candidates` say which orders, and why."""

    id: int
    line: int
    booked_on: date
    amount: Money
    currency: str = "MXN"
    concept: str
    reference: str
    tracking_key: str
    payer: str
    result: Result
    sure: bool
    why: list[str]
    candidates: list[StatementCandidate]
    order_id: int | None
    customer_name: str
    settled: bool
    decided_by: str
    taken_back: bool


class StatementColumn(Answer):
    name: str
    means: str


class StatementFile(Answer):
    """A file that waits for its columns: what they seem to hold."""

    columns: list[StatementColumn]


class ColumnMapping(Body):
    """What each column holds, in their order; empty for one that says nothing."""

    mapping: list[Annotated[str, Field(json_schema_extra={"enum": [*FIELDS, ""]})]] = Field(
        max_length=MOST_COLUMNS
    )


class StatementOrder(Body):
    order_id: RowId


class StatementUndone(Answer):
    """`kept` movements stay: their orders were given something for them."""

    taken_back: int
    kept: int


@router.get("", summary="Bank statements, newest first")
async def all_statements(actor: Reader, page: Paged) -> Items[BankStatement]:
    async with reading() as session:
        rows = await statement_pages.statements(
            session, actor, before=page.before, limit=page.asked
        )
    return page.of(rows, BankStatement.model_validate)


@router.post(
    "",
    status_code=201,
    summary="Read a bank statement",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/csv": {"schema": {}, "example": CSV}},
        }
    },
)
async def take_file(
    request: Request,
    actor: Writer,
    once: Once,
    name: Annotated[str, Query(max_length=300, description="The file's name.")] = "",
) -> BankStatement:
    """A CSV, an XLSX or text, as banks export them: matched with orders, and nothing applied yet.

    422 for what nobody can read, and for a file that brings nothing new.
    """
    content = await request.body()

    async def work(session: AsyncSession) -> BankStatement:
        made = await statements.stage(session, actor, content=content, file_name=name)
        return await _shown(session, actor, made)

    return await once(actor, content.hex(), BankStatement, work)


@router.get("/{statement_id:int}", summary="One bank statement")
async def read(statement_id: Id, actor: Reader) -> BankStatement:
    async with reading() as session:
        return await _shown(session, actor, statement_id)


@router.delete("/{statement_id:int}", status_code=204, summary="Forget a file without its columns")
async def discard(statement_id: Id, actor: Writer) -> None:
    """409 once it was read: what was applied of it is undone by `deshacer`."""
    async with unit_of_work() as session:
        await statements.discard(session, actor, statement_id=statement_id)


@router.get(
    "/{statement_id:int}/columnas",
    summary="What a file's columns seem to hold",
    responses={409: {}},
)
async def columns(statement_id: Id, actor: Reader) -> StatementFile:
    """409 once they are known."""
    async with reading() as session:
        found = await statements.columns(session, actor, statement_id=statement_id)
    pairs = zip(found.headers, found.mapping, strict=False)
    return StatementFile(columns=[StatementColumn(name=name, means=it) for name, it in pairs])


@router.put("/{statement_id:int}/columnas", summary="Say what a file's columns hold")
async def say_columns(statement_id: Id, body: ColumnMapping, actor: Writer) -> BankStatement:
    """The file is read so, and every file of its shape from now on."""
    async with unit_of_work() as session:
        await statements.say_columns(
            session, actor, statement_id=statement_id, mapping=body.mapping
        )
        return await _shown(session, actor, statement_id)


@router.get("/{statement_id:int}/movimientos", summary="The movements of a statement")
async def lines(
    statement_id: Id, actor: Reader, page: Paged, result: Result | None = None
) -> Items[StatementLine]:
    async with reading() as session:
        await statement_pages.statement(session, actor, statement_id=statement_id)
        rows = await statement_pages.lines(
            session,
            actor,
            statement_id=statement_id,
            result=result or "",
            after=page.before,
            limit=page.asked,
        )
    return page.of(rows, StatementLine.model_validate)


@router.post("/{statement_id:int}/aplicar", summary="Record the payments that are sure")
async def apply(statement_id: Id, actor: Writer, once: Once) -> BankStatement:
    """A worker does, one by one; ask again until the status is `open`. 409 where none is sure."""

    async def work(session: AsyncSession) -> BankStatement:
        await statement_runs.start(session, actor, statement_id=statement_id)
        return await _shown(session, actor, statement_id)

    return await once(actor, "", BankStatement, work)


@router.post("/{statement_id:int}/revisar", summary="Hold what is left against the orders of now")
async def rematch(statement_id: Id, actor: Writer) -> BankStatement:
    async with unit_of_work() as session:
        await statements.rematch(session, actor, statement_id=statement_id)
        return await _shown(session, actor, statement_id)


@router.post("/{statement_id:int}/deshacer", summary="Undo a statement that was wrong")
async def undo(statement_id: Id, actor: Writer, once: Once) -> StatementUndone:
    """As far as nothing was delivered for it."""

    async def work(session: AsyncSession) -> StatementUndone:
        done = await statement_undoing.undo(session, actor, statement_id=statement_id)
        return StatementUndone.model_validate(done)

    return await once(actor, "", StatementUndone, work)


@router.post("/movimientos/{line_id:int}/asignar", summary="Let a movement pay an order")
async def settle(line_id: Id, body: StatementOrder, actor: Writer, once: Once) -> StatementLine:
    """At once. 409 where its money is on record already."""

    async def work(session: AsyncSession) -> StatementLine:
        await statement_review.settle(session, actor, line_id=line_id, order_id=body.order_id)
        return await _line(session, actor, line_id)

    return await once(actor, body, StatementLine, work)


@router.post("/movimientos/{line_id:int}/ignorar", summary="Say that a movement is no order's")
async def ignore(line_id: Id, actor: Writer) -> StatementLine:
    async with unit_of_work() as session:
        await statement_review.ignore(session, actor, line_id=line_id)
        return await _line(session, actor, line_id)


@router.post("/movimientos/{line_id:int}/recuperar", summary="Look at an ignored movement again")
async def restore(line_id: Id, actor: Writer) -> StatementLine:
    async with unit_of_work() as session:
        await statement_review.restore(session, actor, line_id=line_id)
        return await _line(session, actor, line_id)


async def _shown(session: AsyncSession, actor: Actor, statement_id: int) -> BankStatement:
    found = await statement_pages.statement(session, actor, statement_id=statement_id)
    return BankStatement.model_validate(found)


async def _line(session: AsyncSession, actor: Actor, line_id: int) -> StatementLine:
    found = await statement_pages.line(session, actor, line_id=line_id)
    return StatementLine.model_validate(found)
