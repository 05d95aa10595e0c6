"""Going on in a list that is read by keyset: there is a before and an after, no page numbers."""

import reflex as rx

from pages.components.icons import icon
from pages.components.kinds import Text
from pages.components.links import link


def pagination(*, previous: Text, following: Text, summary: Text = "") -> rx.Component:
    """Take the addresses of the two neighbours; an empty one means there is none."""
    return rx.el.nav(
        rx.cond(previous, link(icon("left"), "Anteriores", to=previous, class_name=_LOOK)),
        rx.el.span(summary, class_name="cu-muted cu-small cu-num mx-auto"),
        rx.cond(following, link("Siguientes", icon("right"), to=following, class_name=_LOOK)),
        class_name="flex items-center justify-between gap-3",
        custom_attrs={"aria-label": "Páginas"},
    )


_LOOK = "btn btn-outline btn-sm"
