"""Support on both sides of the counter: what each page says, and what each may send."""

from __future__ import annotations

from typing import Any

import pytest

import models
from domain import tickets
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from state.admin.canned_replies import CannedReplies
from state.admin.ticket import AdminTicket
from state.admin.tickets import AdminTickets, QueueView
from state.live import Live
from state.storefront.contact import ContactForm
from state.storefront.ticket import TicketPage
from state.storefront.tickets import MyTickets, SupportView
from tests.builders import (
    as_customer,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Calendar, Shop
from tests.state.test_live import delivering
from tests.tabs import Tab, tabs

STILL = pytest.mark.usefixtures("calendar")
NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "\ud800", "x" * 10**6]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def ask(customer: models.Customer, subject: str = "No abre") -> int:
    async with unit_of_work() as session:
        return await tickets.open_ticket(
            session, as_customer(customer), subject=subject, body="Desde ayer."
        )


async def see_queue(tab: Tab, query: str = "") -> QueueView:
    tab.path = f"/admin/soporte{query}"
    await tab.send(AdminTickets.load)
    return tab.sees(AdminTickets)["view"]


async def open_at_desk(tab: Tab, number: int) -> Any:
    tab.path = f"/admin/soporte/{number}"
    await tab.send(AdminTicket.load)
    return tab.sees(AdminTicket)["ticket"]


async def open_ticket(tab: Tab, number: int) -> Any:
    tab.path = f"/soporte/{number}"
    await tab.send(TicketPage.load)
    return tab.sees(TicketPage)["ticket"]


async def see_mine(tab: Tab, query: str = "") -> SupportView:
    tab.path = f"/soporte{query}"
    await tab.send(MyTickets.load)
    return tab.sees(MyTickets)["view"]


@STILL
class TestTheCustomer:
    async def test_comes_from_a_card_and_finds_it_chosen(self) -> None:
        ana, plan = await make_customer(), await make_plan()
        await make_bank()
        await make_account(plan.service_id)
        order = await place_order(ana, plan)
        await pay(order.id, order.total)
        held = await value("SELECT id FROM assignments")
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            view = await see_mine(tab, f"?acceso={held}")
            assert (view.about, view.broken) == (f"acceso-{held}", True)
            view = await see_mine(tab, f"?pedido={order.id}")
            assert (view.about, view.broken) == (f"pedido-{order.id}", False)
            assert (await see_mine(tab, "?acceso=999")).about == ""
            form = {"about": f"acceso-{held}", "subject": "No abre", "body": "Desde ayer."}
            await tab.send(MyTickets.ask, form=form)
            assert tab.went == ["/soporte/1"]
            assert (await open_ticket(tab, 1)).broken

    async def test_reads_beside_each_field_what_is_missing(self) -> None:
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(await make_customer()))
            await tab.send(MyTickets.ask, form={})
            assert tab.sees(MyTickets)["errors"] == {
                "subject": "Escribe de qué se trata.",
                "body": "Escribe tu mensaje.",
            }

    async def test_sees_another_s_ticket_as_none(self) -> None:
        number = await ask(await make_customer())
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(await make_customer(name="Bruno")))
            await open_ticket(tab, number)
            assert tab.sees(TicketPage)["phase"] == "missing"
            await tab.send(TicketPage.write, form={"body": "Hola"})
            await tab.send(TicketPage.settle)
        assert await value("SELECT count(*) FROM ticket_entries") == 1

    async def test_finds_a_mark_at_what_is_new_until_it_was_read(self) -> None:
        ana, luis = await make_customer(), await make_staff()
        number = await ask(ana)
        async with tabs() as open_tab:
            tab, desk = open_tab(await sign_in_customer(ana)), open_tab(await sign_in_staff(luis))
            await open_at_desk(desk, number)
            await desk.send(AdminTicket.answer, form={"body": "Prueba otra vez.", "seen": "1"})
            [row] = (await see_mine(tab)).rows
            assert (row.unread, row.state) == (True, "Te respondimos")
            await open_ticket(tab, number)
            [row] = (await see_mine(tab)).rows
            assert not row.unread

    async def test_is_told_what_can_still_be_done(self, calendar: Calendar) -> None:
        ana = await make_customer()
        number = await ask(ana)
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            await open_ticket(tab, number)
            await tab.send(TicketPage.settle)
            seen = tab.sees(TicketPage)["ticket"]
            assert (seen.state, seen.may_write, seen.may_settle) == ("Resuelto", True, False)
            assert "siguientes 7 días" in seen.what_next
            calendar.go(days=8)
            later = open_tab(await sign_in_customer(ana))
            seen = await open_ticket(later, number)
            assert (seen.state, seen.may_write) == ("Cerrado", False)

    @pytest.mark.parametrize("nonsense", NONSENSE)
    async def test_nonsense_opens_no_ticket_and_breaks_nothing(self, nonsense: Any) -> None:
        ana = await make_customer()
        number = await ask(ana)
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            await see_mine(tab)
            await tab.send(MyTickets.ask, form=nonsense)
            for name in ("about", "subject", "body"):
                await tab.send(MyTickets.ask, form={"subject": "a", "body": "", name: nonsense})
            await open_ticket(tab, number)
            await tab.send(TicketPage.write, form=nonsense)
            await tab.send(TicketPage.write, form={"body": nonsense})
            for path in ("/soporte?before=x&via=y", "/soporte?acceso=x"):
                tab.path = path
                await tab.send(MyTickets.load)
                assert tab.sees(MyTickets)["notice"] == ""
        assert await value("SELECT count(*) FROM tickets") == 1
        assert await value("SELECT count(*) FROM ticket_entries") == 1


