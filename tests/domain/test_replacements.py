"""Another access for the same paid time: exactly one, from the pool, with the end unchanged."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import date
from typing import Any

import pytest

from domain import credentials, order_endings, replacements, stock, subscriptions
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, NotFound
from domain.sql import fetch, run, scalar
from infra.clock import today
from infra.database import reading, unit_of_work
from models import Customer, Plan
from models.inventory import Account
from tests.builders import (
    as_customer,
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
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")


async def rows(statement: str) -> list[Any]:
    async with reading() as session:
        return await fetch(session, statement)


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def an_operator() -> Actor:
    return as_staff(await make_staff())


async def sold(
    holders: int = 1, plan: Plan | None = None, profiles: int = 7
) -> tuple[list[Customer], Plan, Account]:
    """As many customers, each with a subscription (1, 2, …) in the one account."""
    plan = plan or await make_plan(await make_service(max_profiles=profiles))
    account = await make_account(plan.service_id, profiles=profiles, login="una@correo.mx")
    await make_bank()
    customers = [await make_customer() for _ in range(holders)]
    for customer in customers:
        order = await place_order(customer, plan)
        await pay(order.id, order.total)
    return customers, plan, account


async def replace(actor: Actor, assignment_id: int = 1, from_account: int | None = None) -> int:
    async with unit_of_work() as session:
        return await replacements.replace(
            session, actor, assignment_id=assignment_id, from_account=from_account
        )


async def heard(actor: Actor, assignment_id: int = 1, from_account: int | None = None) -> str:
    try:
        await replace(actor, assignment_id, from_account)
    except Conflict as refusal:
        return refusal.code
    return "replaced"


async def login_of(customer: Customer, assignment_id: int = 1) -> str:
    async with unit_of_work() as session:
        found = await credentials.reveal(
            session, as_customer(customer), assignment_id=assignment_id
        )
    return found.login.disclose()


async def test_the_subscription_moves_to_another_account_and_its_dates_stay() -> None:
    [ana], plan, account = await sold()
    before = (await rows("SELECT * FROM assignments"))[0]
    await make_account(plan.service_id, profiles=1, login="otra@correo.mx")
    assert await login_of(ana) == "una@correo.mx"
    await replace(await an_operator(), from_account=account.id or 0)
    after = (await rows("SELECT * FROM assignments"))[0]
    assert after.profile_id != before.profile_id
    assert after._replace(profile_id=before.profile_id) == before
    assert await login_of(ana) == "otra@correo.mx"
    [past] = await rows("SELECT * FROM replacements")
    assert (past.from_profile_id, past.to_profile_id) == (before.profile_id, after.profile_id)
    assert await value("SELECT status FROM profiles WHERE id = 1") == "rotate"
    assert await value("SELECT count(*) FROM timeline_entries WHERE event = 'replaced'") == 1
    assert await value("SELECT count(*) FROM audit_entries WHERE action LIKE '%%.replace'") == 1


async def test_the_holder_is_told_of_each_replacement_by_a_message_of_its_own() -> None:
    _, plan, _ = await sold()
    operator = await an_operator()
    await make_account(plan.service_id, profiles=1)
    first = await replace(operator)
    await make_account(plan.service_id, profiles=1)
    await change("UPDATE profiles SET status = 'disabled' WHERE status = 'rotate'")
    second = await replace(operator)
    told = await rows(
        "SELECT occasion, channel FROM messages WHERE kind = 'replaced' ORDER BY created_at"
    )
    assert Counter(told) == {
        (f"replacement:{n}", channel): 1 for n in (first, second) for channel in ("web", "whatsapp")
    }


async def test_without_stock_elsewhere_nothing_changes() -> None:
    """The account itself has six free profiles; none of them would help."""
    await sold()
    everything = """SELECT (SELECT jsonb_agg(p ORDER BY id) FROM profiles p) AS stock,
        (SELECT jsonb_agg(a) FROM assignments a) AS held,
        (SELECT count(*) FROM timeline_entries) AS told"""
    before = await rows(everything)
    with pytest.raises(Conflict, match="no_replacement"):
        await replace(await an_operator())
    assert await rows(everything) == before


async def test_the_stock_comes_by_the_pool_rule() -> None:
    _, plan, _ = await sold()
    await make_account(plan.service_id, profiles=1, paid_until=date(2030, 1, 1), login="a@b.mx")
    longest = await make_account(plan.service_id, profiles=1, paid_until=date(2031, 1, 1))
    own = await make_account(plan.service_id, profiles=1, plan_id=plan.id)
    await change("UPDATE profiles SET status = 'disabled' WHERE account_id = 1 AND id > 1")
    operator = await an_operator()
    for expected in (own, longest):
        await replace(operator)
        got = """SELECT p.account_id FROM assignments a JOIN profiles p ON p.id = a.profile_id"""
        assert await value(got) == expected.id


async def test_what_another_order_holds_is_not_taken() -> None:
    _, plan, _ = await sold()
    await make_account(plan.service_id, profiles=1)
    await change("UPDATE profiles SET status = 'disabled' WHERE account_id = 1 AND id > 1")
    await place_order(await make_customer(), plan)
    assert await heard(await an_operator()) == "no_replacement"


async def test_an_end_beyond_the_new_accounts_paid_time_warns_the_operator() -> None:
    _, plan, _ = await sold()
    short = await make_account(plan.service_id, profiles=1, paid_until=today())
    await replace(await an_operator())
    assert await value("SELECT kind FROM alerts") == f"beyond_paid_until:{short.id}"


async def test_the_profile_left_behind_waits_for_a_rotation_whatever_the_service_says() -> None:
    _, plan, _ = await sold(plan=await make_plan(await make_service(rotate_before_resale=False)))
    await make_account(plan.service_id, profiles=1)
    await replace(await an_operator())
    assert await value("SELECT status FROM profiles WHERE id = 1") == "rotate"


async def test_a_whole_account_is_replaced_by_a_whole_account() -> None:
    service = await make_service(max_profiles=3)
    plan = await make_plan(service, full_account=True)
    [ana], _, _ = await sold(plan=plan, profiles=3)
    await make_account(plan.service_id, profiles=3, login="rota@correo.mx")
    await change("UPDATE profiles SET status = 'disabled' WHERE id = 4")
    operator = await an_operator()
    assert await heard(operator, 2) == "no_replacement"
    await make_account(plan.service_id, profiles=3, login="entera@correo.mx")
    await replace(operator, 2)
    held = await rows("SELECT id, profile_id FROM assignments ORDER BY id")
    assert held == [(1, 7), (2, 8), (3, 9)]
    assert await value("SELECT count(*) FROM replacements") == 3
    assert await login_of(ana, 3) == "entera@correo.mx"
    assert (
        await value("SELECT count(*) FROM messages WHERE kind = 'replaced'") == 2
    )  # web, whatsapp


async def test_only_staff_replace_and_only_what_is_live() -> None:
    [ana], plan, _ = await sold()
    with pytest.raises(Forbidden):
        await replace(as_customer(ana))
    operator = await an_operator()
    with pytest.raises(NotFound):
        await replace(operator, 99)
    await make_account(plan.service_id, profiles=1)
    await change("UPDATE assignments SET released_at = now(), release_reason = 'lapsed'")
    assert await heard(operator) == "access_ended"


@pytest.mark.parametrize("saw", [True, False])
async def test_two_operators_replacing_one_subscription_at_once_move_it_once(saw: bool) -> None:
    """The control does not say what it saw: the second moves what the first has moved."""
    _, plan, account = await sold()
    await make_account(plan.service_id, profiles=5)
    await make_account(plan.service_id, profiles=5)
    operators = [await an_operator(), await an_operator()]
    seen = account.id if saw else None
    outcome = await asyncio.gather(*(heard(op, from_account=seen) for op in operators))
    assert Counter(outcome) == ({"replaced": 1, "replaced_since": 1} if saw else {"replaced": 2})
    assert await value("SELECT count(*) FROM replacements") == (1 if saw else 2)


@pytest.mark.parametrize("exact", [True, False])
async def test_ten_replacements_at_once_from_five_profiles_make_five(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, exact: bool
) -> None:
    """The control looks without locks, and promises more than there is."""
    shop.configure(pool_size=12, pool_overflow=4)
    _, plan, account = await sold(holders=10, profiles=10)
    await make_account(plan.service_id, profiles=5)
    operator = await an_operator()
    if not exact:
        hasty = stock.CLAIM_FOR_ORDER.replace("FOR UPDATE", "").replace(
            "held AS (", "slow AS MATERIALIZED (SELECT pg_sleep(0.05)), held AS ("
        )
        monkeypatch.setattr(replacements.stock, "claim", _unserialised(hasty + ", slow"))

    async def one(n: int) -> str:
        try:
            return await heard(operator, n, from_account=account.id or 0)
        except Exception as error:  # noqa: BLE001  # the control breaks the schema's last word
            return type(error).__name__

    outcome = Counter(await asyncio.gather(*(one(n) for n in range(1, 11))))
    if exact:
        assert outcome == {"replaced": 5, "no_replacement": 5}
        assert await value("SELECT count(DISTINCT profile_id) FROM assignments") == 10
        assert await value("SELECT count(*) FROM profiles WHERE status = 'rotate'") == 5
        assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id > 0") == 0
    else:
        assert set(outcome) - {"replaced", "no_replacement"}


def _unserialised(statement: str):  # noqa: ANN202  # a stand-in for stock.claim
    async def claim(session: Any, needs: Any, order_id: int, hours: Any, *, leaving: int = 0):  # noqa: ANN202
        need = needs[0]
        found = await fetch(
            session,
            statement,
            plans=[need.plan_id],
            services=[need.service_id],
            wanted=[1],
            order=order_id,
            hold_hours=hours,
            leaving=leaving,
        )
        return set() if found else {need.plan_id}

    return claim


async def test_a_replacement_and_a_release_at_once_leave_no_profile_behind() -> None:
    _, plan, account = await sold(holders=3)
    await make_account(plan.service_id, profiles=3)
    await change(
        """UPDATE assignments SET anchor_on = anchor_on - 60, starts_on = starts_on - 60,
               ends_on = (anchor_on - 60 + interval '1 month')::date"""
    )
    operator = await an_operator()

    async def release() -> str:
        async with unit_of_work() as session:
            return f"released {await subscriptions.release_lapsed(session)}"

    await asyncio.gather(
        release(), *(heard(operator, n, from_account=account.id or 0) for n in (1, 2, 3))
    )
    await release()
    assert await value("SELECT count(*) FROM assignments WHERE released_at IS NULL") == 0
    assert await value("SELECT count(*) FROM profiles WHERE status = 'assigned'") == 0


async def test_a_replacement_and_a_cancellation_at_once_leave_no_profile_behind() -> None:
    _, plan, account = await sold()
    await make_account(plan.service_id, profiles=1)
    await change("UPDATE orders SET status = 'processing'")
    operator = await an_operator()

    async def cancel() -> str:
        async with unit_of_work() as session:
            await order_endings.cancel(session, operator, order_id=1, reason="Se arrepintió")
        return "cancelled"

    outcome = await asyncio.gather(heard(operator, from_account=account.id or 0), cancel())
    assert outcome[1] == "cancelled"
    assert outcome[0] in {"replaced", "access_ended"}
    assert await value("SELECT count(*) FROM profiles WHERE status = 'assigned'") == 0
    assert await value("SELECT count(*) FROM profiles WHERE reserved_order_id > 0") == 0


async def test_scarce_stock_goes_to_who_has_paid_time_then_reported_then_most_to_lose() -> None:
    customers, plan, account = await sold(holders=4)
    await make_account(plan.service_id, profiles=2)
    await change(
        """UPDATE assignments SET anchor_on = anchor_on - 60, starts_on = starts_on - 60,
               ends_on = (anchor_on - 60 + interval '1 month')::date WHERE id = 1;
           UPDATE assignments SET months = 3, ends_on = (anchor_on + interval '3 months')::date
            WHERE id = 4;
           INSERT INTO claims (assignment_id, customer_id, profile_id, kind)
           SELECT id, customer_id, profile_id, 'account_down' FROM assignments WHERE id = 3"""
    )
    operator = await an_operator()
    async with reading() as session:
        found = await replacements.holders_of(session, operator, account_id=account.id or 0)
    assert [holder.assignment_id for holder in found] == [3, 4, 2, 1]
    assert [holder.reported for holder in found] == [True, False, False, False]
    del customers
    outcome = [
        await heard(operator, holder.assignment_id, from_account=account.id or 0)
        for holder in found
    ]
    assert outcome == ["replaced", "replaced", "no_replacement", "no_replacement"]
    assert await value("SELECT status FROM claims") == "replaced"


async def test_a_whole_account_is_one_holder() -> None:
    plan = await make_plan(await make_service(max_profiles=3), full_account=True)
    _, _, account = await sold(plan=plan, profiles=3)
    async with reading() as session:
        [holder] = await replacements.holders_of(
            session, await an_operator(), account_id=account.id or 0
        )
    assert (holder.assignment_id, holder.profiles) == (1, 3)
