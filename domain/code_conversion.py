"""Whether the codes that are sent are used: where few are, somebody earns by sending."""

from __future__ import annotations

from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.records import close_alert, raise_alert
from domain.sql import fetch_one

FEWEST = 20  # codes in the hour before a share of them says anything


async def watch(session: AsyncSession) -> None:
    """Warn the owner while less than half of the last hour's codes were used."""
    codes: Any = await fetch_one(
        session,
        """SELECT count(*) AS sent,
                  count(*) FILTER (WHERE EXISTS (
                      SELECT 1 FROM signin_attempts a WHERE a.subject = c.phone
                        AND a.outcome = 'succeeded' AND a.at >= c.created_at)) AS used
           FROM login_codes c WHERE c.created_at > now() - interval '70 minutes'
             AND c.created_at < now() - interval '10 minutes'""",
    )
    if codes.sent >= FEWEST and codes.used * 2 < codes.sent:
        await raise_alert(session, "code_conversion", sent=codes.sent, used=codes.used)
    else:
        await close_alert(session, "code_conversion")
