"""A11: staff passwords."""

import asyncio

import pytest

from domain import passwords, staff
from domain.errors import Conflict, Forbidden, InvalidInput, TooManyRequests, Unauthenticated
from domain.sessions import find, issue_token
from infra import clock
from infra.database import reading, unit_of_work
from tests.builders import PASSWORD, as_guest, as_staff, make_staff, sign_in_staff
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")

LONG = "el perro verde come 3 tacos"


async def enter(username: str, password: str, address: str = "203.0.113.7") -> staff.SignedIn:
    async with unit_of_work() as session:
        return await staff.sign_in(
            session, as_guest(address=address), username=username, password=password
        )


async def test_the_right_password_opens_a_session_with_the_role() -> None:
    user = await make_staff("owner", username="dueña.1")
    signed = await enter("Dueña.1", PASSWORD)
    assert (signed.staff_id, signed.role) == (user.id, "owner")
    async with unit_of_work() as session:
        token = await issue_token(session, signed.session_id)
        person = await find(session, token)
    assert person is not None
    assert person.actor().owner


async def test_a_wrong_password_and_an_unknown_user_look_alike() -> None:
    await make_staff(username="olga")
    for username in ("olga", "nadie", "", "x" * 500):
        with pytest.raises(Unauthenticated) as refusal:
            await enter(username, "no es esta", f"192.0.2.{len(username) % 200}")
        assert refusal.value.code == "login_wrong"


async def test_a_disabled_user_stays_out() -> None:
    await make_staff(username="olga", disabled_at=clock.now())
    with pytest.raises(Unauthenticated):
        await enter("olga", PASSWORD)


async def test_ten_tries_in_five_minutes_per_user_and_per_address() -> None:
    await make_staff(username="olga")

    async def attempt(username: str, address: str) -> str:
        try:
            await enter(username, "no es esta", address)
        except (TooManyRequests, Unauthenticated) as refusal:
            return refusal.code
        return "in"

    by_user = await asyncio.gather(*(attempt("olga", f"192.0.2.{n}") for n in range(15)))
    by_address = await asyncio.gather(*(attempt(f"u{n}", "198.51.100.1") for n in range(15)))
    assert by_user.count("login_wrong") == 10
    assert by_address.count("login_wrong") == 10
    with pytest.raises(TooManyRequests):
        await enter("olga", PASSWORD, "203.0.113.99")


async def test_hashing_leaves_the_event_loop_free() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.005)
            ticks += 1

    task = asyncio.create_task(tick())
    await passwords.hash_password(LONG)
    task.cancel()
    assert ticks >= 2


def test_the_hash_is_argon2id_with_the_required_cost() -> None:
    assert passwords.hash_now(LONG).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "password",
    [
        "corta",
        "admin123",
        "contraseña12345",
        "passwordpassword",
        "123456789012345",
        "111111111111111",
        "qwertyuiopasdfghjkl",
        "netflixnetflix2024",
        "iloveyouiloveyou",
        "abcabcabcabcabcabc",
        "olga.operadora.olga",
        "Password1234567!",
        "adminadmin123456",
    ],
)
async def test_well_known_passwords_are_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        async with unit_of_work() as session:
            await staff.create_owner(session, username="olga.operadora", password=password)


@pytest.mark.parametrize(
    "password", [LONG, "correct horse battery staple", "ñandú " * 12 + "bKx9!"]
)
async def test_long_sentences_are_welcome(password: str) -> None:
    async with unit_of_work() as session:
        await staff.create_owner(session, username="olga", password=password)
    assert (await enter("olga", password)).role == "owner"


async def test_only_an_owner_or_the_command_line_makes_an_owner() -> None:
    operator, owner = await make_staff("operator"), await make_staff("owner")
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await staff.create_owner(session, as_staff(operator), username="eva", password=LONG)
    async with unit_of_work() as session:
        await staff.create_owner(session, as_staff(owner), username="eva", password=LONG)
    with pytest.raises(Conflict):
        async with unit_of_work() as session:
            await staff.create_owner(session, username="Eva", password=LONG)


async def test_the_sample_password_is_for_the_demo_and_asks_to_be_changed(shop: Shop) -> None:
    async with unit_of_work() as session:
        await staff.create_owner(
            session, username="admin", password="admin123", accept_well_known_password=True
        )
    assert (await enter("admin", "admin123")).must_change_password
    shop.configure(env="production", public_url="https://tienda.mx")
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await staff.create_owner(
                session, username="otra", password="admin123", accept_well_known_password=True
            )


async def test_changing_the_password_ends_the_other_sessions() -> None:
    user = await make_staff("owner", must_change_password=True)
    here, there = await sign_in_staff(user), await sign_in_staff(user)
    async with reading() as session:
        me = await find(session, here)
        assert await find(session, there) is not None
    assert me is not None
    async with unit_of_work() as session:
        await staff.change_password(session, me.actor(), current=PASSWORD, new=LONG)
    async with reading() as session:
        still = await find(session, here)
        assert await find(session, there) is None
    assert still is not None
    assert not still.must_change_password
    assert (await enter(user.username, LONG)).staff_id == user.id


async def test_changing_needs_the_current_password() -> None:
    user = await make_staff("owner")
    with pytest.raises(InvalidInput) as refusal:
        async with unit_of_work() as session:
            await staff.change_password(session, as_staff(user), current="otra", new=LONG)
    assert set(refusal.value.fields) == {"current"}
