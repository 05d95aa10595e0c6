"""Warranty reports on both sides of the counter: what each may say, see and do."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

import models
from domain import claims, credentials, replacements
from domain.actors import SYSTEM, Actor
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from infra.settings import settings
from models import Plan
from state.admin.claim import AdminClaim
from state.admin.claim_rows import NO_STOCK, ClaimView
from state.admin.claims import AdminClaims
from state.admin.home import AdminHome
from state.admin.order import AdminOrder
from state.live import Live
from state.storefront.account_cards import AccessCard
from state.storefront.claims import ReportProblem
from state.storefront.my_accounts import MyAccounts
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
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Calendar, Shop
from tests.state.test_live import delivering
from tests.tabs import Tab, tabs

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def subscribed(*names: str, profiles: int = 0) -> tuple[list[models.Customer], Plan]:
    """Each has a subscription (1, 2, …) in account 1, which has no profile left but `profiles`."""
    plan = await make_plan()
    await make_account(plan.service_id, profiles=len(names) + profiles)
    await make_bank()
    customers = [await make_customer(name=name) for name in names]
    for customer in customers:
        order = await place_order(customer, plan)
        await pay(order.id, order.total)
    return customers, plan


async def report(customer: models.Customer, assignment_id: int = 1, **values: Any) -> None:
    async with unit_of_work() as session:
        values = {"kind": "wrong_password", **values}
        await claims.report(session, as_customer(customer), assignment_id=assignment_id, **values)


async def close(actor: Actor, claim_id: int, status: str, answer: str = "") -> None:
    async with unit_of_work() as session:
        await claims.close(session, actor, claim_id=claim_id, status=status, answer=answer)


async def look(tab: Tab) -> AccessCard:
    await tab.send(MyAccounts.load)
    [card] = tab.sees(MyAccounts)["cards"]
    return card


async def see_list(tab: Tab, query: str = "") -> dict[str, Any]:
    tab.path = f"/admin/garantias{query}"
    await tab.send(AdminClaims.load)
    assert tab.sees(AdminClaims)["notice"] == ""
    return tab.sees(AdminClaims)


async def open_claim(tab: Tab, number: int) -> ClaimView:
    tab.path = f"/admin/garantias/{number}"
    await tab.send(AdminClaim.load)
    return tab.sees(AdminClaim)["claim"]


def cards(tab: Tab) -> list[AccessCard]:
    return tab.sees(MyAccounts)["cards"]


class TestTheCustomer:
    pytestmark = pytest.mark.usefixtures("calendar")

    async def test_reports_from_the_card_which_then_says_so(self) -> None:
        [ana], _ = await subscribed("Ana")
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            before = await look(tab)
            assert (before.reported, before.news) == (False, "")
            await tab.send(ReportProblem.ask, card_id=before.id)
            seen = tab.sees(ReportProblem)
            assert seen["title"] == f"Problema con {before.service}"
            assert [one.kind for one in seen["problems"]] == list(claims.CLAIM_KINDS)
            await tab.send(
                ReportProblem.send, form={"kind": "wrong_password", "details": " Dice error 5. "}
            )
            assert tab.sees(ReportProblem)["said"].startswith("Recibimos tu reporte.")
            [card] = cards(tab)
            assert card.reported
            assert card.news == "Lo reportaste hoy, 10:00; lo estamos revisando."
        assert await value("SELECT details FROM claims") == "Dice error 5."

    async def test_reading_yesterdays_report_sees_its_day(self, calendar: Calendar) -> None:
        [ana], _ = await subscribed("Ana")
        await report(ana)
        calendar.go(days=1)
        async with tabs() as open_tab:
            card = await look(open_tab(await sign_in_customer(ana)))
        assert card.news == "Lo reportaste el 15 ene, 10:00; lo estamos revisando."

    async def test_reports_once_and_hears_it_kindly_when_doing_it_twice(self) -> None:
        [ana], _ = await subscribed("Ana")
        async with tabs() as open_tab:
            tab, elsewhere = [open_tab(await sign_in_customer(ana)) for _ in range(2)]
            for one in (tab, elsewhere):
                await one.send(ReportProblem.ask, card_id=(await look(one)).id)
            for _ in range(2):  # a double tap
                await tab.send(ReportProblem.send, form={"kind": "other", "details": ""})
            assert tab.sees(ReportProblem)["said"].startswith("Recibimos tu reporte.")
            await elsewhere.send(ReportProblem.send, form={"kind": "other", "details": ""})
            seen = elsewhere.sees(ReportProblem)
            assert (seen["said"], seen["tone"], seen["notice"]) == (
                "Ya recibimos tu reporte y lo estamos revisando.",
                "info",
                "",
            )
        assert await value("SELECT count(*) FROM claims") == 1

    async def test_is_told_beside_the_field_what_is_missing(self) -> None:
        [ana], _ = await subscribed("Ana")
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            await tab.send(ReportProblem.ask, card_id=(await look(tab)).id)
            await tab.send(ReportProblem.send, form={"details": "x" * 501})
            assert tab.sees(ReportProblem)["errors"] == {
                "kind": "Elige qué problema tienes.",
                "details": "El texto es demasiado largo.",
            }
            for raw in NONSENSE:
                for form in (raw, {"kind": raw}, {"kind": "other", "details": raw}):
                    if form not in ({"kind": "other", "details": ok} for ok in (None, "", "²")):
                        await tab.send(ReportProblem.send, form=form)
                        assert tab.sees(ReportProblem)["errors"], repr(form)[:60]
        assert await value("SELECT count(*) FROM claims") == 0

    async def test_reports_nothing_that_is_not_theirs(self) -> None:
        await subscribed("Ana")
        async with tabs() as open_tab:
            eva = open_tab(await sign_in_customer(await make_customer(name="Eva")))
            for raw in ("1", "99", *NONSENSE):
                await eva.send(ReportProblem.ask, card_id=raw)
                assert eva.sees(ReportProblem)["notice"]
                await eva.send(ReportProblem.send, form={"kind": "other"})
            assert eva.sees(ReportProblem).get("problems", []) == []
        assert await value("SELECT count(*) FROM claims") == 0

    async def test_is_first_told_of_a_password_that_changed(self) -> None:
        [ana], _ = await subscribed("Ana")
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            await tab.send(MyAccounts.reveal, card_id="1")
            aids = []
            for _ in range(2):
                await tab.send(ReportProblem.ask, card_id="1")
                aids.append(tab.sees(ReportProblem)["problems"][0].aid)
                await change("UPDATE accounts SET credential_version = 2")
        assert aids[0].startswith("Copia el usuario")
        assert aids[1].startswith("Tus datos cambiaron")

    async def test_reads_the_answer_on_the_card_for_a_week(self, calendar: Calendar) -> None:
        [ana, eva], _ = await subscribed("Ana", "Eva")
        operator = as_staff(await make_staff())
        for number, (who, status) in enumerate(((ana, "rejected"), (eva, "solved")), 1):
            await report(who, number)
            await close(operator, number, status, "Usa el perfil 1.")
        async with tabs() as open_tab:
            said = [await look(open_tab(await sign_in_customer(who))) for who in (ana, eva)]
            assert [(card.news, card.answer, card.reported) for card in said] == [
                ("Revisamos tu reporte.", "Usa el perfil 1.", False),
                ("Tu reporte quedó resuelto.", "Usa el perfil 1.", False),
            ]
            calendar.go(days=7, seconds=1)
            card = await look(open_tab(await sign_in_customer(ana)))
            assert (card.news, card.answer) == ("", "")


class TestAutomatically:
    pytestmark = pytest.mark.usefixtures("calendar")

    @pytest.fixture(autouse=True)
    @staticmethod
    def limits(calendar: Calendar, monkeypatch: pytest.MonkeyPatch) -> None:
        del calendar  # it stands first, so that its settings are forgotten
        monkeypatch.setenv("CUENTY_REPLACE_EVERY_DAYS", "10")
        settings.cache_clear()

    async def test_a_new_access_is_on_the_card_at_once_and_once_in_so_many_days(
        self, calendar: Calendar
    ) -> None:
        [ana], plan = await subscribed("Ana")
        for _ in range(2):
            await make_account(plan.service_id, profiles=5)

        async def tell(tab: Tab) -> tuple[str, AccessCard]:
            await tab.send(ReportProblem.ask, card_id="1")
            await tab.send(ReportProblem.send, form={"kind": "account_down"})
            return tab.sees(ReportProblem)["said"], cards(tab)[0]

        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            before = await look(tab)
            said, card = await tell(tab)
            assert said.startswith("Te dimos un acceso nuevo; tu último día no cambia.")
            assert (card.reported, card.news, card.ends) == (False, "", before.ends)
            assert card.changed == "Te dimos un acceso nuevo: vuelve a ver tus datos."
            calendar.go(days=9)
            said, card = await tell(open_tab(await sign_in_customer(ana)))
            assert said.startswith("Recibimos tu reporte.")
            assert card.reported
        assert await value("SELECT count(*) FROM replacements") == 1

    async def test_without_stock_the_report_is_received_for_a_person(self) -> None:
        [ana], _ = await subscribed("Ana")
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            await tab.send(ReportProblem.ask, card_id=(await look(tab)).id)
            await tab.send(ReportProblem.send, form={"kind": "account_down"})
            assert tab.sees(ReportProblem)["said"].startswith("Recibimos tu reporte.")
            assert cards(tab)[0].reported


class TestTheOperator:
    pytestmark = pytest.mark.usefixtures("calendar")

    @pytest.fixture
    @staticmethod
    async def desk(calendar: Calendar) -> AsyncGenerator[Tab]:
        """A tab of the operator `olga`."""
        del calendar
        async with tabs() as open_tab:
            yield open_tab(await sign_in_staff(await make_staff(username="olga")))

    async def test_reads_the_oldest_open_report_first_and_whose_it_is(
        self, desk: Tab, calendar: Calendar
    ) -> None:
        [ana, eva], _ = await subscribed("Ana", "Eva")
        await report(ana, details="No entra.")
        calendar.go(hours=3)
        await report(eva, 2, kind="account_down")
        seen = await see_list(desk)
        assert [(one.id, one.customer, one.problem, one.age) for one in seen["claims"]] == [
            (1, "Ana", "La contraseña no funciona", "hace 3 h"),
            (2, "Eva", "La cuenta no abre o está suspendida", "hace un momento"),
        ]
        first = seen["claims"][0]
        assert (first.details, first.profile, first.account, first.order, first.reports) == (
            "No entra.",
            "Perfil 1",
            1,
            1,
            "2 reportes abiertos",
        )
        assert [tab.count for tab in seen["tabs"]] == [2, 0]
        await desk.send(AdminHome.load)
        assert desk.sees(AdminHome)["work"].claims == "2"

    async def test_goes_through_many_reports_a_page_at_a_time(self, desk: Tab) -> None:
        [ana], _ = await subscribed("Ana")
        await report(ana)
        await close(SYSTEM, 1, "solved")
        await change(
            """INSERT INTO claims (assignment_id, customer_id, profile_id, kind, status, closed_at)
               SELECT assignment_id, customer_id, profile_id, kind, 'solved', now()
               FROM claims, generate_series(1, 27)"""
        )
        assert (await see_list(desk))["claims"] == []
        seen = await see_list(desk, "?tab=cerradas")
        assert [one.id for one in seen["claims"]] == list(range(28, 3, -1))
        rest = await see_list(desk, seen["older"].removeprefix("/admin/garantias"))
        assert [one.id for one in rest["claims"]] == [3, 2, 1]
        assert rest["newer"] == "/admin/garantias?tab=cerradas"
        for strange in ("?tab=nada", "?before=x", "?tab=%ED%A0%80&before=-1", "?via=x"):
            await see_list(desk, strange)

    async def test_gives_another_access_in_one_action(self, desk: Tab) -> None:
        [ana], plan = await subscribed("Ana")
        await make_account(plan.service_id, profiles=1)
        await report(ana)
        claim = await open_claim(desk, 1)
        assert (claim.open, claim.may_replace, claim.seen) == (True, True, "Nunca")
        for _ in range(2):  # a double tap
            await desk.send(AdminClaim.replace)
        assert desk.sees(AdminClaim)["said"] == "Tiene un acceso nuevo y ya le avisamos."
        claim = desk.sees(AdminClaim)["claim"]
        assert (claim.open, claim.row.state) == (False, "Acceso cambiado")
        [past] = claim.replacements
        assert (past.title, past.detail) == ("De Perfil 1 (cuenta 1) a Perfil 1 (cuenta 2)", "olga")
        assert await value("SELECT count(*) FROM replacements") == 1

    async def test_is_told_when_there_is_nothing_to_give(self, desk: Tab) -> None:
        [ana], _ = await subscribed("Ana")
        await report(ana)
        await open_claim(desk, 1)
        await desk.send(AdminClaim.replace)
        assert desk.sees(AdminClaim)["notice"] == NO_STOCK
        assert desk.sees(AdminClaim)["claim"].open

    async def test_answers_a_report_and_must_say_why_it_is_rejected(self, desk: Tab) -> None:
        [ana, eva], _ = await subscribed("Ana", "Eva")
        await report(ana)
        await report(eva, 2)
        await open_claim(desk, 1)
        for raw in NONSENSE:
            for form in (raw, {"rejected": raw}, {"solved": "En otro campo"}):
                if form != {"rejected": "²"}:
                    await desk.send(AdminClaim.reject, form=form)
                    assert list(desk.sees(AdminClaim)["errors"]) == ["rejected"], repr(form)[:60]
        await desk.send(AdminClaim.reject, form={"rejected": "Tu perfil es el 1."})
        seen = desk.sees(AdminClaim)
        assert (seen["said"], seen["errors"]) == ("El reporte quedó rechazado.", {})
        assert (seen["claim"].row.state, seen["claim"].row.answer) == (
            "Rechazado",
            "Tu perfil es el 1.",
        )
        await desk.send(AdminClaim.solve, form={"solved": ""})
        assert await value("SELECT status FROM claims WHERE id = 1") == "rejected"
        await open_claim(desk, 2)
        await desk.send(AdminClaim.solve, form={"solved": ""})
        assert desk.sees(AdminClaim)["claim"].row.state == "Resuelto"

    async def test_is_told_that_another_operator_was_faster(self, desk: Tab) -> None:
        [ana], plan = await subscribed("Ana")
        await make_account(plan.service_id, profiles=1)
        await report(ana)
        await open_claim(desk, 1)
        await close(SYSTEM, 1, "solved")
        await desk.send(AdminClaim.replace)
        assert desk.sees(AdminClaim)["notice"] == "Este reporte ya se atendió."
        await desk.send(AdminClaim.reject, form={"rejected": "No."})
        assert desk.sees(AdminClaim)["notice"] == "Este reporte ya se atendió."
        assert await value("SELECT count(*) FROM replacements") == 0

    async def test_is_led_to_the_account_that_several_report(self, desk: Tab) -> None:
        [ana, eva], _ = await subscribed("Ana", "Eva")
        await report(ana)
        assert (await open_claim(desk, 1)).several == ""
        await report(eva, 2)
        assert (await open_claim(desk, 1)).several == (
            "Esta cuenta tiene 2 reportes abiertos. Si ya no sirve, márcala como caída y cambia a "
            "todos a la vez."
        )

    async def test_reads_what_was_reported_before(self, desk: Tab) -> None:
        [ana], _ = await subscribed("Ana")
        async with unit_of_work() as session:
            await credentials.reveal(session, as_customer(ana), assignment_id=1)
        await report(ana)
        await close(SYSTEM, 1, "rejected", "Espera un poco.")
        await report(ana, kind="other", details="Sigue igual.")
        claim = await open_claim(desk, 2)
        [before] = claim.earlier
        assert (before.claim, before.title, before.detail) == (
            1,
            "La contraseña no funciona",
            "Rechazado: Espera un poco.",
        )
        assert claim.seen == "Hoy, 10:00"

    async def test_finds_no_report_by_nonsense(self, desk: Tab) -> None:
        for strange in ("99", "x", "-1", "9" * 40, "%ED%A0%80"):
            desk.path = f"/admin/garantias/{strange}"
            await desk.send(AdminClaim.load)
            assert desk.sees(AdminClaim)["phase"] == "missing"
            for handler in (AdminClaim.replace, AdminClaim.solve, AdminClaim.reject):
                payload = {} if handler is AdminClaim.replace else {"form": {"rejected": "No."}}
                await desk.send(handler, **payload)
            assert desk.sees(AdminClaim)["said"] == ""

    async def test_changes_an_access_from_its_order_without_a_report(self, desk: Tab) -> None:
        _, plan = await subscribed("Ana")
        await make_account(plan.service_id, profiles=1)
        desk.path = "/admin/pedidos/1"
        await desk.send(AdminOrder.load)
        [unit] = desk.sees(AdminOrder)["order"].units
        assert (unit.profile, unit.account, unit.ends, unit.live, unit.history) == (
            "Perfil 1",
            1,
            "Hasta el 15 feb 2026",
            True,
            [],
        )
        for raw in (99, *NONSENSE):
            await desk.send(AdminOrder.choose, unit=raw)
            await desk.send(AdminOrder.replace)
            assert desk.sees(AdminOrder)["notice"] == "No encontramos lo que buscas."
        await desk.send(AdminOrder.choose, unit=unit.id)
        for _ in range(2):
            await desk.send(AdminOrder.replace)
        assert desk.sees(AdminOrder)["notice"] == "Esta suscripción ya cambió de cuenta."
        [unit] = desk.sees(AdminOrder)["order"].units
        assert (unit.account, unit.ends, len(unit.history)) == (2, "Hasta el 15 feb 2026", 1)
        await desk.send(AdminOrder.choose, unit=unit.id)
        await desk.send(AdminOrder.replace)
        assert desk.sees(AdminOrder)["notice"] == NO_STOCK
        assert await value("SELECT count(*) FROM replacements") == 1

    async def test_sees_the_report_and_the_end_of_an_orders_accesses(self, desk: Tab) -> None:
        service = await make_service(max_profiles=3)
        whole = await make_plan(service, full_account=True)
        await make_account(whole.service_id, profiles=3)
        await make_bank()
        ana = await make_customer()
        order = await place_order(ana, whole)
        await pay(order.id, order.total)
        await report(ana, 2)
        desk.path = f"/admin/pedidos/{order.id}"
        await desk.send(AdminOrder.load)
        [unit] = desk.sees(AdminOrder)["order"].units
        assert (unit.profile, unit.claim) == ("Cuenta completa", 1)
        await change("UPDATE assignments SET released_at = now(), release_reason = 'lapsed'")
        await desk.send(AdminOrder.load)
        [unit] = desk.sees(AdminOrder)["order"].units
        assert (unit.live, unit.ends) == (False, "Terminó, hoy, 10:00")

    @pytest.mark.parametrize("who", ["guest", "customer"])
    async def test_nobody_else_reads_or_answers_reports(self, who: str) -> None:
        [ana], plan = await subscribed("Ana")
        await make_account(plan.service_id, profiles=1)
        await report(ana)
        async with tabs() as open_tab:
            tab = open_tab("" if who == "guest" else await sign_in_customer(ana))
            tab.path = "/admin/garantias/1"
            for handler in (AdminClaims.load, AdminClaim.load, AdminClaim.replace):
                await tab.send(handler)
            for handler in (AdminClaim.solve, AdminClaim.reject):
                await tab.send(handler, form={"solved": "x", "rejected": "x"})
            await tab.send(AdminOrder.choose, unit=1)
            await tab.send(AdminOrder.replace)
            for state in (AdminClaims, AdminClaim, AdminOrder):
                assert tab.sees(state) == {}
        assert await value("SELECT status FROM claims") == "open"

    async def test_staff_report_nothing_in_a_customers_place(self, desk: Tab) -> None:
        await subscribed("Ana")
        await desk.send(ReportProblem.ask, card_id="1")
        await desk.send(ReportProblem.send, form={"kind": "other"})
        assert desk.sees(ReportProblem) == {}
        assert await value("SELECT count(*) FROM claims") == 0

    async def test_gets_no_credential_with_a_report(self, desk: Tab) -> None:
        [ana], plan = await subscribed("Ana")
        await make_account(plan.service_id, profiles=1)
        await report(ana)
        await see_list(desk)
        await open_claim(desk, 1)
        await desk.send(AdminClaim.replace)
        sent = str(desk.deltas) + str(desk.scripts)
        assert "Perfil 1" in sent
        for secret in ("clave-de-la-cuenta", "@correo.mx", "1234"):
            assert secret not in sent


class TestOpenPages:
    """What the rules tell reaches the pages that show it."""

    pytestmark = pytest.mark.usefixtures("shop")

    @pytest.fixture(autouse=True)
    @staticmethod
    def live(monkeypatch: pytest.MonkeyPatch) -> Live:
        made = Live()
        for place in ("storefront.my_accounts", "admin.claims", "admin.claim", "admin.home"):
            monkeypatch.setattr(f"state.{place}.live", made)
        return made

    async def test_the_card_hears_of_the_report_its_answer_and_the_new_access(
        self, shop: Shop, live: Live
    ) -> None:
        [ana], plan = await subscribed("Ana")
        await make_account(plan.service_id, profiles=1)
        operator, topic = as_staff(await make_staff()), f"accounts:{ana.id}"
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            stranger = open_tab(await sign_in_customer(await make_customer()))
            before = await look(tab)
            await stranger.send(MyAccounts.load)
            stranger.deltas.clear()
            async with delivering(shop, live, tab) as handed_out:
                await report(ana)
                await handed_out(topic)
                assert cards(tab)[0].reported
                await close(operator, 1, "solved")
                await handed_out(topic)
                assert cards(tab)[0].news == "Tu reporte quedó resuelto."
                async with unit_of_work() as session:
                    await replacements.replace(session, operator, assignment_id=1)
                await handed_out(topic)
            after = cards(tab)[0]
            assert after.changed == "Te dimos un acceso nuevo: vuelve a ver tus datos."
            assert (after.ends, after.version != before.version) == (before.ends, True)
            assert stranger.deltas == []
            await tab.send(MyAccounts.reveal, card_id="1")
            assert cards(tab)[0].changed == ""

    async def test_the_operators_pages_hear_of_reports_and_of_what_others_answer(
        self, shop: Shop, live: Live
    ) -> None:
        [ana], _ = await subscribed("Ana")
        async with tabs() as open_tab:
            token = await sign_in_staff(await make_staff())
            listing, page, home = (open_tab(token) for _ in "lph")
            home.path = "/admin"
            await home.send(AdminHome.load)
            assert (await see_list(listing))["claims"] == []
            async with delivering(shop, live, listing) as handed_out:
                await report(ana)
                await handed_out("claims")
                assert [one.id for one in listing.sees(AdminClaims)["claims"]] == [1]
                assert home.sees(AdminHome)["work"].claims == "1"
                assert (await open_claim(page, 1)).open
                await close(SYSTEM, 1, "solved")
                await handed_out("claims")
            assert listing.sees(AdminClaims)["claims"] == []
            assert home.sees(AdminHome)["work"].claims == "0"
            assert page.sees(AdminClaim)["claim"].row.state == "Resuelto"
