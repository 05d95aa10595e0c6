"""P16: a queue of 10,000 messages, against a bare loop of the same client, and the shop beside it.

Both send to the tests' stand-in for Twilio, which is a process of its own and answers at once: a
real one takes a tenth of a second, in which nothing of either is to be seen. The bare loop has as
many senders as the worker has jobs at a time, and nothing to remember. Beside it runs the shop,
with its worker in a process of its own, as whoever sends that much is told to.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import importlib
import os
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncGenerator, Generator, Iterator

import uvloop
from _apps import App, Data, build_shop, seeded, shop
from _harness import PROJECT, Row, environment, median, percentile, record, turns
from _people import NAME, SIGNED_IN, customer, shop_tab, value
from _tab import Tab

from cuenty_app.worker import CONCURRENCY, NICENESS, work
from domain.sql import fetch, run, scalar
from infra.database import close, reading, unit_of_work
from infra.messaging.channels import channel_for
from infra.messaging.letters import Letter
from infra.messaging.reach import callback_url
from infra.queue import defer_many, queue
from infra.settings import settings
from infra.vault import Secret, ring
from tests.messaging.fake_twilio import ACCOUNT, SMS_FROM, TOKEN, WHATSAPP_FROM

MESSAGES, ROUNDS, EVENTS, WARM = 10_000, 3, 2_000, 50
TEXT = Secret(
    "Cuenty: recibimos tu pago y los accesos ya están listos. Míralos en https://x.mx/m/a"
)
WORK = "from cuenty_app.worker import run; run()"
COMPUTE = "while True: sum(range(1000))"


class Twilio:
    """The stand-in's process, and the settings that lead to it."""

    def __init__(self, process: subprocess.Popen[str], url: str) -> None:
        self.process = process
        self.settings = {
            "CUENTY_ENV": "production",
            "CUENTY_PUBLIC_URL": "https://cuenty.mx",
            "CUENTY_JWT_SECRET": "j" * 40,
            "CUENTY_PEPPER": "p" * 40,
            "CUENTY_KEYS": "bench:" + base64.b64encode(bytes(32)).decode(),
            "CUENTY_MESSAGES_PER_HOUR": "1000000",
            "CUENTY_MESSAGES_PER_DAY": "1000000",
            "CUENTY_MESSAGES_PER_ADDRESS_DAY": "1000",
            "CUENTY_TWILIO_API_URL": url,
            "CUENTY_TWILIO_ACCOUNT_SID": ACCOUNT,
            "CUENTY_TWILIO_AUTH_TOKEN": TOKEN,
            "CUENTY_TWILIO_SMS_FROM": SMS_FROM,
            "CUENTY_TWILIO_WHATSAPP_FROM": WHATSAPP_FROM,
        }

    def counted(self) -> int:
        """How many messages it took, at its end."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        return int(self.process.stdout.readline().split()[0])


@contextlib.contextmanager
def twilio() -> Generator[Twilio]:
    with subprocess.Popen(
        [sys.executable, str(PROJECT / "benchmarks" / "_fake.py")],
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield Twilio(process, process.stdout.readline().strip())
        finally:
            process.terminate()


def become(values: dict[str, str], url: str) -> None:
    """Make this process's own settings those of a shop in production on that database."""
    os.environ.update({**values, "DATABASE_URL": url})
    for kept in (settings, ring, queue):
        kept.cache_clear()


async def fill() -> None:
    """10,000 messages that wait, each with its job, as orders paid one by one leave them."""
    async with unit_of_work() as session:
        await run(session, "DELETE FROM messages WHERE kind = 'delivered'")
        await run(session, "DELETE FROM procrastinate_jobs")
        rows = await fetch(
            session,
            """INSERT INTO messages (id, channel, kind, to_address, customer_id)
               SELECT gen_random_uuid(), 'sms', 'delivered', '+5255' || (10000000 + n),
                      (SELECT min(id) FROM customers)
               FROM generate_series(1, %(n)s) AS n RETURNING id""",
            n=MESSAGES,
        )
        await defer_many(session, "messages.send", [{"message_id": str(row.id)} for row in rows])


async def waiting() -> int:
    async with reading() as session:
        return int(await scalar(session, "SELECT count(*) FROM messages WHERE status = 'queued'"))


async def by_worker() -> float:
    await fill()
    begin = time.perf_counter()
    await work(until_empty=True)
    seconds = time.perf_counter() - begin
    assert await waiting() == 0
    return MESSAGES / seconds


