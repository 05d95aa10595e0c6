"""The panel of what a customer holds: it changes by itself, and renews in two taps."""

from __future__ import annotations

from typing import Any

import pytest

import models
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from models import Plan
from state.live import Live
from state.storefront.account_cards import AccessCard
from state.storefront.my_accounts import MyAccounts
from state.storefront.renewal import Renewal
from tests.builders import keep, make_customer, make_plan, make_service, pay, sign_in_customer
from tests.domain.test_renewals import subscribed
from tests.fixtures import Calendar
from tests.tabs import Tab, signals_reach, tabs

pytestmark = pytest.mark.usefixtures("calendar")


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


@pytest.fixture
async def ana() -> tuple[models.Customer, Plan]:
    return await subscribed()


async def look(tab: Tab) -> AccessCard:
    await tab.send(MyAccounts.load)
    [card] = tab.sees(MyAccounts)["cards"]
    return card


async def test_a_subscription_is_renewed_in_two_taps(ana: tuple[models.Customer, Plan]) -> None:
    who, plan = ana
    await keep(
        Plan(service_id=plan.service_id, name="15 días", duration_months=1, cost=80, margin=20)
    )
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(who))
        card = await look(tab)
        assert (card.renewable, card.soon, card.renewal_order) == (True, False, 0)
        await tab.send(Renewal.ask, card_id=card.id)
        seen = tab.sees(Renewal)
        assert [(o.name, o.price, o.until, o.chosen) for o in seen["offers"]] == [
            ("1 mes", "$150.00 MXN", "Hasta el 15 mar 2026", True),
            ("15 días", "$100.00 MXN", "Hasta el 15 mar 2026", False),
        ]
        assert seen["title"] == f"Renovar {card.service}"
        chosen = seen["offers"][0].plan_id
        await tab.send(Renewal.confirm, form={"plan": chosen})
        assert tab.went == ["/pedido/2"]
        assert (await look(tab)).renewal_order == 2
        await tab.send(Renewal.confirm, form={"plan": chosen})  # the second of a double tap
        assert tab.went == ["/pedido/2", "/pedido/2"]
    assert await value("SELECT count(*) FROM orders") == 2


async def test_a_price_that_changed_meanwhile_is_shown_before_it_is_agreed_to(
    ana: tuple[models.Customer, Plan],
) -> None:
    who, plan = ana
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(who))
        card = await look(tab)
        await tab.send(Renewal.ask, card_id=card.id)
        await change("UPDATE plans SET margin = 60")
        await tab.send(Renewal.confirm, form={"plan": str(plan.id)})
        seen = tab.sees(Renewal)
        assert (tab.went, seen["notice"][:16]) == ([], "El precio acaba ")
        assert seen["offers"][0].price == "$180.00 MXN"
        await tab.send(Renewal.confirm, form={"plan": str(plan.id)})
        assert tab.went == ["/pedido/2"]


async def test_nobody_renews_what_is_not_theirs_or_was_not_offered(
    ana: tuple[models.Customer, Plan],
) -> None:
    _, plan = ana
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        for wrong in ("1", "99", "x", None):
            await tab.send(Renewal.ask, card_id=wrong)
            assert tab.sees(Renewal)["notice"]
            for form in ({"plan": str(plan.id)}, {"plan": "x"}, {}, None):
                await tab.send(Renewal.confirm, form=form)
        assert tab.sees(Renewal)["offers"] == []
        assert tab.went == []
    assert await value("SELECT count(*) FROM orders") == 1


