"""Where somebody is signed in, recognisable, and ended from elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

import models
from domain import devices, presence, session_list, sessions
from domain.actors import Actor
from domain.errors import Forbidden, NotFound
from domain.principals import find
from infra import clock
from infra.database import reading, unit_of_work
from tests.builders import as_staff, make_customer, make_staff, sign_in_customer, sign_in_staff
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")

CHROME = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Mobile Safari/537.36"
)
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) … Chrome/126.0 Safari/537.36 Edg/126.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) … Version/17.5 Mobile/15E148 Safari/604.1"


@pytest.mark.parametrize(
    ("said", "device"),
    [
        (CHROME, "Chrome en Android"),
        (EDGE, "Edge en Windows"),
        (SAFARI, "Safari en iPhone"),
        ("curl/8.6", "Programa"),
        ("", "Programa"),
    ],
)
def test_a_device_is_named_as_its_owner_would(said: str, device: str) -> None:
    assert devices.device(said) == device


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        ("203.0.113.77", "203.0.113.*"),
        ("::ffff:203.0.113.77", "203.0.113.*"),
        ("2001:db8:1:2::3", "2001:0db8:0001:*"),
        ("no es", ""),
    ],
)
def test_an_address_loses_its_last_part(address: str, hint: str) -> None:
    assert devices.address_hint(address) == hint


async def signed_in(user: models.StaffUser) -> tuple[str, Actor]:
    token = await sign_in_staff(user)
    async with reading() as session:
        found = await find(session, token)
    assert found is not None
    return token, found.actor()


async def test_the_own_sessions_say_where_and_when_they_are_used(shop: Shop) -> None:
    del shop
    olga = await make_staff()
    _, here = await signed_in(olga)
    there, away = await signed_in(olga)
    assert away.session_id is not None
    async with unit_of_work() as session:
        await sessions.describe(session, away.session_id, device="Edge en Windows", near="10.0.0.*")
    with time_machine.travel(clock.now() + timedelta(minutes=7), tick=False):
        sessions.forget_all()
        async with reading() as session:
            await find(session, there)
        async with unit_of_work() as session:
            await presence.write_down(session)
        async with reading() as session:
            mine, other = await session_list.of_staff(session, here, staff_id=olga.id or 0)
        assert other.used_at == clock.now()
    assert (mine.current, other.current) == (True, False)
    assert (other.device, other.address_hint) == ("Edge en Windows", "10.0.0.*")


async def test_one_ends_or_all_the_others(shop: Shop) -> None:
    del shop
    olga = await make_staff()
    here, me = await signed_in(olga)
    others = [await signed_in(olga) for _ in range(3)]
    async with unit_of_work() as session:
        await session_list.end_one(session, me, session_id=others[0][1].session_id)  # type: ignore[arg-type]
    async with reading() as session:
        assert await find(session, others[0][0]) is None
        assert await find(session, others[1][0]) is not None
    async with unit_of_work() as session:
        assert await session_list.end_others(session, me) == 2
    async with reading() as session:
        assert await find(session, others[1][0]) is None
        assert await find(session, here) is not None


async def test_nobody_but_an_owner_ends_a_colleague_s_and_nobody_a_customer_s(shop: Shop) -> None:
    del shop
    _, of_olga = await signed_in(await make_staff())
    eva, owner = await make_staff(), await make_staff("owner")
    customer = await sign_in_customer(await make_customer())
    async with reading() as session:
        of_ana = await find(session, customer)
    assert of_olga.session_id is not None
    assert of_ana is not None
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await session_list.end_one(session, as_staff(eva), session_id=of_olga.session_id)
    with pytest.raises(NotFound):
        async with unit_of_work() as session:
            await session_list.end_one(session, as_staff(owner), session_id=of_ana.session_id)
    async with unit_of_work() as session:
        await session_list.end_one(session, as_staff(owner), session_id=of_olga.session_id)
    async with reading() as session:
        with pytest.raises(Forbidden):
            await session_list.of_staff(session, as_staff(eva), staff_id=owner.id or 0)
