"""Every payment on record, and which money has no destination yet."""

import reflex as rx

from pages import routes
from pages.admin.payment_list_parts import filters, payment
from pages.admin.payment_tabs import payment_tabs
from pages.components.export_menu import export_menu
from pages.components.feedback import empty_state, skeleton, until_ready
from pages.components.links import button_link
from pages.components.pagination import pagination
from pages.components.table import table
from pages.frames import admin_page
from state.admin.payment_list import PaymentList

VIEW = PaymentList.view
COLUMNS = ("Pedido", "Monto", "Tipo", "De dónde", "Escrito", "Día")


def payment_list() -> rx.Component:
    return admin_page(
        payment_tabs(routes.ADMIN_PAYMENT_LIST),
        rx.cond(
            VIEW.loaded,
            _list(),
            until_ready(PaymentList.notice, on_retry=PaymentList.load, waiting=_loading()),
        ),
        title="Pagos recibidos",
        active=routes.ADMIN_PAYMENTS,
    )


def _list() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            filters(),
            export_menu(("cobros", "Pagos")),
            class_name="flex flex-wrap items-start justify-between gap-3",
        ),
        rx.cond(
            VIEW.rows,
            table(
                "Pagos, del más reciente al más antiguo",
                COLUMNS,
                rx.foreach(VIEW.rows, payment),
                numeric={"Monto"},
            ),
            rx.cond(
                VIEW.any,
                empty_state(
                    "Ningún pago coincide",
                    "Busca la referencia, la clave de rastreo o el número de pedido completos.",
                    action=button_link(
                        "Ver todos los pagos", to=routes.ADMIN_PAYMENT_LIST, kind="quiet"
                    ),
                ),
                empty_state("Todavía no hay pagos", "El primero que confirmes aparecerá aquí."),
            ),
        ),
        rx.cond(VIEW.newer + VIEW.older, pagination(previous=VIEW.newer, following=VIEW.older)),
        class_name="cu-stack",
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-3xl"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
