"""The shop at a glance: first what waits, as links to where it is done, then how it goes."""

import reflex as rx

from pages import routes
from pages.admin.home_figures import figures
from pages.components.feedback import alert, skeleton_cards, until_ready
from pages.components.icons import IconName, icon
from pages.components.kinds import Text
from pages.components.links import link
from pages.frames import admin_page
from state.admin.alerts import AlertView
from state.admin.home import AdminHome
from state.session import Visitor

WORK = AdminHome.work


def admin_home() -> rx.Component:
    return admin_page(
        rx.cond(
            AdminHome.loaded,
            rx.el.div(_work(), figures(), class_name="cu-stack"),
            until_ready(AdminHome.notice, on_retry=AdminHome.load, waiting=skeleton_cards(3)),
        ),
        title="Resumen",
        active=routes.ADMIN,
    )


def _work() -> rx.Component:
    return rx.el.div(
        rx.foreach(AdminHome.alerts, _alert),
        rx.cond(
            WORK.sample_bank,
            alert(
                "Tus clientes ven una CLABE de ejemplo que no existe: nadie puede pagarte. ",
                rx.cond(
                    Visitor.is_owner,
                    link(
                        "Escribe tus datos en Ajustes",
                        to=routes.ADMIN_SETTINGS,
                        class_name="cu-link",
                    ),
                    "El dueño la cambia en Ajustes.",
                ),
                tone="warning",
                title="Datos bancarios de ejemplo",
            ),
        ),
        rx.el.h2("Por hacer", class_name="sr-only"),
        rx.el.div(
            _queue("Comprobantes por revisar", WORK.receipts, "receipt", routes.ADMIN_PAYMENTS),
            _queue(
                "Por confirmar",
                WORK.to_confirm,
                "bank",
                f"{routes.ADMIN_ORDERS}?tab=por-confirmar",
            ),
            _queue(
                "Vencen en 3 h sin pago",
                WORK.lapsing,
                "clock",
                f"{routes.ADMIN_ORDERS}?tab=por-confirmar",
            ),
            _queue(
                "Esperan stock",
                WORK.waiting_stock,
                "orders",
                f"{routes.ADMIN_ORDERS}?tab=en-proceso",
            ),
            _queue("Tickets abiertos", WORK.tickets, "chat", routes.ADMIN_SUPPORT),
            _queue("Garantías", WORK.claims, "shield", routes.ADMIN_CLAIMS),
            _queue("Terminan hoy", WORK.ending_today, "refresh", routes.ADMIN_EXPIRATIONS),
            _queue("Poco stock", WORK.low_stock, "key", routes.ADMIN_STOCK),
            _queue(
                "Mensajes que fallaron",
                WORK.failed,
                "chat",
                f"{routes.ADMIN_MESSAGES}?tab=fallidos",
            ),
            class_name="grid gap-3 grid-cols-2 md:grid-cols-3 xl:grid-cols-4",
        ),
        class_name="cu-stack",
    )


def _alert(one: AlertView) -> rx.Component:
    where = rx.cond(
        one.address, link(one.label, to=one.address, class_name="cu-link inline-block mt-1")
    )
    said = rx.el.p(one.said)
    return rx.cond(one.grave, alert(said, where, tone="error"), alert(said, where, tone="warning"))


def _queue(label: str, count: Text, name: IconName, to: str) -> rx.Component:
    """Nothing to do is said quietly."""
    return link(
        rx.el.div(
            rx.el.span(label, class_name="font-semibold leading-tight"),
            icon(name, "size-5 cu-muted flex-none"),
            class_name="flex items-start justify-between gap-2",
        ),
        rx.el.p(
            count,
            class_name=rx.cond(
                count == "0",
                "cu-price text-3xl mt-auto pt-2 cu-muted",
                "cu-price text-3xl mt-auto pt-2",
            ),
        ),
        to=to,
        class_name="cu-card flex flex-col",
    )
