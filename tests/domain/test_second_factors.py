"""A12: the code beside the password. No code is taken twice, and none can be guessed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta

import psycopg
import pytest
import time_machine
from pyotp import TOTP

import models
from domain import my_second_factor, second_factors, staff, team
from domain.errors import Conflict, Forbidden, InvalidInput, TooManyRequests, Unauthenticated
from domain.sql import fetch, run
from infra import clock
from infra.database import reading, unit_of_work
from infra.vault import Secret
from tests.builders import PASSWORD, as_guest, as_staff, make_staff, sign_in_staff
from tests.fixtures import Shop


class Device:
    """An authenticator, on a clock that the test moves."""

    def __init__(
        self, user: models.StaffUser, secret: str, traveller: time_machine.Traveller
    ) -> None:
        self.user, self.totp, self.traveller = user, TOTP(secret), traveller
        self.recovery: list[str] = []

    def code(self, *, steps: int = 0) -> str:
        return self.totp.generate_otp(int(clock.now().timestamp()) // 30 + steps)

    def wait(self, **ahead: float) -> None:
        self.traveller.move_to(clock.now() + timedelta(**ahead))


@pytest.fixture
async def device(shop: Shop) -> AsyncGenerator[Device]:
    shop.configure(staff_logins_per_5_minutes=1000)
    olga = await make_staff(username="olga")
    async with unit_of_work() as session:
        setup = await my_second_factor.begin(session, as_staff(olga))
    with time_machine.travel(clock.now(), tick=False) as traveller:
        made = Device(olga, setup.secret.disclose(), traveller)
        async with unit_of_work() as session:
            shown = await my_second_factor.enable(session, as_staff(olga), code=made.code())
        made.recovery = [code.disclose() for code in shown]
        made.wait(seconds=60)
        yield made


async def enter(code: str = "", address: str = "203.0.113.7") -> str:
    try:
        async with unit_of_work() as session:
            await staff.sign_in(
                session,
                as_guest(address=address),
                username="olga",
                password=PASSWORD,
                code=code,
            )
    except (Unauthenticated, TooManyRequests) as refusal:
        return refusal.code
    return "in"


async def test_it_asks_once_a_right_code_was_shown(shop: Shop) -> None:
    del shop
    olga = await make_staff(username="olga")
    async with unit_of_work() as session:
        setup = await my_second_factor.begin(session, as_staff(olga))
    assert setup.secret.disclose() in setup.address.disclose()
    assert await enter() == "in"
    with pytest.raises(InvalidInput):
        async with unit_of_work() as session:
            await my_second_factor.enable(session, as_staff(olga), code="no es")
    assert await enter() == "in"
    code = TOTP(setup.secret.disclose()).now()
    async with unit_of_work() as session:
        await my_second_factor.enable(session, as_staff(olga), code=code)
    assert await enter() == "totp_needed"
    with pytest.raises(Conflict):
        async with unit_of_work() as session:
            await my_second_factor.begin(session, as_staff(olga))


async def test_the_password_and_the_code_together_open(device: Device) -> None:
    assert await enter() == "totp_needed"
    assert await enter("000000") == "totp_wrong"
    assert await enter(device.code()) == "in"


@pytest.mark.parametrize(("steps", "said"), [(-2, "totp_wrong"), (-1, "in"), (1, "in")])
async def test_a_clock_may_differ_by_a_step(device: Device, steps: int, said: str) -> None:
    assert await enter(device.code(steps=steps)) == said


async def test_a_code_is_taken_once_and_so_is_every_one_before_it(device: Device) -> None:
    before, now = device.code(steps=-1), device.code()
    assert await enter(now) == "in"
    assert await enter(now) == "totp_wrong"
    assert await enter(before) == "totp_wrong"
    device.wait(seconds=30)
    assert await enter(device.code()) == "in"


async def test_a_code_is_taken_once_of_many_at_once(device: Device) -> None:
    code = device.code()

    async def spend() -> bool:
        async with unit_of_work() as session:
            return await second_factors.spend_step(session, device.user.id or 0, code)

    assert sum(await asyncio.gather(*(spend() for _ in range(20)))) == 1


async def test_control_without_the_kept_step_a_code_is_taken_twice(device: Device) -> None:
    code = device.code()
    assert await enter(code) == "in"
    async with unit_of_work() as session:
        await run(session, "UPDATE staff_second_factors SET last_step = 0")
    assert await enter(code) == "in"


async def test_the_code_that_turned_it_on_opens_nothing(shop: Shop) -> None:
    del shop
    olga = await make_staff(username="olga")
    async with unit_of_work() as session:
        setup = await my_second_factor.begin(session, as_staff(olga))
    with time_machine.travel(clock.now(), tick=False):
        code = TOTP(setup.secret.disclose()).now()
        async with unit_of_work() as session:
            await my_second_factor.enable(session, as_staff(olga), code=code)
        assert await enter(code) == "totp_wrong"


async def test_wrong_codes_are_limited_as_passwords_are(shop: Shop, device: Device) -> None:
    shop.configure(staff_logins_per_5_minutes=10)
    device.wait(minutes=6)
    said = await asyncio.gather(*(enter("000000", f"192.0.2.{n}") for n in range(15)))
    assert said.count("totp_wrong") == 10
    assert said.count("login_limit") == 5
    assert await enter(device.code(), "203.0.113.99") == "login_limit"


async def test_twenty_wrong_codes_a_day_and_then_only_a_recovery_code(device: Device) -> None:
    for n in range(20):
        assert await enter("000000", f"192.0.2.{n}") == "totp_wrong"
    assert await enter(device.code()) == "totp_locked"
    assert await enter(device.recovery[0]) == "in"
    device.wait(hours=24, seconds=1)
    assert await enter(device.code()) == "in"


async def test_control_with_no_limit_a_right_code_follows_any_number_of_wrong_ones(
    shop: Shop, device: Device
) -> None:
    shop.configure(failures_per_day=1000)
    for n in range(21):
        assert await enter("000000", f"192.0.2.{n}") == "totp_wrong"
    assert await enter(device.code()) == "in"


async def test_each_recovery_code_opens_once_however_it_is_written(device: Device) -> None:
    assert len(set(device.recovery)) == 10
    first, second = device.recovery[:2]
    assert await enter(f" {first.upper()} ") == "in"
    assert await enter(first) == "totp_wrong"
    assert await enter(second.replace("-", "")) == "in"
    async with reading() as session:
        left = await my_second_factor.standing(session, as_staff(device.user))
    assert left.codes_left == 8


async def test_a_recovery_code_is_its_owner_s_alone(device: Device) -> None:
    eva = await make_staff(username="eva")
    async with unit_of_work() as session:
        assert not await second_factors.is_right(
            session, as_guest(), eva.id or 0, device.recovery[0]
        )


async def test_neither_secret_nor_codes_are_in_the_database(shop: Shop, device: Device) -> None:
    await enter(device.recovery[0])
    async with await psycopg.AsyncConnection.connect(shop.url) as link:
        row = await (
            await link.execute(
                """SELECT (SELECT string_agg(f::text, '') FROM staff_second_factors f)
                       || (SELECT string_agg(c::text, '') FROM staff_recovery_codes c)
                       || (SELECT string_agg(a::text, '') FROM audit_entries a)"""
            )
        ).fetchone()
        sealed = await (
            await link.execute("SELECT secret_sealed FROM staff_second_factors")
        ).fetchone()
    assert row is not None
    assert sealed is not None
    hidden = [device.totp.secret, *device.recovery, *(c.replace("-", "") for c in device.recovery)]
    assert [text for text in hidden if text in row[0] or text.encode() in bytes(sealed[0])] == []


async def test_a_secret_opens_only_in_its_own_row(device: Device) -> None:
    sealed = second_factors.ring().seal(Secret("x"), second_factors.place(device.user.id or 0))
    eva = await make_staff(username="eva")
    async with unit_of_work() as session:
        await run(
            session,
            "INSERT INTO staff_second_factors (staff_id, secret_sealed) VALUES (%(id)s, %(s)s)",
            id=eva.id,
            s=sealed,
        )
    with pytest.raises(Exception, match="does not open here"):
        async with unit_of_work() as session:
            await second_factors.spend_step(session, eva.id or 0, "123456")


async def test_turning_it_on_ends_the_sessions_opened_without_it(shop: Shop) -> None:
    del shop
    olga = await make_staff(username="olga")
    there = await sign_in_staff(olga)
    async with unit_of_work() as session:
        setup = await my_second_factor.begin(session, as_staff(olga))
    async with unit_of_work() as session:
        code = TOTP(setup.secret.disclose()).now()
        await my_second_factor.enable(session, as_staff(olga), code=code)
    async with reading() as session:
        assert await staff.sessions.find(session, there) is None


async def test_turning_it_off_takes_the_password(device: Device) -> None:
    me = as_staff(device.user)
    with pytest.raises(InvalidInput):
        async with unit_of_work() as session:
            await my_second_factor.turn_off(session, me, password="no es")
    assert await enter() == "totp_needed"
    async with unit_of_work() as session:
        await my_second_factor.turn_off(session, me, password=PASSWORD)
    assert await enter() == "in"


async def test_new_recovery_codes_replace_the_old(device: Device) -> None:
    async with unit_of_work() as session:
        shown = await my_second_factor.renew_codes(
            session, as_staff(device.user), password=PASSWORD
        )
    assert await enter(device.recovery[0]) == "totp_wrong"
    assert await enter(shown[0].disclose()) == "in"


async def test_an_owner_takes_it_off_a_colleague_on_record(device: Device) -> None:
    olga, owner = device.user, await make_staff("owner")
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await team.remove_second_factor(session, as_staff(olga), staff_id=olga.id or 0)
    async with unit_of_work() as session:
        await team.remove_second_factor(session, as_staff(owner), staff_id=olga.id or 0)
    assert await enter() == "in"
    async with reading() as session:
        rows = await fetch(
            session,
            "SELECT actor_id FROM audit_entries WHERE action = 'staff.second_factor_removed'",
        )
    assert [row.actor_id for row in rows] == [owner.id]


async def test_an_owner_who_lost_everything_comes_back_by_the_command_line(shop: Shop) -> None:
    del shop
    rosa = await make_staff("owner", username="rosa", disabled_at=clock.now())
    async with unit_of_work() as session:
        setup = await my_second_factor.begin(session, as_staff(rosa))
        code = TOTP(setup.secret.disclose()).now()
        await my_second_factor.enable(session, as_staff(rosa), code=code)
    async with unit_of_work() as session:
        invitation = await team.recover(session, username="Rosa")
    token = invitation.link.disclose().rpartition("=")[2]
    async with unit_of_work() as session:
        opened = await team.invitations.accept(
            session, as_guest(), token=token, password="el perro verde come 3 tacos"
        )
    assert opened is not None
