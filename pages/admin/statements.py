"""Bank statements: upload one, and the list of those that were."""

import reflex as rx

from pages import routes
from pages.admin.import_parts import StockUpload
from pages.admin.payment_tabs import payment_tabs
from pages.components.badges import badge
from pages.components.cards import card
from pages.components.feedback import error_region, skeleton, until_ready
from pages.components.forms import text_field
from pages.components.links import link
from pages.components.pagination import pagination
from pages.frames import admin_page
from state.admin.statement_rows import StatementRow
from state.admin.statements import AdminStatements


def statements() -> rx.Component:
    return admin_page(
        payment_tabs(routes.ADMIN_STATEMENTS),
        rx.cond(
            AdminStatements.phase == "list",
            _list(),
            until_ready(AdminStatements.notice, on_retry=AdminStatements.load, waiting=_loading()),
        ),
        title="Estados de cuenta",
        active=routes.ADMIN_PAYMENTS,
    )


def _list() -> rx.Component:
    return rx.el.div(
        error_region(AdminStatements.notice),
        rx.el.div(
            card(_upload(), title="Subir un estado de cuenta"),
            card(
                rx.cond(
                    AdminStatements.rows,
                    rx.el.ul(rx.foreach(AdminStatements.rows, _row), class_name="cu-lines"),
                    rx.el.p(
                        "Aquí verás los estados de cuenta que subas, y los avisos del banco.",
                        class_name="cu-muted",
                    ),
                ),
                rx.cond(
                    AdminStatements.paged,
                    pagination(previous=AdminStatements.newer, following=AdminStatements.older),
                ),
                title="Anteriores",
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[22rem_minmax(0,1fr)]",
        ),
        class_name="cu-stack",
    )


def _upload() -> rx.Component:
    return StockUpload.create(
        text_field(
            "Archivo",
            "file",
            hint="Como lo descargas de tu banco: CSV, XLSX o TXT, hasta 5 MB.",
            type="file",
            accept=".csv,.tsv,.txt,.xlsx,.xls",
            look="file-input",
        ),
        rx.el.p(
            "Nada se aplica todavía: primero ves qué depósito paga qué pedido.",
            class_name="cu-muted cu-small",
        ),
        action="/api/admin/estados-de-cuenta",
        next=f"{routes.ADMIN_STATEMENTS}/",
        label="Leer el archivo",
        busy_label="Leyendo el archivo…",
        class_name="cu-stack",
    )


def _row(one: StatementRow) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.div(
                rx.el.p(one.name, class_name="font-semibold truncate"),
                rx.el.p(f"{one.summary} · {one.when}", class_name="cu-muted cu-small cu-num"),
                class_name="min-w-0 grow",
            ),
            badge(one.state, tone=one.tone),
            to=routes.admin_statement(one.id),
            class_name="flex items-center gap-3 min-h-11 py-2",
        ),
        key=one.id,
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-56 rounded-box"),
        skeleton("h-56 rounded-box"),
        class_name="grid gap-4 lg:grid-cols-[22rem_minmax(0,1fr)]",
    )
