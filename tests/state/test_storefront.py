"""What a customer does, event by event, through Reflex's own processor and our gate."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from reflex_base.event import EventHandler

import models
from domain.sql import fetch, run, scalar
from infra.database import reading, unit_of_work
from state.demo import DemoMessages
from state.session import Visitor
from state.storefront.cart import CartPage
from state.storefront.checkout import Checkout
from state.storefront.home import Shelves
from state.storefront.my_accounts import MyAccounts
from state.storefront.my_orders import MyOrders
from state.storefront.order import OrderStatusPage
from state.storefront.profile import ProfilePage
from state.storefront.service import ServicePage
from state.storefront.sign_in import SignIn
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    pay,
    place_order,
    sign_in_customer,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

FORM = {"terms": "on", "delivery_preference": "whatsapp"}


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


async def stocked_plan(profiles: int = 5, **values: Any) -> models.Plan:
    plan = await make_plan(await make_service(**values))
    await make_account(plan.service_id, profiles=profiles)
    return plan


async def test_the_shelves_are_searched_without_accents_and_filtered_by_category() -> None:
    await stocked_plan(name="Cine Total", category="Películas", position=1)
    await stocked_plan(name="Sonido", category="Música", description="Canciones", position=2)
    async with tabs() as open_tab:
        tab = open_tab()
        await tab.send(Shelves.load)

        def names() -> list[str]:
            return [card.name for card in tab.sees(Shelves)["services"]]

        assert names() == ["Cine Total", "Sonido"]
        assert tab.sees(Shelves)["found"] == "2 servicios"
        await tab.send(Shelves.search, typed="MUSICA can")
        assert names() == ["Sonido"]
        await tab.send(Shelves.choose, category="Películas")
        assert names() == []
        await tab.send(Shelves.search, typed="")
        assert names() == ["Cine Total"]
        assert tab.sees(Shelves)["found"] == "1 servicio"
        await tab.send(Shelves.choose, category="Películas")
        assert names() == ["Cine Total", "Sonido"]
        tab.path = "/?q=sonido&categoria=Música"
        await tab.send(Shelves.load)
        assert (names(), tab.sees(Shelves)["q"]) == (["Sonido"], "sonido")
        await tab.send(Shelves.show_all)
        assert names() == ["Cine Total", "Sonido"]


async def test_a_guest_adds_to_the_cart_with_one_tap() -> None:
    plan = await stocked_plan()
    async with tabs() as open_tab:
        tab = open_tab()
        for count in ("1", "2"):
            await tab.send(Shelves.add, plan_id=plan.id)
            assert tab.sees(Visitor)["cart_count"] == count
        assert tab.sees(Shelves)["said"] == "Agregado"
        tab.path = "/servicio/x"
        await tab.send(ServicePage.add, form={"plan": str(plan.id), "quantity": "9"})
        assert tab.sees(ServicePage)["said"] == "Ya tienes 10, el máximo"
        stranger = open_tab(visitor="B" * 22)
        await stranger.send(Visitor.load)
        assert stranger.sees(Visitor)["cart_count"] == ""


async def test_the_page_of_a_service_shows_its_plans_and_an_unknown_one_is_missing() -> None:
    plan = await stocked_plan(slug="cine", name="Cine")
    async with tabs() as open_tab:
        tab = open_tab()
        tab.path = "/servicio/cine"
        await tab.send(ServicePage.load)
        seen = tab.sees(ServicePage)
        assert (seen["service"].name, seen["first_choice"]) == ("Cine", str(plan.id))
        for slug in ("otro", "%00", "%F0%9F", "a" * 5000, ".."):
            tab.path = f"/servicio/{slug}"
            await tab.send(ServicePage.load)
            assert tab.sees(ServicePage)["missing"] is True


async def test_the_total_answers_every_change_of_the_cart() -> None:
    plan, other = await stocked_plan(name="Cine"), await stocked_plan(profiles=1)
    async with tabs() as open_tab:
        tab = open_tab()
        await tab.send(Shelves.add, plan_id=plan.id)
        await tab.send(Shelves.add, plan_id=other.id)
        await tab.send(CartPage.load)
        assert tab.sees(CartPage)["total"] == "$300.00 MXN"
        await tab.send(CartPage.change, plan_id=plan.id, quantity=3)
        seen = tab.sees(CartPage)
        assert (seen["total"], seen["units"], seen["buyable"]) == (
            "$600.00 MXN",
            "4 artículos",
            True,
        )
        assert tab.sees(Visitor)["cart_count"] == "4"
        await tab.send(CartPage.change, plan_id=other.id, quantity=2)
        seen = tab.sees(CartPage)
        assert [row.warning for row in seen["rows"]] == ["", "Solo queda 1."]
        assert seen["buyable"] is False
        await tab.send(CartPage.change, plan_id=plan.id, quantity=11)
        assert tab.sees(CartPage)["errors"] == {"quantity": "Este dato no es válido."}
        assert tab.sees(CartPage)["total"] == "$750.00 MXN"


async def test_what_was_removed_comes_back_as_it_was() -> None:
    plan = await stocked_plan(name="Cine")
    async with tabs() as open_tab:
        tab = open_tab()
        await tab.send(Shelves.add, plan_id=plan.id)
        await tab.send(CartPage.change, plan_id=plan.id, quantity=4)
        [row] = tab.sees(CartPage)["rows"]
        await tab.send(CartPage.remove, item_id=row.id)
        seen = tab.sees(CartPage)
        assert (seen["rows"], seen["removed"]) == ([], "Quitaste Cine 1 mes.")
        assert tab.sees(Visitor)["cart_count"] == ""
        for _ in range(2):  # a second tap has nothing left to undo
            await tab.send(CartPage.undo)
            assert [r.quantity for r in tab.sees(CartPage)["rows"]] == [4]
        assert tab.sees(CartPage)["removed"] == ""


async def cart_at_checkout(tab: Tab, plan: models.Plan) -> None:
    await tab.send(Shelves.add, plan_id=plan.id)
    tab.path = "/checkout"
    await tab.send(Checkout.load)


async def test_what_is_missing_at_checkout_is_said_beside_its_field() -> None:
    await make_bank()
    plan = await stocked_plan()
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await cart_at_checkout(tab, plan)
        assert tab.sees(Checkout)["money"].to_pay == "$150.00 MXN"
        for form, fields in (
            ({"delivery_preference": "email"}, {"terms", "email"}),
            ({"delivery_preference": "whatsapp"}, {"terms"}),
            ({"delivery_preference": "fax", "terms": "on"}, {"delivery_preference"}),
            ({**FORM, "delivery_preference": "email", "email": "ana@"}, {"email"}),
            ({**FORM, "email": "x" * 300}, {"email"}),
        ):
            await tab.send(Checkout.place, form=form)
            seen = tab.sees(Checkout)
            assert set(seen["errors"]) == fields
            assert all(seen["errors"].values())
            assert seen["busy"] is False
        assert tab.went == []
        assert await value("SELECT count(*) FROM orders") == 0


async def test_why_the_order_was_not_placed_is_named_and_the_cart_is_kept() -> None:
    plan = await stocked_plan(profiles=1)
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await cart_at_checkout(tab, plan)
        await tab.send(Checkout.place, form=FORM)
        assert tab.sees(Checkout)["refused"] == "no_instructions"
        await make_bank()
        await change("UPDATE plans SET margin = margin + 1")
        await tab.send(Checkout.place, form=FORM)
        assert tab.sees(Checkout)["refused"] == "cart_changed"
        assert tab.sees(Checkout)["money"].to_pay == "$151.00 MXN", "now it may be agreed to"
        await change("UPDATE profiles SET status = 'disabled'")
        await tab.send(Checkout.place, form=FORM)
        assert tab.sees(Checkout)["refused"] == "out_of_stock"
        assert await value("SELECT sum(quantity) FROM cart_items") == 1
        await change("DELETE FROM cart_items")
        await tab.send(Checkout.place, form=FORM)
        assert tab.sees(Checkout)["refused"] == "cart_empty"


async def test_a_placed_order_opens_its_page_with_where_to_pay() -> None:
    await make_bank()
    plan = await stocked_plan()
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        await cart_at_checkout(tab, plan)
        await tab.send(
            Checkout.place,
            form={"terms": True, "delivery_preference": "email", "email": "ana@correo.mx"},
        )
        number = await value("SELECT id FROM orders")
        assert tab.went == [f"/pedido/{number}"]
        tab.path = tab.went[0]
        await tab.send(OrderStatusPage.load)
        order = tab.sees(OrderStatusPage)["order"]
        assert (order.number, order.status, order.total) == (
            number,
            "pending_payment",
            "$150.00 MXN",
        )
        assert (order.payment.clabe, order.payment.concept) == (
            "012180001234567891",
            f"Orden {number}",
        )
        async with reading() as session:
            [kept] = await fetch(session, "SELECT email, delivery_preference FROM customers")
        assert tuple(kept) == ("ana@correo.mx", "email"), "what was asked is remembered"


async def test_for_strangers_an_order_looks_like_one_that_does_not_exist() -> None:
    await make_bank()
    placed = await place_order(await make_customer(name="Secreta"), await stocked_plan())
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(await make_customer()))
        seen = []
        for number in (placed.id, placed.id + 999, "x", 2**70, "1%00", ""):
            tab.path = f"/pedido/{number}"
            await tab.send(OrderStatusPage.load)
            seen.append(tab.sees(OrderStatusPage))
        assert all(s["phase"] == "missing" for s in seen)
        assert all(s["order"] == seen[0]["order"] for s in seen)
        tab.path = f"/pedido/{placed.id}"
        await tab.send(OrderStatusPage.cancel, form={"reason": "mío"})
        assert "Secreta" not in str(tab.deltas)
        guest = open_tab(visitor="B" * 22)
        guest.path = f"/pedido/{placed.id}"
        await guest.send(OrderStatusPage.load)
        assert guest.went == [f"/ingresar?next=%2Fpedido%2F{placed.id}"]
    assert await value("SELECT status FROM orders") == "pending_payment"


async def test_cancelling_takes_a_reason_and_shows_it() -> None:
    await make_bank()
    ana = await make_customer()
    placed = await place_order(ana, await stocked_plan())
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        tab.path = f"/pedido/{placed.id}"
        await tab.send(OrderStatusPage.load)
        for reason in ("", "   ", None):
            await tab.send(OrderStatusPage.cancel, form={"reason": reason})
            assert tab.sees(OrderStatusPage)["errors"] == {"reason": "Escribe el motivo."}
        await tab.send(OrderStatusPage.cancel, form={"reason": "x" * 201})
        assert list(tab.sees(OrderStatusPage)["errors"]) == ["reason"]
        await tab.send(OrderStatusPage.cancel, form={"reason": "Me equivoqué"})
        order = tab.sees(OrderStatusPage)["order"]
        assert (order.status, order.may_cancel) == ("cancelled", False)
        assert "Me equivoqué" in order.what_next
        await tab.send(OrderStatusPage.cancel, form={"reason": "otra vez"})
        assert "cancelado" in tab.sees(OrderStatusPage)["notice"]


async def test_my_orders_come_a_page_at_a_time_and_are_mine() -> None:
    await make_bank()
    ana, luis = await make_customer(), await make_customer()
    plan = await stocked_plan(profiles=3)
    first = await place_order(ana, plan)
    his = await place_order(luis, plan)
    await change(
        f"""INSERT INTO orders (customer_id, status, total, cost, delivery_preference, instructions,
                                expires_at)
            SELECT customer_id, 'cancelled', total, cost, delivery_preference, instructions,
                   expires_at
            FROM orders, generate_series(1, 29) WHERE id = {first.id}"""  # noqa: S608  # of this test
    )
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        tab.path = "/mis-pedidos"
        await tab.send(MyOrders.load)
        seen = tab.sees(MyOrders)
        newest = [row.number for row in seen["orders"]]
        assert (len(newest), seen["newer"], seen["paged"]) == (25, "", True)
        assert newest == sorted(newest, reverse=True)
        tab.path = seen["older"]
        await tab.send(MyOrders.load)
        seen = tab.sees(MyOrders)
        assert [row.number for row in seen["orders"]][-1] == first.id
        assert (len(seen["orders"]), seen["older"], seen["newer"]) == (5, "", "/mis-pedidos")
        assert his.id not in newest + [row.number for row in seen["orders"]]
        for mangled in ("before=x", "before=-1", f"before={2**80}", "before=5&via=a.b", "via=1.2"):
            tab.path = f"/mis-pedidos?{mangled}"
            await tab.send(MyOrders.load)
            assert tab.sees(MyOrders)["notice"] == ""


async def holder() -> tuple[models.Customer, str]:
    """A customer with one delivered subscription, and its number."""
    await make_bank()
    plan = await make_plan()
    await make_account(
        plan.service_id, login="canario@correo.mx", password="canario-clave", pin="8642"
    )
    ana = await make_customer()
    placed = await place_order(ana, plan)
    await pay(placed.id, placed.total)
    return ana, str(await value("SELECT id FROM assignments"))


SECRETS = ("canario@correo.mx", "canario-clave", "8642")


def kept_of(tab: Tab) -> str:
    """Everything the server keeps of the tabs, private fields too."""
    states = tab.processor._root_context.state_manager.states.values()  # type: ignore[union-attr]
    found: list[str] = []
    todo = list(states)
    while todo:
        state = todo.pop()
        found.append(repr({k: v for k, v in state.__dict__.items() if k != "parent_state"}))
        todo.extend(state.substates.values())
    return "".join(found)


async def test_a_revealed_access_goes_to_its_holders_browser_and_stays_in_no_state() -> None:
    ana, number = await holder()
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await tab.send(MyAccounts.load)
        assert [card.id for card in tab.sees(MyAccounts)["cards"]] == [number]
        assert not any(secret in str(tab.scripts) + str(tab.deltas) for secret in SECRETS)
        await tab.send(MyAccounts.reveal, card_id=number)
        [script] = tab.scripts
        for secret in SECRETS:
            assert secret in script
            assert secret not in str(tab.deltas)
            assert secret not in kept_of(tab)
    seen = "SELECT count(*) FROM audit_entries WHERE action = 'credential.reveal'"
    assert await value(seen) == 1


async def test_somebody_elses_access_opens_for_nobody() -> None:
    ana, number = await holder()
    luis = await make_customer()
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(luis))
        tab.path = "/mis-cuentas"
        await tab.send(MyAccounts.reveal, card_id=number)
        assert tab.sees(MyAccounts)["notice"] == "No encontramos lo que buscas."
        guest = open_tab(visitor="B" * 22)
        await guest.send(MyAccounts.reveal, card_id=number)
        assert guest.went == ["/ingresar?next=%2F"]
        hers = open_tab(await sign_in_customer(ana))
        await change("UPDATE assignments SET released_at = now(), release_reason = 'lapsed'")
        await hers.send(MyAccounts.reveal, card_id=number)
        assert hers.sees(MyAccounts)["notice"] == "Esta suscripción ya terminó."
        for who in (tab, guest, hers):
            assert not any(secret in str(who.scripts) + str(who.deltas) for secret in SECRETS)
    assert await value("SELECT count(*) FROM audit_entries WHERE action LIKE '%%reveal'") == 0


async def test_reminders_are_turned_off_and_on_in_the_profile() -> None:
    ana, other = await make_customer(), await make_customer()
    wanted = "SELECT string_agg(reminders::text, ' ' ORDER BY id) FROM customers"
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await tab.send(ProfilePage.load)
        assert tab.sees(ProfilePage)["said"] == ""
        await tab.send(ProfilePage.want_reminders, wanted=False)
        assert (tab.sees(ProfilePage)["reminders"], await value(wanted)) == (False, "false true")
        assert tab.sees(ProfilePage)["said"] == "Ya no te mandaremos estos avisos."
        await tab.send(ProfilePage.load)
        assert tab.sees(ProfilePage)["reminders"] is False
        await tab.send(ProfilePage.want_reminders, wanted=True)
        assert await value(wanted) == "true true"
    assert other.id
    noted = "SELECT count(*) FROM audit_entries WHERE action = 'customer.reminders'"
    assert await value(noted) == 2


async def test_the_profile_is_saved_and_what_is_wrong_is_said_beside_it() -> None:
    ana = await make_customer(name="Ana")
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        tab.path = "/perfil"
        await tab.send(ProfilePage.load)
        form = {"name": "  Ana   Ruiz ", "email": "x", "delivery_preference": "email"}
        await tab.send(ProfilePage.save, form=form)
        assert list(tab.sees(ProfilePage)["errors"]) == ["email"]
        await tab.send(ProfilePage.save, form={**form, "email": "ana@correo.mx"})
        assert tab.sees(ProfilePage)["saved"] == "Guardamos tus cambios."
        assert (tab.sees(Visitor)["name"], tab.went) == ("Ana Ruiz", [])
        tab.path = "/perfil?bienvenida=1&next=//malo.example"
        await tab.send(ProfilePage.load)
        await tab.send(ProfilePage.skip)
        assert tab.went == ["/"], "nobody is led off the shop"


async def test_the_demos_messages_go_to_the_browser_that_asked_and_to_no_state() -> None:
    async with tabs() as open_tab:
        tab = open_tab()
        await tab.send(SignIn.request, form={"phone": "55 1234 5678", "channel": "sms"})
        assert tab.sees(SignIn)["sent"] is True
        tab.path = "/demo/mensajes?to=5512345678"
        await tab.send(DemoMessages.load)
        found = re.search(r"es (\d{6})\. Vence", tab.scripts[-1])
        assert found is not None
        code = found[1]
        assert code not in str(tab.deltas) + kept_of(tab)
        await tab.send(SignIn.verify, form={"code": "000000" if code != "000000" else "111111"})
        assert "Te quedan 4 intentos" in str(tab.sees(SignIn))
        tab.path = "/demo/mensajes?to=%00x"
        await tab.send(DemoMessages.load)
        assert tab.sees(DemoMessages)["none"] is True


async def test_outside_the_demo_there_are_no_messages_to_see(shop: Any) -> None:
    shop.configure(
        env="production", public_url="https://cuenty.mx", jwt_secret="j" * 40, pepper="p" * 40
    )
    async with tabs() as open_tab:
        tab = open_tab()
        await tab.send(DemoMessages.load)
        assert tab.sees(DemoMessages)["phase"] == "missing"
        assert tab.scripts == []


NONSENSE: list[Any] = [
    None,
    True,
    {},
    {"id": 1},
    [],
    [1],
    -1,
    0,
    1.5,
    float("nan"),
    2**63,
    10**400,
    "",
    "x",
    "1\x00",
    "\x00",
    "²",
    "\ud800",
    "x" * 10**6,
    "9" * 10**6,
]


async def endure(tab: Tab, handler: EventHandler, state: type, **names: Any) -> None:
    """Every kind of nonsense as each argument; the others are as given. It must not raise."""
    for name in names:
        for nonsense in NONSENSE:
            await tab.send(handler, **{**names, name: nonsense})
            seen = tab.sees(state)
            json.dumps(
                seen, default=str, ensure_ascii=False
            ).encode()  # what cannot be written breaks tabs
            assert len(str(tab.deltas)) < 500_000, f"{handler} sends back what it was sent"


async def endure_form(tab: Tab, handler: EventHandler, state: type, **fields: Any) -> None:
    for nonsense in NONSENSE:
        await tab.send(handler, form=nonsense)
    for name in fields:
        for nonsense in NONSENSE:
            await tab.send(handler, form={**fields, name: nonsense})
            json.dumps(tab.sees(state), default=str, ensure_ascii=False).encode()
            assert len(str(tab.deltas)) < 500_000, f"{handler} sends back what it was sent"


async def test_a_guests_nonsense_breaks_nothing() -> None:
    plan = await stocked_plan()
    async with tabs() as open_tab:
        tab = open_tab()
        await endure(tab, Shelves.search, Shelves, typed="x")
        await endure(tab, Shelves.choose, Shelves, category="x")
        await endure(tab, Shelves.add, Shelves, plan_id=plan.id)
        await endure(tab, CartPage.change, CartPage, plan_id=plan.id, quantity=1)
        await endure(tab, CartPage.remove, CartPage, item_id=1)
        await tab.send(CartPage.change, plan_id="x", quantity=1)
        assert tab.sees(CartPage)["notice"] == "Revisa los datos marcados."
        await endure_form(tab, ServicePage.add, ServicePage, plan=plan.id, quantity=1)
        for path in ("/?q=%ED%A0%80", "/?q=%00", "/?q=" + "x" * 9000, "/?%00&&=", "/?categoria=["):
            tab.path = path
            await tab.send(Shelves.load)
        assert await value("SELECT coalesce(max(quantity), 0) FROM cart_items") <= 10


async def test_nonsense_at_the_door_breaks_nothing() -> None:
    async with tabs() as open_tab:
        tab = open_tab()
        await endure_form(tab, SignIn.request, SignIn, phone="55 1234 5678", channel="sms")
        assert tab.sees(SignIn)["notice"]
        await endure(tab, SignIn.resend, SignIn, channel="sms")
        await endure_form(tab, SignIn.verify, SignIn, code="123456")
        assert tab.sees(SignIn)["notice"]


async def test_a_customers_nonsense_breaks_nothing() -> None:
    await make_bank()
    ana = await make_customer()
    placed = await place_order(ana, await stocked_plan())
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        tab.path = f"/pedido/{placed.id}"
        await tab.send(OrderStatusPage.load)
        await endure(tab, Checkout.prefer, Checkout, preference="web")
        await endure_form(
            tab, Checkout.place, Checkout, email="a@b.mx", delivery_preference="web", terms="on"
        )
        await endure(tab, MyAccounts.reveal, MyAccounts, card_id="1")
        assert tab.sees(MyAccounts)["notice"]
        await endure(tab, ProfilePage.prefer, ProfilePage, preference="web")
        await endure_form(
            tab,
            ProfilePage.save,
            ProfilePage,
            name="Ana",
            email="a@b.mx",
            delivery_preference="web",
        )
        for nonsense in NONSENSE[12:]:
            await tab.send(OrderStatusPage.load)
            await tab.send(OrderStatusPage.cancel, form={"reason": nonsense})
        await endure_form(tab, OrderStatusPage.cancel, OrderStatusPage)
