"""The log is linked every minute, and once a day checked whole and its head kept in a file."""

from __future__ import annotations

import asyncio

from domain import audit_chain
from domain.audit_chain import Head
from domain.records import close_alert, raise_alert
from infra import audit_anchors
from infra.database import reading, unit_of_work
from infra.queue import queue


@queue().periodic(cron="* * * * *")
@queue().task(name="audit.link", lock="audit.link")
async def link(timestamp: int) -> None:
    del timestamp
    linked = audit_chain.AT_ONCE
    while linked == audit_chain.AT_ONCE:
        async with unit_of_work() as session:
            linked = await audit_chain.link(session)


@queue().periodic(cron="50 5 * * *")
@queue().task(name="audit.verify", lock="audit.verify")
async def verify(timestamp: int) -> None:
    """A chain that does not hold is no anchor: what it was yesterday stays the last one."""
    del timestamp
    kept = await asyncio.to_thread(lambda: [Head(*one) for one in audit_anchors.kept()])
    async with reading() as session:
        done = await audit_chain.verify(session, kept)
    async with unit_of_work() as session:
        if done.findings:
            await raise_alert(session, "audit_chain", found=len(done.findings))
        else:
            await close_alert(session, "audit_chain")
    if done.head.chain_no and not done.findings:
        await asyncio.to_thread(audit_anchors.keep, done.head.chain_no, done.head.hash)
