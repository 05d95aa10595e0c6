"""The titles of pages, in the shop's own name: the head of the document says it, no State does.

So it costs a tab nothing, and stands where a page broke or was not found. Pages are built under
Cuenty's name; a shop that has given itself another one puts it there as it answers.
"""

import json

import reflex as rx

from pages.components.kinds import Text
from state.views import BUILT_NAME

SHOP = rx.Var(
    '(globalThis.document?.querySelector("meta[name=application-name]")?.content'
    f" ?? {json.dumps(BUILT_NAME)})",
    _var_type=str,
)


def titled(page: Text) -> rx.Var[str]:
    """«Pedidos · Cine en Casa»."""
    return rx.Var.create(f"{page} · {SHOP}")


def front(offer: str) -> rx.Var[str]:
    """«Cine en Casa · Netflix y más»: the one page that begins with the shop."""
    return rx.Var.create(f"{SHOP} · {offer}")
