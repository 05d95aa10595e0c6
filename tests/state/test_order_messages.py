"""What the operator's order page says of its messages, and what the customer's tap adds to it."""

from __future__ import annotations

import pytest

import models
from domain.sql import run, scalar
from infra.database import reading, unit_of_work
from models import Plan
from state.admin.order import AdminOrder
from state.admin.order_messages import NoticesView
from state.live import Live
from state.storefront.my_accounts import MyAccounts
from state.storefront.order import OrderStatusPage
from tests.builders import make_customer, make_staff, sign_in_customer, sign_in_staff
from tests.domain.test_message_sending import fail, lease
from tests.domain.test_renewals import subscribed
from tests.tabs import Tab, signals_reach, tabs

pytestmark = pytest.mark.usefixtures("calendar")

NONSENSE = [None, {}, [], "sms", {"channel": None}, {"channel": "fax"}, {"channel": "\ud800" * 99}]


@pytest.fixture
async def ana(calendar: object) -> tuple[models.Customer, Plan]:
    del calendar
    return await subscribed()


async def at_the_desk(tab: Tab) -> NoticesView:
    tab.path = "/admin/pedidos/1"
    await tab.send(AdminOrder.load)
    return tab.sees(AdminOrder)["order"].told


async def resent() -> int:
    async with reading() as session:
        return await scalar(
            session, "SELECT count(*) FROM messages WHERE occasion LIKE 'resend:%%'"
        )


async def fail_by_whatsapp(*usable: str) -> None:
    async with reading() as session:
        number = await scalar(
            session,
            "SELECT id FROM messages WHERE kind = 'delivered' AND channel = 'whatsapp'",
        )
    await lease(number)
    await fail(number, "twilio_30003", final=True, usable=usable)


@pytest.mark.usefixtures("ana")
async def test_a_message_that_failed_says_why_and_by_what_it_went_instead() -> None:
    await fail_by_whatsapp("sms")
    async with tabs() as open_tab:
        told = await at_the_desk(open_tab(await sign_in_staff(await make_staff())))
    ready = [
        (n.detail.partition(" · ")[0], n.status, n.tone, n.why)
        for n in told.notices
        if n.title.startswith("Accesos listos · Servicio")
    ]
    assert sorted(ready) == [
        ("Panel", "Disponible", "success", ""),
        ("SMS", "En cola", "neutral", ""),
        (
            "WhatsApp",
            "Falló",
            "error",
            "El teléfono está apagado o sin señal. Se mandó por SMS en su lugar.",
        ),
    ]


@pytest.mark.usefixtures("ana")
async def test_it_is_sent_again_once_and_the_second_time_has_to_wait() -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff()))
        told = await at_the_desk(tab)
        assert [(w.channel, w.possible, w.chosen) for w in told.ways] == [
            ("whatsapp", True, True),
            ("sms", True, False),
            ("email", False, False),
        ]
        assert told.ways[2].detail == "Este cliente no dejó un correo."
        await tab.send(AdminOrder.resend, form={"channel": "sms"})
        seen = tab.sees(AdminOrder)
        assert (seen["said"], seen["tone"]) == ("Va en camino por SMS.", "resent")
        assert (seen["order"].told.notices[0].status, seen.get("errors", {})) == ("En cola", {})
        await tab.send(AdminOrder.resend, form={"channel": "whatsapp"})
        seen = tab.sees(AdminOrder)
        assert seen["errors"]["channel"].startswith("Acabas de mandarlo. Espera ")
        assert (seen["said"], seen.get("notice", "")) == ("", "")
    assert await resent() == 1


@pytest.mark.usefixtures("ana")
@pytest.mark.parametrize("form", NONSENSE)
async def test_a_way_there_is_not_is_refused_beside_the_button(form: object) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff()))
        await at_the_desk(tab)
        await tab.send(AdminOrder.resend, form=form)
        assert tab.sees(AdminOrder)["errors"] == {"channel": "Elige por dónde mandarlo."}
    assert await resent() == 0


async def test_what_the_customer_confirms_stands_on_their_card_and_on_the_open_order(
    ana: tuple[models.Customer, Plan], monkeypatch: pytest.MonkeyPatch
) -> None:
    live = Live()
    monkeypatch.setattr("state.admin.order.live", live)
    async with tabs() as open_tab:
        desk = open_tab(await sign_in_staff(await make_staff()))
        await at_the_desk(desk)
        hers = open_tab(await sign_in_customer(ana[0]))
        await hers.send(MyAccounts.load)
        [card] = hers.sees(MyAccounts)["cards"]
        assert not card.confirmed
        for _ in range(2):
            await hers.send(MyAccounts.confirm, card_id=card.id)
            [card] = hers.sees(MyAccounts)["cards"]
            assert card.confirmed
        await live.hand_out(signals_reach(desk), "order:1")
        order = desk.sees(AdminOrder)["order"]
        panel = [n for n in order.told.notices if n.detail.startswith("Panel")]
        assert [(n.status, n.tone) for n in panel] == [("Confirmado", "success")]
        said = [s.title for s in order.timeline if s.title.startswith("El cliente confirmó")]
        assert said == [f"El cliente confirmó que su acceso de {card.service} funciona"]
        hers.path = "/pedido/1"
        await hers.send(OrderStatusPage.load)
        ways = {d.channel: d.status for d in hers.sees(OrderStatusPage)["order"].deliveries}
        assert ways == {"Tu panel": "Confirmado", "WhatsApp": "No hizo falta"}


async def test_a_card_whose_password_changed_is_unconfirmed_again(
    ana: tuple[models.Customer, Plan],
) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana[0]))
        await tab.send(MyAccounts.confirm, card_id="1")
        async with unit_of_work() as session:
            await run(session, "UPDATE accounts SET credential_version = 2")
        await tab.send(MyAccounts.load)
        [card] = tab.sees(MyAccounts)["cards"]
    assert (card.confirmed, card.changed) == (False, "Cambió tu contraseña: vuelve a verla.")


@pytest.mark.usefixtures("ana")
async def test_nobody_confirms_what_is_not_theirs() -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        for wrong in ("1", "99", "x", "", None, 10**400, "²"):
            await tab.send(MyAccounts.confirm, card_id=wrong)
            assert tab.sees(MyAccounts)["notice"]
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM credential_views") == 0
