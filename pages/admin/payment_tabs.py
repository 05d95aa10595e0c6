"""The rooms of payments, each with an address of its own."""

import reflex as rx

from pages import routes
from pages.components.kinds import Count
from pages.components.tabs import tab, tabs

ROOMS = (
    ("Por revisar", routes.ADMIN_PAYMENTS),
    ("Recibidos", routes.ADMIN_PAYMENT_LIST),
    ("Estados de cuenta", routes.ADMIN_STATEMENTS),
    ("Caja", routes.ADMIN_CASH),
)


def payment_tabs(active: str, to_review: Count | None = None) -> rx.Component:
    """Link the rooms; `to_review` is how many receipts wait, where the page knows it."""
    return tabs(
        "Pagos",
        [
            tab(
                label,
                to=address,
                active=address == active,
                count=to_review if address == routes.ADMIN_PAYMENTS else None,
            )
            for label, address in ROOMS
        ],
    )
