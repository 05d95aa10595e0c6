"""What the search above every page found."""

import reflex as rx

from pages.components.cards import card
from pages.components.feedback import empty_state, error_region
from pages.components.icons import icon
from pages.components.links import link
from pages.components.search import ask_form
from pages.frames import admin_page
from state.admin.search import AdminSearch, Hit, HitGroup


def search() -> rx.Component:
    return admin_page(
        rx.el.div(ask_form(AdminSearch.find), class_name="md:hidden"),
        error_region(AdminSearch.notice),
        rx.cond(
            AdminSearch.groups,
            rx.el.div(rx.foreach(AdminSearch.groups, _group), class_name="cu-stack"),
            rx.cond(
                AdminSearch.asked,
                empty_state(
                    "No encontramos nada con eso",
                    "Busca por número de pedido, celular, nombre, correo o el usuario completo de "
                    "una cuenta.",
                ),
                empty_state(
                    "Busca en toda la tienda",
                    "Escribe arriba un número de pedido, un celular, un nombre, un correo o el "
                    "usuario completo de una cuenta.",
                ),
            ),
        ),
        title="Buscar",
    )


def _group(group: HitGroup) -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(group.hits, _hit), class_name="cu-lines"),
        title=group.label,
    )


def _hit(hit: Hit) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(
                rx.el.span(hit.title, class_name="block font-semibold"),
                rx.el.span(hit.detail, class_name="block cu-muted cu-small"),
                class_name="min-w-0 grow",
            ),
            icon("right", "size-5 cu-muted flex-none"),
            to=hit.address,
            class_name="flex items-center gap-3 py-2.5 min-h-11",
        )
    )
