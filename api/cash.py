"""The cash report: what came in and went out, day by day, as JSON and as a CSV."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import Depends, Query
from fastapi.responses import StreamingResponse

from api import routing
from api.access import staff_for
from api.exports import file_of
from api.schemas import Answer, BusinessDay, Money
from domain import cash, export_lists
from domain.actors import Actor
from domain.cash import MOST_DAYS, Span
from domain.errors import InvalidInput
from infra import clock
from infra.database import reading, unit_of_work

router = routing.router("/caja", "payments")

Reader = Annotated[Actor, Depends(staff_for("payments:read"))]


class CashSums(Answer):
    """Money that moved; `net` is `received` less `refunded`. Credit given and used moved none."""

    received: Money
    refunded: Money
    net: Money
    credit_given: Money
    credit_used: Money


class CashDay(CashSums):
    day: date


class CashPlace(Answer):
    """Where it came in, or how it went out: a payment's source or a refund's method."""

    source: str
    bank: str
    times: int
    received: Money
    refunded: Money


class CashReport(Answer):
    """What was sold is in `GET /ordenes-new/admin/estadisticas`: it counts once it is paid."""

    since: date
    until: date
    currency: str = "MXN"
    total: CashSums
    by_day: list[CashDay]
    by_place: list[CashPlace]


async def span(
    since: Annotated[BusinessDay | None, Query(alias="from")] = None,
    until: Annotated[BusinessDay | None, Query(alias="to")] = None,
) -> Span:
    """Without dates, this month until today. Raises `InvalidInput`."""
    last = until or clock.today()
    asked = Span(since or min(last, clock.today()).replace(day=1), last)
    if asked.since > asked.until:
        raise InvalidInput({"to": "period_backwards"})
    if asked.until - asked.since > timedelta(days=MOST_DAYS):
        raise InvalidInput({"from": "period_long"})
    return asked


Asked = Annotated[Span, Depends(span)]


@router.get("", summary="The cash of a period, day by day")
async def report(actor: Reader, asked: Asked) -> CashReport:
    """The days of Mexico City, both included, a year at most."""
    async with reading() as session:
        found = await cash.report(session, actor, asked)
    return CashReport(
        since=asked.since,
        until=asked.until,
        total=CashSums.model_validate(found.total),
        by_day=[CashDay.model_validate(day) for day in found.days],
        by_place=[CashPlace.model_validate(place) for place in found.places],
    )


@router.get(
    "/csv",
    summary="Every movement of a period, for the accountant",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}}}},
)
async def as_csv(actor: Reader, asked: Asked) -> StreamingResponse:
    """With the columns of the file that the page exports."""
    async with unit_of_work() as session:
        sheet = await export_lists.begin(session, actor, "caja", asked.said(), form="csv")
    return file_of(sheet, actor, "csv")
