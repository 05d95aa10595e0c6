"""Tables that become one card per row on a phone."""

from collections.abc import Collection, Sequence
from typing import Any

import reflex as rx

from pages.components.kinds import Child


def table(
    caption: str,
    columns: Sequence[str],
    body: Child | Sequence[Child],
    *,
    numeric: Collection[str] = (),
) -> rx.Component:
    """Lay out rows, given as an `rx.foreach` of `row` or a sequence of them.

    `numeric` names the columns aligned to the right, as their cells are. The caption is read,
    not seen. The roles repeat HTML's own because a phone's layout (display: block) makes some
    browsers forget them.
    """
    rows = (body,) if isinstance(body, rx.Component | rx.Var | str) else tuple(body)
    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="sr-only"),
            rx.el.thead(
                rx.el.tr(*(_heading(column, column in numeric) for column in columns), role="row"),
                role="rowgroup",
            ),
            rx.el.tbody(*rows, role="rowgroup"),
            role="table",
            class_name="cu-table",
        ),
        class_name="cu-card !p-0 overflow-hidden",
    )


def row(*cells: Child, **props: Any) -> rx.Component:
    return rx.el.tr(*cells, role="row", **props)


def cell(label: str, *children: Child, numeric: bool = False) -> rx.Component:
    """Fill a cell; `label` is its column's name, shown beside the value on a phone."""
    return rx.el.td(
        rx.el.div(*children, class_name="min-w-0"),
        role="cell",
        class_name="cu-num md:text-right" if numeric else "",
        custom_attrs={"data-label": label},
    )


def _heading(column: str, numeric: bool) -> rx.Component:
    return rx.el.th(
        column, role="columnheader", scope="col", class_name="text-right" if numeric else ""
    )
