"""The owner's pages of the team, the invitation, and the own account, through the real events."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest
import time_machine
from pyotp import TOTP

import models
from domain.principals import find
from infra import clock
from infra.database import reading
from state.admin.invitation import InvitationPage
from state.admin.my_account import MyAccount
from state.admin.password import AdminPassword
from state.admin.sign_in import AdminSignIn
from state.admin.team import Team
from state.admin.team_member import TeamMember
from state.live import live
from state.session import Visitor
from tests.builders import PASSWORD, make_staff, sign_in_staff
from tests.fixtures import Shop
from tests.tabs import Tab, signals_reach, tabs

LONG = "el perro verde come 3 tacos"
OpenTab = Callable[..., Tab]


@pytest.fixture
async def open_tab(shop: Shop) -> AsyncGenerator[OpenTab]:
    del shop
    async with tabs() as opened:
        yield opened


@pytest.fixture
async def owner(open_tab: OpenTab) -> Tab:
    return open_tab(await sign_in_staff(await make_staff("owner", username="rosa")))


def pushed(tab: Tab) -> dict[str, Any]:
    """What the last script gave to a slot of the browser."""
    written = tab.scripts[-1].rpartition("}))(")[2].rstrip('")')
    return dict(json.loads(written))


async def invite(owner: Tab, username: str = "olga") -> str:
    await owner.send(Team.load)
    await owner.send(Team.invite, form={"username": username, "role": "operator"})
    return str(pushed(owner)["link"])


async def test_the_link_reaches_the_browser_and_no_state(owner: Tab, open_tab: OpenTab) -> None:
    link = await invite(owner)
    [me, olga] = owner.sees(Team)["members"]
    assert (me.name, me.me, me.standing) == ("rosa", True, "Activa")
    assert (olga.role, olga.standing) == ("Operador", "Invitación pendiente")
    assert link.rpartition("=")[2] not in str(owner.deltas)
    guest = open_tab()
    guest.path = link.partition("3000")[2]
    await guest.send(InvitationPage.load)
    assert guest.sees(InvitationPage)["name"] == "olga"
    await guest.send(InvitationPage.accept, form={"password": LONG, "again": "otra"})
    assert set(guest.sees(InvitationPage)["errors"]) == {"again"}
    await guest.send(InvitationPage.accept, form={"password": LONG, "again": LONG})
    assert "/api/auth/session" in guest.scripts[-1]
    late = open_tab()
    late.path = guest.path
    await late.send(InvitationPage.load)
    assert late.sees(InvitationPage)["name"] == ""
    assert "ya se usó" in late.sees(InvitationPage)["notice"]
    assert LONG not in str(guest.deltas)


async def member_page(owner: Tab, user: models.StaffUser) -> None:
    owner.path = f"/admin/equipo/{user.id}"
    await owner.send(TeamMember.load)


async def test_an_owner_arranges_a_colleague(owner: Tab) -> None:
    olga = await make_staff(username="olga")
    token = await sign_in_staff(olga)
    await member_page(owner, olga)
    [session] = owner.sees(TeamMember)["member"].open_sessions
    await owner.send(TeamMember.end_session, session=session.id)
    async with reading() as work:
        assert await find(work, token) is None
    await owner.send(TeamMember.change_role, role="owner")
    assert owner.sees(TeamMember)["member"].row.role == "Dueño"
    await owner.send(TeamMember.save_addresses, form={"email": "x", "whatsapp": "55 1234 5678"})
    assert set(owner.sees(TeamMember)["errors"]) == {"email"}
    await owner.send(TeamMember.save_addresses, form={"email": "", "whatsapp": "55 1234 5678"})
    assert owner.sees(TeamMember)["member"].whatsapp == "55 1234 5678"
    await owner.send(TeamMember.disable)
    assert owner.sees(TeamMember)["member"].row.standing == "Desactivada"
    await owner.send(TeamMember.enable)
    await owner.send(TeamMember.invite_again)
    assert "llave=" in pushed(owner)["link"]
    assert owner.sees(TeamMember)["member"].row.standing == "Invitación pendiente"


async def test_the_last_owner_is_told_why_not(owner: Tab) -> None:
    async with reading() as session:
        me = await find(session, owner.cookies.rpartition("=")[2])
    assert me is not None
    owner.path = f"/admin/equipo/{me.id}"
    await owner.send(TeamMember.load)
    for handler, payload in (
        (TeamMember.disable, {}),
        (TeamMember.change_role, {"role": "operator"}),
        (TeamMember.invite_again, {}),
    ):
        await owner.send(handler, **payload)
        assert "al menos un dueño" in owner.sees(TeamMember)["notice"]


async def test_an_operator_sees_none_of_it(open_tab: OpenTab) -> None:
    tab = open_tab(await sign_in_staff(await make_staff()))
    for handler in (Team.load, TeamMember.load):
        await tab.send(handler)
        assert tab.went[-1] == "/admin"
    assert tab.sees(Team) == {}


async def test_the_second_factor_from_the_qr_code_to_the_door(open_tab: OpenTab) -> None:
    olga = await make_staff(username="olga")
    tab = open_tab(await sign_in_staff(olga))
    await tab.send(MyAccount.load)
    await tab.send(MyAccount.begin_second_factor)
    shown = pushed(tab)
    secret = shown["secret"].replace(" ", "")
    assert shown["drawing"].startswith("M4 4h1v1h-1z"), "a QR code has a mark in this corner"
    with time_machine.travel(clock.now(), tick=False) as traveller:
        await tab.send(MyAccount.enable_second_factor, form={"code": "12 34"})
        assert set(tab.sees(MyAccount)["errors"]) == {"code"}
        code = TOTP(secret).now()
        await tab.send(MyAccount.enable_second_factor, form={"code": f"{code[:3]} {code[3:]}"})
        codes = pushed(tab)["codes"]
        mine = tab.sees(MyAccount)["mine"]
        assert (mine.second_factor, mine.codes_left, len(codes)) == (True, 10, 10)
        assert [text for text in (secret, *codes) if text in str(tab.deltas)] == []
        traveller.shift(60)
        door = open_tab()
        form = {"username": "olga", "password": PASSWORD}
        await door.send(AdminSignIn.sign_in, form=form)
        assert door.sees(AdminSignIn)["asks_code"]
        assert door.scripts == []
        await door.send(AdminSignIn.sign_in, form={**form, "code": ""})
        assert set(door.sees(AdminSignIn)["errors"]) == {"code"}
        await door.send(AdminSignIn.sign_in, form={**form, "code": "000000"})
        assert set(door.sees(AdminSignIn)["errors"]) == {"code"}
        await door.send(AdminSignIn.sign_in, form={**form, "code": TOTP(secret).now()})
        assert "/api/auth/session" in door.scripts[-1]
    await tab.send(MyAccount.renew_codes, form={"password": "no es"})
    assert set(tab.sees(MyAccount)["errors"]) == {"password"}
    await tab.send(MyAccount.turn_off_second_factor, form={"password": PASSWORD})
    assert not tab.sees(MyAccount)["mine"].second_factor


async def test_the_own_sessions_end_from_here(open_tab: OpenTab) -> None:
    olga = await make_staff()
    tab = open_tab(await sign_in_staff(olga))
    there = [await sign_in_staff(olga) for _ in range(3)]
    await tab.send(MyAccount.load)
    mine = tab.sees(MyAccount)["mine"]
    assert [one.current for one in mine.sessions] == [True, False, False, False]
    await tab.send(MyAccount.end_session, session=mine.sessions[1].id)
    assert len(tab.sees(MyAccount)["mine"].sessions) == 3
    await tab.send(MyAccount.end_others)
    assert [one.current for one in tab.sees(MyAccount)["mine"].sessions] == [True]
    async with reading() as session:
        assert [await find(session, token) for token in there] == [None, None, None]


async def test_a_page_whose_session_ends_loads_anew_and_is_led_to_the_door(
    shop: Shop, owner: Tab, open_tab: OpenTab
) -> None:
    olga = await make_staff(username="olga")
    tab = open_tab(await sign_in_staff(olga))
    await tab.send(Visitor.load)
    await member_page(owner, olga)
    [session] = owner.sees(TeamMember)["member"].open_sessions
    async with shop.deliver_signals():
        await live.hand_out(signals_reach(tab), f"session:{session.id}")
        assert tab.scripts == [], "the control: while it runs, the page stays as it is"
        await owner.send(TeamMember.end_session, session=session.id)
        await live.hand_out(signals_reach(tab), f"session:{session.id}")
    assert "location.reload" in tab.scripts[-1]
    await tab.send(AdminPassword.load)
    assert tab.went[-1].startswith("/admin/ingresar")


async def test_everybody_keeps_the_own_alert_addresses(open_tab: OpenTab) -> None:
    tab = open_tab(await sign_in_staff(await make_staff()))
    form = {"email": "yo@correo.mx", "whatsapp": "5512345678"}
    await tab.send(MyAccount.save_addresses, form=form)
    mine = tab.sees(MyAccount)["mine"]
    assert (mine.email, mine.whatsapp) == ("yo@correo.mx", "55 1234 5678")
