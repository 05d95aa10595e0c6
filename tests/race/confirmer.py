"""Confirms every unpaid order, and is killed on the way.

kill -9 comes at the nth time a point is passed: `before` (the payment is not yet written),
`recorded` (it is, the credentials are not assigned), `assigned` (nothing is committed yet) and
`committed`.
"""

from __future__ import annotations

import os
import signal
from typing import Any

from domain import payments, settlements
from domain.actors import SYSTEM
from domain.sql import fetch
from infra.clock import today
from infra.database import close, reading, unit_of_work


class Fate:
    def __init__(self, point: str, nth: int) -> None:
        self.point, self.left = point, nth

    def passes(self, point: str) -> None:
        if point == self.point:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


async def confirm_all(point: str, nth: int) -> None:
    fate = Fate(point, nth)
    really = settlements.assign

    async def assign(*words: Any, **named: Any) -> str:
        fate.passes("recorded")
        status = await really(*words, **named)
        fate.passes("assigned")
        return status

    settlements.assign = assign
    async with reading() as session:
        unpaid = await fetch(
            session, "SELECT id, total FROM orders WHERE status = 'pending_payment' ORDER BY id"
        )
    for order in unpaid:
        notice = payments.PaymentNotice(
            amount=order.total, paid_on=today(), reference=f"SPEI-{order.id}"
        )
        fate.passes("before")
        async with unit_of_work() as session:
            await payments.confirm_payment(session, SYSTEM, order_id=order.id, notice=notice)
        fate.passes("committed")
    await close()
