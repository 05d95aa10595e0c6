"""Bars drawn with plain boxes: no chart library reaches the browser, and a table says the same."""

import reflex as rx

from pages.components.icons import icon
from pages.components.kinds import Child, Flag, Text


def column(height: Text, inner: Text, *, tip: Text, with_inner: Flag) -> rx.Component:
    """One column of a chart, its inner part in the accent colour; `tip` is read on hover."""
    return rx.el.div(
        rx.el.div(
            rx.cond(with_inner, rx.el.div(class_name="cu-column-inner", style={"height": inner})),
            class_name="cu-column",
            style={"height": height},
        ),
        title=tip,
        class_name="cu-column-slot",
    )


def columns(body: Child, *, first: Text, last: Text) -> rx.Component:
    """A row of columns over the names of its first and last one; it is only seen, not read."""
    return rx.el.div(
        rx.el.div(body, class_name="cu-columns"),
        rx.el.div(
            rx.el.span(first), rx.el.span(last), class_name="flex justify-between cu-muted cu-small"
        ),
        custom_attrs={"aria-hidden": "true"},
    )


def meter(label: Text, value: Text, width: Text, *, detail: Text = "") -> rx.Component:
    """One lying bar with its name above and its value beside."""
    return rx.el.div(
        rx.el.div(
            rx.el.span(label, class_name="font-semibold min-w-0 truncate"),
            rx.el.span(value, class_name="cu-num"),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.el.div(
            rx.el.div(class_name="cu-meter-fill", style={"width": width}),
            class_name="cu-meter",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.cond(detail, rx.el.p(detail, class_name="cu-muted cu-small mt-1")),
    )


def as_table(summary: str, table: Child) -> rx.Component:
    """The same figures as a table, folded away."""
    return rx.el.details(
        rx.el.summary(
            summary,
            icon("right", "size-5 cu-muted transition-transform group-open:rotate-90"),
            class_name="flex items-center justify-between min-h-11 py-2 font-semibold",
        ),
        table,
        class_name="group border-t border-base-300 pt-1",
    )
