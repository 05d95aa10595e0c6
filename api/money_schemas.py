"""What requests about money share: a refund, and where its refusals are said."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Literal

from pydantic import Field

from api.renaming import renamed
from api.schemas import Amount, Body, Flag, IsoDay
from domain.refund_notices import LONGEST_REASON, LONGEST_REFERENCE, RefundNotice
from infra import clock


class RefundIn(Body):
    """Money that left the shop: it is written down here, not sent. Without a day, today.

    What goes back to a card that paid with the provider is asked of the provider, which names the
    reference.
    """

    amount: Amount
    method: Literal["transfer", "cash", "card"]
    reason: str = Field(max_length=LONGEST_REASON)
    reference: str = Field(default="", max_length=LONGEST_REFERENCE)
    refunded_on: IsoDay | None = None


class OrderRefundIn(RefundIn):
    """With `release` the order's access is taken back; one that is on its way is cancelled."""

    release: Flag = False


def notice_of(body: RefundIn) -> RefundNotice:
    return RefundNotice(
        amount=body.amount,
        method=body.method,
        reason=body.reason,
        reference=body.reference,
        refunded_on=body.refunded_on or clock.today(),
        release=body.release if isinstance(body, OrderRefundIn) else False,
    )


def refund_fields() -> AbstractContextManager[None]:
    return renamed(refund_reason="reason", refund_reference="reference")
