"""Actions that need no server, and so must work without a connection to it."""

import reflex as rx
from reflex_base.vars.function import FunctionVar


def in_browser(javascript: str) -> rx.Var:
    """Make a click run fixed JavaScript at once.

    Reflex's own `run_script` waits in the queue of events until the socket is open. Nothing a
    person typed may become part of the text.
    """
    return rx.Var(f"(() => {{ {javascript}; }})").to(FunctionVar, rx.EventChain)
