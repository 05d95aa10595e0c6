"""What a person sees when the socket to the server is lost."""

import reflex as rx
from reflex_components_core.core.banner import (
    has_hydration_payload_error,
    has_too_many_connection_errors,
)

from pages.components.icons import icon


def connection_notice() -> rx.Component:
    """Replace Reflex's English toast and pulser, and with them the toast library.

    It speaks at the second failed try: the first is every phone changing its antenna. A fragment,
    because Reflex puts the whole page inside what wraps the app.
    """
    notice = rx.el.div(
        rx.cond(
            has_too_many_connection_errors & ~has_hydration_payload_error,
            rx.el.p(icon("offline"), "Sin conexión. Reintentando…"),
        ),
        rx.cond(
            has_hydration_payload_error,
            rx.el.p(icon("refresh"), "Recarga la página para continuar."),
        ),
        role="status",
        class_name="cu-offline empty:hidden",
    )
    return rx.fragment(notice)