@STILL
class TestTheDesk:
    async def test_sees_in_plain_words_how_long_each_waits_and_which_wait_too_long(
        self, calendar: Calendar
    ) -> None:
        await ask(await make_customer(), "Viejo")
        calendar.go(hours=5)
        await ask(await make_customer(), "Nuevo")
        async with tabs() as open_tab:
            view = await see_queue(open_tab(await sign_in_staff(await make_staff())))
        assert [(row.subject, row.age, row.late) for row in view.rows] == [
            ("Viejo", "Espera hace 5 h", True),
            ("Nuevo", "Espera hace un momento", False),
        ]
        assert [(tab.label, tab.count) for tab in view.tabs][:2] == [
            ("Abiertos", "2"),
            ("Esperan al cliente", ""),
        ]

    async def test_finds_only_what_the_address_asks_for(self) -> None:
        luis = await make_staff()
        mine, _ = await ask(await make_customer(), "Mío"), await ask(await make_customer())
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_staff(luis))
            await open_at_desk(tab, mine)
            await tab.send(AdminTicket.take, seen=1)
            assert len((await see_queue(tab)).rows) == 2
            for query in (f"?asignado={luis.id}", "?asignado=nadie", "?prioridad=urgent"):
                expected = {"?asignado=nadie": ["No abre"], "?prioridad=urgent": []}
                view = await see_queue(tab, query)
                assert [row.subject for row in view.rows] == expected.get(query, ["Mío"])
            mangled = await see_queue(tab, "?tab=nada&asignado=x&prioridad=y&before=z")
            assert len(mangled.rows) == 2

    async def test_a_stale_form_overwrites_nothing_and_shows_what_happened(self) -> None:
        luis, rosa = await make_staff(username="luis"), await make_staff(username="rosa")
        number = await ask(await make_customer())
        async with tabs() as open_tab:
            one, two = [open_tab(await sign_in_staff(who)) for who in (luis, rosa)]
            for tab in (one, two):
                assert (await open_at_desk(tab, number)).version == 1
            await one.send(AdminTicket.take, seen=1)
            stale = {"seen": "1", "assignee": str(rosa.id), "priority": "low"}
            await two.send(AdminTicket.arrange, form=stale)
            seen = two.sees(AdminTicket)
            assert "luis lo tomó" in seen["notice"]
            assert (seen["ticket"].assigned, seen["said"]) == ("Asignado a luis", "")
            await two.send(AdminTicket.arrange, form={**stale, "seen": str(seen["ticket"].version)})
            assert two.sees(AdminTicket)["notice"] == ""
        assert await value("SELECT assignee_id FROM tickets") == rosa.id

    async def test_a_refused_answer_stays_in_the_field(self) -> None:
        ana = await make_customer()
        number = await ask(ana)
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_staff(await make_staff()))
            await open_at_desk(tab, number)
            async with unit_of_work() as session:
                await tickets.write(session, as_customer(ana), ticket_id=number, body="Espera")
            await tab.send(AdminTicket.answer, form={"body": "Ya quedó", "seen": "1"})
            seen = tab.sees(AdminTicket)
            assert "el cliente escribió" in seen["notice"]
            assert seen.get("times", 0) == 0
            assert [one.body for one in seen["ticket"].bubbles] == ["Desde ayer.", "Espera"]

    async def test_a_canned_reply_greets_the_customer(self) -> None:
        number = await ask(await make_customer(name="Ana Torres"))
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_staff(await make_staff()))
            await tab.send(CannedReplies.load)
            form = {"reply": "0", "title": "Saludo", "body": "Hola, {nombre}."}
            await tab.send(CannedReplies.save, form=form)
            assert tab.sees(CannedReplies)["said"] == "«Saludo» quedó guardada."
            [reply] = (await open_at_desk(tab, number)).replies
        assert (reply.name, reply.text) == ("Saludo", "Hola, Ana.")

    @pytest.mark.parametrize("nonsense", NONSENSE)
    async def test_nonsense_changes_nothing(self, nonsense: Any) -> None:
        number = await ask(await make_customer())
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_staff(await make_staff()))
            await open_at_desk(tab, number)
            for name in ("seen", "body"):
                form = {"seen": "1", "body": "", name: nonsense}
                await tab.send(AdminTicket.answer, form=form)
            for name in ("seen", "assignee", "priority"):
                form = {"seen": "1", "assignee": "", "priority": "normal", name: nonsense}
                await tab.send(AdminTicket.arrange, form=form)
            await tab.send(AdminTicket.note, form={"note": nonsense} if nonsense else nonsense)
            await tab.send(AdminTicket.take, seen=nonsense)
            await tab.send(AdminTicket.move, status=nonsense, seen=1)
            await tab.send(AdminTicket.move, status="closed", seen=nonsense)
            await tab.send(AdminTickets.answered, contact_id=nonsense)
            await tab.send(AdminTickets.to_ticket, contact_id=nonsense)
            await tab.send(CannedReplies.save, form=nonsense)
            await tab.send(CannedReplies.save, form={"reply": nonsense, "title": nonsense})
            await tab.send(CannedReplies.remove, reply=nonsense, version=nonsense)
        row = await value("SELECT status || version || coalesce(assignee_id, 0) FROM tickets")
        assert row == "open10"
        assert await value("SELECT count(*) FROM canned_replies") == 0


