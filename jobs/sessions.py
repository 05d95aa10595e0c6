"""Traces of signing in are kept only as long as a limit needs them."""

from __future__ import annotations

from domain import idempotency
from domain.sql import run
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="17 4 * * *")
@queue().task(name="sessions.sweep", lock="sessions.sweep")
async def sweep(timestamp: int) -> None:
    """Old codes, tickets, sessions, answers and guests' carts; finished jobs of the last weeks."""
    del timestamp
    async with unit_of_work() as session:
        await idempotency.sweep(session)
        for statement in (
            "DELETE FROM login_tickets WHERE expires_at < now() - interval '1 day'",
            "DELETE FROM login_codes WHERE created_at < now() - interval '3 days'",
            "DELETE FROM login_sessions WHERE expires_at < now() - interval '30 days'",
            """DELETE FROM carts WHERE visitor_hash IS NOT NULL
                 AND touched_at < now() - interval '90 days'""",
            """DELETE FROM procrastinate_jobs j WHERE j.status = 'succeeded'
                 AND NOT EXISTS (SELECT 1 FROM procrastinate_events e WHERE e.job_id = j.id
                                 AND e.at > now() - interval '7 days')""",
        ):
            await run(session, statement)
