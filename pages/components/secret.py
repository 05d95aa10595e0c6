"""Credentials on screen: shown on demand, copied with a tap, forgotten after a minute."""

from collections.abc import Sequence

import reflex as rx

from pages.components.buttons import copy_button, icon_button, quiet_button
from pages.components.copyable import copyable
from pages.components.icons import icon
from pages.components.kinds import Child, Flag, Handler, Text
from pages.components.widgets import Fuse

SECONDS_SHOWN = 60
SECONDS_OPENING = 10


def secret_card(
    *,
    shown: Flag,
    values: Sequence[tuple[str, Text]],
    on_reveal: Handler,
    on_hide: Handler,
    busy: Flag = False,
    note: Child = "",
) -> rx.Component:
    """Show sealed values that the server pushed into a `ClientStateVar`.

    `values` pairs a label with the client-side Var; an empty one is left out. `on_hide` must
    empty the ClientStateVar: it runs on the button, after 60 s, and when the page is left; also
    when an answer does not come, so that the button can be tried again.
    """
    return rx.el.div(
        rx.cond(
            shown,
            rx.el.div(
                Fuse.create(seconds=SECONDS_SHOWN, on_end=on_hide),
                rx.el.dl(
                    *(
                        rx.cond(value, copyable(label, value, shown=_secret(value)))
                        for label, value in values
                    ),
                    class_name="cu-lines",
                ),
                rx.el.div(
                    rx.el.p("Se oculta en un minuto.", class_name="cu-muted cu-small"),
                    quiet_button(
                        "Ocultar", icon_name="eye_off", on_click=on_hide, class_name="btn-sm"
                    ),
                    class_name="flex items-center justify-between gap-3",
                ),
                note,
                class_name="cu-stack",
            ),
            rx.el.div(
                rx.el.dl(
                    *(_sealed(label) for label, _ in values[:2]),
                    class_name="cu-lines",
                ),
                quiet_button(
                    rx.cond(busy, "Abriendo…", "Ver mis datos de acceso"),
                    icon_name="eye",
                    on_click=on_reveal,
                    disabled=busy,
                ),
                rx.cond(busy, Fuse.create(seconds=SECONDS_OPENING, gentle=True, on_end=on_hide)),
                class_name="cu-stack",
            ),
        ),
        custom_attrs={"aria-live": "polite"},
    )


def _secret(value: Text) -> rx.Component:
    return rx.el.span(rx.el.code(value), class_name="cu-secret !min-h-0")


def _sealed(label: str) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="cu-muted cu-small"),
        rx.el.dd(
            icon("lock", "size-4"),
            rx.el.span("••••••••", custom_attrs={"aria-hidden": "true"}),
            rx.el.span("Oculto", class_name="sr-only"),
            class_name="flex items-center gap-2",
        ),
        class_name="cu-secret",
    )


def secret_line(
    label: Text,
    value: Text,
    *,
    shown: Flag,
    busy: Flag,
    on_reveal: Handler,
    on_hide: Handler,
    name: Text,
) -> rx.Component:
    """Show one sealed value among several in a `dl`; `name` is what a screen reader calls it.

    `value`, `shown` and `busy` come of a `ClientStateVar`, and `on_hide` must empty it, as in
    `secret_card`.
    """
    return rx.el.div(
        rx.el.dt(label, class_name="cu-muted cu-small"),
        rx.el.dd(
            rx.cond(
                shown,
                rx.el.code(value, class_name="text-base font-semibold"),
                rx.fragment(
                    rx.el.span("••••••••", custom_attrs={"aria-hidden": "true"}),
                    rx.el.span("Oculto", class_name="sr-only"),
                ),
            ),
            class_name="col-start-1 min-w-0 [overflow-wrap:anywhere]",
            custom_attrs={"aria-live": "polite"},
        ),
        rx.el.dd(
            rx.cond(
                shown,
                rx.fragment(
                    copy_button(value, description=f"Copiar {name}"),
                    icon_button(f"Ocultar {name}", "eye_off", on_click=on_hide),
                ),
                rx.fragment(
                    icon_button(f"Ver {name}", "eye", on_click=on_reveal, disabled=busy),
                    rx.cond(
                        busy, Fuse.create(seconds=SECONDS_OPENING, gentle=True, on_end=on_hide)
                    ),
                ),
            ),
            class_name="col-start-2 row-start-1 row-span-2 flex items-center",
        ),
        rx.cond(
            shown,
            rx.el.dd(
                Fuse.create(seconds=SECONDS_SHOWN, on_end=on_hide), class_name="col-span-2 pt-1"
            ),
        ),
        class_name="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-2 py-1",
    )
