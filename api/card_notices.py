"""Notices of payments with a card, signed by Mercado Pago. They only name a payment."""

from __future__ import annotations

import logging
from typing import Annotated

from fastapi import Query, Request

from api import routing
from api.schemas import Answer
from domain import card_payments
from domain.errors import Forbidden, NotConfigured
from infra import browser
from infra.database import unit_of_work
from infra.logs import Sparing
from infra.payments.notices import configured, refused

log = logging.getLogger(__name__)
router = routing.router("/webhooks/entrada", "webhooks")
_refusals = Sparing(20)
LONGEST = 40


class CardNoticeAnswer(Answer):
    """`taken`: the payment will be asked for. Notices of anything else mean nothing here."""

    taken: bool


@router.post("/mercadopago", summary="A payment with a card changed")
async def mercadopago(
    request: Request,
    number: Annotated[str, Query(alias="data.id", max_length=LONGEST)] = "",
    topic: Annotated[str, Query(alias="type", max_length=LONGEST)] = "",
) -> CardNoticeAnswer:
    """What it says is not believed: the payment is asked for at Mercado Pago, until it answers.

    403 unless the shop's secret signed it within five minutes; 501 where the shop has none.
    """
    if not configured():
        raise NotConfigured
    address = browser.address_hash(request.client.host if request.client else "")
    reason = refused(request.headers, number)
    if reason:
        await _log_refused(reason, address)
        raise Forbidden("notice_unsigned")
    if topic not in {"", "payment"} or not (number.isascii() and number.isdecimal()):
        return CardNoticeAnswer(taken=False)
    async with unit_of_work() as session:
        await card_payments.take_notice(session, number, address)
    return CardNoticeAnswer(taken=True)


async def _log_refused(reason: str, address: str) -> None:
    """Strangers may not fill the log: so many lines a minute."""
    if not _refusals.may_write():
        return
    log.warning("a card notice was refused: %s", reason)
    async with unit_of_work() as session:
        await card_payments.log_refused(session, reason, address)
