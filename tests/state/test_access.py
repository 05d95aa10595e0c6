"""B2-B4: who may call which handler, and what stays in a tab."""

import logging

import pytest
import reflex as rx
from reflex.state import State, UpdateVarsInternalState
from reflex_base.registry import RegistrationContext

from domain import sessions
from infra.database import unit_of_work
from state.access import Gate, actor, allow, gate_of, principal
from state.session import Visitor
from tests.builders import as_staff, make_customer, make_staff, sign_in_customer, sign_in_staff
from tests.tabs import tabs

pytestmark = pytest.mark.usefixtures("shop")


class Rooms(rx.State):
    """One handler behind each gate, and one that names none."""

    last: str = ""
    who: str = ""
    _hidden: str = ""

    @rx.event
    def unmarked(self) -> None:
        self.last = "unmarked"

    @rx.event
    @allow(Gate.PUBLIC)
    def public(self) -> None:
        self.last = "public"

    @rx.event
    @allow(Gate.CUSTOMER)
    async def customer(self, secret: str = "") -> None:
        self.last, self._hidden = f"customer{secret}", secret
        person = principal()
        self.who = f"{actor().kind}:{actor().id}:{person.name if person else ''}"

    @rx.event
    @allow(Gate.OPERATOR)
    def operator(self) -> None:
        self.last = "operator"

    @rx.event
    @allow(Gate.OWNER)
    def owner(self) -> None:
        self.last = "owner"

    @rx.event(background=True)
    @allow(Gate.OWNER)
    async def background(self) -> None:
        async with self:
            self.last = "background"

    @rx.event
    @allow(Gate.PUBLIC)
    def chain(self) -> list[rx.event.EventSpec]:
        return [Rooms.owner(), Rooms.customer("!")]  # type: ignore[list-item]


HANDLERS = ["unmarked", "public", "customer", "operator", "owner", "background"]
MAY = {
    "guest": {"public"},
    "customer": {"public", "customer"},
    "operator": {"public", "operator"},
    "owner": {"public", "operator", "owner", "background"},
}


async def token_of(kind: str) -> str:
    if kind == "guest":
        return ""
    if kind == "customer":
        return await sign_in_customer(await make_customer())
    return await sign_in_staff(await make_staff(kind))


@pytest.mark.parametrize("kind", list(MAY))
@pytest.mark.parametrize("handler", HANDLERS)
async def test_a_handler_runs_only_for_whom_it_names(kind: str, handler: str) -> None:
    async with tabs() as open_tab:
        tab = open_tab(await token_of(kind))
        await tab.send(Rooms.event_handlers[handler])
        ran = tab.sees(Rooms).get("last") == handler
        assert ran == (handler in MAY[kind])


@pytest.mark.parametrize("handler", HANDLERS)
async def test_control_without_the_gate_anybody_runs_everything(handler: str) -> None:
    async with tabs(gate=False) as open_tab:
        tab = open_tab()
        await tab.send(Rooms.event_handlers[handler])
        assert tab.sees(Rooms)["last"] == handler


async def test_the_refused_are_led_to_the_door_they_lack() -> None:
    async with tabs() as open_tab:
        guest, customer, operator = [
            open_tab(await token_of(kind)) for kind in ("guest", "customer", "operator")
        ]
        guest.path = "/pedido/7?x=1"
        await guest.send(Rooms.customer)
        await guest.send(Rooms.operator)
        await customer.send(Rooms.operator)
        await operator.send(Rooms.owner)
        await operator.send(Rooms.customer)
        assert guest.went == [
            "/ingresar?next=%2Fpedido%2F7%3Fx%3D1",
            "/admin/ingresar?next=%2Fpedido%2F7%3Fx%3D1",
        ]
        assert customer.went == ["/404"]
        assert operator.went == ["/admin", "/ingresar?next=%2F"]


async def test_a_chained_event_passes_the_gate_too() -> None:
    async with tabs() as open_tab:
        tab = open_tab(await token_of("customer"))
        await tab.send(Rooms.chain)
        assert tab.sees(Rooms)["last"] == "customer!"
        assert tab.went == ["/404"]


