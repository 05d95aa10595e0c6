"""Jobs whose worker died under them go back into the queue.

A killed worker leaves its jobs marked as running, and a lock that such a job holds keeps all later
ones of its kind from ever starting: one unlucky death would be the end of every reminder.
"""

from __future__ import annotations

import procrastinate
from procrastinate.jobs import Status

from infra.queue import queue

MOST_ATTEMPTS = 5  # what kills every worker that takes it is given up


@queue().periodic(cron="* * * * *")
@queue().task(name="jobs.recover", pass_context=True)  # no lock, for the reason above
async def recover(context: procrastinate.JobContext, timestamp: int) -> None:
    """Every job may run twice; one that runs a second time finds done what was done."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs():
        if job.attempts < MOST_ATTEMPTS:
            await manager.retry_job(job)
        else:
            await manager.finish_job(job, Status.FAILED, delete_job=False)
