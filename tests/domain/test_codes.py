"""A1-A10: what guessing, replaying and flooding a login code gets an attacker."""

import asyncio
import math
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta

import psycopg
import pytest
import time_machine

from domain import carts, codes
from domain.actors import Actor
from domain.errors import DomainError, Forbidden, InvalidInput, TooManyRequests
from infra import clock
from infra.database import DatabaseDownError, reading, unit_of_work
from infra.vault import Place, ring
from tests.builders import as_customer, as_guest, as_staff, make_customer, make_plan, make_staff
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")

Attempt = Callable[[str], Awaitable[str]]
PHONE = "+525512345678"
GUEST = as_guest()


async def ask(actor: Actor = GUEST, phone: str = PHONE) -> str:
    """Ask for a code and read it where the phone would: in the message."""
    async with unit_of_work() as session:
        await codes.request(session, actor, phone=phone, channel="sms")
    return await last_code(phone)


async def last_code(phone: str = PHONE) -> str:
    async with await psycopg.AsyncConnection.connect(_url()) as link:
        found = await (
            await link.execute(
                "SELECT id, code_sealed FROM messages WHERE to_address = %s"
                " ORDER BY created_at DESC LIMIT 1",
                (phone,),
            )
        ).fetchone()
    assert found is not None
    return ring().unseal(found[1], Place("messages", "code_sealed", found[0])).disclose()


def _url() -> str:
    from infra.queue import psycopg_dsn  # noqa: PLC0415  # reads the settings of this test

    return psycopg_dsn()


async def enter(code: str, actor: Actor = GUEST, phone: str = PHONE) -> codes.SignedIn:
    async with unit_of_work() as session:
        return await codes.verify(session, actor, phone=phone, code=code)


async def outcome(code: str, actor: Actor = GUEST, phone: str = PHONE) -> str:
    try:
        await enter(code, actor, phone)
    except InvalidInput as refusal:
        return refusal.fields["code"]
    except DomainError as refusal:
        return refusal.code
    return "in"


async def one(statement: str) -> int:
    async with await psycopg.AsyncConnection.connect(_url()) as link:
        row = await (await link.execute(statement.encode())).fetchone()
    assert row is not None
    return int(row[0])


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06d}"


async def in_turns(guesses: list[str], at_once: int, attempt: Attempt) -> list[str]:
    """Run the guesses, so many at a time, in their order of arrival."""
    left, said = iter(guesses), list[str]()

    async def work() -> None:
        said.extend([await attempt(guess) for guess in left])

    await asyncio.gather(*(work() for _ in range(at_once)))
    return said


async def test_the_code_signs_in_and_registers_on_first_use(shop: Shop) -> None:
    first = await enter(await ask())
    shop.configure(code_resend_seconds=0)
    second = await enter(await ask())
    assert first.is_new
    assert not second.is_new
    assert first.customer_id == second.customer_id
    assert first.session_id != second.session_id


async def test_a_code_evaluates_five_guesses_of_ten_thousand() -> None:
    """A1."""
    code = await ask()
    guesses = [f"{n:06d}" for n in range(10_000) if f"{n:06d}" != code][:9_999]
    said = await in_turns([*guesses, code], 50, outcome)
    assert said.count("in") == 0
    assert await one("SELECT count(*) FROM signin_attempts WHERE outcome = 'failed'") == 5
    assert await one("SELECT count(*) FROM login_sessions") == 0


async def test_control_counting_tries_in_two_steps_evaluates_more() -> None:
    """A1: what the atomic UPDATE prevents."""
    code = await ask()
    evaluated = 0

    async def naive(guess: str) -> str:
        nonlocal evaluated
        async with await psycopg.AsyncConnection.connect(_url()) as link:
            row = await (await link.execute("SELECT tries, code_hash FROM login_codes")).fetchone()
            assert row is not None
            if row[0] >= codes.TRIES:
                return "spent"
            evaluated += 1
            await link.execute("UPDATE login_codes SET tries = least(5, %s + 1)", (row[0],))
        return "in" if codes.hashed(PHONE, guess) == row[1] else "wrong"

    await in_turns([wrong(code)] * 50, 25, naive)
    assert evaluated > codes.TRIES


async def test_a_correct_code_opens_one_session_of_a_hundred(shop: Shop) -> None:
    """A2: 100 at once, 20 times."""
    shop.configure(code_resend_seconds=0, codes_per_10_minutes=99, codes_per_day=99)
    shop.configure(codes_per_address_hour=99)
    for done in range(1, 21):
        code = await ask()
        said = await asyncio.gather(*(outcome(code) for _ in range(100)))
        assert said.count("in") == 1
        assert await one("SELECT count(*) FROM login_sessions") == done


async def test_control_marking_a_code_used_in_two_steps_opens_more() -> None:
    """A2: what the spending UPDATE prevents."""
    code = await ask()
    opened = 0

    async def naive(_: int) -> None:
        nonlocal opened
        async with await psycopg.AsyncConnection.connect(_url()) as link:
            row = await (
                await link.execute("SELECT code_hash, used_at FROM login_codes")
            ).fetchone()
            assert row is not None
            await asyncio.sleep(0.01)
            if row[1] is None and row[0] == codes.hashed(PHONE, code):
                await link.execute("UPDATE login_codes SET used_at = now()")
                opened += 1

    await asyncio.gather(*(naive(n) for n in range(10)))
    assert opened > 1


