"""A value to be typed elsewhere, with a button that copies it; rows of a `dl` with `cu-lines`."""

import reflex as rx

from pages.components.buttons import copy_button
from pages.components.kinds import Child, Text


def copyable(label: str, value: Text, *, shown: Child | None = None) -> rx.Component:
    """`shown` draws the value in another way than as plain text."""
    name = label if label.isupper() else label[:1].lower() + label[1:]
    return rx.el.div(
        rx.el.dt(label, class_name="col-start-1 cu-muted cu-small"),
        rx.el.dd(
            shown if shown is not None else rx.el.span(value, class_name="cu-num font-semibold"),
            class_name="col-start-1 min-w-0 [overflow-wrap:anywhere]",
        ),
        rx.el.dd(
            copy_button(value, description=f"Copiar {name}"),
            class_name="col-start-2 row-start-1 row-span-2",
        ),
        class_name="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 py-2",
    )
