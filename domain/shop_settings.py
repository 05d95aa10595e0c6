"""What the owner decides on a screen. A setting nobody has touched has its default."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import scalar

CREDENTIALS_IN_MESSAGES = "credentials_in_messages"


async def credentials_in_messages(session: AsyncSession) -> bool:
    """Whether messages carry the password itself. Off unless the owner took the risk."""
    return bool(
        await scalar(
            session,
            "SELECT value FROM shop_settings WHERE name = %(name)s",
            name=CREDENTIALS_IN_MESSAGES,
        )
    )
