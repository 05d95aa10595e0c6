"""Where the shop says it is to be paid, as anybody may read it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.errors import NotFound
from domain.sql import fetch_as


@dataclass(frozen=True, slots=True)
class BankTold:
    bank: str
    holder: str
    clabe: str
    account: str
    steps: list[str]


async def told(session: AsyncSession) -> BankTold:
    """What new orders are told. Raises `NotFound` while there is none."""
    found = await fetch_as(
        session,
        BankTold,
        """SELECT bank, holder, clabe, account, steps FROM payment_instructions
           WHERE is_default""",
    )
    if not found:
        raise NotFound
    return found[0]
