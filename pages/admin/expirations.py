"""What ends, by when, as a list to work through: choose rows, act, read what came of each."""

import reflex as rx

from pages import routes
from pages.admin import expiration_parts as parts
from pages.admin.result_parts import results
from pages.components.badges import badge
from pages.components.export_menu import export_menu
from pages.components.feedback import empty_state, error_region, skeleton, until_ready
from pages.components.links import link
from pages.components.pagination import pagination
from pages.components.table import cell, row, table
from pages.components.tabs import counted_tab, tabs
from pages.frames import admin_page
from state.admin.expiration_rows import ExpirationRow
from state.admin.expirations import Expirations

COLUMNS = {
    "ending": ("Elegir", "Cliente", "Termina", "Cuenta pagada hasta", "Estado", "Ver"),
    "rotate": ("Elegir", "Perfil", "Se liberó", "Estado", "Ver"),
    "supplier": ("Elegir", "Cuenta", "Pagada hasta", "Último cliente", "Estado", "Ver"),
}


def expirations() -> rx.Component:
    return admin_page(
        rx.el.div(
            parts.service_filter(),
            export_menu(("vencimientos", "Vencimientos")),
            class_name="flex flex-wrap items-start justify-between gap-3",
        ),
        rx.cond(
            Expirations.loaded,
            _list(),
            until_ready(Expirations.notice, on_retry=Expirations.load, waiting=_loading()),
        ),
        title="Vencimientos",
        active=routes.ADMIN_EXPIRATIONS,
    )


def _list() -> rx.Component:
    return rx.el.div(
        tabs("Qué vence", [rx.foreach(Expirations.tabs, counted_tab)]),
        results(Expirations),
        error_region(Expirations.notice),
        rx.cond(
            Expirations.rows,
            rx.el.div(
                rx.match(
                    Expirations.kind,
                    ("rotate", _table("rotate")),
                    ("supplier", _table("supplier")),
                    _table("ending"),
                ),
                parts.actions(),
                class_name="cu-stack",
            ),
            _none(),
        ),
        rx.cond(
            Expirations.paged,
            pagination(previous=Expirations.newer, following=Expirations.older),
        ),
        parts.dialogs(),
        class_name="cu-stack",
    )


def _table(kind: str) -> rx.Component:
    make = {"rotate": _rotation, "supplier": _supplier}.get(kind, _ending)
    return table("Vencimientos", COLUMNS[kind], rx.foreach(Expirations.rows, make))


def _ending(one: ExpirationRow) -> rx.Component:
    return row(
        _choose(one),
        cell("Cliente", *_who(one)),
        cell("Termina", *_day(one.first_clock, one.first_note)),
        cell("Cuenta pagada hasta", *_day(one.second_clock, ""), _warning(one)),
        cell("Estado", badge(one.state, tone=one.tone)),
        _see(one),
        key=one.id,
    )


def _rotation(one: ExpirationRow) -> rx.Component:
    return row(
        _choose(one),
        cell("Perfil", *_who(one)),
        cell("Se liberó", *_day(one.first_clock, "")),
        cell("Estado", badge(one.state, tone=one.tone), _warning(one)),
        _see(one),
        key=one.id,
    )


def _supplier(one: ExpirationRow) -> rx.Component:
    return row(
        _choose(one),
        cell("Cuenta", *_who(one)),
        cell("Pagada hasta", *_day(one.second_clock, "")),
        cell("Último cliente", *_day(one.first_clock, "")),
        cell("Estado", badge(one.state, tone=one.tone), _warning(one)),
        _see(one),
        key=one.id,
    )


def _choose(one: ExpirationRow) -> rx.Component:
    return cell(
        "Elegir",
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="checkbox checkbox-primary",
                checked=rx.Var.create(Expirations.chosen).to(list).contains(one.id),
                disabled=Expirations.running,
                on_change=lambda _: Expirations.toggle(one.id),
                custom_attrs={"aria-label": f"Elegir {one.title}, {one.detail}"},
            ),
            class_name="grid place-items-center size-11 -m-2",
        ),
    )


def _who(one: ExpirationRow) -> tuple[rx.Component, ...]:
    return (
        rx.el.p(one.title, class_name="font-semibold leading-tight"),
        rx.el.p(one.detail, class_name="cu-small"),
        rx.cond(
            one.phone,
            rx.el.p(one.phone, class_name="cu-muted cu-small cu-num whitespace-nowrap"),
        ),
    )


def _day(day: rx.Var[str] | str, note: rx.Var[str] | str) -> tuple[rx.Component, ...]:
    return (
        rx.el.p(day, class_name="cu-num whitespace-nowrap"),
        rx.cond(note, rx.el.p(note, class_name="cu-muted cu-small whitespace-nowrap")),
    )


def _warning(one: ExpirationRow) -> rx.Component:
    return rx.cond(one.warning, rx.el.p(one.warning, class_name="cu-error cu-small mt-1"))


def _see(one: ExpirationRow) -> rx.Component:
    look = "cu-link inline-flex items-center min-h-11 whitespace-nowrap"
    return cell(
        "Ver",
        rx.el.div(
            rx.cond(
                one.order > 0,
                link(f"Pedido #{one.order}", to=routes.admin_order(one.order), class_name=look),
            ),
            link(f"Cuenta {one.account}", to=routes.admin_account(one.account), class_name=look),
            class_name="flex flex-wrap gap-x-4 md:grid",
        ),
    )


def _none() -> rx.Component:
    said = rx.match(
        Expirations.kind,
        ("rotate", empty_state("Nada por rotar", "Los perfiles que se liberen aparecerán aquí.")),
        (
            "supplier",
            empty_state("Ningún pago pendiente", "Avisamos aquí desde 7 días antes."),
        ),
        empty_state("Nada vence aquí", "Ninguna suscripción termina en estos días."),
    )
    return rx.fragment(said)


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-xl"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