async def by_loop() -> float:
    sms, numbers = channel_for("sms"), iter(range(MESSAGES))

    async def one_sender(left: Iterator[int]) -> None:
        for n in left:
            number = uuid.uuid4()
            to = f"+5255{10_000_000 + n}"
            await sms.send(Letter(number, "sms", to, TEXT, callback_url=callback_url(number)))

    begin = time.perf_counter()
    await asyncio.gather(*(one_sender(numbers) for _ in range(CONCURRENCY)))
    return MESSAGES / (time.perf_counter() - begin)


async def throughput() -> Row:
    rates: tuple[list[float], list[float]] = ([], [])
    for order in turns(ROUNDS):
        for way in order:
            rates[way].append(await (by_worker() if way else by_loop()))
            print(f"{('loop', 'worker')[way]}: {rates[way][-1]:.0f}/s", file=sys.stderr)
    await close()
    bare, ours = median(rates[0]), median(rates[1])
    return Row(
        "P16.1",
        f"{MESSAGES:,} queued messages: worker / bare loop of its client, {CONCURRENCY} at once",
        "≥ 0.7 ×",
        f"{ours:.0f} / {bare:.0f} a second",
        ours / bare,
        reached=ours >= 0.7 * bare,
    )


async def events(tab: Tab) -> list[float]:
    """Seconds of each event: what the frame of every page loads."""
    taken = []
    for _ in range(EVENTS):
        begin = time.perf_counter()
        assert value(await tab.ask(SIGNED_IN), "name") == NAME
        taken.append(time.perf_counter() - begin)
    return taken


@contextlib.asynccontextmanager
async def a_worker(fake: Twilio, url: str) -> AsyncGenerator[None]:
    """A worker of its own that has enough to do for as long as the block runs."""
    await fill()
    env = environment(**fake.settings, DATABASE_URL=url)
    command = [sys.executable, "-c", WORK]
    with subprocess.Popen(command, env=env, cwd=PROJECT) as process:  # noqa: ASYNC220  # it returns
        try:
            while await waiting() > MESSAGES - 100:  # noqa: ASYNC110  # told from the process
                await asyncio.sleep(0.05)
            yield
            assert await waiting(), "it ran out of messages"
        finally:
            process.terminate()


@contextlib.contextmanager
def something_else() -> Generator[None]:
    """One process that only computes, at the worker's priority: what the scheduler alone costs."""
    command = ["/usr/bin/nice", "-n", str(NICENESS), sys.executable, "-c", COMPUTE]
    with subprocess.Popen(command) as process:
        try:
            yield
        finally:
            process.terminate()


async def beside(data: Data, app: App, fake: Twilio, cookie: str) -> list[Row]:
    idle, busy, computing = list[float](), list[float](), list[float]()
    async with shop_tab(app, cookie) as tab:
        for _ in range(WARM):
            await tab.ask(SIGNED_IN)
        for _ in range(ROUNDS):
            idle.append(percentile(await events(tab), 0.99))
            async with a_worker(fake, data.url):
                busy.append(percentile(await events(tab), 0.99))
            with something_else():
                computing.append(percentile(await events(tab), 0.99))
            shown = " / ".join(f"{one[-1] * 1e3:.1f}" for one in (idle, busy, computing))
            print(f"p99 {shown} ms", file=sys.stderr)
    await close()
    ratio, least = median(busy) / median(idle), median(computing) / median(idle)
    return [
        Row(
            "P16.2",
            "The shop's event, signed in, one read: p99 while a worker sends them / idle",
            "≤ 2 ×",
            f"{median(busy) * 1e3:.2f} / {median(idle) * 1e3:.2f} ms",
            ratio,
            reached=ratio <= 2,
        ),
        Row(
            "P16.3",
            "The same beside one process that only computes, at the worker's priority",
            "(explains P16.2)",
            f"{median(computing) * 1e3:.2f} / {median(idle) * 1e3:.2f} ms",
            least,
        ),
    ]


def main() -> None:
    build_shop()
    with seeded() as data, twilio() as fake:
        _, cookie = uvloop.run(customer(data))
        with shop(data.folder, CUENTY_WORKER_IN_APP="false") as app:
            become(fake.settings, data.url)
            importlib.import_module("jobs.tasks")
            rows = uvloop.run(beside(data, app, fake, cookie))
        rows.append(uvloop.run(throughput()))
        assert fake.counted() >= 2 * ROUNDS * MESSAGES
    record(*rows)


if __name__ == "__main__":
    main()