async def test_failures_outlive_their_code_until_an_operator_unlocks(shop: Shop) -> None:
    """A3: 25 codes, 4 wrong guesses on each."""
    shop.configure(code_resend_seconds=0, codes_per_10_minutes=99, codes_per_day=99)
    shop.configure(codes_per_address_hour=99)
    said: list[str] = []
    for _ in range(5):
        code = await ask()
        said += [await outcome(wrong(code)) for _ in range(4)]
    for _ in range(20):
        with pytest.raises(TooManyRequests, match="phone_locked"):
            await ask()
    assert await one("SELECT count(*) FROM signin_attempts WHERE outcome = 'failed'") == 20
    assert await outcome(code) == "phone_locked"
    operator = as_staff(await make_staff())
    async with unit_of_work() as session:
        await codes.unlock(session, operator, PHONE)
    assert await outcome(await ask()) == "in"
    assert await one("SELECT count(*) FROM audit_entries WHERE action = 'phone.unlock'") == 1


async def test_a_hundred_failures_in_a_row_lock_for_longer_than_a_day(shop: Shop) -> None:
    """A3: the 101st, correct code is refused until an operator unlocks."""
    shop.configure(code_resend_seconds=0, codes_per_day=999, codes_per_10_minutes=999)
    shop.configure(codes_per_address_hour=999)
    start = clock.now()
    for day in range(5):
        with time_machine.travel(start + timedelta(days=day, minutes=day), tick=False):
            for _ in range(5):
                code = await ask()
                for _ in range(4):
                    await outcome(wrong(code))
    with time_machine.travel(start + timedelta(days=30), tick=False):
        with pytest.raises(TooManyRequests) as refusal:
            await ask()
        assert refusal.value.code == "phone_locked"
        async with unit_of_work() as session:
            await codes.unlock(session, as_staff(await make_staff()), PHONE)
        assert await outcome(await ask()) == "in"


async def test_only_staff_unlock_a_phone() -> None:
    ana = as_customer(await make_customer(PHONE))
    for actor in (GUEST, ana):
        with pytest.raises(Forbidden):
            async with unit_of_work() as session:
                await codes.unlock(session, actor, PHONE)


async def test_guessing_on_many_phones_pauses_signing_in(shop: Shop) -> None:
    """A4: 0 accepted beyond 5 per code, and the breaker opens with an alert."""
    shop.configure(failures_per_hour_total=100, codes_per_hour=9999)
    said: Counter[str] = Counter()

    async def attack(n: int) -> None:
        thief = as_guest(f"thief-{n}", f"198.51.{n // 250}.{n % 250}")
        phone = f"+5255{20_000_000 + n}"
        try:
            code = await ask(thief, phone)
        except TooManyRequests as refusal:
            said[refusal.code] += 1
            return
        for _ in range(10):
            said[await outcome(wrong(code), thief, phone)] += 1

    for start in range(0, 40, 8):
        await asyncio.gather(*(attack(n) for n in range(start, start + 8)))
    failed = await one("SELECT count(*) FROM signin_attempts WHERE outcome = 'failed'")
    assert 100 <= failed <= 110
    assert said["in"] == 0
    assert said["signin_paused"] > 0
    assert await one("SELECT count(*) FROM alerts WHERE kind = 'signin_paused'") == 1


@pytest.mark.parametrize(("seconds", "said"), [(599, "in"), (600, "spent"), (601, "spent")])
async def test_a_code_lives_ten_minutes(seconds: int, said: str) -> None:
    """A5: by the server's clock."""
    start = clock.now()
    with time_machine.travel(start, tick=False):
        code = await ask()
    with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
        assert (await outcome(code) == "in") == (said == "in")


async def test_a_code_works_only_in_the_browser_that_asked() -> None:
    """A6: and another browser cannot spend its tries either."""
    code = await ask()
    others = [as_guest("navegador-b"), Actor(kind="guest")]
    for other in others * 4:
        assert await outcome(code, other) != "in"
    assert await outcome(code) == "in"


async def test_a_program_without_cookies_spends_its_own_code() -> None:
    program = Actor(kind="guest", address_hash=GUEST.address_hash)
    code = await ask(program)
    assert await outcome(code) != "in"
    assert await outcome(code, program) == "in"


async def test_a_new_code_ends_the_earlier_ones(shop: Shop) -> None:
    shop.configure(code_resend_seconds=0)
    first = await ask()
    second = await ask()
    if first != second:
        assert await outcome(first) != "in"
    assert await outcome(second) == "in"


