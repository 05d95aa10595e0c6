"""The history of messages, a test of a channel, and another try: as an operator sees them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any
from uuid import UUID

import pytest

from domain.records import raise_alert
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from models.messages import Channel, MessageKind, MessageStatus
from state.admin.home import AdminHome
from state.admin.messages import PAGE, AdminMessages
from state.live import live
from tests.builders import make_customer, make_staff, sign_in_customer, sign_in_staff
from tests.domain.test_message_sending import fail, lease, make_message, sent
from tests.fixtures import Shop
from tests.state.test_live import delivering
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6]


@pytest.fixture
async def tab() -> AsyncGenerator[Tab]:
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff()))


async def look(tab: Tab, query: str = "") -> dict[str, Any]:
    tab.path = f"/admin/mensajes{query}"
    await tab.send(AdminMessages.load)
    assert tab.sees(AdminMessages)["notice"] == ""
    return tab.sees(AdminMessages)


async def lost(code: str = "twilio_63016", **values: Any) -> UUID:
    given = {"kind": MessageKind.DELIVERED, "channel": Channel.WHATSAPP, **values}
    return await make_message(status=MessageStatus.FAILED, error_code=code, **given)


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def test_a_line_says_what_to_whom_how_far_and_why_not(tab: Tab) -> None:
    ana = await make_customer(name="Ana Torres")
    first = await lost(customer_id=ana.id)
    await make_message(customer_id=ana.id, kind=MessageKind.DELIVERED, fallback_of=first)
    seen = await look(tab)
    text, whatsapp = seen["rows"]
    assert (whatsapp.kind, whatsapp.who, whatsapp.address) == (
        "Accesos listos",
        "Ana Torres",
        "+52 •••• 5678",
    )
    assert (whatsapp.channel, whatsapp.status, whatsapp.tone) == ("WhatsApp", "Falló", "error")
    assert whatsapp.why.startswith("WhatsApp pide una plantilla aprobada")
    assert (whatsapp.note, whatsapp.again) == ("Se mandó por SMS en su lugar.", False)
    assert (text.status, text.why, text.note) == ("En cola", "", "")


async def test_no_state_holds_what_a_message_says(tab: Tab) -> None:
    number = await make_message()
    await look(tab)
    await tab.send(AdminMessages.open, message=str(number))
    assert tab.sees(AdminMessages)["rows"]
    assert "135790" not in str(tab.deltas)
    assert "5512345678" not in str(tab.deltas)


async def test_tabs_count_what_failed_and_what_waits(tab: Tab) -> None:
    await lost()
    await make_message()
    seen = await look(tab)
    assert [(one.label, one.count) for one in seen["view"].tabs] == [
        ("Fallidos", "1"),
        ("En cola", "1"),
        ("Todos", ""),
    ]
    assert len(seen["rows"]) == 2
    assert [row.status for row in (await look(tab, "?tab=fallidos"))["rows"]] == ["Falló"]
    assert [row.status for row in (await look(tab, "?tab=en-cola"))["rows"]] == ["En cola"]


async def test_filters_stay_in_the_address(tab: Tab) -> None:
    await lost()
    await make_message(channel=Channel.EMAIL, kind=MessageKind.TEST, to_address="ana@correo.mx")
    seen = await look(tab, "?canal=email&tipo=test&q=ana@correo.mx")
    assert [row.kind for row in seen["rows"]] == ["Prueba"]
    assert seen["view"].tabs[0].address == (
        "/admin/mensajes?tab=fallidos&canal=email&tipo=test&q=ana%40correo.mx"
    )
    assert (await look(tab, "?canal=whatsapp&tipo=test"))["rows"] == []


@pytest.mark.parametrize(
    "query", ["?tab=x&canal=x&tipo=x", "?q=%00", "?before=x", "?q=" + "x" * 999, "?canal=web"]
)
async def test_a_mangled_address_shows_the_list(tab: Tab, query: str) -> None:
    await make_message()
    assert len((await look(tab, query))["rows"]) == 1


async def test_a_long_list_is_read_page_by_page(tab: Tab) -> None:
    for _ in range(PAGE + 1):
        await make_message()
    seen = await look(tab, "?canal=sms")
    assert (len(seen["rows"]), seen["view"].newer) == (PAGE, "")
    assert seen["view"].older.startswith("/admin/mensajes?canal=sms&before=")
    rest = await look(tab, seen["view"].older.removeprefix("/admin/mensajes"))
    assert (len(rest["rows"]), rest["view"].newer) == (1, "/admin/mensajes?canal=sms")


async def test_the_way_of_one_message_unfolds_and_folds(tab: Tab) -> None:
    number = await make_message()
    assert await lease(number) is not None
    await fail(number, "twilio_21211", final=True)
    await look(tab)
    await tab.send(AdminMessages.open, message=str(number))
    seen = tab.sees(AdminMessages)
    assert [(one.title, one.state) for one in seen["steps"]] == [
        ("En cola", "done"),
        ("Falló", "problem"),
    ]
    assert seen["steps"][1].why == "El número del cliente no existe."
    await tab.send(AdminMessages.open, message=str(number))
    assert tab.sees(AdminMessages)["opened"] == ""


async def test_what_waits_says_until_when(tab: Tab) -> None:
    number = await make_message()
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE messages SET not_before = now() + interval '3 days', attempts = 2,
                   error_code = 'busy' WHERE id = %(id)s""",
            id=number,
        )
        await raise_alert(session, "provider:twilio")
    seen = await look(tab)
    assert seen["rows"][0].note.startswith("Se intenta otra vez el ")
    assert seen["rows"][0].why == "El proveedor pidió esperar."
    assert [one.said for one in seen["view"].held] == [
        "Twilio no responde: los mensajes esperan y se mandan solos después."
    ]


