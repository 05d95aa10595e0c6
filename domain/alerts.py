"""What staff are told of until it is over."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.doctor_subscription_rules import OVER
from domain.messages import tell_staff
from domain.sql import fetch, run
from domain.texts import ALERTS


@dataclass(frozen=True, slots=True)
class OpenAlert:
    """`kind` may name its object after a colon; `data` fills its sentence."""

    kind: str
    data: dict[str, Any]


async def settle(session: AsyncSession) -> int:
    """Close the alerts whose reason can be looked up and is gone; how many."""
    return await run(
        session,
        f"UPDATE alerts SET closed_at = now() WHERE id IN (SELECT id FROM ({OVER}) AS over)",  # noqa: S608
    )


async def tell_open(session: AsyncSession) -> None:
    """Write to the staff of each alert opened since yesterday; everybody hears of each once."""
    for row in await fetch(
        session,
        """SELECT id FROM alerts WHERE closed_at IS NULL
             AND opened_at > now() - interval '1 day' ORDER BY id""",
    ):
        await tell_staff(session, "staff_alert", occasion=f"alert:{row.id}")


def sentence(kind: str, data: Mapping[str, object]) -> str:
    """One alert in words; its object is what its kind names after the colon."""
    name, _, about = kind.partition(":")
    known = {"object": about, "plan": "un plan", "units": 0, "found": 0, **data}
    return ALERTS.get(name, "hay un aviso nuevo").format_map(known)
