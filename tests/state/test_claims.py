"""Warranty reports on both sides of the counter: what each may say, see and do."""

from __future__ import annotations

from typing import Any

import pytest

import models
from domain import claims, replacements
from domain.actors import Actor
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from infra.settings import settings
from models import Plan
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
    make_staff,
    pay,
    place_order,
    sign_in_customer,
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

    async def test_a_second_tap_is_answered_kindly_and_reports_once(self) -> None:
        [ana], _ = await subscribed("Ana")
        async with tabs() as open_tab:
            tab = open_tab(await sign_in_customer(ana))
            await tab.send(ReportProblem.ask, card_id=(await look(tab)).id)
            for _ in range(2):
                await tab.send(ReportProblem.send, form={"kind": "other", "details": ""})
            seen = tab.sees(ReportProblem)
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


class TestOpenPages:
    """What the rules tell reaches the pages that show it."""

    pytestmark = pytest.mark.usefixtures("shop")

    @pytest.fixture(autouse=True)
    @staticmethod
    def live(monkeypatch: pytest.MonkeyPatch) -> Live:
        made = Live()
        monkeypatch.setattr("state.storefront.my_accounts.live", made)
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
