"""Open sessions, each with a button that ends it."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from pages.components.badges import badge
from pages.components.buttons import quiet_button
from pages.components.icons import icon
from pages.components.kinds import Handler
from state.admin.session_rows import SessionRow


def session_list(sessions: Any, on_end: Callable[[Any], Handler]) -> rx.Component:
    return rx.el.ul(
        rx.foreach(sessions, lambda one: _session(one, on_end)),
        class_name="divide-y divide-base-300",
    )


def _session(one: SessionRow, on_end: Callable[[Any], Handler]) -> rx.Component:
    return rx.el.li(
        icon("device", "cu-muted flex-none"),
        rx.el.div(
            rx.el.p(one.device, class_name="font-semibold"),
            rx.el.p(one.detail, class_name="cu-muted cu-small"),
            class_name="grow min-w-0",
        ),
        rx.cond(
            one.current,
            badge("Esta", tone="success"),
            quiet_button(
                "Cerrar",
                on_click=on_end(one.id),
                class_name="btn-sm",
                custom_attrs={"aria-label": f"Cerrar la sesión de {one.device}"},
            ),
        ),
        key=one.id,
        class_name="flex items-center gap-3 py-3",
    )
