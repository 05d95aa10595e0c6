"""Tabs that are links: each view has an address, so it can be shared and reloaded."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from pages.components.badges import count_badge
from pages.components.kinds import Child, Count, Flag, Text
from pages.components.links import link


def tabs(label: str, items: Sequence[Child]) -> rx.Component:
    return rx.el.nav(*items, class_name="cu-tabs", custom_attrs={"aria-label": label})


def tab(label: Text, *, to: Text, active: Flag = False, count: Count | None = None) -> rx.Component:
    """Link to one view; `active` marks the one on screen."""
    extra = [count_badge(count, label="pendientes")] if count is not None else []
    return _tab(label, extra, to, active)


def counted_tab(one: Any) -> rx.Component:
    """Show a view of a State (`label`, `address`, `active`, `count`), its count as a text."""
    count = rx.cond(one.count, rx.el.span(one.count, class_name="cu-count"))
    return _tab(one.label, [count], one.address, one.active)


def _tab(label: Text, extra: Sequence[Child], to: Text, active: Flag) -> rx.Component:
    return link(
        label,
        *extra,
        to=to,
        class_name="cu-tab",
        custom_attrs={"aria-current": rx.cond(active, "page", "false")},
    )
