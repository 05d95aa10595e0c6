"""One order on the operator's side. Only what may be done now is offered."""

import reflex as rx

from pages import order_parts, receipt_parts, routes
from pages.admin.claim_parts import no_stock
from pages.admin.order_messages import notices
from pages.admin.order_notes import notes
from pages.admin.order_parts import cancel, customer, payment_form, payment_row
from pages.admin.order_units import units
from pages.admin.order_waiting import waiting, while_unpaid
from pages.components.badges import badge, order_state_badge
from pages.components.cards import card
from pages.components.feedback import alert, empty_state, skeleton, until_ready
from pages.components.icons import icon
from pages.components.links import button_link
from pages.frames import admin_page
from state.admin.order import AdminOrder

ORDER = AdminOrder.order


def admin_order() -> rx.Component:
    return admin_page(
        rx.match(
            AdminOrder.phase,
            ("ready", _order()),
            (
                "missing",
                empty_state(
                    "Aquí no hay ningún pedido",
                    "Revisa el número, o búscalo en la lista.",
                    action=button_link("Ver los pedidos", to=routes.ADMIN_ORDERS, kind="quiet"),
                ),
            ),
            until_ready(AdminOrder.notice, on_retry=AdminOrder.load, waiting=_loading()),
        ),
        title=ORDER.title,
        back=("Pedidos", routes.ADMIN_ORDERS),
        active=routes.ADMIN_ORDERS,
    )


def _order() -> rx.Component:
    return rx.el.div(
        _state(),
        rx.el.div(
            rx.cond(AdminOrder.tone != "resent", rx.cond(AdminOrder.said, _outcome())),
            role="status",
            class_name="empty:hidden",
        ),
        no_stock(AdminOrder.notice),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    ORDER.awaits_payment,
                    rx.fragment(
                        card(payment_form(), title="Confirmar pago"),
                        card(while_unpaid(), title="Mientras paga"),
                    ),
                ),
                card(customer(), title="Cliente"),
                notes(),
                class_name="cu-stack lg:order-last",
            ),
            rx.el.div(
                card(order_parts.lines(ORDER.lines, ORDER.total), title="Artículos"),
                rx.cond(ORDER.waiting, card(waiting(), title="En espera de stock")),
                rx.cond(ORDER.units, card(units(), title="Accesos")),
                card(_payments(), title="Pagos"),
                rx.cond(ORDER.receipts, _receipts()),
                rx.cond(ORDER.told.notices, card(notices(), title="Avisos")),
                card(order_parts.steps(ORDER.timeline), title="Historia"),
                rx.cond(ORDER.may_cancel, cancel()),
                class_name="cu-stack",
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[minmax(0,1fr)_22rem]",
        ),
        class_name="cu-stack",
    )


def _state() -> rx.Component:
    """How the order stands; it is read aloud when somebody else changes it."""
    return rx.el.div(
        order_state_badge(ORDER.status),
        badge(ORDER.payment, tone=ORDER.payment_tone),
        rx.cond(ORDER.missing, rx.el.span(f"Faltan {ORDER.missing}", class_name="cu-num")),
        rx.cond(
            ORDER.expires,
            rx.el.span(f"Apartado hasta {ORDER.expires}", class_name="cu-muted cu-small cu-num"),
        ),
        rx.el.span(f"Realizado {ORDER.placed}", class_name="cu-muted cu-small cu-num"),
        role="status",
        class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
    )


def _outcome() -> rx.Component:
    said = rx.match(
        AdminOrder.tone,
        ("warning", alert(AdminOrder.said, tone="warning")),
        ("info", alert(AdminOrder.said, tone="info")),
        alert(AdminOrder.said, tone="success"),
    )
    return rx.fragment(said)


def _payments() -> rx.Component:
    return rx.el.div(
        rx.cond(
            ORDER.payments,
            rx.el.ul(rx.foreach(ORDER.payments, payment_row), class_name="cu-lines"),
            rx.el.p("Aún no hay pagos registrados.", class_name="cu-muted"),
        ),
        rx.cond(
            ORDER.may_record_payment,
            rx.el.details(
                rx.el.summary(
                    "Registrar otro pago",
                    icon("right", "size-5 cu-muted transition-transform group-open:rotate-90"),
                    class_name="flex items-center justify-between min-h-11 py-2 font-semibold",
                ),
                rx.el.div(
                    alert(ORDER.other_payment, tone="warning"),
                    payment_form(),
                    class_name="cu-stack pt-2",
                ),
                class_name="group mt-3 border-t border-base-300 pt-2",
            ),
        ),
    )


def _receipts() -> rx.Component:
    return card(
        receipt_parts.receipts(ORDER.receipts),
        rx.cond(
            ORDER.status == "in_review",
            rx.el.div(
                button_link(
                    "Revisar",
                    to=routes.admin_receipt(ORDER.receipts[0].id),
                    kind="quiet",
                    icon_name="receipt",
                )
            ),
        ),
        title="Comprobantes",
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-8 max-w-sm"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
