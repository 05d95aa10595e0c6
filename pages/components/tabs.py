"""Tabs that are links: each view has an address, so it can be shared and reloaded."""

from collections.abc import Sequence

import reflex as rx

from pages.components.badges import count_badge
from pages.components.kinds import Child, Count, Flag, Text
from pages.components.links import link


def tabs(label: str, items: Sequence[Child]) -> rx.Component:
    return rx.el.nav(*items, class_name="cu-tabs", custom_attrs={"aria-label": label})


def tab(label: Text, *, to: Text, active: Flag = False, count: Count | None = None) -> rx.Component:
    """Link to one view; `active` marks the one on screen."""
    extra = [count_badge(count, label="pendientes")] if count is not None else []
    return link(
        label,
        *extra,
        to=to,
        class_name="cu-tab",
        custom_attrs={"aria-current": rx.cond(active, "page", "false")},
    )
