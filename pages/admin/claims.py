"""What customers reported, the oldest first: a table on a wide screen, cards on a phone."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.feedback import empty_state, skeleton, until_ready
from pages.components.links import link
from pages.components.pagination import pagination
from pages.components.table import cell, row, table
from pages.components.tabs import tab, tabs
from pages.frames import admin_page
from state.admin.claim_rows import ClaimRow
from state.admin.claims import AdminClaims, ClaimTab

OPEN = ("Reporte", "Problema", "Cliente", "Acceso", "Ver")
CLOSED = ("Reporte", "Problema", "Cliente", "Resultado", "Ver")


def claims() -> rx.Component:
    return admin_page(
        rx.cond(
            AdminClaims.loaded,
            _list(),
            until_ready(AdminClaims.notice, on_retry=AdminClaims.load, waiting=_loading()),
        ),
        title="Garantías",
        active=routes.ADMIN_CLAIMS,
    )


def _list() -> rx.Component:
    return rx.el.div(
        tabs("Reportes", [rx.foreach(AdminClaims.tabs, _tab)]),
        rx.cond(
            AdminClaims.claims,
            rx.cond(
                AdminClaims.closed,
                table("Reportes cerrados", CLOSED, rx.foreach(AdminClaims.claims, _closed)),
                table("Reportes abiertos", OPEN, rx.foreach(AdminClaims.claims, _open)),
            ),
            rx.cond(
                AdminClaims.closed,
                empty_state("Todavía no hay", "Los reportes que atiendas quedan guardados aquí."),
                empty_state(
                    "Nadie reporta nada",
                    "Cuando un cliente reporte un problema, aparecerá solo en esta lista.",
                ),
            ),
        ),
        rx.cond(
            AdminClaims.paged,
            pagination(previous=AdminClaims.newer, following=AdminClaims.older),
        ),
        class_name="cu-stack",
    )


def _tab(one: ClaimTab) -> rx.Component:
    return tab(one.label, to=one.address, active=one.active, count=one.count)


def _open(one: ClaimRow) -> rx.Component:
    return row(
        _number(one),
        _problem(one),
        _customer(one),
        cell(
            "Acceso",
            rx.el.p(f"{one.service} · {one.profile}", class_name="leading-tight"),
            rx.cond(one.reports, rx.el.p(one.reports, class_name="cu-error mt-1")),
            rx.cond(one.warning, rx.el.p(one.warning, class_name="cu-error mt-1")),
        ),
        _see(one),
        key=one.id,
    )


def _closed(one: ClaimRow) -> rx.Component:
    return row(
        _number(one),
        _problem(one),
        _customer(one),
        cell(
            "Resultado",
            badge(one.state, tone=one.state_tone),
            rx.cond(
                one.answer,
                rx.el.p(
                    one.answer,
                    class_name="cu-small mt-1 line-clamp-2 [overflow-wrap:anywhere]",
                ),
            ),
        ),
        _see(one),
        key=one.id,
    )


def _number(one: ClaimRow) -> rx.Component:
    return cell(
        "Reporte",
        rx.el.p(f"#{one.id} · {one.age}", class_name="cu-num whitespace-nowrap"),
        rx.el.p(one.when, class_name="cu-muted cu-small cu-num whitespace-nowrap"),
    )


def _problem(one: ClaimRow) -> rx.Component:
    return cell(
        "Problema",
        link(
            one.problem,
            to=routes.admin_claim(one.id),
            class_name="cu-link inline-flex items-center min-h-11 leading-tight",
            custom_attrs={"aria-label": f"Reporte #{one.id}: {one.problem}"},
        ),
        rx.cond(
            one.details,
            rx.el.p(
                one.details,
                class_name="cu-muted cu-small line-clamp-3 [overflow-wrap:anywhere]",
            ),
        ),
    )


def _customer(one: ClaimRow) -> rx.Component:
    return cell(
        "Cliente",
        rx.el.p(one.customer, class_name="leading-tight"),
        rx.el.p(one.phone, class_name="cu-muted cu-small cu-num whitespace-nowrap"),
    )


def _see(one: ClaimRow) -> rx.Component:
    look = "cu-link inline-flex items-center min-h-11 whitespace-nowrap"
    return cell(
        "Ver",
        rx.el.div(
            link(f"Pedido #{one.order}", to=routes.admin_order(one.order), class_name=look),
            link(f"Cuenta {one.account}", to=routes.admin_account(one.account), class_name=look),
            class_name="flex flex-wrap gap-x-4 md:grid",
        ),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-sm"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
