"""The demonstration says what it is on every page."""

import reflex as rx

from pages.components.kinds import Flag


def demo_banner(shown: Flag) -> rx.Component:
    if shown is False:
        return rx.fragment()
    strip = rx.el.aside(
        "Demostración: pagos y mensajes de prueba.",
        class_name="cu-demo",
        custom_attrs={"aria-label": "Aviso"},
    )
    return strip if shown is True else rx.cond(shown, strip)
