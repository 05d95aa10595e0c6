"""Parts of the inventory: what can be done, how it is narrowed, and an account of the list."""

import reflex as rx

from pages import routes
from pages.admin.export_parts import export_button
from pages.components.badges import badge
from pages.components.buttons import ghost_button, quiet_button
from pages.components.icons import icon
from pages.components.links import button_link, link
from pages.components.search import choice_filter
from pages.components.service_tile import service_tile
from pages.components.table import cell, row
from state.admin.account_view import Option
from state.admin.inventory import AccountRow, Inventory


def actions() -> rx.Component:
    return rx.el.div(
        button_link("Agregar cuenta", to=routes.ADMIN_NEW_ACCOUNT),
        button_link("Importar", to=routes.ADMIN_IMPORT, kind="quiet"),
        button_link("Disponibilidad", to=routes.ADMIN_STOCK, kind="quiet"),
        export_button(),
        class_name="grid grid-cols-2 gap-3 sm:flex sm:flex-wrap",
    )


def search() -> rx.Component:
    """Not a plain form: its address would hold the login."""
    return rx.el.form(
        rx.el.div(
            rx.el.span(
                icon("search", "size-5"),
                class_name="absolute inset-y-0 left-3.5 z-10 grid place-items-center cu-muted "
                "pointer-events-none",
            ),
            rx.el.input(
                type="search",
                name="q",
                placeholder="Usuario o número",
                auto_complete="off",
                auto_capitalize="none",
                spell_check=False,
                class_name="input pl-11",
                custom_attrs={
                    "aria-label": "Buscar por usuario exacto o por número de cuenta",
                    "enterKeyHint": "search",
                },
            ),
            class_name="relative grow",
        ),
        quiet_button("Buscar", type="submit"),
        on_submit=Inventory.search,
        role="search",
        custom_attrs={"aria-label": "Buscar una cuenta"},
        class_name="flex gap-2",
    )


def back_to_list() -> rx.Component:
    return ghost_button("Ver la lista", on_click=Inventory.load)


def service_filter() -> rx.Component:
    return choice_filter(
        "Servicio",
        "servicio",
        rx.foreach(Inventory.services, _service),
        rx.cond(Inventory.tab, rx.el.input(type="hidden", name="estado", value=Inventory.tab)),
        everything="Todos los servicios",
        action=routes.ADMIN_INVENTORY,
        value=Inventory.service,
        key=Inventory.filter_key,
    )


def _service(one: Option) -> rx.Component:
    return rx.el.option(one.label, value=one.value)


def card(one: AccountRow) -> rx.Component:
    return link(
        rx.el.div(
            service_tile(one.initials, tone=one.slug),
            rx.el.div(
                rx.el.h2(f"{one.service} · {one.id}", class_name="text-lg leading-tight"),
                rx.el.p(one.plan, class_name="cu-muted cu-small"),
                class_name="grow min-w-0",
            ),
            icon("right", "cu-muted"),
            class_name="flex items-center gap-3",
        ),
        rx.el.div(
            badge(one.status, tone=one.tone),
            rx.el.span(
                rx.el.span(one.places, class_name="font-bold"),
                rx.cond(one.unsold, " libres, sin vender", " libres"),
            ),
            rx.cond(one.held > 0, rx.el.span(f"{one.held} en uso")),
            rx.cond(one.to_rotate > 0, rx.el.span(f"{one.to_rotate} por rotar")),
            class_name="mt-3 flex flex-wrap items-center gap-x-4 gap-y-1 cu-num",
        ),
        rx.el.div(
            rx.el.span(f"Pagada hasta: {one.paid_until}", class_name="cu-muted cu-small cu-num"),
            rx.cond(one.paid_note, badge(one.paid_note, tone=one.paid_tone)),
            class_name="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        key=one.id,
        to=routes.admin_account(one.id),
        class_name="cu-card !p-4",
    )


def line(one: AccountRow) -> rx.Component:
    return row(
        cell(
            "Cuenta",
            link(
                service_tile(one.initials, tone=one.slug),
                rx.el.span(
                    rx.el.span(
                        f"{one.service} · {one.id}", class_name="cu-link cu-num whitespace-nowrap"
                    ),
                    rx.el.span(one.plan, class_name="block cu-muted cu-small"),
                ),
                to=routes.admin_account(one.id),
                class_name="inline-flex items-center gap-3 min-h-11",
            ),
        ),
        cell("Estado", badge(one.status, tone=one.tone)),
        cell(
            "Pagada hasta",
            rx.el.p(one.paid_until, class_name="cu-num whitespace-nowrap"),
            rx.cond(one.paid_note, badge(one.paid_note, tone=one.paid_tone)),
        ),
        cell(
            "Libres",
            rx.el.p(one.places, class_name="whitespace-nowrap"),
            rx.cond(
                one.unsold, rx.el.p("sin vender", class_name="cu-muted cu-small whitespace-nowrap")
            ),
            numeric=True,
        ),
        cell("En uso", f"{one.held}", numeric=True),
        cell("Por rotar", f"{one.to_rotate}", numeric=True),
        key=one.id,
    )
