"""kill -9 while messages go out: each is sent exactly once, as the provider counts it."""

from __future__ import annotations

import random
import signal
from collections import Counter
from collections.abc import Generator
from functools import partial

import pytest

from domain.sql import fetch, run
from infra.database import unit_of_work
from infra.queue import defer, defer_many
from tests.fixtures import Shop
from tests.messaging.fake_twilio import FakeTwilio, fake_twilio
from tests.messaging.test_engine import PRODUCTION
from tests.race.processes import finish, start
from tests.race.sender import send_the_rest, send_until_killed
from tests.race.test_last_stock import count

KILLS, MESSAGES = 60, 2000
QUESTIONS, SECONDS = (1, 40), (0.0, 0.06)  # the bounds a moment of death is drawn from
MOST_ROUNDS = 20  # of finishing, at 200 left messages each
QUEUED = "SELECT count(*) FROM messages WHERE status = 'queued'"
IN_DOUBT = "SELECT count(*) FROM messages WHERE in_doubt_since IS NOT NULL"


@pytest.fixture
def provider(shop: Shop) -> Generator[FakeTwilio]:
    unlimited = {"messages_per_hour": 100_000, "messages_per_day": 100_000}
    with fake_twilio() as fake:
        given = {**PRODUCTION, **unlimited, "twilio_timeout_seconds": 20}
        shop.configure(**given, **fake.settings())
        yield fake


async def test_60_kills_of_worker_and_app_while_2000_messages_go_out_each_exactly_once(
    provider: FakeTwilio,
) -> None:
    await queue_messages(MESSAGES)
    in_doubt = await send_through_kills(KILLS // 2)
    assert in_doubt > KILLS // 2, "the kills came while messages were on their way"
    sent = Counter(form["To"] for form in provider.sent)
    assert len(sent) == MESSAGES
    assert set(sent.values()) == {1}
    assert await count("SELECT count(*) FROM messages WHERE status = 'sent'") == MESSAGES
    assert await count("SELECT count(DISTINCT provider_id) FROM messages") == MESSAGES


async def test_control_who_does_not_ask_first_sends_some_twice(provider: FakeTwilio) -> None:
    await queue_messages(400)
    await send_through_kills(8, asks=False)
    sent = Counter(form["To"] for form in provider.sent)
    assert len(sent) == 400
    assert max(sent.values()) > 1


async def queue_messages(how_many: int) -> None:
    async with unit_of_work() as session:
        rows = await fetch(
            session,
            """INSERT INTO messages (id, channel, kind, to_address)
               SELECT gen_random_uuid(), CASE n %% 2 WHEN 0 THEN 'sms' ELSE 'whatsapp' END, 'test',
                      '+5255' || (10000000 + n) FROM generate_series(1, %(n)s) AS n
               RETURNING id""",
            n=how_many,
        )
        await defer_many(session, "messages.send", [{"message_id": str(row.id)} for row in rows])


async def send_through_kills(rounds: int, *, asks: bool = True) -> int:
    """A worker and an app die in every round; how many messages that left in doubt, in all."""
    chance, in_doubt = random.Random(60), 0  # noqa: S311  # the same moments in every run
    for _ in range(rounds):
        both = [
            start(
                partial(send_until_killed, in_app=in_app, asks=asks),
                chance.randint(*QUESTIONS),
                chance.uniform(*SECONDS),
            )
            for in_app in (False, True)
        ]
        for process, _ in both:
            assert await finish(process) == -signal.SIGKILL
        in_doubt += await count(IN_DOUBT)
        await a_minute_later()
    for _ in range(MOST_ROUNDS):
        if not await count(QUEUED):
            break
        process, _ = start(partial(send_the_rest, asks=asks))
        assert await finish(process) == 0
        await a_minute_later()
    return in_doubt


async def a_minute_later() -> None:
    """The leases of the dead are over, their hearts have not been heard, and the clock strikes."""
    async with unit_of_work() as session:
        await run(session, "UPDATE messages SET leased_until = leased_until - interval '1 minute'")
        await run(
            session,
            """UPDATE procrastinate_workers
               SET last_heartbeat = last_heartbeat - interval '1 minute'""",
        )
        await defer(session, "jobs.recover", timestamp=0)
        await defer(session, "messages.retry", lock="messages.retry", timestamp=0)
