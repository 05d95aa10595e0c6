"""The warranty: one report at a time, answered by a person, or replaced at once within limits."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from typing import Any

import pytest

from domain import claim_pages, claims, credentials, replacements
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound, Unauthenticated
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from infra.settings import settings
from models import Customer, Plan
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
)
from tests.fixtures import Calendar, Shop

pytestmark = pytest.mark.usefixtures("shop")


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def subscribed(holders: int = 1) -> tuple[list[Customer], Plan]:
    """Each customer has a subscription (1, 2, …) in account 1, which has no profile left."""
    plan = await make_plan()
    await make_account(plan.service_id, profiles=holders)
    await make_bank()
    customers = [await make_customer() for _ in range(holders)]
    for customer in customers:
        order = await place_order(customer, plan)
        await pay(order.id, order.total)
    return customers, plan


async def report(
    customer: Customer, assignment_id: int = 1, kind: str = "wrong_password", details: str = ""
) -> claims.Reported:
    async with unit_of_work() as session:
        return await claims.report(
            session,
            as_customer(customer),
            assignment_id=assignment_id,
            kind=kind,
            details=details,
        )


async def close(actor: Actor, status: str = "solved", answer: str = "", claim_id: int = 1) -> None:
    async with unit_of_work() as session:
        await claims.close(session, actor, claim_id=claim_id, status=status, answer=answer)


async def news(customer: Customer) -> dict[int, claim_pages.CardNews]:
    async with reading() as session:
        return await claim_pages.of_customer(session, as_customer(customer))


async def an_operator() -> Actor:
    return as_staff(await make_staff())


async def test_a_report_is_kept_with_its_profile_and_told_in_the_orders_timeline() -> None:
    [ana], _ = await subscribed()
    done = await report(ana, details="  Me pide un código.  ")
    assert done == claims.Reported(1, replaced=False)
    async with reading() as session:
        [row] = await fetch(session, "SELECT * FROM claims")
        said = await scalar(
            session,
            "SELECT data ->> 'problem' FROM timeline_entries WHERE event = 'claim_reported'",
        )
    assert (row.profile_id, row.customer_id, row.status) == (1, ana.id, "open")
    assert row.details == "Me pide un código."
    assert said == "La contraseña no funciona"
    assert (await news(ana))[1].reported_at == row.created_at


async def test_nobody_reports_anothers_subscription_or_one_that_ended() -> None:
    [ana], _ = await subscribed()
    eva = await make_customer()
    with pytest.raises(NotFound):
        await report(eva)
    with pytest.raises(NotFound):
        await report(ana, 99)
    with pytest.raises(Unauthenticated):
        async with unit_of_work() as session:
            await claims.report(session, await an_operator(), assignment_id=1, kind="other")
    await change("UPDATE assignments SET released_at = now(), release_reason = 'lapsed'")
    with pytest.raises(Conflict, match="access_ended"):
        await report(ana)


async def test_what_is_reported_is_one_of_five_problems_told_in_500_letters() -> None:
    [ana], _ = await subscribed()
    with pytest.raises(InvalidInput) as refused:
        await report(ana, kind="anything", details="x" * 501)
    assert set(refused.value.fields) == {"kind", "details"}


async def test_a_subscription_has_one_open_report_at_a_time() -> None:
    [ana], _ = await subscribed()

    async def tap() -> str:
        try:
            await report(ana)
        except Conflict as refusal:
            return refusal.code
        return "reported"

    assert Counter(await asyncio.gather(*(tap() for _ in range(4)))) == {
        "reported": 1,
        "claim_open": 3,
    }
    await close(await an_operator())
    assert await tap() == "reported"


async def test_a_report_is_answered_once_by_staff_and_the_customer_reads_the_answer() -> None:
    [ana], _ = await subscribed()
    await report(ana)
    operator = await an_operator()
    with pytest.raises(Forbidden):
        await close(as_customer(ana))
    with pytest.raises(InvalidInput, match="invalid_input"):
        await close(operator, "rejected")
    await close(operator, "rejected", "Tu perfil es el 1, no el 2.")
    with pytest.raises(Conflict, match="claim_closed"):
        await close(operator)
    with pytest.raises(NotFound):
        await close(operator, claim_id=99)
    told = (await news(ana))[1]
    assert (told.status, told.answer) == ("rejected", "Tu perfil es el 1, no el 2.")
    assert told.reported_at is None
    assert await value("SELECT closed_by FROM claims") == operator.id


async def test_a_replacement_closes_the_report_and_is_news_until_it_is_seen() -> None:
    [ana], plan = await subscribed()
    await report(ana)
    await make_account(plan.service_id, profiles=1)
    operator = await an_operator()
    async with unit_of_work() as session:
        await replacements.replace(session, operator, assignment_id=1, claim_id=1)
    with pytest.raises(Conflict, match="claim_closed"):
        async with unit_of_work() as session:
            await replacements.replace(session, operator, assignment_id=1, claim_id=1)
    assert await value("SELECT status FROM claims") == "replaced"
    assert (await news(ana))[1].replaced_at is not None
    async with unit_of_work() as session:
        await credentials.reveal(session, as_customer(ana), assignment_id=1)
    assert await news(ana) == {}


async def test_a_report_is_replaced_only_for_its_own_subscription() -> None:
    [ana, _], _ = await subscribed(2)
    await report(ana)
    with pytest.raises(NotFound):
        async with unit_of_work() as session:
            await replacements.replace(session, await an_operator(), assignment_id=2, claim_id=1)


@pytest.mark.parametrize(("kind", "moves"), [("profile_taken", True), ("screen_limit", False)])
async def test_another_profile_of_the_same_account_helps_only_against_an_intruder(
    kind: str, moves: bool
) -> None:
    [ana], _ = await subscribed()
    await report(ana, kind=kind)
    await change("""INSERT INTO profiles (account_id, position, label) VALUES (1, 2, 'Otro')""")
    outcome = contextlib.nullcontext() if moves else pytest.raises(Conflict, match="no_replacement")
    with outcome:
        async with unit_of_work() as session:
            await replacements.replace(session, await an_operator(), assignment_id=1, claim_id=1)


async def test_several_who_say_that_an_account_is_down_raise_an_alert_until_it_is_answered() -> (
    None
):
    [ana, eva], _ = await subscribed(2)
    opened = "SELECT count(*) FROM alerts WHERE kind = 'account_reports:1' AND closed_at IS NULL"
    await report(ana, kind="account_down")
    assert await value(opened) == 0
    await report(eva, 2, kind="account_down")
    assert await value(opened) == 1
    operator = await an_operator()
    await close(operator)
    assert await value(opened) == 1
    await close(operator, claim_id=2)
    assert await value(opened) == 0


async def test_operators_read_the_oldest_report_first_page_by_page() -> None:
    customers, _ = await subscribed(3)
    for n, customer in enumerate(customers, 1):
        await report(customer, n)
    operator = await an_operator()
    async with reading() as session:
        first = await claim_pages.open_claims(session, operator, limit=2)
        rest = await claim_pages.open_claims(session, operator, after=first[-1].id, limit=2)
        with pytest.raises(Forbidden):
            await claim_pages.open_claims(session, as_customer(customers[0]))
    assert [line.id for line in first + rest] == [1, 2, 3]
    assert {line.reports for line in first + rest} == {3}
    await close(operator, claim_id=2)
    async with reading() as session:
        assert [c.id for c in await claim_pages.closed_claims(session, operator)] == [2]
        assert await claim_pages.open_count(session) == 2


async def test_a_reports_page_tells_what_happened_before() -> None:
    [ana], plan = await subscribed()
    async with unit_of_work() as session:
        await credentials.reveal(session, as_customer(ana), assignment_id=1)
    await report(ana)
    await make_account(plan.service_id, profiles=1)
    operator = await an_operator()
    async with unit_of_work() as session:
        await replacements.replace(session, operator, assignment_id=1, claim_id=1)
    await report(ana, kind="other", details="Sigue igual")
    async with reading() as session:
        before = await claim_pages.claim_page(session, operator, claim_id=1)
        page = await claim_pages.claim_page(session, operator, claim_id=2)
    assert before.seen_at is not None
    assert page.seen_at is None
    [past] = page.replacements
    assert (past.from_account_id, past.to_account_id, past.automatic) == (1, 2, False)
    assert [claim.kind for claim in page.earlier] == ["wrong_password"]


async def test_an_operators_screen_hears_of_every_report(shop: Shop) -> None:
    [ana], _ = await subscribed()
    expected, done = {"claims", f"accounts:{ana.id}"}, asyncio.Event()

    async def hear(topic: str) -> None:
        expected.discard(topic)
        if not expected:
            done.set()

    async with shop.deliver_signals() as signals:
        signals.listen(hear)
        await report(ana)
        await asyncio.wait_for(done.wait(), 5)


class TestAutomatically:
    """With `replace_every_days` set, nobody waits for an operator while there is stock."""

    pytestmark = pytest.mark.usefixtures("calendar")

    @pytest.fixture(autouse=True)
    @staticmethod
    def shop(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> Calendar:
        """The shop with a clock of its own, which replaces once in ten days."""
        monkeypatch.setenv("CUENTY_REPLACE_EVERY_DAYS", "10")
        settings.cache_clear()
        return calendar

    async def test_a_report_is_replaced_at_once_and_once_in_so_many_days(
        self, calendar: Calendar
    ) -> None:
        [ana], plan = await subscribed()
        await make_account(plan.service_id, profiles=5)
        await make_account(plan.service_id, profiles=5)
        assert (await report(ana)).replaced
        assert await value("SELECT automatic AND actor_kind = 'system' FROM replacements")
        calendar.go(days=10, seconds=-1)
        assert not (await report(ana)).replaced
        await close(await an_operator(), claim_id=2)
        calendar.go(seconds=2)
        assert (await report(ana)).replaced
        assert await value("SELECT count(*) FROM replacements") == 2

    async def test_without_stock_the_report_waits_for_a_person(self) -> None:
        [ana], _ = await subscribed()
        assert not (await report(ana)).replaced
        assert await value("SELECT status FROM claims") == "open"
        assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id > 0") == 0

    async def test_what_another_access_would_not_end_waits_for_a_person(
        self, calendar: Calendar
    ) -> None:
        customers, plan = await subscribed(3)
        await make_account(plan.service_id, profiles=5)
        assert not (await report(customers[0], kind="other")).replaced
        await change("UPDATE accounts SET status = 'maintenance' WHERE id = 1")
        assert not (await report(customers[1], 2)).replaced
        await change("UPDATE accounts SET status = 'down' WHERE id = 1")
        calendar.go_to(2026, 2, 16, 9)  # in the days of grace
        assert not (await report(customers[2], 3)).replaced
