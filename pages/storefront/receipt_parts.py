"""The customer shows that they paid: a photo, a file or the tracking key, and what became of it."""

import reflex as rx

from pages import receipt_parts
from pages.components.cards import card
from pages.components.feedback import alert
from pages.components.icons import icon
from state.storefront.order import OrderStatusPage

ORDER = OrderStatusPage.order


class ReceiptUpload(rx.Component):
    """The form of assets/receipt-upload.js."""

    library = "$/public/receipt-upload.js"
    tag = "ReceiptUpload"

    action: rx.Var[str]
    today: rx.Var[str]
    amount: rx.Var[str]
    camera: rx.Var[rx.Component]
    folder: rx.Var[rx.Component]


def receipts_card() -> rx.Component:
    return rx.cond(
        ORDER.takes_receipts | ORDER.receipts.length() > 0,  # pyright: ignore  # noqa: PGH003  # Vars
        card(
            rx.el.div(
                rx.cond(ORDER.refused, alert(ORDER.refused, tone="warning")),
                role="status",
                class_name="empty:hidden",
            ),
            rx.cond(ORDER.receipts, receipt_parts.receipts(ORDER.receipts)),
            rx.cond(
                ORDER.takes_receipts,
                rx.cond(ORDER.status == "in_review", _another(), _upload()),
            ),
            title=rx.cond(ORDER.takes_receipts, "Ya pagué: enviar comprobante", "Comprobantes"),
            class_name="cu-screen-only",
        ),
    )


def _another() -> rx.Component:
    """Who paid in two parts has two."""
    return rx.el.details(
        rx.el.summary("Enviar otro comprobante"), rx.el.div(_upload()), class_name="cu-more"
    )


def _upload() -> rx.Component:
    return ReceiptUpload.create(
        action=ORDER.upload,
        today=ORDER.today,
        amount=ORDER.payment.plain,
        camera=icon("camera"),
        folder=icon("upload"),
        class_name="cu-stack",
    )
