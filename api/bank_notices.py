"""Notices of payments from a bank's bridge or an automation, signed as standard-webhooks says."""

from __future__ import annotations

import logging
from datetime import date
from typing import Annotated, Literal

from fastapi import Depends, Header, Request
from pydantic import Field

from api import routing
from api.schemas import Amount, Answer, Body
from domain import bank_notices
from domain.bank_notices import BankNotice
from domain.errors import Conflict, Forbidden, NotConfigured
from infra import browser
from infra.bank_notices import LONGEST_ID, configured, refused
from infra.database import unit_of_work
from infra.logs import Sparing

log = logging.getLogger(__name__)
router = routing.router("/webhooks/entrada", "webhooks")
_refusals = Sparing(20)


class PaymentReceived(Body):
    """The day is Mexico City's. The same tracking key, bank and day tell of the same transfer."""

    amount: Annotated[Amount, Field(gt=0)]
    paid_on: date
    reference: Annotated[str, Field(max_length=40)] = ""
    concept: Annotated[str, Field(max_length=400)] = ""
    tracking_key: Annotated[str, Field(max_length=30)] = ""
    bank: Annotated[str, Field(max_length=60)] = ""
    payer: Annotated[str, Field(max_length=120)] = ""


class BankNoticeIn(Body):
    type: Literal["payment.received"]
    data: PaymentReceived


class NoticeAnswer(Answer):
    """`order` is there once its payment is on record; an operator reviews the rest."""

    result: str
    order: int | None
    repeated: bool


async def signed(
    request: Request,
    notice_id: Annotated[str, Header(alias="webhook-id", max_length=LONGEST_ID)] = "",
) -> str:
    """The sender's own id of a notice whose signature is right."""
    if not configured():
        raise NotConfigured
    reason = refused(request.headers, await request.body())
    if reason:
        await _log_refused(request, reason)
        raise Forbidden("notice_unsigned")
    return notice_id


@router.post("/banco", summary="A payment came in")
async def bank(
    request: Request, said: BankNoticeIn, notice_id: Annotated[str, Depends(signed)]
) -> NoticeAnswer:
    """Matched with an order and paid, or left to an operator. Said again, it changes nothing.

    403 unless a secret of the shop signed it within five minutes; 501 where the shop has none.
    """
    notice = BankNotice(id=notice_id, **dict(said.data))
    try:
        async with unit_of_work() as session:
            taken = await bank_notices.take_notice(session, notice)
    except Conflict as refusal:
        await _log_refused(request, refusal.code)
        raise
    return NoticeAnswer(result=taken.result, order=taken.order_id, repeated=taken.repeated)


async def _log_refused(request: Request, reason: str) -> None:
    """Strangers may not fill the log: so many lines a minute."""
    if not _refusals.may_write():
        return
    log.warning("a bank notice was refused: %s", reason)
    address = browser.address_hash(request.client.host if request.client else "")
    async with unit_of_work() as session:
        await bank_notices.log_refused(session, reason, address)
