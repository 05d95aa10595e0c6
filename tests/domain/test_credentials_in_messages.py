"""What the owner decides on a screen."""

from __future__ import annotations

import pytest

from domain import shop_settings
from domain.actors import Actor
from domain.errors import Forbidden
from domain.sql import fetch
from infra.database import reading, unit_of_work
from tests.builders import as_staff, make_staff

pytestmark = pytest.mark.usefixtures("shop")


async def want(who: Actor, wanted: bool) -> None:
    async with unit_of_work() as session:
        await shop_settings.set_credentials_in_messages(session, who, wanted=wanted)


async def wanted() -> bool:
    async with reading() as session:
        return await shop_settings.credentials_in_messages(session)


async def test_no_message_carries_a_password_until_the_owner_wants_it() -> None:
    owner = as_staff(await make_staff("owner"))
    assert not await wanted()
    await want(owner, True)
    assert await wanted()
    await want(owner, False)
    assert not await wanted()


async def test_each_change_is_in_the_audit_and_the_same_again_is_none() -> None:
    owner = as_staff(await make_staff("owner"))
    for choice in (False, True, True, False):
        await want(owner, choice)
    async with reading() as session:
        entries = await fetch(session, "SELECT actor_id, action, change FROM audit_entries")
    assert [(e.actor_id, e.action, e.change["after"]) for e in entries] == [
        (owner.id, "setting.change", True),
        (owner.id, "setting.change", False),
    ]


async def test_an_operator_does_not_decide_it() -> None:
    with pytest.raises(Forbidden):
        await want(as_staff(await make_staff()), True)
    assert not await wanted()
