"""One order on the operator's side. Only what may be done now is offered."""

import reflex as rx

from pages import order_parts, receipt_parts, routes
from pages.admin.claim_parts import no_stock
from pages.admin.order_messages import notices
from pages.admin.order_money import money
from pages.admin.order_notes import notes
from pages.admin.order_parts import cancel, customer, payment_form
from pages.admin.order_units import units
from pages.admin.order_waiting import waiting, while_unpaid
from pages.components.badges import badge, order_state_badge
from pages.components.cards import card
from pages.components.feedback import alert, found, skeleton
from pages.components.icons import icon
from pages.components.links import button_link
from pages.frames import admin_page
from state.admin.order import AdminOrder

ORDER = AdminOrder.order


def admin_order() -> rx.Component:
    return admin_page(
        found(
            AdminOrder,
            _order(),
            waiting=_loading(),
            missing="Aquí no hay ningún pedido",
            hint="Revisa el número, o búscalo en la lista.",
            others=("Ver los pedidos", routes.ADMIN_ORDERS),
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
                        _part("pago", card(payment_form(), title="Confirmar pago")),
                        _part("mientras", card(while_unpaid(), title="Mientras paga")),
                    ),
                ),
                rx.cond(ORDER.status == "pending", card(_draft(), title="Borrador")),
                card(customer(), title="Cliente"),
                notes(),
                class_name="cu-stack lg:order-last",
            ),
            rx.el.div(
                card(
                    order_parts.lines(ORDER.lines, ORDER.total, ORDER.discount), title="Artículos"
                ),
                rx.cond(
                    ORDER.waiting, _part("espera", card(waiting(), title="En espera de stock"))
                ),
                rx.cond(ORDER.units, card(units(), title="Accesos")),
                card(_payments(), title="Dinero"),
                rx.cond(ORDER.receipts, _receipts()),
                rx.cond(ORDER.told.notices, _part("avisos", card(notices(), title="Avisos"))),
                card(order_parts.steps(ORDER.timeline), title="Historia"),
                rx.cond(ORDER.may_cancel, _part("cancelar", cancel())),
                class_name="cu-stack",
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[minmax(0,1fr)_22rem]",
        ),
        class_name="cu-stack",
    )


def _part(anchor: str, *children: rx.Component) -> rx.Component:
    """Where an address with this # leads."""
    return rx.el.div(*children, custom_attrs={"id": anchor}, class_name="scroll-mt-24")


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
        rx.el.span(ORDER.placed, class_name="cu-muted cu-small cu-num"),
        role="status",
        class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
    )


def _draft() -> rx.Component:
    return rx.fragment(
        rx.el.p("El cliente no lo ve hasta que se lo mandes.", class_name="cu-muted"),
        button_link("Editar o enviar", to=routes.admin_draft(ORDER.number)),
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
        money(),
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