async def test_a_lost_message_is_tried_again_once(tab: Tab) -> None:
    number = await lost()
    await look(tab, "?tab=fallidos")
    await tab.send(AdminMessages.retry, message=str(number))
    seen = tab.sees(AdminMessages)
    assert (seen["rows"], seen["said"]) == ([], "Va de nuevo: aquí verás si llega.")
    await tab.send(AdminMessages.retry, message=str(number))
    assert tab.sees(AdminMessages)["notice"] == "Este mensaje ya no se puede reintentar."
    assert await value("SELECT count(*) FROM audit_entries WHERE action = 'message.retry'") == 1


async def test_a_test_is_sent_and_shown_beside_the_rest(tab: Tab) -> None:
    await look(tab)
    await tab.send(AdminMessages.send_test, form={"channel": "sms", "to": "55 1234 5678"})
    [row] = tab.sees(AdminMessages)["rows"]
    assert (row.kind, row.channel, row.status) == ("Prueba", "SMS", "En cola")
    assert row.who.startswith("Equipo · ")
    assert tab.went == []
    await look(tab, "?tab=fallidos")
    await tab.send(AdminMessages.send_test, form={"channel": "email", "to": "ana@correo.mx"})
    assert tab.went == ["/admin/mensajes"]


async def test_a_test_that_cannot_go_says_so_beside_its_field(tab: Tab) -> None:
    await look(tab)
    await tab.send(AdminMessages.send_test, form={"channel": "sms", "to": "ana@correo.mx"})
    assert list(tab.sees(AdminMessages)["errors"]) == ["to"]
    await tab.send(AdminMessages.send_test, form={"to": "5512345678"})
    assert tab.sees(AdminMessages)["errors"] == {"channel": "Elige por dónde mandarlo."}
    for _ in range(10):
        await tab.send(AdminMessages.send_test, form={"channel": "sms", "to": "5512345678"})
    await tab.send(AdminMessages.send_test, form={"channel": "sms", "to": "5512345678"})
    seen = tab.sees(AdminMessages)
    assert seen["errors"] == {}
    assert seen["notice"] == "Ya mandaste varias pruebas. Espera unos minutos."


async def test_a_channel_nobody_carries_names_its_settings(tab: Tab, monkeypatch: Any) -> None:
    assert all(one.ready for one in (await look(tab))["view"].channels)
    ways = {"whatsapp": "twilio", "sms": "twilio", "email": "none"}
    monkeypatch.setattr("state.admin.message_channels.providers", lambda: ways)
    whatsapp, _, email = (await look(tab))["view"].channels
    assert (whatsapp.ready, whatsapp.detail) == (True, "Sale por Twilio.")
    assert not email.ready
    assert "todavía no está configurado" in email.detail.lower()
    assert "CUENTY_SMTP_HOST" in email.detail


async def test_the_history_follows_a_message_by_itself(shop: Shop, tab: Tab) -> None:
    number = await make_message()
    await look(tab)
    async with delivering(shop, live, tab) as handed_out:
        assert await lease(number) is not None
        await sent(number)
        await handed_out("messages")
    assert [row.status for row in tab.sees(AdminMessages)["rows"]] == ["Enviado"]


async def test_the_summary_leads_to_what_failed(tab: Tab) -> None:
    async with unit_of_work() as session:
        await raise_alert(session, "messages_failing")
    await tab.send(AdminHome.load)
    [alert] = tab.sees(AdminHome)["alerts"]
    assert alert.address == "/admin/mensajes?tab=fallidos"


@pytest.mark.parametrize("typed", [*NONSENSE, "286762e1-10df-4dba-90e8-be0cf84f074c"])
async def test_nonsense_is_no_message(tab: Tab, typed: Any) -> None:
    await look(tab)
    for handler in (AdminMessages.open, AdminMessages.retry):
        await tab.send(handler, message=typed)
    await tab.send(AdminMessages.send_test, form={"channel": typed, "to": typed})
    await tab.send(AdminMessages.send_test, form=typed)
    assert tab.sees(AdminMessages)["errors"]
    assert await value("SELECT count(*) FROM messages") == 0


async def test_a_customer_is_shown_nothing() -> None:
    number = await lost()
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await tab.send(AdminMessages.load)
        await tab.send(AdminMessages.retry, message=str(number))
        assert tab.sees(AdminMessages) == {}
    assert await value("SELECT status FROM messages") == "failed"
