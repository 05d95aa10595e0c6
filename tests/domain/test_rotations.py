"""Rotation: exactly the live holders hear of it, and nothing is sold again before it is done."""

from __future__ import annotations

import asyncio

import pytest

import models
from domain import account_pages, credentials, inventory, inventory_secrets, rotations
from domain import subscriptions as lives
from domain.actors import SYSTEM
from domain.availability import available
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.rotations import Rotated
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from infra.vault import Secret
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
from tests.fixtures import Calendar

pytestmark = pytest.mark.usefixtures("calendar")

TOLD = """SELECT DISTINCT m.assignment_id FROM messages m WHERE m.kind = 'rotated'"""


async def rows(statement: str) -> list[tuple[object, ...]]:
    async with reading() as session:
        return [tuple(row) for row in await fetch(session, statement)]


async def sell(plan: models.Plan, times: int = 1) -> None:
    for _ in range(times):
        order = await place_order(
            await make_customer(delivery_preference="whatsapp", email=""), plan
        )
        await pay(order.id, order.total)


async def five_live_and_three_past(calendar: Calendar) -> tuple[Account, models.Plan]:
    """Assignments 1 to 3 ended and were released, 4 to 8 run for a year."""
    service = await make_service(max_profiles=8)
    assert service.id is not None
    month = await make_plan(service)
    year = await make_plan(service, name="12 meses", duration_months=12)
    account = await make_account(service.id, profiles=8)
    await make_bank()
    await sell(month, 3)
    await sell(year, 5)
    calendar.go(days=40)
    async with unit_of_work() as session:
        assert await lives.release_lapsed(session) == 3
    return account, month


async def rotate(account: Account, password: str = "", reason: str = "") -> Rotated:
    assert account.id is not None
    async with unit_of_work() as session:
        return await rotations.rotate_password(
            session,
            SYSTEM,
            account_id=account.id,
            password=Secret(password or "la-nueva"),
            reason=reason,
        )


async def rotate_pin(profile_id: int, pin: str | None) -> Rotated:
    async with unit_of_work() as session:
        return await rotations.rotate_pin(
            session, SYSTEM, profile_id=profile_id, pin=Secret(pin) if pin else None
        )


async def password_seen_by(customer_id: int, assignment_id: int) -> str:
    actor = as_customer(models.Customer(id=customer_id, phone=""))
    async with unit_of_work() as session:
        opened = await credentials.reveal(session, actor, assignment_id=assignment_id)
        return opened.password.disclose()


async def test_a_new_password_is_told_to_the_five_who_hold_it_and_not_to_the_three_who_held_it(
    calendar: Calendar,
) -> None:
    account, _ = await five_live_and_three_past(calendar)
    done = await rotate(account)
    assert done == Rotated(version=2, told=(4, 5, 6, 7, 8), freed=3)
    assert sorted(row[0] for row in await rows(TOLD)) == [4, 5, 6, 7, 8]
    assert len(await rows("SELECT 1 FROM messages WHERE kind = 'rotated'")) == 10  # panel, WhatsApp
    for row in await rows("SELECT customer_id, id FROM assignments WHERE released_at IS NULL"):
        assert await password_seen_by(*row) == "la-nueva"  # type: ignore[arg-type]
    with pytest.raises(Conflict, match="access_ended"):
        await password_seen_by(1, 1)


async def test_control_without_the_end_of_a_holding_eight_would_be_told(
    calendar: Calendar,
) -> None:
    account, _ = await five_live_and_three_past(calendar)
    ever = f"""SELECT a.id FROM profiles p JOIN assignments a ON a.profile_id = p.id
               WHERE p.account_id = {account.id}"""  # noqa: S608  # of this test
    assert len(await rows(ever)) == 8
    assert len(await rows(ever + " AND a.released_at IS NULL")) == 5


async def test_a_new_pin_is_told_to_the_one_who_holds_that_profile(calendar: Calendar) -> None:
    await five_live_and_three_past(calendar)
    ((profile,),) = await rows("SELECT profile_id FROM assignments WHERE id = 6")
    assert (await rotate_pin(int(str(profile)), "4321")).told == (6,)
    assert (await rotate_pin(int(str(profile)), "9876")).told == (6,)
    assert await rows(TOLD) == [(6,)]
    kept = "SELECT version, profile_id FROM credential_versions ORDER BY id"
    assert await rows(kept) == [(1, profile), (2, profile)]