async def test_the_card_says_what_has_become_of_a_subscription_that_ended(
    ana: tuple[models.Customer, Plan], calendar: Calendar
) -> None:
    async with tabs() as open_tab:
        said: dict[int, tuple[str, str, bool]] = {}
        for day in (9, 15, 16, 19):
            calendar.go_to(2026, 2, day, 12)
            card = await look(open_tab(await sign_in_customer(ana[0])))
            said[day] = card.left, card.lapsed, card.soon
    assert said == {
        9: ("Quedan 6 días", "", False),
        15: ("Termina hoy", "", True),
        16: ("Terminó", "Terminó el 15 feb · te guardamos tu perfil hasta el 18 feb", True),
        19: ("Terminó", "Terminó el 15 feb", True),
    }


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("UPDATE accounts SET credential_version = 2", "Cambió tu contraseña: vuelve a verla."),
        ("UPDATE profiles SET pin_version = 2", "Cambió tu PIN: vuelve a verlo."),
        (
            "UPDATE assignments SET profile_id = 2",
            "Te dimos un acceso nuevo: vuelve a ver tus datos.",
        ),
    ],
)
async def test_a_card_says_what_changed_since_it_was_last_opened(
    ana: tuple[models.Customer, Plan], what: str, said: str
) -> None:
    """How an operator changes it is another story; what matters is what the holder last saw."""
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana[0]))
        before = await look(tab)
        assert before.changed == ""
        await tab.send(MyAccounts.reveal, card_id="1")
        assert (await look(tab)).changed == ""
        await change(what.replace("UPDATE profiles SET", "UPDATE profiles SET pin_sealed = NULL,"))
        after = await look(tab)
        assert after.changed == said
        assert after.version != before.version


async def test_what_was_never_opened_has_not_changed_for_its_holder(
    ana: tuple[models.Customer, Plan],
) -> None:
    await change("UPDATE accounts SET credential_version = 2")
    async with tabs() as open_tab:
        assert (await look(open_tab(await sign_in_customer(ana[0])))).changed == ""


async def test_the_opened_version_is_the_one_its_card_names(
    ana: tuple[models.Customer, Plan],
) -> None:
    """So that an old password hides itself as soon as the card knows of a newer one."""
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana[0]))
        await tab.send(MyAccounts.load)
        await change("UPDATE profiles SET pin_version = 4, pin_sealed = NULL")
        await tab.send(MyAccounts.reveal, card_id="1")
        [card] = tab.sees(MyAccounts)["cards"]
        assert f'"version": "{card.version}"' in tab.scripts[-1]
        assert card.changed == ""


async def test_a_paid_renewal_reaches_the_open_panel(
    ana: tuple[models.Customer, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live()
    monkeypatch.setattr("state.storefront.my_accounts.live", live)
    who, _ = ana
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(who))
        stranger = open_tab(await sign_in_customer(await make_customer()))
        card = await look(tab)
        await stranger.send(MyAccounts.load)
        await tab.send(Renewal.ask, card_id=card.id)
        await tab.send(Renewal.confirm, form={"plan": tab.sees(Renewal)["offers"][0].plan_id})
        order = await value("SELECT total FROM orders WHERE id = 2")
        await pay(2, order)
        tab.deltas.clear()
        stranger.deltas.clear()
        await live.hand_out(signals_reach(tab), f"accounts:{who.id}")
        [after] = tab.sees(MyAccounts)["cards"]
        assert (card.ends, after.ends) == ("15 feb 2026", "15 mar 2026")
        assert stranger.deltas == []


async def test_a_whole_account_is_renewed_from_one_of_its_cards() -> None:
    service = await make_service(max_profiles=3)
    who, _ = await subscribed(await make_plan(service, full_account=True), profiles=3)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(who))
        await tab.send(MyAccounts.load)
        cards = tab.sees(MyAccounts)["cards"]
        assert [card.renewable for card in cards] == [True, False, False]
        await tab.send(Renewal.ask, card_id=cards[0].id)
        await tab.send(Renewal.confirm, form={"plan": tab.sees(Renewal)["offers"][0].plan_id})
        await tab.send(MyAccounts.load)
        [order] = [int(path.rpartition("/")[2]) for path in tab.went]
        assert [card.renewal_order for card in tab.sees(MyAccounts)["cards"]] == [order] * 3
