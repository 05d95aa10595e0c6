"""The links of messages, as a browser and as what draws a preview of them follow them."""

from __future__ import annotations

import httpx
import pytest

from domain.message_links import token_of
from models.messages import MessageKind
from tests.builders import make_customer, make_staff
from tests.domain.test_message_sending import make_message

NAVIGATES = {"Sec-Fetch-Mode": "navigate"}


async def a_link(kind: MessageKind = MessageKind.RENEWED) -> str:
    number = await make_message(kind=kind, customer_id=(await make_customer()).id)
    return f"/m/{token_of(number)}"


async def test_a_link_leads_to_the_sign_in_and_from_there_to_what_it_is_about(
    program: httpx.AsyncClient,
) -> None:
    answer = await program.get(await a_link(), headers=NAVIGATES)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/ingresar?next=%2Fmis-cuentas"
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_second_time_it_leads_to_the_sign_in_alone(program: httpx.AsyncClient) -> None:
    link = await a_link()
    await program.get(link, headers=NAVIGATES)
    answer = await program.get(link, headers=NAVIGATES)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/ingresar")


async def test_drawing_a_preview_does_not_use_it_up(program: httpx.AsyncClient) -> None:
    link = await a_link()
    for headers in ({}, {"Sec-Fetch-Mode": "no-cors"}, {"User-Agent": "WhatsApp/2"}):
        answer = await program.get(link, headers=headers)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/ingresar")
    answer = await program.get(link, headers=NAVIGATES)
    assert answer.headers["Location"] == "/ingresar?next=%2Fmis-cuentas"


async def test_the_staffs_link_leads_to_the_staffs_door(program: httpx.AsyncClient) -> None:
    staff = await make_staff()
    number = await make_message(kind=MessageKind.STAFF_ALERT, staff_id=staff.id)
    answer = await program.get(f"/m/{token_of(number)}", headers=NAVIGATES)
    assert answer.headers["Location"] == "/admin/ingresar?next=%2Fadmin"


@pytest.mark.parametrize("token", ["x", "a" * 38, "a" * 5000, "%00", "%C3%A9" * 38, "a:%2F%2Fx"])
async def test_a_made_up_link_leads_to_the_sign_in_and_nowhere_else(
    program: httpx.AsyncClient, token: str
) -> None:
    answer = await program.get(f"/m/{token}", headers=NAVIGATES)
    assert answer.status_code in {303, 400, 404}
    assert answer.headers.get("Location", "/ingresar") == "/ingresar"
