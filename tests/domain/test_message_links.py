"""The links in messages are used once, cannot be made up, and end at the sign-in."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from domain.message_links import LIFE_DAYS, follow, link_to, token_of
from domain.message_texts import DEFAULTS
from infra.database import unit_of_work
from models.messages import MessageKind
from tests.builders import make_customer, make_staff
from tests.domain.test_message_sending import later, make_message
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")


async def a_message(kind: MessageKind = MessageKind.RENEWED) -> UUID:
    return await make_message(kind=kind, customer_id=(await make_customer()).id)


async def where(token: str) -> str | None:
    async with unit_of_work() as session:
        return await follow(session, token)


async def test_a_link_leads_somewhere_once() -> None:
    token = token_of(await a_message())
    assert await where(token) == "/mis-cuentas"
    assert await where(token) is None


async def test_every_attempt_to_send_a_message_writes_the_same_link(shop: Shop) -> None:
    shop.configure(public_url="https://cuenty.mx")
    number = await a_message()
    assert link_to(number) == link_to(number) == f"https://cuenty.mx/m/{token_of(number)}"


async def test_a_link_that_was_made_up_leads_nowhere_and_uses_nothing_up() -> None:
    token = token_of(await a_message())
    mark = token[-16:]
    forged = token[:-16] + ("0" if mark[0] != "0" else "1") + mark[1:]
    for wrong in (
        forged,
        token_of(uuid4()),
        token[:-1],
        token + "0",
        "",
        "é" * 38,
        "a" * 38,
        "=" * 40,
    ):
        assert await where(wrong) is None
    assert await where(token) == "/mis-cuentas"


async def test_another_shops_links_are_not_ours(shop: Shop) -> None:
    token = token_of(await a_message())
    shop.configure(pepper="another-pepper-" + "q" * 32)
    assert await where(token) is None


async def test_an_old_link_leads_nowhere() -> None:
    token = token_of(await a_message())
    await later((LIFE_DAYS * 24 + 1) * 3600)
    assert await where(token) is None


async def test_a_code_has_no_link() -> None:
    assert await where(token_of(await make_message())) is None
    assert "{link}" not in DEFAULTS["login_code"].body


async def test_the_staffs_links_lead_to_the_back_office() -> None:
    staff = await make_staff()
    number = await make_message(kind=MessageKind.STAFF_ALERT, staff_id=staff.id, occasion="alert:1")
    assert await where(token_of(number)) == "/admin"
