"""The staff is warned while paid orders wait for stock."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.records import close_alert
from domain.sql import scalar


async def nobody_waits(session: AsyncSession) -> None:
    """Close the warning if no order waits any more."""
    if not await scalar(
        session,
        "SELECT EXISTS (SELECT FROM order_items WHERE fulfilment = 'waiting_stock')",
    ):
        await close_alert(session, "waiting_stock")