async def test_the_code_is_nowhere_in_the_database() -> None:
    """A7: no column of the tables a code passes through holds it as text."""
    code = await ask()
    async with await psycopg.AsyncConnection.connect(_url()) as link:
        for table in ("login_codes", "messages", "procrastinate_jobs", "audit_entries"):
            query = f"SELECT string_agg(t::text, ' ') FROM {table} t"  # noqa: S608
            row = await (await link.execute(query.encode())).fetchone()
            assert row is not None
            assert code not in re.findall(r"(?<!\d)\d{6}(?!\d)", re.sub(r"\.\d+", "", row[0] or ""))


def test_codes_are_even_and_keep_their_leading_zeros() -> None:
    """A7: chi-square over the digits of 200,000 codes, p > 0.001."""
    made = [codes.new_code() for _ in range(200_000)]
    assert all(len(code) == 6 for code in made)
    assert any(code.startswith("00") for code in made)
    for place in range(6):
        counts = Counter(code[place] for code in made)
        expected = len(made) / 10
        chi = math.fsum((counts[str(d)] - expected) ** 2 / expected for d in range(10))
        assert chi < 27.88 + 8  # 9 degrees of freedom at 0.001, over six places


async def test_sending_is_limited_per_phone(shop: Shop) -> None:
    """A9: once in 30 s, 5 in ten minutes, 10 a day, exactly, under concurrency."""
    start = clock.now()
    sent: list[int] = []
    for minute in range(0, 60 * 24, 9):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            results = await asyncio.gather(
                *(_sends(as_guest(f"b{n}", f"192.0.2.{n}")) for n in range(6))
            )
            sent.append(sum(results))
    assert max(sent) == 1
    assert sum(sent) == 10
    shop.configure(code_resend_seconds=0, codes_per_day=99)
    with time_machine.travel(start + timedelta(days=3), tick=False):
        results = await asyncio.gather(*(_sends() for _ in range(20)))
    assert sum(results) == 5


async def _sends(actor: Actor = GUEST, phone: str = PHONE) -> bool:
    try:
        async with unit_of_work() as session:
            await codes.request(session, actor, phone=phone)
    except TooManyRequests as refusal:
        return refusal.retry_in <= 0
    return True


async def test_sending_is_limited_per_address_and_for_the_shop(shop: Shop) -> None:
    """A9: 20 an hour from one address; the shop's budget bounds the bill."""
    results = await asyncio.gather(
        *(_sends(as_guest(f"b{n}"), f"+5255{30_000_000 + n}") for n in range(40))
    )
    assert sum(results) == 20
    shop.configure(codes_per_hour=25)
    results = await asyncio.gather(
        *(_sends(as_guest(f"b{n}", f"192.0.2.{n}"), f"+5255{40_000_000 + n}") for n in range(40))
    )
    assert sum(results) == 5
    assert await one("SELECT count(*) FROM alerts WHERE kind = 'code_budget'") == 1
    assert await one("SELECT count(*) FROM messages") == 25


async def test_nothing_is_sent_when_the_limits_cannot_be_read(shop: Shop) -> None:
    """A9: fail closed."""
    async with await psycopg.AsyncConnection.connect(_url(), autocommit=True) as link:
        await link.execute("ALTER TABLE login_codes RENAME TO elsewhere")
        with pytest.raises(psycopg.errors.UndefinedTable):
            await _sends()
        await link.execute("ALTER TABLE elsewhere RENAME TO login_codes")
    assert await one("SELECT count(*) FROM messages") == 0
    shop.patch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    from infra import database  # noqa: PLC0415
    from infra.settings import settings  # noqa: PLC0415

    await database.close()
    settings.cache_clear()
    with pytest.raises(DatabaseDownError):
        await _sends()


async def test_a_known_phone_and_an_unknown_one_get_the_same_answer() -> None:
    """A10: customers are not even read."""
    await make_customer(PHONE)
    await make_customer("+525512345699", blocked_at=clock.now())
    answers = []
    for n, phone in enumerate((PHONE, "+525512345699", "+525512345670")):
        async with unit_of_work() as session:
            sent = await codes.request(session, as_guest(f"b{n}"), phone=phone)
        answers.append((sent.channel, sent.expires_in, sent.resend_in))
    assert len(set(answers)) == 1


async def test_a_blocked_customer_stays_out() -> None:
    await make_customer(PHONE, blocked_at=clock.now())
    code = await ask()
    assert await outcome(code) == "customer_blocked"
    assert await one("SELECT count(*) FROM login_sessions") == 0
    assert await outcome(code) != "customer_blocked"


async def test_the_guest_cart_comes_along() -> None:
    plan, other = await make_plan(), await make_plan()
    ana = await make_customer(PHONE)
    assert plan.id is not None
    assert other.id is not None
    async with unit_of_work() as session:
        await carts.add(session, as_customer(ana), plan_id=plan.id, quantity=7)
        await carts.add(session, GUEST, plan_id=plan.id, quantity=8)
        await carts.add(session, GUEST, plan_id=other.id, quantity=2)
    await enter(await ask())
    async with reading() as session:
        inside = await carts.contents(session, as_customer(ana))
        assert {line.plan_id: line.quantity for line in inside.items} == {plan.id: 10, other.id: 2}
        assert await carts.count(session, GUEST) == 0