async def test_a_released_profile_is_not_sold_before_the_rotation_and_is_at_once_after_it(
    calendar: Calendar,
) -> None:
    account, month = await five_live_and_three_past(calendar)
    assert month.id is not None
    with pytest.raises(Conflict, match="out_of_stock"):
        await place_order(await make_customer(), month)
    await rotate(account)
    async with reading() as session:
        assert (await available(session, [month.id]))[month.id] == 3
    await sell(month)


async def test_a_paid_order_that_waits_is_served_by_the_rotation(calendar: Calendar) -> None:
    account, month = await five_live_and_three_past(calendar)
    spare = await make_account(month.service_id, profiles=1)
    order = await place_order(await make_customer(), month)
    async with unit_of_work() as session:
        await inventory.set_status(
            session, SYSTEM, account_id=spare.id or 0, status="down", reason="se cayó"
        )
    await pay(order.id, order.total)
    state = f"SELECT status FROM orders WHERE id = {order.id}"  # noqa: S608
    assert await rows(state) == [("processing",)]
    await rotate(account)
    assert await rows(state) == [("delivered",)]


async def test_a_service_that_needs_no_rotation_sells_a_released_profile_at_once(
    calendar: Calendar,
) -> None:
    plan = await make_plan(await make_service(rotate_before_resale=False))
    await make_account(plan.service_id, profiles=1)
    await make_bank()
    await sell(plan)
    calendar.go(days=40)
    async with unit_of_work() as session:
        await lives.release_lapsed(session)
    await sell(plan)
    assert await rows("SELECT profile_id FROM assignments ORDER BY id") == [(1,), (1,)]


async def test_a_rotation_done_elsewhere_is_marked_once_and_never_while_somebody_holds_it(
    calendar: Calendar,
) -> None:
    _, month = await five_live_and_three_past(calendar)
    for _ in range(2):
        async with unit_of_work() as session:
            await rotations.mark_rotated(session, SYSTEM, profile_id=1)
    assert await rows("SELECT count(*) FROM audit_entries WHERE action = 'profile.mark_rotated'")
    async with reading() as session:
        assert (await available(session))[month.id or 0] == 1
    with pytest.raises(Conflict, match="profile_in_use"):
        async with unit_of_work() as session:
            await rotations.mark_rotated(session, SYSTEM, profile_id=5)


async def test_a_new_pin_makes_a_released_profile_free_again(calendar: Calendar) -> None:
    _, month = await five_live_and_three_past(calendar)
    assert await rotate_pin(1, "5555") == Rotated(version=2, told=(), freed=1)
    async with reading() as session:
        assert (await available(session))[month.id or 0] == 1


async def test_two_rotations_at_once_make_two_versions_and_both_are_told(
    calendar: Calendar,
) -> None:
    account, _ = await five_live_and_three_past(calendar)
    done = await asyncio.gather(rotate(account, "una"), rotate(account, "otra"))
    assert sorted(one.version for one in done) == [2, 3]
    assert [one.told for one in done] == [(4, 5, 6, 7, 8)] * 2
    assert await rows("SELECT version FROM credential_versions ORDER BY 1") == [(1,), (2,)]


async def test_the_same_password_again_is_no_rotation(calendar: Calendar) -> None:
    account, _ = await five_live_and_three_past(calendar)
    await rotate(account)
    with pytest.raises(InvalidInput) as refused:
        await rotate(account)
    assert list(refused.value.fields) == ["password"]
    assert await rows("SELECT max(credential_version) FROM accounts") == [(2,)]


async def test_a_rotation_is_told_after_a_replacement_to_an_account_with_the_same_count(
    calendar: Calendar,
) -> None:
    """Version 2 of another account is news, though this subscription heard of a version 2."""
    account, month = await five_live_and_three_past(calendar)
    other = await make_account(month.service_id, profiles=1)
    await rotate(account)
    async with unit_of_work() as session:
        await run(
            session,
            """WITH place AS (SELECT id FROM profiles WHERE account_id = %(other)s),
                    sold AS (UPDATE profiles SET status = 'assigned'
                             WHERE id IN (SELECT id FROM place))
               UPDATE assignments SET profile_id = (SELECT id FROM place) WHERE id = 4""",
            other=other.id,
        )
    assert (await rotate(other, "la-otra")).told == (4,)
    assert (await rotate(account, "tercera")).told == (5, 6, 7, 8)


async def test_a_whole_account_hears_of_it_once() -> None:
    service = await make_service(max_profiles=3)
    assert service.id is not None
    plan = await make_plan(service, full_account=True)
    account = await make_account(service.id, profiles=3)
    await make_bank()
    await sell(plan)
    assert (await rotate(account)).told == (1,)


