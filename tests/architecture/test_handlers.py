"""B3, B4: every event handler and every route stands in a matrix that people wrote and reviewed."""

from __future__ import annotations

import pytest
import reflex as rx
from reflex.config import get_config
from reflex.state import BaseState, State
from reflex_base.registry import RegistrationContext

from state.access import Gate, allow
from tests.architecture.matrix import (
    Handler,
    handlers_matrix,
    registered,
    routes_matrix,
    served_routes,
)


class Stray(rx.State):
    """What a control adds and the tests must find."""

    @rx.event
    def unmarked(self) -> None: ...

    @rx.event
    @allow(Gate.OWNER)
    def marked(self) -> None: ...


def differences(matrix: dict[str, str], handlers: list[Handler]) -> list[str]:
    """Everything in which the matrix and the code disagree."""
    known = {handler.key: handler.gate for handler in handlers}
    missing = [f"{key} is not in the matrix" for key in known if key not in matrix]
    gone = [f"{key} is in the matrix only" for key in matrix if key not in known]
    other = [
        f"{handler.key} is {handler.gate}, the matrix says {matrix[handler.key]}"
        for handler in handlers
        if matrix.get(handler.key, handler.gate) != handler.gate
    ]
    return missing + gone + other


def public_methods(kind: type[BaseState]) -> set[str]:
    """What a client might name on this State, beyond what every State has from Reflex."""
    return {
        name
        for name in dir(kind)
        if not name.startswith("_")
        and not hasattr(State, name)
        and name not in kind.__fields__
        and callable(getattr(kind, name))
    }


def ours() -> list[type[BaseState]]:
    kinds = RegistrationContext.get().base_states.values()
    return [kind for kind in kinds if kind.__module__.partition(".")[0] == "state"]


def mixins() -> set[type]:
    return {base for kind in ours() for base in kind.__mro__ if base.__dict__.get("_mixin")}


def test_every_handler_is_in_the_matrix_behind_the_gate_it_names() -> None:
    assert differences(handlers_matrix(), registered()) == []


def test_the_public_methods_of_a_state_are_its_event_handlers() -> None:
    assert len(ours()) > 10
    for kind in ours():
        handlers = {h.name for h in registered() if h.state is kind} - {"setvar"}
        assert public_methods(kind) == handlers, kind


def test_a_mixin_brings_no_method_a_client_could_call() -> None:
    assert mixins()
    for mixin in mixins():
        own = [name for name, value in vars(mixin).items() if callable(value)]
        assert [name for name in own if not name.startswith("_")] == [], mixin


def test_no_field_has_a_setter_of_its_own() -> None:
    assert not get_config().state_auto_setters
    for kind in ours():
        assert [name for name in kind.event_handlers if name.startswith("set_")] == [], kind


def test_every_route_is_in_the_matrix() -> None:
    assert served_routes() == set(routes_matrix())


@pytest.mark.parametrize("name", ["unmarked", "marked"])
def test_control_a_handler_nobody_wrote_down_is_found(name: str) -> None:
    said = differences(handlers_matrix(), registered(of_tests=True))
    assert f"{__name__}.Stray.{name} is not in the matrix" in said


def test_control_a_gate_that_differs_from_the_matrix_is_found() -> None:
    matrix = handlers_matrix()
    matrix["state.storefront.my_accounts.MyAccounts.reveal"] = "public"
    assert differences(matrix, registered()) == [
        "state.storefront.my_accounts.MyAccounts.reveal is customer, the matrix says public"
    ]


def test_control_a_method_without_a_decorator_is_found() -> None:
    class Plain(rx.State, mixin=True):
        def helper(self) -> None: ...

    assert public_methods(Plain) == {"helper"}
    assert public_methods(Stray) == {"unmarked", "marked"}
