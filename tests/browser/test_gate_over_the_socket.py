"""B2, B3, B5-B7: what strangers, customers and staff get from the running shop's own socket.

Every handler is called by everybody. A refused call is answered by the gate's redirect alone and
leaves the database as it was; an allowed one is answered by its State or by an order to the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from websockets.exceptions import InvalidStatus

import models
from domain import carts
from domain.orders import OrderPlaced
from infra import browser, clock
from infra.database import unit_of_work
from tests.architecture.matrix import Handler, handlers_matrix, registered
from tests.browser.backdoor import GUESTS, end, fresh_phone, inside, token_of
from tests.browser.conftest import Served
from tests.browser.people import look_up
from tests.browser.wire import Answer, Wire, wire
from tests.builders import (
    as_customer,
    make_account,
    make_customer,
    make_plan,
    make_service,
    pay,
    place_order,
    sign_in_customer,
)

EVERYBODY = (*GUESTS, "customer", "operator", "owner")
ALLOWS = {
    "public": set(EVERYBODY),
    "customer": {"customer"},
    "operator": {"operator", "owner"},
    "owner": {"owner"},
    "nobody": set(),
}
MATRIX = handlers_matrix()
HANDLERS = registered()
# Each is what `Wire.begin` and `Wire.fence` are made of.
PROTOCOL = {"hydrate", "hydrate_and_load", "on_load_internal", "set_is_hydrated"}
# Everything an event could change that it should not; codes and attempts are anybody's to make.
KEPT = (
    "customers",
    "former_phones",
    "erasure_requests",
    "staff_users",
    "staff_invitations",
    "payment_instructions",
    "shop_settings",
    "staff_second_factors",
    "orders",
    "order_items",
    "timeline_entries",
    "payments",
    "assignments",
    "claims",
    "tickets",
    "ticket_entries",
    "canned_replies",
    "replacements",
    "profiles",
    "carts",
    "cart_items",
    "restock_requests",
    "services",
    "plans",
    "message_templates",
    "shop_settings",
    "price_changes",
    "api_keys",
    "webhooks",
    "audit_entries",
    "credential_views",
)
LOGIN, PASSWORD, PIN = "canario-del-acceso@correo.mx", "canario-de-la-clave", "739146"
NAME = "Canaria de la Vega"


@dataclass(frozen=True)
class Ana:
    """A customer with an order to pay, a delivered one, and something in the cart."""

    row: models.Customer
    token: str
    plan: models.Plan
    unpaid: OrderPlaced
    paid: OrderPlaced
    assignment: int
    cart_item: int
    message: UUID

    @property
    def marks(self) -> tuple[str, ...]:
        """What nobody else may see."""
        return (NAME, self.row.phone[3:], LOGIN, PASSWORD, PIN)


@pytest.fixture
async def ana(served: Served) -> AsyncGenerator[Ana]:
    async with inside(served):
        row = await make_customer(fresh_phone(), name=NAME)
        service = await make_service()
        plan = await make_plan(service, name="Plan canario")
        assert service.id is not None
        await make_account(service.id, profiles=3, login=LOGIN, password=PASSWORD, pin=PIN)
        paid = await place_order(row, plan)
        await pay(paid.id, paid.total)
        unpaid = await place_order(row, plan)
        async with unit_of_work() as session:
            await carts.add(session, as_customer(row), plan_id=plan.id or 0)
        [(assignment,)] = look_up(served, ASSIGNMENT, paid.id)
        [(item,)] = look_up(served, CART_ITEM, row.id)
        [(message,)] = look_up(served, MESSAGE, paid.id)
        yield Ana(
            row=row,
            token=await sign_in_customer(row),
            plan=plan,
            unpaid=unpaid,
            paid=paid,
            assignment=int(str(assignment)),
            cart_item=int(str(item)),
            message=UUID(str(message)),
        )
        _take_off_the_shelf(served, service.id)


ASSIGNMENT = """SELECT a.id FROM assignments a JOIN order_items i ON i.id = a.order_item_id
    WHERE i.order_id = %s"""
MESSAGE = """SELECT id FROM messages
    WHERE order_id = %s AND kind = 'delivered' AND channel = 'whatsapp'"""
CART_ITEM = """SELECT i.id FROM cart_items i JOIN carts c ON c.id = i.cart_id
    WHERE c.customer_id = %s"""


def _take_off_the_shelf(served: Served, service: int) -> None:
    look_up(served, "UPDATE services SET active = false WHERE id = %s RETURNING id", service)


def arguments(ana: Ana) -> dict[str, dict[str, Any]]:
    """How a page, or somebody who read its scripts, calls each handler that takes something."""
    payment = {"amount": str(ana.unpaid.total), "paid_on": clock.today().isoformat()}
    phone = fresh_phone()
    return {
        "Shelves.search": {"typed": "netflix"},
        "Shelves.choose": {"category": "Música"},
        "Shelves.add": {"plan_id": ana.plan.id},
        "ServicePage.add": {"form": {"plan": str(ana.plan.id), "quantity": "1"}},
        "ServicePage.ask": {"plan_id": str(ana.plan.id)},
        "ServicePage.forget": {"plan_id": str(ana.plan.id)},
        "AdminSearch.find": {"form": {"q": LOGIN}},
        "AdminStock.limit": {"plan_id": ana.plan.id, "typed": "0"},
        "AdminStock.rotate": {"service_id": ana.plan.service_id, "wanted": True},
        "AdminCatalog.move": {"service_id": ana.plan.service_id, "up": True},
        "AdminCatalog.sell": {"service_id": ana.plan.service_id, "wanted": True},
        "AdminService.save": {"form": {"name": ""}},
        "AdminService.sell": {"wanted": True},
        "AdminService.sell_plan": {"plan_id": ana.plan.id, "wanted": True},
        "AdminService.clone": {"plan_id": 1 << 60},
        "AdminService.bring_back_plan": {"plan_id": ana.plan.id},
        "PlanEditing.begin": {"plan_id": 0},
        "PlanEditing.save": {"form": {"plan_name": ""}},
        "PriceRises.look": {"form": {"by": "nada"}},
        "ApiKeys.create": {"form": {"name": ""}},
        "ApiKeys.revoke": {"key": 999_999_999},
        "AdminWebhooks.create": {"form": {"url": ""}},
        "AdminWebhook.save": {"form": {"url": ""}},
        "AdminWebhook.turn": {"wanted": False},
        "AdminWebhook.resend": {"delivery": 999_999_999},
        "CartPage.change": {"plan_id": ana.plan.id, "quantity": 2},
        "CartPage.remove": {"item_id": ana.cart_item},
        "Checkout.prefer": {"preference": "web"},
        "Checkout.use_coupon": {"form": {"coupon": "NADA"}},
        "Checkout.use_credit": {"wanted": True},
        "Checkout.spend": {"amount": "1"},
        "AdminCoupons.edit": {"coupon": 0},
        "AdminCoupons.save": {"form": {"kind": "gratis"}},
        "AdminCoupons.show_uses": {"coupon": 1},
        "CustomerCredit.give": {"form": {"gift": "nada"}},
        "CustomerCredit.pay_out": {"form": {"refund_amount": "nada"}},
        "OrderMoney.refund": {"form": {"refund_amount": "nada"}},
        "OrderMoney.refund_again": {"number": 1},
        "OrderMoney.drop_refund": {"number": 1},
        "Checkout.place": {"form": {"delivery_preference": "web", "terms": "on"}},
        "MyAccounts.reveal": {"card_id": str(ana.assignment)},
        "MyAccounts.confirm": {"card_id": str(ana.assignment)},
        "ReportProblem.ask": {"card_id": str(ana.assignment)},
        "ReportProblem.send": {"form": {"kind": "other", "details": "No abre."}},
        "MyTickets.ask": {"form": {"subject": "Ayuda", "body": "No abre."}},
        "TicketPage.write": {"form": {"body": ""}},
        "ContactForm.send": {"form": {"name": ""}},
        "AdminTicket.answer": {"form": {"body": "", "seen": "0"}},
        "AdminTicket.note": {"form": {"note": ""}},
        "AdminTicket.arrange": {"form": {"priority": "no es", "seen": "0"}},
        "AdminTicket.take": {"seen": 0},
        "AdminTicket.move": {"status": "solved", "seen": 0},
        "AdminTickets.answered": {"contact_id": 10**9},
        "AdminTickets.to_ticket": {"contact_id": 10**9},
        "CannedReplies.save": {"form": {"title": ""}},
        "CannedReplies.remove": {"reply": 10**9, "version": 1},
        "AdminClaim.solve": {"form": {"solved": ""}},
        "AdminClaim.reject": {"form": {"rejected": "No es de esta cuenta."}},
        "AdminOrder.extend": {"form": {"days": "1"}},
        "AdminOrder.pick": {"item": 1},
        "AdminOrder.give": {"form": {"unit": "1"}},
        "AdminOrder.save_notes": {"form": {"notes": "Llamar", "follow_up": ""}},
        "SalesDesk.find": {"form": {"phone": phone}},
        "SalesDesk.change": {"plan_id": ana.plan.id, "units": 1},
        "SalesDesk.sell": {"form": {"how": "nada"}},
        "SalesDesk.keep": {"form": {"name": ""}},
        "AdminCatalog.drop": {"service_id": 10**9, "place_of": 10**9},
        "AdminOrders.look": {"order": ana.unpaid.id},
        "AdminOrders.toggle": {"order": ana.unpaid.id},
        "AdminOrders.ask": {"action": "cancel"},
        "AdminOrders.run": {"form": {"reason": ""}},
        "AdminOrder.resend": {"form": {"channel": "sms"}},
        "AdminOrder.choose": {"unit": ana.assignment},
        "AdminCustomer.save": {"form": {"name": "Otra", "preference": "fax"}},
        "AdminCustomer.change_phone": {"form": {"phone": "123"}},
        "AdminCustomer.preview": {"form": {"duplicate": "123", "keep": "this"}},
        "AdminCustomer.erase": {"form": {"typed": "no es"}},
        "AccountEditing.save": {"form": {"cost": "gratis"}},
        "SupplierPayment.record": {"form": {"paid_until": "ayer"}},
        "MoreProfiles.count": {"profiles": 1},
        "MoreProfiles.add": {"form": {"label_1": ""}},
        "ProfileName.begin": {"profile_id": 1},
        "ProfileName.save": {"form": {"label": ""}},
        "StatusChange.change": {"form": {"status": "no es"}},
        "Retirement.retire": {"form": {"reason": ""}},
        "Inventory.search": {"form": {"q": "nadie@correo.mx"}},
        "NewAccount.choose": {"service_id": str(ana.plan.service_id)},
        "NewAccount.count": {"profiles": 1},
        "NewAccount.add": {"form": {"login": ""}},
        "AccountSecrets.reveal": {"what": "password"},
        "AccountSecrets.reveal_pin": {"profile": 1},
        "AccountSecrets.reveal_version": {"version": 1},
        "AccountRotation.ask": {"profile": 1},
        "AccountRotation.change_password": {"form": {"password": ""}},
        "AccountRotation.change_pin": {"form": {"pin": "12 4"}},
        "AccountRotation.mark_rotated": {"profile": 1},
        "AccountRotation.correct_login": {"form": {"login": ""}},
        "AccountVersions.ask_who": {"version": 1},
        "AccountHolders.ask": {"holder": ana.assignment},
        "Renewal.ask": {"card_id": str(ana.assignment)},
        "Renewal.confirm": {"form": {"plan": "1"}},
        "OrderStatusPage.cancel": {"form": {"reason": "ya no"}},
        "ProfilePage.prefer": {"preference": "web"},
        "ProfilePage.want_reminders": {"wanted": False},
        "ProfilePage.save": {"form": {"name": "Otra", "delivery_preference": "web"}},
        "SignIn.request": {"form": {"phone": phone, "channel": "sms"}},
        "SignIn.resend": {"channel": "sms"},
        "SignIn.verify": {"form": {"code": "000000"}},
        "AdminOrder.confirm": {"form": payment},
        "AdminOrder.cancel": {"form": {"reason": "ya no"}},
        "AdminMessages.open": {"message": str(ana.message)},
        "AdminMessages.retry": {"message": str(ana.message)},
        "AdminMessages.send_test": {"form": {"channel": "sms", "to": phone}},
        "MessageTemplate.preview": {"subject": "Pedido {order}", "body": "{order} {link}"},
        "MessageTemplate.save": {"form": {"seen": "0", "body": ""}},
        "MessageTemplate.restore": {"version": 0},
        "MessageTemplates.send_credentials": {"wanted": False},
        "AdminImports.remap": {"form": {"login": "0", "password": "1"}},
        "AdminImports.start": {"form": {"mode": "all"}},
        "Expirations.toggle": {"row": ana.assignment},
        "Expirations.renew": {"form": {"how": "ask"}},
        "Expirations.pay": {"form": {"months": "1"}},
        "StockExport.download": {"form": {"password": "no es", "format": "csv"}},
        "AdminPassword.change": {
            "form": {"current": "no es", "new": "otra frase larga", "again": "otra frase larga"}
        },
        "Team.invite": {"form": {"username": "", "role": "operator"}},
        "TeamMember.change_role": {"role": "no es"},
        "TeamMember.save_addresses": {"form": {"email": "no es"}},
        "TeamMember.end_session": {"session": "no es"},
        "Banks.begin": {"account_id": 1},
        "Banks.choose_rule": {"rule": "no es"},
        "ReceiptReview.go": {"receipt": 10**9},
        "ReceiptReview.accept": {"form": {"receipt": "1", "amount": "nada"}},
        "ReceiptReview.reject": {"form": {"receipt": "1", "reason": ""}},
        "ReceiptReview.ask_again": {"form": {"receipt": "1", "reason": ""}},
        "AdminStatements.choose": {"column": "column_0", "held": "no es"},
        "AdminStatements.say_columns": {"form": {"column_0": "no es"}},
        "AdminStatements.ask": {"line": 10**9},
        "AdminStatements.find": {"form": {"q": ""}},
        "AdminStatements.settle": {"line": 10**9, "order": 10**9},
        "AdminStatements.ignore": {"line": 10**9},
        "AdminStatements.restore": {"line": 10**9},
        "Banks.recognise": {"clabe": "012"},
        "Banks.save": {"form": {"clabe": "012345678901234567", "holder": "Cuenty"}},
        "Banks.make_default": {"account_id": 1},
        "ShopRules.save_rules": {"form": {"hold_hours": "nunca"}},
        "ShopRules.save_identity": {"form": {"shop_name": ""}},
        "ShopRules.save_texts": {"form": {"terms_text": ""}},
        "InvitationPage.accept": {"form": {"password": "corta", "again": "corta"}},
        "MyAccount.save_addresses": {"form": {"email": "no es"}},
        "MyAccount.enable_second_factor": {"form": {"code": "000000"}},
        "MyAccount.turn_off_second_factor": {"form": {"password": "no es"}},
        "MyAccount.renew_codes": {"form": {"password": "no es"}},
        "MyAccount.end_session": {"session": "no es"},
        "AdminSignIn.sign_in": {"form": {"username": "admin", "password": "no es"}},
        "State.setvar": {"var_name": "is_owner", "value": True},
        "UpdateVarsInternalState.update_vars_internal": {"vars": {}},
        "FrontendEventExceptionState.handle_frontend_exception": {
            "info": "x",
            "component_stack": "x",
        },
        "State.set_is_hydrated": {"value": True},
    }


def paths(ana: Ana) -> dict[str, str]:
    return {
        "OrderStatusPage": f"/pedido/{ana.unpaid.id}",
        "AdminCustomer": f"/admin/clientes/{ana.row.id}",
        "AdminOrder": f"/admin/pedidos/{ana.unpaid.id}",
        "CustomerCredit": f"/admin/clientes/{ana.row.id}",
        "ServicePage": "/servicio/netflix",
        "MessageTemplate": "/admin/mensajes/plantillas/delivered",
    }


async def call(tab: Wire, handler: Handler, ana: Ana) -> Answer:
    short = handler.key.rpartition(".")[0].rpartition(".")[2] + "." + handler.name
    payload = arguments(ana).get(short, {})
    assert set(handler.takes) <= set(payload), f"say in `arguments` how {short} is called"
    await tab.go(paths(ana).get(handler.state.__name__, "/terminos"))
    return await tab.call(handler.event, payload)


def door(gate: str, who: str, path: str) -> list[str]:
    """Where the gate sends those it refuses."""
    if gate == "nobody":
        return []
    if gate == "customer":
        return [f"/ingresar?next={quote(path, safe='')}"]
    if who in GUESTS:
        return [f"/admin/ingresar?next={quote(path, safe='')}"]
    return ["/404"] if who == "customer" else ["/admin"]


def shop_as_it_is(served: Served) -> list[tuple[object, ...]]:
    """A digest of every row that no refused call may touch."""
    digest = " UNION ALL ".join(
        f"SELECT '{table}', count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) "  # noqa: S608  # our own names
        f"FROM {table} t"
        for table in KEPT
    )
    return look_up(served, digest)


@pytest.mark.parametrize("who", EVERYBODY)
async def test_only_what_the_matrix_allows_runs(served: Served, ana: Ana, who: str) -> None:
    token = await token_of(who)
    allowed = [h for h in HANDLERS if who in ALLOWS[MATRIX[h.key]]]
    refused = [h for h in HANDLERS if who not in ALLOWS[MATRIX[h.key]]]
    assert allowed
    assert refused
    before = shop_as_it_is(served)
    async with wire(served, token) as tab:
        for handler in refused:
            answer = await call(tab, handler, ana)
            assert answer == Answer(went=door(MATRIX[handler.key], who, tab.path)), handler.key
        assert shop_as_it_is(served) == before
        for handler in allowed:
            if handler.name not in PROTOCOL or handler.state.__module__ != "reflex.state":
                answer = await call(tab, handler, ana)
                assert handler.state_name in answer.states or answer.told, handler.key
                assert "cu-failed" not in str(answer.told), f"{handler.key} broke"
        assert [frame for frame in tab.frames if token and _tail(token) in frame] == []


def _tail(token: str) -> str:
    """The signature alone is enough to take over the session."""
    return token.rpartition(".")[2]


async def test_control_the_digest_notices_what_a_handler_changes(served: Served, ana: Ana) -> None:
    before = shop_as_it_is(served)
    async with wire(served, ana.token, path=f"/pedido/{ana.unpaid.id}") as tab:
        await tab.call(event("OrderStatusPage.load"))
        assert shop_as_it_is(served) == before
        await tab.call(event("OrderStatusPage.cancel"), {"form": {"reason": "ya no"}})
    assert shop_as_it_is(served) != before


def event(short: str) -> str:
    [found] = [h.event for h in HANDLERS if h.key.endswith(f".{short}")]
    return found


async def test_every_state_has_a_refused_setter(served: Served, ana: Ana) -> None:
    """An owner, too, writes no field but through a handler of ours."""
    setters = [h for h in HANDLERS if h.name == "setvar"]
    assert len(setters) > 15
    async with wire(served, await token_of("owner")) as tab:
        for handler in setters:
            for name in handler.state.__fields__:
                answer = await tab.call(handler.event, {"var_name": name, "value": "x"})
                assert answer == Answer(), (handler.key, name)
    assert ana.row.id


class TestAnotherCustomer:
    """B7: Bruno, signed in, with the numbers of Ana's things."""

    @pytest.fixture
    async def bruno(self, served: Served, ana: Ana) -> AsyncGenerator[Wire]:  # noqa: ARG002
        async with wire(served, await token_of("customer")) as tab:
            yield tab

    @pytest.mark.parametrize("number", ["unpaid", "paid"])
    async def test_sees_no_order_of_ana_and_cancels_none(
        self, served: Served, ana: Ana, bruno: Wire, number: str
    ) -> None:
        before = shop_as_it_is(served)
        await bruno.go(f"/pedido/{getattr(ana, number).id}")
        seen = await bruno.call(event("OrderStatusPage.load"))
        assert seen.of(state("OrderStatusPage"))["phase"] == "missing"
        await bruno.call(event("OrderStatusPage.cancel"), {"form": {"reason": "x"}})
        assert leaked(bruno, ana) == []
        assert shop_as_it_is(served) == before

    async def test_opens_no_access_of_ana(self, served: Served, ana: Ana, bruno: Wire) -> None:
        before = shop_as_it_is(served)
        for card in (str(ana.assignment), ana.assignment, f" {ana.assignment} ", [ana.assignment]):
            await bruno.call(event("MyAccounts.reveal"), {"card_id": card})
        assert leaked(bruno, ana) == []
        assert shop_as_it_is(served) == before

    async def test_takes_nothing_out_of_ana_s_cart(
        self, served: Served, ana: Ana, bruno: Wire
    ) -> None:
        await bruno.call(event("CartPage.load"))
        await bruno.call(event("CartPage.remove"), {"item_id": ana.cart_item})
        assert leaked(bruno, ana) == []
        assert look_up(served, CART_ITEM, ana.row.id) == [(ana.cart_item,)]

    async def test_finds_nothing_of_ana_on_any_page(self, ana: Ana, bruno: Wire) -> None:
        for handler in HANDLERS:
            if handler.name == "load" and MATRIX[handler.key] in {"public", "customer"}:
                await call(bruno, handler, ana)
        assert leaked(bruno, ana) == []

    async def test_control_ana_gets_all_of_it(self, served: Served, ana: Ana) -> None:
        async with wire(served, ana.token) as tab:
            await tab.call(event("Visitor.load"))
            await tab.call(event("ProfilePage.load"))
            await tab.go(f"/pedido/{ana.paid.id}")
            seen = await tab.call(event("OrderStatusPage.load"))
            assert seen.of(state("OrderStatusPage"))["phase"] == "ready"
            await tab.call(event("MyAccounts.reveal"), {"card_id": str(ana.assignment)})
        assert {NAME, LOGIN, PASSWORD, PIN} <= set(leaked(tab, ana))