async def test_who_has_seen_a_version_and_who_has_not(calendar: Calendar) -> None:
    account, _ = await five_live_and_three_past(calendar)
    await password_seen_by(4, 4)
    await rotate(account)
    await password_seen_by(4, 4)
    await password_seen_by(7, 7)
    operator = as_staff(await make_staff())
    async with reading() as session:
        of_two = await account_pages.seen(session, operator, account_id=account.id or 0, version=2)
        of_one = await account_pages.seen(session, operator, account_id=account.id or 0, version=1)
        listed = await account_pages.versions(session, operator, account_id=account.id or 0)
    assert [w.assignment_id for w in of_two if w.seen_at] == [4, 7]
    assert [w.assignment_id for w in of_two if not w.seen_at] == [5, 6, 8]
    assert [w.assignment_id for w in of_one if w.seen_at] == [4]
    assert [(v.version, v.seen, v.holders, v.kept) for v in listed] == [
        (2, 2, 5, False),
        (1, 1, 5, True),
    ]


async def test_an_old_password_opens_for_the_owner_alone_and_on_record(calendar: Calendar) -> None:
    account, _ = await five_live_and_three_past(calendar)
    await rotate(account)
    owner, operator = as_staff(await make_staff("owner")), as_staff(await make_staff())
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await inventory_secrets.reveal_version(session, operator, version_id=1)
    async with unit_of_work() as session:
        old = await inventory_secrets.reveal_version(session, owner, version_id=1)
    assert old.disclose() == "clave-de-la-cuenta"
    with pytest.raises(NotFound):
        async with unit_of_work() as session:
            await inventory_secrets.reveal_version(session, owner, version_id=99)
    assert await rows(
        "SELECT actor_id FROM audit_entries WHERE action = 'account.reveal_version'"
    ) == [(owner.id,)]


async def test_a_corrected_login_is_told_once(calendar: Calendar) -> None:
    account, _ = await five_live_and_three_past(calendar)
    for told in ([4, 5, 6, 7, 8], []):
        async with unit_of_work() as session:
            assert told == await rotations.correct_login(
                session, SYSTEM, account_id=account.id or 0, login=Secret("otra@correo.mx")
            )
    async with unit_of_work() as session:
        login = await inventory_secrets.reveal_account(
            session, SYSTEM, account_id=account.id or 0, what="login"
        )
    assert login.disclose() == "otra@correo.mx"


async def test_a_login_that_is_right_again_is_told_again(calendar: Calendar) -> None:
    account, _ = await five_live_and_three_past(calendar)
    for name in ("otra", "una", "otra"):
        async with unit_of_work() as session:
            told = await rotations.correct_login(
                session, SYSTEM, account_id=account.id or 0, login=Secret(f"{name}@correo.mx")
            )
        assert told == [4, 5, 6, 7, 8]


async def test_no_secret_is_in_a_message_the_audit_or_a_timeline(calendar: Calendar) -> None:
    account, _ = await five_live_and_three_past(calendar)
    await rotate(account, "CANARIO-1", "la vieja se filtró")
    await rotate(account, "CANARIO-2")
    await rotate_pin(4, "CANARIO3")
    written = str(
        await rows("SELECT t::text FROM messages t")
        + await rows("SELECT t::text FROM audit_entries t")
        + await rows("SELECT t::text FROM timeline_entries t")
        + await rows("SELECT t::text FROM credential_versions t")
        + await rows("SELECT args::text FROM procrastinate_jobs")
    )
    assert "la vieja se filtró" in written
    assert "CANARIO" not in written
    async with reading() as session:
        sealed = await scalar(
            session, "SELECT string_agg(secret_sealed, '') FROM credential_versions"
        )
    assert b"CANARIO" not in sealed


async def test_only_staff_rotate(calendar: Calendar) -> None:
    account, _ = await five_live_and_three_past(calendar)
    ana = as_customer(await make_customer())
    for attempt in (
        lambda s: rotations.rotate_password(
            s, ana, account_id=account.id or 0, password=Secret("x")
        ),
        lambda s: rotations.rotate_pin(s, ana, profile_id=4, pin=Secret("1")),
        lambda s: rotations.mark_rotated(s, ana, profile_id=1),
        lambda s: rotations.correct_login(s, ana, account_id=1, login=Secret("x")),
        lambda s: account_pages.seen(s, ana, account_id=1, version=1),
        lambda s: inventory_secrets.reveal_account(s, ana, account_id=1, what="login"),
    ):
        with pytest.raises(Forbidden):
            async with unit_of_work() as session:
                await attempt(session)
