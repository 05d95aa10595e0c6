"""The written matrix, and what is registered: handlers by `module.State.name`, routes by path."""

from __future__ import annotations

import importlib
import inspect
import json
import os
import pkgutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reflex.state import BaseState, State
from reflex_base.registry import RegistrationContext

import state
from cuenty_app import pages  # noqa: F401  # registers what the shop registers
from infra.settings import PROJECT
from state.access import gate_of

for _found in pkgutil.walk_packages(state.__path__, "state."):
    importlib.import_module(_found.name)  # also a State that no page uses yet

HERE = Path(__file__).parent
GATES = ("public", "customer", "operator", "owner", "nobody")


@dataclass(frozen=True, slots=True)
class Handler:
    """`event` is the name a client sends, `takes` the arguments that have no default."""

    key: str
    event: str
    gate: str
    state: type[BaseState]
    takes: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.event.rpartition(".")[2]

    @property
    def state_name(self) -> str:
        return self.event.rpartition(".")[0]


def registered(*, of_tests: bool = False) -> list[Handler]:
    """Every handler of this process, Reflex's own among them; those of tests only when asked."""
    found = []
    for event, entry in RegistrationContext.get().event_handlers.items():
        kind = entry.states[0]
        if kind.__module__.startswith("tests.") and not of_tests:
            continue
        name = event.rpartition(".")[2]
        home = State if name == "setvar" else kind  # every State has this one from Reflex
        parameters = list(inspect.signature(entry.handler.fn).parameters.values())[1:]
        takes = tuple(p.name for p in parameters if p.default is p.empty)
        key = f"{home.__module__}.{home.__name__}.{name}"
        found.append(Handler(key, event, str(gate_of(event) or "nobody"), kind, takes))
    return found


def handlers_matrix() -> dict[str, str]:
    """`module.State.handler` → gate, as people wrote it down."""
    written = tomllib.loads((HERE / "handlers.toml").read_text(encoding="utf-8"))
    matrix = {
        f"{kind}.{name}": gate
        for kind, handlers in written.items()
        for name, gate in handlers.items()
    }
    assert set(matrix.values()) <= set(GATES)
    return matrix


def routes_matrix() -> dict[str, dict[str, Any]]:
    """`METHOD /path` → who may call it, and what it answers to them."""
    return tomllib.loads((HERE / "routes.toml").read_text(encoding="utf-8"))


LIST_ROUTES = """
import json
from fastapi.routing import iter_route_contexts
from cuenty_app.cuenty_app import app
from starlette.routing import Mount

def routes(inside, before=""):
    for route in iter_route_contexts(inside):
        if isinstance(route.original_route, Mount):
            yield from routes(route.original_route.routes, before + route.path)
        else:
            yield from (f"{method} {before}{route.path}" for method in route.methods or ["ANY"])

print(json.dumps(sorted({*routes(app.api_transformer[0].routes), *routes(app._api.routes)})))
"""


def served_routes() -> set[str]:
    """Of the whole app, made in a process of its own: making it changes its process.

    HEAD is GET without its body.
    """
    done = subprocess.run(  # noqa: S603  # our own interpreter
        [sys.executable, "-c", LIST_ROUTES],
        cwd=PROJECT,
        env={**os.environ, "CUENTY_ENV": "demo"},
        capture_output=True,
        check=True,
        text=True,
    )
    return {route for route in json.loads(done.stdout.splitlines()[-1]) if route[:5] != "HEAD "}
