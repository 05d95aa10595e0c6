"""One bank statement: what each movement is, all that is sure applied at once, the rest by hand."""

import reflex as rx

from pages import routes
from pages.admin import statement_parts as parts
from pages.admin.statement_columns import columns
from pages.components.badges import badge
from pages.components.buttons import ghost_button, primary_button, quiet_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, open_dialog
from pages.components.feedback import (
    alert,
    empty_state,
    error_region,
    skeleton,
    status_region,
    until_ready,
)
from pages.components.links import button_link
from pages.components.pagination import pagination
from pages.components.tabs import counted_tab, tabs
from pages.frames import admin_page
from state.admin.statements import AdminStatements

STATEMENT = AdminStatements.statement
UNDO = "deshacer-estado"


def statement() -> rx.Component:
    return admin_page(
        rx.match(
            AdminStatements.phase,
            ("statement", _statement()),
            (
                "missing",
                empty_state(
                    "Este estado de cuenta no existe",
                    action=button_link(
                        "Ver los estados de cuenta", to=routes.ADMIN_STATEMENTS, kind="quiet"
                    ),
                ),
            ),
            until_ready(AdminStatements.notice, on_retry=AdminStatements.load, waiting=_loading()),
        ),
        title=STATEMENT.title,
        back=("Estados de cuenta", routes.ADMIN_STATEMENTS),
        active=routes.ADMIN_PAYMENTS,
    )


def _statement() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            badge(STATEMENT.state, tone=STATEMENT.tone),
            rx.el.span(STATEMENT.when, class_name="cu-muted cu-small cu-num"),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
        ),
        status_region(AdminStatements.said),
        error_region(AdminStatements.notice),
        rx.match(
            STATEMENT.status,
            ("columns", columns()),
            ("applying", rx.fragment(card(parts.progress(), title="Aplicando"), _lines())),
            ("undone", rx.fragment(_undone(), _lines())),
            rx.fragment(_actions(), _lines()),
        ),
        parts.assign_dialog(),
        class_name="cu-stack",
    )


def _actions() -> rx.Component:
    return card(
        parts.facts(),
        rx.el.div(
            rx.cond(
                STATEMENT.sure > 0,
                primary_button(STATEMENT.apply, on_click=AdminStatements.start.throttle(1500)),
            ),
            quiet_button(
                "Volver a comparar",
                icon_name="refresh",
                on_click=AdminStatements.rematch.throttle(1500),
            ),
            rx.cond(
                STATEMENT.may_undo,
                ghost_button("Deshacer", icon_name="trash", on_click=open_dialog(UNDO)),
            ),
            class_name="flex flex-wrap gap-3",
        ),
        confirm_dialog(
            UNDO,
            "¿Deshacer este estado de cuenta?",
            "Se retiran sus pagos de los pedidos que no se han entregado, y sus movimientos quedan "
            "como si no se hubieran importado. Lo ya entregado se queda como está.",
            confirm="Sí, deshacer",
            on_confirm=AdminStatements.undo,
        ),
    )


def _undone() -> rx.Component:
    return rx.fragment(
        alert(
            STATEMENT.undone,
            tone="info",
            title="Este estado de cuenta se deshizo",
        ),
        rx.cond(
            STATEMENT.kept,
            alert(
                f"{STATEMENT.kept}: sus pedidos ya se entregaron.",
                tone="warning",
                title="No todo se deshizo",
            ),
        ),
    )


def _lines() -> rx.Component:
    return rx.el.div(
        tabs("Resultados", [rx.foreach(STATEMENT.tabs, counted_tab)]),
        rx.cond(
            AdminStatements.lines,
            rx.el.ul(rx.foreach(AdminStatements.lines, parts.line), class_name="cu-stack !gap-3"),
            empty_state("Ningún movimiento aquí", "Elige otro resultado arriba."),
        ),
        rx.cond(
            AdminStatements.paged,
            pagination(previous=AdminStatements.newer, following=AdminStatements.older),
        ),
        class_name="cu-stack",
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-40 rounded-box"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
