"""What staff are told of until it is over."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.doctor_subscription_rules import OVER
from domain.sql import run


async def settle(session: AsyncSession) -> int:
    """Close the alerts whose reason can be looked up and is gone; how many."""
    return await run(
        session,
        f"UPDATE alerts SET closed_at = now() WHERE id IN (SELECT id FROM ({OVER}) AS over)",  # noqa: S608
    )
