"""What waits for an operator, as links to where it is done."""

import reflex as rx

from pages import routes
from pages.components.feedback import alert, skeleton_cards, until_ready
from pages.components.icons import IconName, icon
from pages.components.kinds import Count
from pages.components.links import link
from pages.frames import admin_page
from state.admin.alerts import AlertView
from state.admin.home import AdminHome
from state.session import Visitor


def admin_home() -> rx.Component:
    return admin_page(
        rx.cond(
            AdminHome.loaded,
            _queues(),
            until_ready(AdminHome.notice, on_retry=AdminHome.load, waiting=skeleton_cards(3)),
        ),
        title="Resumen",
        active=routes.ADMIN,
    )


def _queues() -> rx.Component:
    return rx.el.div(
        rx.foreach(AdminHome.alerts, _alert),
        rx.cond(
            AdminHome.sample_bank,
            alert(
                "Tus clientes ven una CLABE de ejemplo que no existe: nadie puede pagarte. ",
                rx.cond(
                    Visitor.is_owner,
                    link("Escribe tus datos en Ajustes", to=routes.ADMIN_SETTINGS),
                    "El dueño la cambia en Ajustes.",
                ),
                tone="warning",
                title="Datos bancarios de ejemplo",
            ),
        ),
        rx.el.div(
            _queue(
                "Por confirmar",
                AdminHome.to_confirm,
                "Pedidos que esperan su pago",
                "bank",
                f"{routes.ADMIN_ORDERS}?tab=por-confirmar",
            ),
            _queue(
                "En espera de stock",
                AdminHome.waiting_stock,
                "Pagados, sin perfiles que dar",
                "clock",
                f"{routes.ADMIN_ORDERS}?tab=en-proceso",
            ),
            _queue(
                "Garantías",
                AdminHome.claims,
                "Reportes por atender",
                "shield",
                routes.ADMIN_CLAIMS,
            ),
            _queue("Hoy", AdminHome.today, "Pedidos nuevos", "orders", routes.ADMIN_ORDERS),
            class_name="grid gap-4 sm:grid-cols-2 2xl:grid-cols-4",
        ),
        class_name="cu-stack",
    )


def _alert(one: AlertView) -> rx.Component:
    where = rx.cond(
        one.address, link(one.label, to=one.address, class_name="cu-link inline-block mt-1")
    )
    said = rx.el.p(one.said)
    return rx.cond(one.grave, alert(said, where, tone="error"), alert(said, where, tone="warning"))


def _queue(label: str, count: Count, detail: str, name: IconName, to: str) -> rx.Component:
    return link(
        rx.el.div(
            rx.el.span(label, class_name="font-bold"),
            icon(name, "cu-muted"),
            class_name="flex items-center justify-between gap-2",
        ),
        rx.el.p(count, class_name="cu-price text-4xl mt-2"),
        rx.el.p(detail, class_name="cu-muted cu-small mt-1"),
        to=to,
        class_name="cu-card",
    )