def state(name: str) -> str:
    return event(f"{name}.load").rpartition(".")[0]


def leaked(tab: Wire, ana: Ana) -> list[str]:
    return [mark for mark in ana.marks if any(mark in frame for frame in tab.frames)]


async def test_a_session_that_ends_is_refused_in_the_tab_that_is_open(
    served: Served, ana: Ana
) -> None:
    async with wire(served, ana.token) as tab:
        assert (await tab.call(event("MyOrders.load"))).of(state("MyOrders"))["orders"]
        await end(ana.token)
        async with asyncio.timeout(10):
            while not (answer := await tab.call(event("MyOrders.load"))).went:
                pass  # the other process hears of it by a signal
        assert answer.went == ["/ingresar?next=%2Fterminos"]
        assert not answer.of(state("MyOrders")).get("orders")
        again = await tab.call(event("MyOrders.load"))
        assert again == Answer(went=["/ingresar?next=%2Fterminos"])


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://tienda.example",
        "http://localhost:1",
        "{own}.tienda.example",
        "https://tienda.example/{own}",
    ],
)
async def test_a_foreign_page_gets_no_socket(served: Served, ana: Ana, origin: str | None) -> None:
    claimed = origin and origin.replace("{own}", served.origin)
    with pytest.raises(InvalidStatus) as refusal:
        async with wire(served, ana.token, origin=claimed):
            pass
    assert refusal.value.response.status_code == 403


async def test_control_the_shop_s_own_page_gets_one(served: Served, ana: Ana) -> None:
    for name in ("localhost", "127.0.0.1"):
        origin = served.origin.replace("localhost", name)
        async with wire(served, ana.token, origin=origin) as tab:
            assert (await tab.call(event("Visitor.load"))).of(state("Visitor"))["name"] == NAME


async def test_no_frame_carries_a_cookie(served: Served, ana: Ana) -> None:
    """B6: neither the session nor the visitor's mark, nor the header that holds them."""
    visitor = browser.new_visitor()
    async with wire(served, ana.token, visitor=visitor) as tab:
        for name in ("Visitor.load", "MyOrders.load", "State.hydrate", "CartPage.load"):
            await tab.call(event(name))
        await tab.call("no.such.event", {"x": 1})
    said = "".join(tab.frames)
    assert NAME in said
    for hidden in (ana.token, _tail(ana.token), visitor, browser.session_cookie(), "cookie"):
        assert hidden not in said
