"""Events go out to the owner's programs: each webhook at its own pace, none waits for another."""

from __future__ import annotations

import asyncio
import time

from domain import webhook_deliveries, webhook_events
from domain.webhook_deliveries import Outcome, Outgoing
from infra import webhooks
from infra.database import reading, unit_of_work
from infra.queue import queue

SENDING = 50  # seconds; the next one starts after a minute
LOOK_AGAIN = 1  # seconds; somebody quick does not wait for somebody slow


@queue().periodic(cron="* * * * *")
@queue().task(name="webhooks.send", lock="webhooks.send")
async def send(timestamp: int = 0) -> None:
    """One sender at a time, whatever the number of workers; it leaves them room for messages."""
    del timestamp
    until, busy = time.monotonic() + SENDING, dict[int, asyncio.Task[None]]()
    try:
        while time.monotonic() < until:
            for hook_id in await _due():
                if hook_id not in busy:
                    busy[hook_id] = asyncio.create_task(_serve(hook_id))
            if not busy:
                return
            await asyncio.wait(
                busy.values(), timeout=LOOK_AGAIN, return_when=asyncio.FIRST_COMPLETED
            )
            for hook_id in [number for number, task in busy.items() if task.done()]:
                busy.pop(hook_id).result()
    finally:
        await asyncio.gather(*busy.values())


async def _due() -> list[int]:
    async with unit_of_work() as session:
        await webhook_events.spread(session)
    async with reading() as session:
        return await webhook_deliveries.due(session)


async def _serve(hook_id: int) -> None:
    async with unit_of_work() as session:
        taken = await webhook_deliveries.take(session, hook_id)
    ended = await asyncio.gather(*(_carry(outgoing) for outgoing in taken))
    if ended:
        async with unit_of_work() as session:
            await webhook_deliveries.settle(session, hook_id, ended)


async def _carry(outgoing: Outgoing) -> tuple[Outgoing, Outcome]:
    said = await webhooks.post(outgoing.url, outgoing.event_id, outgoing.body, outgoing.secrets)
    return outgoing, Outcome(said.status, said.text, said.error)


@queue().periodic(cron="*/15 * * * *")
@queue().task(name="webhooks.expiring", lock="webhooks.expiring")
async def expiring(timestamp: int) -> None:
    """In small transactions, until nothing is due."""
    del timestamp
    while True:
        async with unit_of_work() as session:
            if not await webhook_events.announce_expiring(session):
                return


@queue().periodic(cron="23 4 * * *")
@queue().task(name="webhooks.sweep", lock="webhooks.sweep")
async def sweep(timestamp: int) -> None:
    del timestamp
    async with unit_of_work() as session:
        await webhook_events.sweep(session)
