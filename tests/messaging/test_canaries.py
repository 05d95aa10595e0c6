"""No code, password, PIN, login or token of a message stands in anything the shop writes.

Messages go the whole way: asked for over the API, sent by a `cuenty worker` of its own to a Twilio
that refuses, breaks and breaks off, reported back, listed for staff. With credentials in messages
and without, after a rotation, and when sending crashes. What the customer got is where the secrets
are known from.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from domain import message_pages, rotations, shop_settings
from domain.sql import fetch, run, scalar
from infra import logs
from infra.database import reading, unit_of_work
from infra.queue import defer
from infra.vault import Secret
from tests.api.conftest import client
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    pay,
    place_order,
)
from tests.canaries import dump, hits
from tests.domain.test_message_sending import later
from tests.fixtures import Shop
from tests.messaging.fake_twilio import (
    HALF,
    TOKEN,
    Does,
    FakeTwilio,
    broken,
    busy,
    fake_twilio,
    refuses,
)
from tests.messaging.test_engine import PRODUCTION

LOGIN, PIN = "canario-acceso@correo.mx", "canariopin77"
PASSWORD, ROTATED = "canario-de-la-clave", "canario-de-la-nueva"
UNDONE = "SELECT count(*) FROM procrastinate_jobs WHERE status < 'succeeded'"
CRASHES = "canario_que_revienta"
PHONE = "+525519283746"
ILLS = [
    refuses(21610),
    refuses(63016),
    broken(),
    busy("1"),
    HALF,
    Does(page="<html>no</html>"),
    refuses(20003, 401),
]


@dataclass
class Flow:
    """The secrets by name, and by place everything that was written."""

    secrets: dict[str, str]
    written: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture
def twilio(shop: Shop) -> Generator[FakeTwilio]:
    with fake_twilio() as fake:
        shop.configure(**{**PRODUCTION, "twilio_timeout_seconds": 20}, **fake.settings())
        yield fake


@pytest.fixture(autouse=True)
def cleaning() -> Generator[None]:
    """What is logged is cleaned, as in the app."""
    before = logging.getLogRecordFactory()
    logs.quiet()
    yield
    logging.setLogRecordFactory(before)


@asynccontextmanager
async def a_worker(log: Path) -> AsyncGenerator[None]:
    """The product's own, which says as much as it can."""
    told = "import logging; logging.basicConfig(level=1); from cuenty_app.cli import main; main()"
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: ASYNC220, S603  # this very Python
            [sys.executable, "-c", told, "worker"],
            env=dict(os.environ),
            stdout=output,
            stderr=output,
        )
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            assert await asyncio.to_thread(process.wait, 30) == 0


async def all_is_done() -> None:
    """Nothing is left in the queue of jobs."""
    async with asyncio.timeout(60):
        while await count(UNDONE):  # noqa: ASYNC110  # told from another process
            await asyncio.sleep(0.05)


async def count(statement: str) -> int:
    async with reading() as session:
        return int(await scalar(session, statement))


async def live(twilio: FakeTwilio, folder: Path, caplog: pytest.LogCaptureFixture) -> Flow:
    caplog.set_level(1)
    flow = Flow({"login": LOGIN, "password": PASSWORD, "rotated": ROTATED, "pin": PIN})
    flow.secrets |= {"variable": CRASHES, "provider": TOKEN}
    log = folder / "worker.log"
    owner = as_staff(await make_staff("owner"))
    await make_bank()
    service = await make_service(max_profiles=9)
    plan = await make_plan(service)
    account = await make_account(
        plan.service_id, profiles=9, login=LOGIN, password=PASSWORD, pin=PIN
    )

    async def sell() -> int:
        order = await place_order(
            await make_customer(delivery_preference="whatsapp", email="ana@correo.mx"), plan
        )
        await all_is_done()
        await pay(order.id, order.total)
        await all_is_done()
        return int(order.id)

    async with client() as shop, a_worker(log):
        flow.written["answers"] = await sign_in(shop, twilio, flow)
        orders = [await sell()]
        assert hits(flow.secrets, bodies(twilio)) == ["code"], "only that one is to arrive"
        async with unit_of_work() as session:
            await shop_settings.set_credentials_in_messages(session, owner, wanted=True)
        orders += [await sell_in(twilio, ill, sell) for ill in ILLS]
        async with unit_of_work() as session:
            await rotations.rotate_password(
                session, owner, account_id=account.id or 0, password=Secret(ROTATED)
            )
        await all_is_done()
        await crash(sell)
        await again()
        await all_is_done()
        known = hits(flow.secrets, bodies(twilio))
        assert known == ["code", "login", "password", "pin", "rotated"], "they did travel"
        flow.secrets |= links(twilio)
        flow.written["answers"] += await ask_wrongly(shop, twilio, flow.secrets)
        flow.written["pages"] = await pages(owner, orders)
    flow.written["worker's log"] = [log.read_text(errors="replace")]
    flow.written["log"] = [repr(vars(record)) for record in caplog.records] + [caplog.text]
    return flow


def bodies(twilio: FakeTwilio) -> list[str]:
    return [form.get("Body", "") for form in twilio.sent]


