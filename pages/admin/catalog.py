"""The services in the order shoppers see them; each leads to its texts, plans and prices."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import icon_button
from pages.components.feedback import empty_state, error_region, skeleton_cards, toast, until_ready
from pages.components.links import button_link, link
from pages.components.search import search_form
from pages.components.service_tile import service_tile
from pages.components.tabs import tab, tabs
from pages.frames import admin_page
from state.admin.catalog import AdminCatalog
from state.admin.catalog_view import ServiceRow


def admin_catalog() -> rx.Component:
    return admin_page(
        rx.cond(AdminCatalog.is_owner, _actions()),
        search_form(
            "Buscar un servicio",
            "q",
            rx.cond(
                AdminCatalog.archived, rx.el.input(type="hidden", name="ver", value="archivados")
            ),
            action=routes.ADMIN_CATALOG,
            value=AdminCatalog.q,
            placeholder="Nombre o categoría",
        ),
        tabs(
            "Qué servicios",
            [
                tab(
                    "En la tienda",
                    to=routes.ADMIN_CATALOG,
                    active=rx.cond(AdminCatalog.archived, False, True),
                ),
                tab(
                    "Archivados",
                    to=f"{routes.ADMIN_CATALOG}?ver=archivados",
                    active=AdminCatalog.archived,
                ),
            ],
        ),
        rx.cond(
            AdminCatalog.loaded,
            rx.el.div(
                error_region(AdminCatalog.notice),
                rx.cond(
                    AdminCatalog.rows,
                    rx.el.ol(rx.foreach(AdminCatalog.rows, _service), class_name="cu-stack !gap-3"),
                    _none(),
                ),
                class_name="cu-stack",
            ),
            until_ready(AdminCatalog.notice, on_retry=AdminCatalog.load, waiting=skeleton_cards(3)),
        ),
        toast(AdminCatalog.said, times=AdminCatalog.said_times),
        title="Catálogo",
        active=routes.ADMIN_CATALOG,
    )


def _actions() -> rx.Component:
    return rx.el.div(
        button_link("Agregar servicio", to=routes.ADMIN_NEW_SERVICE),
        button_link("Cambiar precios", to=routes.ADMIN_PRICES, kind="quiet"),
        class_name="grid grid-cols-2 gap-3 sm:flex sm:flex-wrap",
    )


class Draggable(rx.Component):
    """A row of assets/draggable.js; who cannot drag has the arrows."""

    library = "$/public/draggable.js"
    tag = "Draggable"

    row: rx.Var[int]
    fixed: rx.Var[bool]

    on_arrive: rx.EventHandler[rx.event.passthrough_event_spec(int)]


def _service(one: ServiceRow) -> rx.Component:
    return Draggable.create(
        link(
            service_tile(one.initials, tone=one.tone),
            rx.el.div(
                rx.el.h2(one.name, class_name="text-lg leading-tight"),
                rx.el.p(one.category, class_name="cu-muted cu-small"),
                class_name="min-w-0",
            ),
            to=routes.admin_service(one.id),
            class_name="flex items-center gap-3 min-w-0 min-h-11",
        ),
        rx.el.div(
            badge(one.state, tone=one.state_tone),
            rx.el.span(one.plans),
            rx.el.span(one.price, class_name="font-semibold"),
            rx.el.span(one.stock, class_name="cu-muted"),
            class_name="col-span-2 flex flex-wrap items-center gap-x-4 gap-y-1 cu-num cu-small "
            "lg:col-span-1",
        ),
        rx.el.div(
            rx.cond(AdminCatalog.archived, "", _sell(one)),
            rx.cond(AdminCatalog.sorted, _arrows(one)),
            class_name="flex items-center justify-end row-start-1 col-start-2 lg:col-start-3",
        ),
        key=one.id,
        row=one.id,
        fixed=~AdminCatalog.sorted,  # pyright: ignore[reportOperatorIssue]  # a Var
        on_arrive=lambda dragged: AdminCatalog.drop(dragged, one.id),
        class_name="cu-card !p-4 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-3 "
        "lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)_auto]",
    )


def _sell(one: ServiceRow) -> rx.Component:
    return rx.cond(
        one.active,
        icon_button(f"Pausar {one.name}", "pause", on_click=AdminCatalog.sell(one.id, False)),
        icon_button(
            f"Poner a la venta {one.name}", "play", on_click=AdminCatalog.sell(one.id, True)
        ),
    )


def _arrows(one: ServiceRow) -> rx.Component:
    return rx.fragment(
        icon_button(
            f"Subir {one.name}",
            "up",
            on_click=AdminCatalog.move(one.id, True),
            disabled=one.first,
        ),
        icon_button(
            f"Bajar {one.name}",
            "down",
            on_click=AdminCatalog.move(one.id, False),
            disabled=one.last,
        ),
    )


def _none() -> rx.Component:
    return rx.cond(
        AdminCatalog.q,
        empty_state(
            "Ningún servicio coincide",
            "Busca por su nombre o por su categoría.",
            action=button_link("Ver todos", to=routes.ADMIN_CATALOG, kind="quiet"),
        ),
        rx.cond(
            AdminCatalog.archived,
            empty_state("No hay nada archivado", "Lo que archives aparecerá aquí."),
            empty_state(
                "Todavía no vendes ningún servicio",
                "Agrega el primero con sus planes y aparecerá en la tienda.",
            ),
        ),
    )
