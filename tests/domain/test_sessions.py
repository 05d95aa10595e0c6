"""Signing in, staying in and being thrown out: effect on the next event, in every process."""

import asyncio
from datetime import timedelta

import psycopg
import pytest
import time_machine

from domain import sessions
from domain.actors import Actor
from domain.errors import Forbidden, Unauthenticated
from domain.principals import Principal, find, forget_after_commit, resolve
from domain.sql import run
from infra import clock
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    make_customer,
    make_staff,
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Shop


async def who(token: str) -> Principal | None:
    async with reading() as session:
        return await find(session, token)


async def elsewhere(shop: Shop, statement: str) -> None:
    """Another process changes the database; only signals tell this one."""
    async with await psycopg.AsyncConnection.connect(shop.url) as link:
        await link.execute(statement.encode())


async def until_out(token: str) -> bool:
    """Whether the person is out well before the memory of five seconds would have ended."""
    for _ in range(100):
        if await who(token) is None:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_a_session_names_its_customer(shop: Shop) -> None:
    del shop
    ana = await make_customer(name="Ana")
    token = await sign_in_customer(ana)
    person = await who(token)
    assert person is not None
    assert (person.kind, person.id, person.name, person.phone) == (
        "customer",
        ana.id,
        "Ana",
        ana.phone,
    )
    async with reading() as session:
        actor = await resolve(session, token, visitor_hash="v", address_hash="a")
    assert actor == Actor("customer", ana.id, "customer", person.session_id, "v", "a")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE login_sessions SET revoked_at = now()",
        "UPDATE customers SET blocked_at = now()",
    ],
)
async def test_what_another_process_ends_is_over_by_signal(shop: Shop, change: str) -> None:
    token = await sign_in_customer(await make_customer())
    async with shop.deliver_signals():
        assert await who(token) is not None
        await elsewhere(shop, change)
        assert await until_out(token)


async def test_a_role_another_process_takes_away_is_gone_by_signal(shop: Shop) -> None:
    token = await sign_in_staff(await make_staff("owner", username="olga"))
    await make_staff("owner")  # the last one could not be put out
    async with shop.deliver_signals():
        person = await who(token)
        assert person is not None
        assert person.actor().owner
        await elsewhere(shop, "UPDATE staff_users SET role = 'operator' WHERE username = 'olga'")
        for _ in range(100):
            person = await who(token)
            assert person is not None
            if person.role == "operator":
                break
            await asyncio.sleep(0.02)
        assert person.role == "operator"
        await elsewhere(shop, "UPDATE staff_users SET disabled_at = now() WHERE username = 'olga'")
        assert await until_out(token)


async def test_without_signals_the_memory_ends_by_itself(shop: Shop) -> None:
    """The control: it is the signal, or these five seconds, that ends it."""
    token = await sign_in_customer(await make_customer())
    assert await who(token) is not None
    await elsewhere(shop, "UPDATE login_sessions SET revoked_at = now()")
    assert await who(token) is not None
    await asyncio.sleep(5.1)
    assert await who(token) is None


async def test_the_process_that_ends_a_session_needs_no_signal(shop: Shop) -> None:
    del shop
    ana = await make_customer()
    token = await sign_in_customer(ana)
    person = await who(token)
    assert person is not None
    async with unit_of_work() as session:
        await sessions.revoke(session, person.actor())
    assert await who(token) is None


async def test_a_look_up_under_way_does_not_outlive_the_change(shop: Shop) -> None:
    """It read before the change and would be remembered after it."""
    del shop
    ana = await make_customer()
    token = await sign_in_customer(ana)

    async def end() -> None:
        async with unit_of_work() as session:
            await run(session, "UPDATE customers SET blocked_at = now()")
            forget_after_commit(session, f"customer:{ana.id}")

    for _ in range(20):
        looking = [asyncio.create_task(who(token)) for _ in range(8)]
        await end()
        await asyncio.gather(*looking)
        assert await who(token) is None
        async with unit_of_work() as session:
            await run(session, "UPDATE customers SET blocked_at = NULL")
            forget_after_commit(session, f"customer:{ana.id}")


@pytest.mark.parametrize(("kind", "hours"), [("customer", 168), ("owner", 12)])
async def test_sessions_end_by_themselves(shop: Shop, kind: str, hours: int) -> None:
    del shop
    if kind == "customer":
        token = await sign_in_customer(await make_customer())
    else:
        token = await sign_in_staff(await make_staff(kind))
    with time_machine.travel(clock.now() + timedelta(hours=hours, seconds=-5), tick=False):
        assert await who(token) is not None
    with time_machine.travel(clock.now() + timedelta(hours=hours, seconds=5), tick=False):
        assert await who(token) is None


async def test_ending_all_sessions_of_one_person_leaves_the_others(shop: Shop) -> None:
    del shop
    ana, eva, operator = await make_customer(), await make_customer(), await make_staff()
    of_ana = [await sign_in_customer(ana) for _ in range(3)]
    of_eva = await sign_in_customer(eva)
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await sessions.revoke_all_of(session, as_customer(eva), customer_id=ana.id)
    async with unit_of_work() as session:
        ended = await sessions.revoke_all_of(session, as_staff(operator), customer_id=ana.id)
    assert ended == 3
    assert [await who(token) for token in of_ana] == [None, None, None]
    assert await who(of_eva) is not None


async def test_a_ticket_is_redeemed_once_of_a_hundred(shop: Shop) -> None:
    del shop
    ana = await make_customer()
    assert ana.id is not None
    async with unit_of_work() as session:
        opened = await sessions.open_for_customer(session, ana.id)
        ticket = await sessions.issue_ticket(session, opened)

    async def redeem() -> bool:
        try:
            async with unit_of_work() as session:
                await sessions.redeem_ticket(session, ticket)
        except Unauthenticated:
            return False
        return True

    assert sum(await asyncio.gather(*(redeem() for _ in range(100)))) == 1


async def test_the_ticket_is_not_in_the_database(shop: Shop) -> None:
    ana = await make_customer()
    assert ana.id is not None
    async with unit_of_work() as session:
        opened = await sessions.open_for_customer(session, ana.id)
        ticket = await sessions.issue_ticket(session, opened)
    async with await psycopg.AsyncConnection.connect(shop.url) as link:
        row = await (await link.execute("SELECT t::text FROM login_tickets t")).fetchone()
    assert row is not None
    assert ticket not in row[0]
