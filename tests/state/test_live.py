"""An open page changes by itself, for whoever is signed in behind it at that moment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest

import models
from domain import order_endings, orders, sessions
from domain.actors import SYSTEM
from domain.records import note, tell
from infra.database import unit_of_work
from state.admin.account import AccountPage
from state.admin.account_holders import AccountHolders
from state.admin.home import AdminHome
from state.admin.order import AdminOrder
from state.admin.orders import AdminOrders
from state.live import Live
from state.live import live as live_of_all_pages
from state.storefront.order import OrderStatusPage
from tests.builders import (
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
from tests.fixtures import Shop
from tests.tabs import Tab, signals_reach, tabs


@pytest.fixture
def live(monkeypatch: pytest.MonkeyPatch) -> Live:
    """A map of watching tabs of this test's own."""
    made = Live()
    for place in (
        "state.storefront.order",
        "state.admin.order",
        "state.admin.orders",
        "state.admin.home",
    ):
        monkeypatch.setattr(f"{place}.live", made)
    return made


@asynccontextmanager
async def delivering(
    shop: Shop, live: Live, tab: Tab
) -> AsyncGenerator[Callable[[str], Awaitable[None]]]:
    """Signals reach the tabs as in the app; wait until a topic has been handed out."""
    handed: dict[str, asyncio.Event] = {}

    async def hand_out(topic: str) -> None:
        await live.hand_out(signals_reach(tab), topic)
        handed.setdefault(topic, asyncio.Event()).set()

    async def wait_for(topic: str) -> None:
        async with asyncio.timeout(8):
            await handed.setdefault(topic, asyncio.Event()).wait()
        handed.pop(topic)

    async with shop.deliver_signals() as signals:
        signals.listen(hand_out)
        yield wait_for


async def order_of(ana: models.Customer) -> orders.OrderPlaced:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    return await place_order(ana, plan)


async def watch(tab: Tab, number: int) -> None:
    tab.path = f"/pedido/{number}"
    await tab.send(OrderStatusPage.load)
    tab.deltas.clear()


async def test_a_paid_order_changes_on_the_page_that_shows_it(shop: Shop, live: Live) -> None:
    ana = await make_customer()
    placed = await order_of(ana)
    async with tabs() as open_tab:
        tab, elsewhere = open_tab(await sign_in_customer(ana)), open_tab()
        await watch(tab, placed.id)
        async with delivering(shop, live, tab) as handed_out:
            await pay(placed.id, placed.total)
            await handed_out(f"order:{placed.id}")
        assert tab.sees(OrderStatusPage)["order"].status == "delivered"
        assert elsewhere.deltas == []


async def test_other_orders_say_nothing_to_the_page(shop: Shop, live: Live) -> None:
    ana = await make_customer()
    placed = await order_of(ana)
    plan = await make_plan()
    await make_account(plan.service_id)
    other = await place_order(ana, plan)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await watch(tab, placed.id)
        async with delivering(shop, live, tab) as handed_out:
            await pay(other.id, other.total)
            await handed_out(f"order:{other.id}")
        assert tab.deltas == []
        await watch(tab, other.id)
        assert len(live._tabs) == 1, "a tab watches only what it shows"


async def test_a_signed_out_tab_gets_nothing(shop: Shop, live: Live) -> None:
    ana = await make_customer()
    placed = await order_of(ana)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await watch(tab, placed.id)
        async with delivering(shop, live, tab) as handed_out:
            async with unit_of_work() as session:
                await sessions.revoke_all_of(session, SYSTEM, customer_id=ana.id)
            await pay(placed.id, placed.total)
            await handed_out(f"order:{placed.id}")
        assert tab.deltas == []


async def test_who_is_signed_in_at_that_moment_decides_what_is_seen(shop: Shop, live: Live) -> None:
    """Somebody else signed in behind the socket since: the order is not theirs."""
    ana, luis = await make_customer(name="Ana"), await make_customer(name="Luis")
    placed = await order_of(ana)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await watch(tab, placed.id)
        await tab.become(await sign_in_customer(luis))
        async with delivering(shop, live, tab) as handed_out:
            await pay(placed.id, placed.total)
            await handed_out(f"order:{placed.id}")
        assert tab.sees(OrderStatusPage)["phase"] == "missing"
        assert "delivered" not in str(tab.deltas)


