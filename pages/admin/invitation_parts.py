"""An invitation's link: shown once, to be copied and handed over."""

from typing import Any

import reflex as rx

from pages.components.buttons import copy_button, quiet_button
from pages.components.dialog import close_dialog, dialog
from pages.components.kinds import Child
from state.admin.team import LINK, NO_LINK

SLOT: Any = LINK.value
FORGET = LINK.set_value(NO_LINK)


def invitation_dialog(name: str, title: str, *before: Child) -> rx.Component:
    """Ask what `before` asks, and in its place show the link once there is one."""
    return dialog(
        name,
        title,
        rx.cond(SLOT["link"], _link(name), rx.el.div(*before, class_name="cu-stack mt-2")),
    )


def _link(name: str) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Mándale este enlace a ",
            rx.el.strong(SLOT["name"]),
            ": con él elige su contraseña. Sirve una vez, vence ",
            SLOT["until"],
            " y no lo volveremos a mostrar.",
        ),
        rx.el.p(
            rx.el.code(SLOT["link"], class_name="text-sm"),
            class_name="cu-secret [overflow-wrap:anywhere]",
        ),
        rx.el.div(
            copy_button(SLOT["link"].to(str), label="Copiar enlace", small=False),
            quiet_button("Listo", on_click=[FORGET, close_dialog(name)]),
            class_name="grid gap-3 sm:grid-cols-2",
        ),
        role="status",
        class_name="cu-stack mt-2",
    )
