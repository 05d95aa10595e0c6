"""The owner arranges who runs the shop: invitations, roles, and that somebody always can."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
import time_machine

import models
from domain import invitations, staff, team
from domain.errors import Conflict, DomainError, Forbidden, InvalidInput, NotFound, Unauthenticated
from domain.invitations import Invitation
from domain.principals import find
from domain.sql import fetch
from infra import clock
from infra.database import reading, unit_of_work
from tests.builders import PASSWORD, as_guest, as_staff, make_staff, sign_in_staff
from tests.fixtures import Shop

LONG = "el perro verde come 3 tacos"


@pytest.fixture
async def owner(shop: Shop) -> models.StaffUser:
    del shop
    return await make_staff("owner", username="rosa")


def row_of(user: models.StaffUser) -> int:
    assert user.id is not None
    return user.id


async def invite(owner: models.StaffUser, username: str = "olga", **values: Any) -> Invitation:
    async with unit_of_work() as session:
        return await team.invite(
            session, as_staff(owner), username=username, **{"role": "operator", **values}
        )


async def accept(invitation: Invitation, password: str = LONG) -> UUID | None:
    token = invitation.link.disclose().rpartition("=")[2]
    async with unit_of_work() as session:
        return await invitations.accept(session, as_guest(), token=token, password=password)


async def enter(username: str, password: str) -> staff.SignedIn:
    async with unit_of_work() as session:
        return await staff.sign_in(session, as_guest(), username=username, password=password)


async def member(owner: models.StaffUser, username: str) -> team.Member:
    async with reading() as session:
        [found] = [
            m for m in await team.members(session, as_staff(owner)) if m.username == username
        ]
    return found


async def test_who_is_invited_sets_the_own_password_and_is_in(owner: models.StaffUser) -> None:
    invitation = await invite(owner, "Olga", email="olga@correo.mx", whatsapp="55 1234 5678")
    invited = await member(owner, "olga")
    assert (invited.joined, invited.whatsapp) == (False, "+525512345678")
    assert invited.invited_until == invitation.expires_at
    with pytest.raises(InvalidInput):
        await accept(invitation, "corta")
    assert await accept(invitation) is not None, "a password refused does not use the link up"
    assert (await enter("olga", LONG)).role == "operator"
    joined = await member(owner, "olga")
    assert (joined.joined, joined.invited_until) == (True, None)


@pytest.mark.parametrize("password", ["", "the password of nobody", LONG])
async def test_before_that_no_password_is_right(owner: models.StaffUser, password: str) -> None:
    await invite(owner)
    with pytest.raises(Unauthenticated):
        await enter("olga", password)


async def test_an_invitation_works_once_of_many_at_once(owner: models.StaffUser) -> None:
    invitation = await invite(owner)
    came = await asyncio.gather(*(accept(invitation) for _ in range(8)), return_exceptions=True)
    assert [one for one in came if isinstance(one, UUID)]
    assert sum(isinstance(one, NotFound) for one in came) == 7


async def test_an_invitation_ends_after_three_days(owner: models.StaffUser) -> None:
    invitation = await invite(owner)
    with time_machine.travel(clock.now() + timedelta(days=3, seconds=1)), pytest.raises(NotFound):
        await accept(invitation)
    with time_machine.travel(clock.now() + timedelta(days=3, seconds=-9)):
        assert await accept(invitation) is not None  # the control: it was the time


async def test_a_new_invitation_ends_the_one_before(owner: models.StaffUser) -> None:
    first = await invite(owner)
    async with unit_of_work() as session:
        second = await team.invite_again(session, as_staff(owner), staff_id=first.staff_id)
    with pytest.raises(NotFound):
        await accept(first)
    assert await accept(second)


async def test_the_link_is_not_in_the_database(shop: Shop, owner: models.StaffUser) -> None:
    token = (await invite(owner)).link.disclose().rpartition("=")[2]
    async with await psycopg.AsyncConnection.connect(shop.url) as link:
        row = await (
            await link.execute(
                """SELECT (SELECT string_agg(i::text, '') FROM staff_invitations i)
                       || (SELECT string_agg(a::text, '') FROM audit_entries a)"""
            )
        ).fetchone()
    assert row is not None
    assert "olga" in row[0]
    assert token not in row[0]


async def test_a_new_invitation_puts_whoever_has_the_old_password_out(
    owner: models.StaffUser,
) -> None:
    olga = await make_staff(username="olga")
    token = await sign_in_staff(olga)
    async with unit_of_work() as session:
        invitation = await team.invite_again(session, as_staff(owner), staff_id=row_of(olga))
    with pytest.raises(Unauthenticated):
        await enter("olga", PASSWORD)
    async with reading() as session:
        assert await find(session, token) is None
    assert await accept(invitation)


async def test_a_disabled_person_is_out_at_once_and_their_link_is_dead(
    owner: models.StaffUser,
) -> None:
    olga = await make_staff(username="olga")
    token = await sign_in_staff(olga)
    invitation = await invite(owner, "eva")
    for who in (row_of(olga), invitation.staff_id):
        async with unit_of_work() as session:
            await team.disable(session, as_staff(owner), staff_id=who)
    async with reading() as session:
        assert await find(session, token) is None
    with pytest.raises(NotFound):
        await accept(invitation)
    async with unit_of_work() as session:
        await team.enable(session, as_staff(owner), staff_id=row_of(olga))
    assert (await enter("olga", PASSWORD)).staff_id == olga.id


async def test_a_new_role_counts_from_the_next_event(owner: models.StaffUser) -> None:
    olga = await make_staff(username="olga")
    token = await sign_in_staff(olga)
    async with unit_of_work() as session:
        await team.change_role(session, as_staff(owner), staff_id=row_of(olga), role="owner")
    async with reading() as session:
        person = await find(session, token)
        [change] = await fetch(
            session, "SELECT change FROM audit_entries WHERE action = 'staff.change_role'"
        )
    assert person is not None
    assert person.role == "owner"
    assert change.change == {"before": "operator", "after": "owner"}


async def disable(by: models.StaffUser, whom: models.StaffUser) -> None:
    async with unit_of_work() as session:
        await team.disable(session, as_staff(by), staff_id=row_of(whom))


async def demote(by: models.StaffUser, whom: models.StaffUser) -> None:
    async with unit_of_work() as session:
        await team.change_role(session, as_staff(by), staff_id=row_of(whom), role="operator")


async def reset(by: models.StaffUser, whom: models.StaffUser) -> None:
    async with unit_of_work() as session:
        await team.invite_again(session, as_staff(by), staff_id=row_of(whom))


WAYS_OUT = pytest.mark.parametrize("way_out", [disable, demote, reset])
WayOut = Callable[[models.StaffUser, models.StaffUser], Awaitable[None]]


@WAYS_OUT
async def test_the_last_owner_who_can_sign_in_stays(
    owner: models.StaffUser, way_out: WayOut
) -> None:
    await make_staff("owner", username="baja", disabled_at=clock.now())
    await invite(owner, "todavia.no", role="owner")
    with pytest.raises(Conflict) as refusal:
        await way_out(owner, owner)
    assert refusal.value.code == "last_owner"
    other = await make_staff("owner", username="lola")
    await way_out(owner, owner)
    assert (await enter("lola", PASSWORD)).staff_id == other.id


async def owners_left() -> int:
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT 1 FROM staff_users
               WHERE role = 'owner' AND disabled_at IS NULL AND password_hash <> ''""",
        )
    return len(rows)


