"""A service shown by its colour and initials: nobody's logo is used."""

from typing import Literal

import reflex as rx

from pages.components.kinds import Text


def service_tile(
    initials: Text, *, tone: Text = "", size: Literal["md", "lg"] = "md"
) -> rx.Component:
    """Draw the tile; decorative, so the service's name must stand beside it.

    `tone` is the slug of a known service (netflix, disney…, hbo…, prime…, spotify) or one of
    rojo, azul, morado, celeste, verde, naranja, rosa; anything else is brown. White text has
    at least 4.5:1 on each.
    """
    return rx.el.span(
        initials,
        class_name="cu-tile",
        custom_attrs={"data-tone": tone, "data-size": size, "aria-hidden": "true"},
    )


def service_heading(name: Text, initials: Text, *, tone: Text, detail: Text = "") -> rx.Component:
    """Name a service or a plan beside its tile, as in a cart line or an order item."""
    return rx.el.div(
        service_tile(initials, tone=tone),
        rx.el.div(
            rx.el.p(name, class_name="font-bold leading-tight"),
            rx.cond(detail, rx.el.p(detail, class_name="cu-muted cu-small")),
            class_name="min-w-0",
        ),
        class_name="flex items-center gap-3 min-w-0",
    )
