"""The end of a claim: answered, replaced, or over with its subscription."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import texts
from domain.actors import Actor
from domain.records import tell
from domain.sql import fetch, run


async def drop_claims(session: AsyncSession, actor: Actor, assignment_ids: Sequence[int]) -> None:
    """What was reported of a subscription that ended waits for nobody any more."""
    await settle_claims(session, actor, assignment_ids, "rejected", texts.CLAIM_OVER)


async def settle_claims(
    session: AsyncSession,
    actor: Actor,
    assignment_ids: Sequence[int],
    status: str,
    answer: str = "",
) -> int:
    """Close the open claims of these subscriptions, and the alerts that nobody reports any more."""
    closed = await fetch(
        session,
        """UPDATE claims SET status = %(status)s, answer = %(answer)s, closed_at = now(),
               closed_by = %(by)s
           WHERE assignment_id = ANY(%(ids)s) AND status = 'open' RETURNING profile_id""",
        ids=list(assignment_ids),
        status=status,
        answer=answer,
        by=actor.id if actor.staff else None,
    )
    if closed:
        await run(session, CALM, profiles=[row.profile_id for row in closed])
        await tell(session, "claims")
    return len(closed)


CALM = """UPDATE alerts SET closed_at = now() WHERE closed_at IS NULL AND kind IN (
    SELECT 'account_reports:' || p.account_id FROM profiles p
    WHERE p.id = ANY(%(profiles)s) AND NOT EXISTS (
        SELECT 1 FROM claims c JOIN profiles o ON o.id = c.profile_id
        WHERE o.account_id = p.account_id AND c.status = 'open' AND c.kind = 'account_down'))"""