async def test_the_handler_knows_who_asks_and_nobody_after_it_does() -> None:
    ana = await make_customer(name="Ana")
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await tab.send(Rooms.customer)
        assert tab.sees(Rooms)["who"] == f"customer:{ana.id}:Ana"
        assert actor().kind == "guest"


@pytest.mark.parametrize(
    "name",
    [
        "setvar",
        "set_is_hydrated",
        "reset",
        "get_state",
        "_reset_client_storage",
    ],
)
async def test_reflex_s_own_setters_are_refused(name: str) -> None:
    for state in (State, Rooms, Visitor):
        assert gate_of(f"{state.get_full_name()}.{name}") is None
    handler = UpdateVarsInternalState.event_handlers["update_vars_internal"]
    async with tabs() as open_tab:
        tab = open_tab(await token_of("owner"))
        await tab.send(Rooms.event_handlers["setvar"], var_name="last", value="x")
        await tab.send(handler, vars={f"{Rooms.get_full_name()}.last": "x"})
        assert "last" not in tab.sees(Rooms)


def test_no_handler_of_ours_lacks_a_gate() -> None:
    """B3, B4: besides what every State has from Reflex."""
    handlers = RegistrationContext.get().event_handlers
    ours = {
        name
        for name, registered in handlers.items()
        if registered.handler.fn.__module__.startswith(("state.", "pages.", "cuenty_app."))
    }
    assert ours
    assert {name for name in ours if gate_of(name) is None} == set()


async def test_ending_a_session_stops_its_next_event() -> None:
    ana, owner = await make_customer(), await make_staff("owner")
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await tab.send(Rooms.customer, secret="1")
        async with unit_of_work() as session:
            await sessions.revoke_all_of(session, as_staff(owner), customer_id=ana.id)
        await tab.send(Rooms.customer, secret="2")
        assert tab.went == ["/ingresar?next=%2F"]
        assert tab.sees(Rooms)["last"] != "customer2"


async def test_nothing_of_one_person_stays_in_the_tab_for_the_next() -> None:
    async with tabs() as open_tab:
        tab = open_tab(await token_of("customer"))
        await tab.send(Rooms.customer, secret="canary")
        other = open_tab(await token_of("customer"), token=tab.token)
        await other.send(State.event_handlers["hydrate"])
        assert "canary" not in str(other.deltas)
        assert other.sees(Rooms)["last"] == ""


async def test_an_event_in_another_s_tab_reloads_it_instead_of_running() -> None:
    async with tabs() as open_tab:
        tab = open_tab(await token_of("customer"))
        await tab.send(Rooms.customer, secret="canary")
        thief = open_tab(visitor="B" * 22, token=tab.token)
        thief.path = "/carrito"
        await thief.send(Rooms.public)
        assert thief.went == ["/carrito"]
        assert "canary" not in str(thief.deltas)


async def test_forged_and_plain_cookies_are_nobody() -> None:
    token = await token_of("owner")
    async with tabs() as open_tab:
        for cookies in (f"cuenty_session={token}x", f"other={token}", "", "a" * 100_000):
            tab = open_tab()
            tab.cookies = cookies
            await tab.send(Rooms.owner)
            assert "last" not in tab.sees(Rooms)


async def test_the_token_is_in_no_delta_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    """B6, C4."""
    token = await token_of("customer")
    with caplog.at_level(logging.DEBUG):
        async with tabs() as open_tab:
            tab = open_tab(token)
            await tab.send(State.event_handlers["hydrate"])
            await tab.send(Visitor.load)
            await tab.send(Rooms.unmarked)
            kept = str([s.router_data for s in _states(tab)])
    for text in (str(tab.deltas), caplog.text, kept):
        assert token not in text
        assert token.rpartition(".")[2] not in text


def _states(tab: object) -> list[State]:
    processor = tab.processor  # type: ignore[attr-defined]
    return list(processor._root_context.state_manager.states.values())


async def test_the_frame_of_a_page_knows_its_visitor() -> None:
    ana = await make_customer(name="Ana")
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_customer(ana))
        await tab.send(Visitor.load)
        seen = tab.sees(Visitor)
        assert (seen["name"], seen["kind"], seen["signed_in"]) == ("Ana", "customer", True)