@WAYS_OUT
async def test_of_two_owners_who_put_each_other_out_one_stays(
    owner: models.StaffUser, way_out: WayOut
) -> None:
    other = await make_staff("owner")
    ended = await asyncio.gather(
        way_out(owner, other), way_out(other, owner), return_exceptions=True
    )
    assert [one.code for one in ended if isinstance(one, DomainError)] == ["last_owner"]
    assert await owners_left() == 1


async def test_control_without_the_database_s_rule_both_are_out(
    shop: Shop, owner: models.StaffUser
) -> None:
    other = await make_staff("owner")
    async with await psycopg.AsyncConnection.connect(shop.url, autocommit=True) as link:
        await link.execute("ALTER TABLE staff_users DISABLE TRIGGER keep_an_owner")
    await asyncio.gather(disable(owner, other), disable(other, owner))
    assert await owners_left() == 0


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("username", {"username": "dos palabras"}),
        ("username", {"username": "rosa"}),
        ("role", {"role": "dios"}),
        ("email", {"email": "no es correo"}),
        ("whatsapp", {"whatsapp": "55"}),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(
    owner: models.StaffUser, field: str, values: dict[str, str]
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await invite(owner, **{"username": "olga", **values})
    assert set(refusal.value.fields) == {field}


async def test_an_operator_arranges_nobody(owner: models.StaffUser) -> None:
    olga = await make_staff(username="olga")
    for refused in (
        lambda: invite(olga, "eva"),
        lambda: disable(olga, owner),
        lambda: demote(olga, owner),
        lambda: reset(olga, owner),
        lambda: member(olga, "rosa"),
    ):
        with pytest.raises(Forbidden):
            await refused()


async def test_everybody_keeps_the_own_alert_addresses(owner: models.StaffUser) -> None:
    olga = await make_staff(username="olga")
    values = {"email": "yo@correo.mx", "whatsapp": ""}
    async with unit_of_work() as session:
        await team.set_alert_addresses(session, as_staff(olga), staff_id=row_of(olga), **values)
    assert (await member(owner, "olga")).email == "yo@correo.mx"
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await team.set_alert_addresses(
                session, as_staff(olga), staff_id=row_of(owner), **values
            )