async def test_a_tab_that_is_gone_is_forgotten(shop: Shop, live: Live) -> None:
    ana = await make_customer()
    placed = await order_of(ana)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await watch(tab, placed.id)
        assert len(live._tabs) == 1
        tab.connected = False
        async with delivering(shop, live, tab) as handed_out:
            await pay(placed.id, placed.total)
            await handed_out(f"order:{placed.id}")
        assert (tab.deltas, len(live._tabs)) == ([], 0)


async def test_the_operators_pages_change_by_themselves(shop: Shop, live: Live) -> None:
    placed = await order_of(await make_customer())
    async with tabs() as open_tab:
        token = await sign_in_staff(await make_staff())
        home, page = open_tab(token), open_tab(token)
        home.path, page.path = "/admin", f"/admin/pedidos/{placed.id}"
        await home.send(AdminHome.load)
        await page.send(AdminOrder.load)
        assert home.sees(AdminHome)["work"].to_confirm == "1"
        async with delivering(shop, live, home) as handed_out:
            async with unit_of_work() as session:
                await order_endings.cancel(session, SYSTEM, order_id=placed.id, reason="prueba")
            await handed_out("orders")
            await handed_out(f"order:{placed.id}")
        assert home.sees(AdminHome)["work"].to_confirm == "0"
        assert page.sees(AdminOrder)["order"].status == "cancelled"


async def test_an_order_looked_at_beside_the_list_follows_what_others_do(
    shop: Shop, live: Live
) -> None:
    """Also what the list does not show, and after the socket came back."""
    placed = await order_of(await make_customer())
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff()))
        tab.path = "/admin/pedidos"
        await tab.send(AdminOrders.load)
        await tab.send(AdminOrders.look, order=placed.id)
        async with delivering(shop, live, tab) as handed_out:
            await pay(placed.id, placed.total)
            await handed_out(f"order:{placed.id}")
            [seen] = tab.sees(AdminOrders)["peek"]
            assert (seen.order.status, seen.order.payment) == ("delivered", "Pagado")
            assert [one.label for one in seen.steps] == ["Mandar su aviso otra vez"]
            await tab.send(AdminOrders.load)
            tab.deltas.clear()
            async with unit_of_work() as session:
                await note(session, SYSTEM, placed.id, "confirmed", service="Netflix")
                await tell(session, f"order:{placed.id}")
            await handed_out(f"order:{placed.id}")
            [seen] = tab.sees(AdminOrders)["peek"]
            assert seen.order.timeline[0].title.startswith("El cliente confirmó")


async def test_every_part_of_a_page_follows_the_topic_they_share(shop: Shop) -> None:
    """And a page the tab has left follows nothing any more."""
    placed = await order_of(await make_customer())
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff()))
        tab.path = "/admin"
        await tab.send(AdminHome.load)
        tab.path = "/admin/inventario/1"
        await tab.send(AccountPage.load)
        await tab.send(AccountHolders.load)
        tab.deltas.clear()
        async with delivering(shop, live_of_all_pages, tab) as handed_out:
            await pay(placed.id, placed.total)
            await handed_out("orders")
        assert tab.sees(AccountPage)["account"].in_use == 1
        assert len(tab.sees(AccountHolders)["holders"]) == 1
        assert tab.sees(AdminHome) == {}


async def test_a_page_left_open_for_longer_than_its_state_lives_is_loaded_afresh(
    shop: Shop, live: Live
) -> None:
    ana = await make_customer()
    placed = await order_of(ana)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await watch(tab, placed.id)
        tab.processor._root_context.state_manager.states.clear()  # type: ignore[union-attr]
        async with delivering(shop, live, tab) as wait_for:
            await pay(placed.id, placed.total)
            await wait_for(f"order:{placed.id}")
        assert any("location.reload" in script for script in tab.scripts)