async def sign_in(shop: httpx.AsyncClient, twilio: FakeTwilio, flow: Flow) -> list[str]:
    """A code that fails, a code that arrives, a wrong try and the right one."""
    said = []
    for phone, ill in (("+525519283745", refuses(21211)), (PHONE, None)):
        twilio.next.extend([ill] * 2 if ill else [])
        asked = {"phone": phone, "channel": "sms"}
        said.append(await shop.post("/api/auth/user/phone/request-code", json=asked))
        await all_is_done()
        twilio.next.clear()
    [found] = re.findall(r"\d{6}", bodies(twilio)[-1])
    flow.secrets["code"] = found
    for code in (f"{(int(found) + 1) % 10**6:06d}", found):
        tried = {"phone": PHONE, "code": code}
        said.append(await shop.post("/api/auth/user/phone/verify-code", json=tried))
    flow.secrets["session"] = said.pop().json()["access_token"]
    return [f"{answer.text}{dict(answer.headers)}" for answer in said]


async def sell_in(twilio: FakeTwilio, ill: Does, sell: Any) -> int:
    twilio.next.extend([ill] * 2)
    order = await sell()
    twilio.next.clear()
    await rested()
    return int(order)


async def rested() -> None:
    """The provider is asked again at once."""
    async with unit_of_work() as session:
        await run(session, "UPDATE provider_states SET failures = 0, rests_until = NULL")


async def crash(sell: Any) -> None:
    """A text nobody could have saved: filling it raises, and what it raises names the canary."""
    async with unit_of_work() as session:
        await run(
            session,
            """INSERT INTO message_templates (name, version, category, body)
               VALUES ('delivered', 1, 'utility', %(body)s)""",
            body=f"{{{CRASHES}}}",
        )
    await sell()
    async with unit_of_work() as session:
        await run(session, "DELETE FROM message_templates")
    assert await count("SELECT count(*) FROM procrastinate_jobs WHERE status = 'failed'") == 1


async def again() -> None:
    """What waits for a second try goes out an hour later."""
    for _ in range(3):
        await later(3600)
        await rested()
        async with unit_of_work() as session:
            await defer(session, "messages.retry", timestamp=0)
        await all_is_done()


def links(twilio: FakeTwilio) -> dict[str, str]:
    found = re.findall(r"/m/([\w-]+)", "\n".join(bodies(twilio)))
    assert len(found) > len(ILLS)
    return {f"link {n}": token for n, token in enumerate(found)}


async def ask_wrongly(
    shop: httpx.AsyncClient, twilio: FakeTwilio, secrets: dict[str, str]
) -> list[str]:
    said = []
    call = twilio.callback(twilio.messages[-1]["sid"], "delivered")
    for secret in secrets.values():
        fields = {**call.fields, "Body": secret}
        for headers in ({}, call.headers, {"X-Twilio-Signature": secret}):
            path = call.url.removeprefix("https://cuenty.mx")
            said.append(await shop.post(path, data=fields, headers=headers))
        said.append(await shop.post("/api/auth/user/phone/verify-code", json={"code": secret}))
        said.append(await shop.get("/api/auth/user/profile", params={"token": secret}))
    return [f"{answer.text}{dict(answer.headers)}" for answer in said]


async def pages(owner: Any, orders: list[int]) -> list[str]:
    """The history with each of its filters, every message's way, what orders say of theirs."""
    said: list[Any] = []
    async with reading() as session:
        for tab in message_pages.TABS:
            filters = message_pages.Filters(tab=tab)
            said.append(await message_pages.history(session, owner, filters, limit=200))
        said += [await message_pages.counts(session, owner)]
        for row in await fetch(session, "SELECT id FROM messages"):
            said.append(await message_pages.steps(session, owner, message_id=row.id))
        said += [await message_pages.of_order(session, owner, order_id=order) for order in orders]
    assert len(said[2]) > len(ILLS)
    return [repr(one) for one in said]


async def test_no_secret_of_a_message_is_in_a_log_a_row_a_page_or_an_answer(
    shop: Shop, twilio: FakeTwilio, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    flow = await live(twilio, tmp_path, caplog)
    flow.written["database"] = [dump(shop.url)]
    found = {place: hits(flow.secrets, texts) for place, texts in flow.written.items()}
    assert found == {place: [] for place in flow.written}
    for place, mark in {
        "worker's log": "messages.send",
        "log": "httpx",
        "pages": "twilio_63016",
        "answers": "problem+json",
        "database": "messages_failing",
    }.items():
        assert mark in "".join(flow.written[place]), f"there is something to search in: {place}"


async def test_control_the_search_finds_what_is_planted(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    """As an argument of a job, in an alert, unsealed, and in a log that nobody cleans."""
    planted = {name: f"canario-{name}" for name in ("argument", "alert", "text", "log")}
    with psycopg.connect(shop.url) as link:
        link.execute(
            """INSERT INTO procrastinate_jobs (task_name, queue_name, args)
               VALUES ('messages.send', 'default', jsonb_build_object('code', %s::text))""",
            [planted["argument"]],
        )
        link.execute(
            "INSERT INTO alerts (kind, data) VALUES ('x', jsonb_build_object('pin', %s::text))",
            [planted["alert"]],
        )
        link.execute(
            """INSERT INTO messages (id, channel, kind, to_address, body_sealed)
               VALUES (gen_random_uuid(), 'sms', 'test', '+525512345678', %s)""",
            [planted["text"].encode()],
        )
    assert hits(planted, [dump(shop.url)]) == ["alert", "argument", "text"]
    logging.getLogger("jobs.messages").warning("sent %s", planted["log"])
    assert hits(planted, [caplog.text]) == ["log"]
