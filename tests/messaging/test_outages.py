"""Whatever a provider does for an hour: nothing is lost, and it counts nothing twice."""

from __future__ import annotations

import asyncio
import importlib
import random
from collections import Counter
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from domain.sql import run
from infra.database import unit_of_work
from models.messages import Channel
from tests.domain.test_message_sending import later, make_test_message, row
from tests.fixtures import Shop
from tests.messaging.fake_smtp import OK, Authority, FakeSmtp
from tests.messaging.fake_twilio import (
    DOWN,
    HALF,
    PLAIN,
    Does,
    FakeTwilio,
    broken,
    busy,
    refuses,
    silent,
)
from tests.messaging.test_engine import PRODUCTION, alerts

AN_HOUR, MOST_MINUTES = 60, 240
LATE_ANSWER = silent(accepts=True)
ILLS = {
    "down": DOWN,
    "breaks off": HALF,
    "limits us": busy("120"),
    "limits us without a word": busy(),
    "broken": broken(),
    "bad gateway": Does(status=502, page="<html>Bad gateway</html>", accepts=False),
    "takes it and says nothing": LATE_ANSWER,
    "takes nothing and says nothing": silent(accepts=False),
    "says what is no JSON": Does(page="<html>Sign in to the hotel's network</html>"),
    "does not know us": refuses(20003, 401),
}


@pytest.fixture
def tasks(shop: Shop, twilio: FakeTwilio) -> Any:
    given = {**PRODUCTION, "twilio_timeout_seconds": 0.1}
    shop.configure(**given, **twilio.settings())
    return importlib.import_module("jobs.tasks")


async def people(how_many: int) -> list[UUID]:
    return [await make_test_message(to_address=f"+5255{10_000_000 + n}") for n in range(how_many)]


async def a_minute(tasks: Any) -> None:
    await later(60)
    async with unit_of_work() as session:
        await run(
            session, "UPDATE provider_states SET rests_until = rests_until - interval '1 minute'"
        )
    await tasks.messages.retry(0)


async def until_settled(tasks: Any, numbers: list[UUID]) -> None:
    for _ in range(MOST_MINUTES):
        await a_minute(tasks)
        if "queued" not in await states(numbers):
            return


async def states(numbers: list[UUID]) -> Counter[str]:
    return Counter([(await row(number)).status for number in numbers])


@pytest.mark.parametrize("ill", ILLS)
async def test_after_an_hour_of_it_everything_goes_out_once(
    tasks: Any, twilio: FakeTwilio, ill: str
) -> None:
    numbers = await people(40)
    twilio.always = ILLS[ill]
    await asyncio.gather(*(tasks.messages.send(str(number)) for number in numbers))
    assert await alerts() == ["provider:twilio"]
    for _ in range(AN_HOUR):
        await a_minute(tasks)
    assert await states(numbers) == {"queued": 40}, "nobody gave up"
    assert twilio.asked.total() < 150, "and nobody pestered it"
    twilio.always = PLAIN
    await until_settled(tasks, numbers)
    assert await states(numbers) == {"sent": 40}
    assert Counter(form["To"] for form in twilio.sent) == dict.fromkeys(addresses(40), 1)
    assert await alerts() == []


def addresses(how_many: int) -> list[str]:
    return [f"+5255{10_000_000 + n}" for n in range(how_many)]


MAIL_ILLS = {
    "closes": {"to_sender": "421 4.3.2 Closing"},
    "greylists": {"to_recipient": "450 4.2.0 Greylisted"},
    "has no room": {"to_data": "452 4.3.1 No space"},
    "is broken": {"to_data": "451 4.3.0 Local error"},
    "does not know us": {"to_sender": "535 5.7.8 Not you"},
    "says nothing": {"stays_silent": True},
}


@pytest.mark.parametrize("ill", MAIL_ILLS)
async def test_after_an_hour_of_it_every_mail_goes_out_once(
    tasks: Any, shop: Shop, smtp: FakeSmtp, authority: Authority, ill: str
) -> None:
    shop.configure(
        smtp_host="127.0.0.1",
        smtp_port=smtp.port,
        smtp_username="tienda",
        smtp_password="clave-de-correo",
        smtp_from="avisos@cuenty.mx",
        smtp_ca_file=authority.file,
        smtp_timeout_seconds=0.3,
    )
    written = [f"persona{n}@correo.mx" for n in range(10)]
    numbers = [await make_test_message(channel=Channel.EMAIL, to_address=to) for to in written]
    for name, does in MAIL_ILLS[ill].items():
        setattr(smtp, name, does)
    await asyncio.gather(*(tasks.messages.send(str(number)) for number in numbers))
    for _ in range(AN_HOUR):
        await a_minute(tasks)
    assert (await states(numbers), smtp.mailbox) == ({"queued": 10}, [])
    smtp.to_sender = smtp.to_recipient = smtp.to_data = OK
    smtp.stays_silent = False
    shop.configure(smtp_timeout_seconds=30)  # an answer that is late would be asked for again
    await until_settled(tasks, numbers)
    assert await states(numbers) == {"sent": 10}
    assert Counter(to for [to] in smtp.recipients) == dict.fromkeys(written, 1)


@pytest.mark.parametrize("seed", range(3))
async def test_all_of_it_at_once_sends_nothing_twice_and_refuses_with_a_reason(
    tasks: Any, twilio: FakeTwilio, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311  # the same storm in every run
    possible = [*ILLS.values(), *[PLAIN] * 9, refuses(21211), refuses(21610), refuses(63016)]
    twilio.next.extend(chance.choices(possible, k=90))
    twilio.next_lists.extend(chance.choices(list(ILLS.values()), k=15))
    numbers = await people(40)
    await asyncio.gather(*(tasks.messages.send(str(number)) for number in numbers))
    await until_settled(tasks, numbers)
    sent = Counter(form["To"] for form in twilio.sent)
    for number in numbers:
        found = await row(number)
        assert (found.status, sent[found.to_address]) in {("sent", 1), ("failed", 0)}
        assert (found.status == "failed") == found.error_code.startswith("twilio_")
    assert await states(numbers) != {"sent": 40}, "some were refused for good"


async def test_control_who_forgets_that_it_set_out_sends_twice(
    tasks: Any, twilio: FakeTwilio
) -> None:
    """The same hour without the mark in the row, and so without asking first."""
    numbers = await people(5)
    twilio.always = replace(HALF)
    for number in numbers:
        await tasks.messages.send(str(number))
    async with unit_of_work() as session:
        await run(session, "UPDATE messages SET in_doubt_since = NULL")
    twilio.always = PLAIN
    await until_settled(tasks, numbers)
    assert max(Counter(form["To"] for form in twilio.sent).values()) > 1
