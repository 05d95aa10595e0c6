"""Unpaid orders give their stock back when their time is over."""

from __future__ import annotations

from domain import order_endings, order_news
from infra.database import unit_of_work
from infra.queue import queue


@queue().periodic(cron="* * * * *")
@queue().task(name="orders.expire", lock="orders.expire")
async def expire(timestamp: int) -> None:
    """Each minute, in small transactions, until nothing is due."""
    del timestamp
    while True:
        async with unit_of_work() as session:
            if not await order_endings.expire_due(session):
                return


@queue().periodic(cron="* * * * *")
@queue().task(name="orders.announce", lock="orders.announce")
async def announce(timestamp: int) -> None:
    """The staff hears of each new order once."""
    del timestamp
    async with unit_of_work() as session:
        await order_news.announce_new(session)
