"""What has happened to an order, oldest first."""

import reflex as rx

from pages.components.kinds import Child, Text


def timeline(*items: Child) -> rx.Component:
    return rx.el.ol(*items, class_name="cu-timeline")


def timeline_item(
    title: Text, *, when: Text = "", detail: Text = "", state: Text = "done"
) -> rx.Component:
    """Tell one step; states: done, current, todo, problem."""
    return rx.el.li(
        rx.el.p(title, class_name="font-semibold leading-snug"),
        rx.cond(when, rx.el.p(when, class_name="cu-muted cu-small")),
        rx.cond(detail, rx.el.p(detail, class_name="cu-small mt-0.5")),
        custom_attrs={"data-state": state},
    )