class TestLive:
    @pytest.fixture
    def live(self, monkeypatch: pytest.MonkeyPatch) -> Live:
        """A map of watching tabs of this test's own."""
        made = Live()
        for place in ("admin.tickets", "admin.ticket", "storefront.ticket", "storefront.tickets"):
            monkeypatch.setattr(f"state.{place}.live", made)
        return made

    async def test_a_ticket_appears_in_the_open_queue_and_its_answer_on_the_open_page(
        self, shop: Shop, live: Live
    ) -> None:
        ana = await make_customer()
        async with tabs() as open_tab:
            listing, desk = [open_tab(await sign_in_staff(await make_staff())) for _ in "ld"]
            tab = open_tab(await sign_in_customer(ana))
            assert (await see_queue(listing)).rows == []
            async with delivering(shop, live, listing) as handed_out:
                number = await ask(ana)
                await handed_out("tickets")
                await handed_out(f"ticket:{number}")
                [row] = listing.sees(AdminTickets)["view"].rows
                assert row.id == number
                await open_at_desk(desk, number)
                await open_ticket(tab, number)
                await desk.send(AdminTicket.answer, form={"body": "Ya quedó.", "seen": "1"})
                await handed_out(f"ticket:{number}")
                assert tab.sees(TicketPage)["ticket"].bubbles[-1].body == "Ya quedó."

    async def test_control_a_tab_that_watches_nothing_hears_nothing(
        self, shop: Shop, live: Live
    ) -> None:
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_staff(await make_staff()))
            await see_queue(tab)
            live._tabs.clear()
            async with delivering(shop, live, tab) as handed_out:
                await ask(await make_customer())
                await handed_out("tickets")
            assert tab.sees(AdminTickets)["view"].rows == []


@STILL
class TestTheContactPage:
    async def test_takes_a_phone_or_an_address_and_thanks(self) -> None:
        form = {"name": "Rosa", "subject": "Hola", "body": "¿Venden?"}
        async with tabs() as open_tab:
            for reach in ("rosa@correo.mx", "55 1234 5678"):
                tab = open_tab()
                await tab.send(ContactForm.load)
                for _ in range(2):  # a double tap
                    await tab.send(ContactForm.send, form={**form, "reach": reach})
                assert tab.sees(ContactForm)["said"].startswith("Recibimos tu mensaje.")
        kept = "SELECT string_agg(email || phone, ' ' ORDER BY id) FROM contact_messages"
        assert await value(kept) == "rosa@correo.mx +525512345678"

    async def test_a_wrong_way_to_answer_is_said_beside_its_field(self) -> None:
        form = {"name": "Rosa", "subject": "Hola", "body": "¿Venden?"}
        async with tabs() as open_tab:
            tab = open_tab()
            for reach in ("", "no es", "@", "12345"):
                await tab.send(ContactForm.send, form={**form, "reach": reach})
                assert tab.sees(ContactForm)["errors"]["reach"]

    @pytest.mark.parametrize("nonsense", NONSENSE)
    async def test_nonsense_is_not_kept(self, nonsense: Any) -> None:
        async with tabs() as open_tab:
            tab = open_tab()
            await tab.send(ContactForm.send, form=nonsense)
            for name in ("name", "reach", "subject", "body"):
                form = {"name": "", "reach": "", "subject": "", "body": "", name: nonsense}
                await tab.send(ContactForm.send, form=form)
        assert await value("SELECT count(*) FROM contact_messages") == 0


@STILL
async def test_a_blocked_customer_s_open_tab_writes_nothing_more() -> None:
    ana = await make_customer()
    number = await ask(ana)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await open_ticket(tab, number)
        async with unit_of_work() as session:
            await run(session, "UPDATE customers SET blocked_at = now()")
        await tab.send(TicketPage.write, form={"body": "Hola"})
    assert await value("SELECT count(*) FROM ticket_entries") == 1
