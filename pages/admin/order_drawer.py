"""An order beside the list: enough to know what it needs, and the ways to do it on its page."""

import reflex as rx

from pages import order_parts, routes
from pages.admin.order_parts import payment_row
from pages.components.badges import badge, order_state_badge
from pages.components.buttons import icon_button
from pages.components.dialog import dismiss_dialog
from pages.components.feedback import skeleton
from pages.components.icons import icon
from pages.components.kinds import Child
from pages.components.links import button_link, link
from state.admin.order_drawer import StepLink
from state.admin.orders import AdminOrders

DRAWER = "vistazo"
ORDER = AdminOrders.peek.order
CALL = "btn btn-outline btn-sm grow sm:grow-0"


def drawer() -> rx.Component:
    return rx.el.dialog(
        rx.el.div(
            rx.el.h2(ORDER.title, class_name="text-2xl", custom_attrs={"id": f"{DRAWER}-title"}),
            icon_button("Cerrar", "close", on_click=dismiss_dialog(DRAWER)),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.cond(ORDER.number > 0, _order(), _loading()),
        class_name="cu-drawer",
        custom_attrs={"id": DRAWER, "aria-labelledby": f"{DRAWER}-title", "closedby": "any"},
    )


def _order() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            order_state_badge(ORDER.status),
            badge(ORDER.payment, tone=ORDER.payment_tone),
            rx.cond(ORDER.missing, rx.el.span(f"Faltan {ORDER.missing}", class_name="cu-num")),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
        ),
        rx.el.p(ORDER.placed, class_name="cu-muted cu-small cu-num"),
        _customer(),
        _part("Qué se puede hacer", _steps()),
        _part("Artículos", order_parts.lines(ORDER.lines, ORDER.total)),
        rx.cond(
            ORDER.payments,
            _part(
                "Pagos",
                rx.el.ul(rx.foreach(ORDER.payments, payment_row), class_name="cu-lines"),
            ),
        ),
        _part("Lo último", order_parts.steps(ORDER.timeline)),
        class_name="mt-2 cu-stack",
    )


def _customer() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            link(
                ORDER.customer,
                to=routes.admin_customer(ORDER.customer_id),
                class_name="cu-link font-semibold inline-flex items-center min-h-11",
            ),
            rx.el.p(ORDER.phone, class_name="cu-muted cu-small cu-num"),
            class_name="min-w-0 w-full sm:w-auto sm:grow",
        ),
        rx.el.a("Llamar", href=ORDER.phone_link, class_name=CALL),
        rx.el.a(
            "WhatsApp",
            href=ORDER.chat_link,
            target="_blank",
            rel="noopener noreferrer",
            class_name=CALL,
        ),
        class_name="flex flex-wrap items-center gap-3 border-y border-base-300 py-3",
    )


def _part(title: str, *children: Child) -> rx.Component:
    return rx.el.section(
        rx.el.h3(title, class_name="text-lg font-semibold"), *children, class_name="grid gap-2"
    )


def _steps() -> rx.Component:
    return rx.fragment(
        rx.el.ul(rx.foreach(AdminOrders.peek.steps, _step), class_name="cu-lines"),
        button_link("Abrir el pedido", to=routes.admin_order(ORDER.number)),
    )


def _step(one: StepLink) -> rx.Component:
    return rx.el.li(
        link(
            one.label,
            icon("right", "size-4 cu-muted"),
            to=one.address,
            class_name="flex items-center justify-between gap-3 min-h-11 py-2 font-semibold",
        )
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-6 max-w-40"),
        skeleton("h-64 rounded-box"),
        class_name="mt-4 cu-stack",
    )
