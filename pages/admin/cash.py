"""The shop's cash by day, for who closes the till and for the accountant."""

import reflex as rx

from pages import routes
from pages.admin.payment_tabs import payment_tabs
from pages.components.bars import as_table
from pages.components.buttons import quiet_button
from pages.components.cards import card
from pages.components.export_menu import export_menu
from pages.components.feedback import empty_state, skeleton, until_ready
from pages.components.forms import text_field
from pages.components.links import link
from pages.components.search import QueryForm
from pages.components.table import cell, row, table
from pages.frames import admin_page
from state.admin.cash import BridgeRow, CashReport, MovementRow, SumsRow

VIEW = CashReport.view
AMOUNTS = ("Recibido", "Devuelto", "Neto", "Saldo dado", "Saldo usado")


def cash() -> rx.Component:
    return admin_page(
        payment_tabs(routes.ADMIN_CASH),
        rx.cond(
            VIEW.loaded,
            _report(),
            until_ready(CashReport.notice, on_retry=CashReport.load, waiting=_loading()),
        ),
        title="Caja",
        active=routes.ADMIN_PAYMENTS,
    )


def _report() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.nav(
                    rx.foreach(VIEW.spans, _span),
                    class_name="flex flex-wrap gap-2",
                    custom_attrs={"aria-label": "Periodos"},
                ),
                _dates(),
                class_name="grid gap-3",
            ),
            export_menu(("caja", "Caja")),
            class_name="flex flex-wrap items-start justify-between gap-3",
        ),
        card(_figures(), _sold(), title=VIEW.title),
        rx.cond(
            VIEW.days,
            table("Caja por día", ("Día", *AMOUNTS), rx.foreach(VIEW.days, _day), numeric=AMOUNTS),
        ),
        rx.cond(
            VIEW.places,
            rx.el.section(
                rx.el.h2("De dónde vino y por dónde salió", class_name="text-xl mb-3"),
                table(
                    "Caja por fuente y banco",
                    ("Fuente", "Recibido", "Devuelto"),
                    rx.foreach(VIEW.places, _place),
                    numeric=AMOUNTS,
                ),
            ),
            empty_state("Sin movimientos", "En estas fechas no entró ni salió dinero."),
        ),
        rx.cond(
            VIEW.movements,
            card(
                rx.el.ul(rx.foreach(VIEW.movements, _movement), class_name="cu-lines"),
                rx.cond(
                    VIEW.cut,
                    rx.el.p("Hay más: exporta el día para verlos todos.", class_name="cu-muted"),
                ),
                title="Movimientos del día",
            ),
        ),
        class_name="cu-stack",
    )


def _span(span: SumsRow) -> rx.Component:
    shown = span.address == VIEW.address
    return link(
        span.name,
        to=span.address,
        class_name=rx.cond(shown, "btn btn-neutral btn-sm", "btn btn-outline btn-sm"),
        custom_attrs={"aria-current": rx.cond(shown, "page", "false")},
    )


def _dates() -> rx.Component:
    return QueryForm.create(
        text_field("Desde", "desde", type="date", default_value=VIEW.since),
        text_field("Hasta", "hasta", type="date", default_value=VIEW.until),
        quiet_button("Ver", type="submit", class_name="col-span-2 self-start sm:mt-8"),
        method="get",
        action=routes.ADMIN_CASH,
        role="search",
        key=f"{VIEW.since}:{VIEW.until}",
        class_name="grid grid-cols-2 sm:flex gap-3",
    )


def _figures() -> rx.Component:
    total = VIEW.total
    pairs = (
        ("Recibido", total.received),
        ("Devuelto", total.refunded),
        ("Neto", total.net),
        ("Saldo dado", total.credit_given),
        ("Saldo usado", total.credit_used),
    )
    return rx.el.dl(
        *(
            rx.el.div(
                rx.el.dt(name, class_name="cu-muted cu-small"),
                rx.el.dd(amount, class_name="cu-price sm:text-lg"),
            )
            for name, amount in pairs
        ),
        class_name="grid grid-cols-2 gap-4 sm:grid-cols-3 lg:grid-cols-5",
    )


def _sold() -> rx.Component:
    """Why the first page tells another figure of the same days."""
    return rx.cond(
        VIEW.bridge,
        rx.el.div(
            as_table(
                "¿Por qué no es lo mismo que lo vendido?",
                rx.el.dl(rx.foreach(VIEW.bridge, _step), class_name="cu-lines"),
            ),
            class_name="mt-4",
        ),
    )


def _step(one: BridgeRow) -> rx.Component:
    return rx.el.div(
        rx.el.dt(one.said, class_name="min-w-0"),
        rx.el.dd(one.amount, class_name="cu-num whitespace-nowrap font-semibold"),
        class_name="flex items-baseline justify-between gap-4 py-2",
    )


def _day(one: SumsRow) -> rx.Component:
    return row(
        cell(
            "Día",
            link(
                one.name,
                to=one.address,
                class_name="cu-link cu-num inline-flex items-center min-h-11 md:min-h-0",
            ),
        ),
        cell("Recibido", one.received, numeric=True),
        cell("Devuelto", one.refunded, numeric=True),
        cell("Neto", rx.el.strong(one.net), numeric=True),
        cell("Saldo dado", one.credit_given, numeric=True),
        cell("Saldo usado", one.credit_used, numeric=True),
        key=one.name,
    )


def _place(one: SumsRow) -> rx.Component:
    return row(
        cell("Fuente", one.name),
        cell("Recibido", one.received, numeric=True),
        cell("Devuelto", one.refunded, numeric=True),
        key=one.name,
    )


def _movement(one: MovementRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(one.title, class_name="font-semibold"),
            rx.el.span(one.amount, class_name="cu-price whitespace-nowrap"),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.el.p(
            rx.cond(
                one.order > 0,
                link(
                    f"Pedido #{one.order}",
                    to=routes.admin_order(one.order),
                    class_name="cu-link cu-num",
                ),
            ),
            rx.el.span(one.detail, class_name="[overflow-wrap:anywhere]"),
            class_name="flex flex-wrap gap-x-3 cu-muted cu-small",
        ),
        class_name="py-3 first:pt-0 last:pb-0",
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-3xl"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
