"""The queue of later work: `procrastinate` on the same database.

`defer` writes the job on the transaction's own connection, so it exists exactly when the change
does. Domain code names the task; the code behind the name lives in `jobs/`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import procrastinate
from procrastinate.tasks import configure_task
from sqlalchemy import make_url
from sqlmodel.ext.asyncio.session import AsyncSession

from infra.database import driver
from infra.settings import settings


def psycopg_dsn() -> str:
    """The database as libpq writes it, for connections outside SQLAlchemy's pool."""
    url = make_url(settings().database_url)
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


@lru_cache(maxsize=1)
def queue() -> procrastinate.App:
    connector = procrastinate.PsycopgConnector(conninfo=psycopg_dsn(), min_size=1, max_size=4)
    return procrastinate.App(connector=connector, import_paths=["jobs.tasks"])


async def defer(
    session: AsyncSession,
    task: str,
    *,
    lock: str | None = None,
    urgent: bool = False,
    **arguments: Any,
) -> None:
    """Write the job on the session's connection. Arguments are ids, never secrets.

    Somebody waits for what is `urgent`: it goes before all that is in the queue.
    """
    await defer_many(session, task, [arguments], lock=lock, urgent=urgent)


async def take_along(session: AsyncSession, task: str, most: int) -> list[dict[str, Any]]:
    """The arguments of this task's next jobs; whoever commits has done them, and they are gone."""
    cursor = await (await driver(session)).execute(
        """DELETE FROM procrastinate_jobs WHERE id = ANY(ARRAY(
               SELECT id FROM procrastinate_jobs
               WHERE status = 'todo' AND task_name = %(task)s AND lock IS NULL
                 AND (scheduled_at IS NULL OR scheduled_at <= now())
               ORDER BY priority DESC, id LIMIT %(most)s FOR UPDATE SKIP LOCKED))
           RETURNING args""",
        {"task": task, "most": most},
    )
    return [args for (args,) in await cursor.fetchall()]


async def defer_many(
    session: AsyncSession,
    task: str,
    calls: Sequence[dict[str, Any]],
    *,
    lock: str | None = None,
    urgent: bool = False,
) -> None:
    """Write one job per call in a single statement."""
    if not calls:
        return
    deferrer = configure_task(
        name=task,
        job_manager=queue().job_manager,
        lock=lock,
        priority=int(urgent),
        connection=await driver(session),
    )
    await deferrer.batch_defer_async(*calls)
