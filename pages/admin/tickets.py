"""Support as a queue: who has waited longest stands first."""

import reflex as rx

from pages import routes
from pages.admin.contact_parts import inbox
from pages.components.badges import badge
from pages.components.buttons import quiet_button
from pages.components.feedback import (
    empty_state,
    error_region,
    skeleton,
    status_region,
    until_ready,
)
from pages.components.links import link
from pages.components.pagination import pagination
from pages.components.search import QueryForm
from pages.components.table import cell, row, table
from pages.components.tabs import counted_tab, tabs
from pages.frames import admin_page
from state.admin.ticket_rows import TicketRow
from state.admin.tickets import AdminTickets, Choice

VIEW = AdminTickets.view
COLUMNS = ("Ticket", "Cliente", "Tiempo", "Estado", "Asignado a")
PRIORITIES = (("urgent", "Urgente"), ("high", "Alta"), ("normal", "Normal"), ("low", "Baja"))


def tickets() -> rx.Component:
    return admin_page(
        rx.cond(
            VIEW.loaded,
            _queue(),
            until_ready(AdminTickets.notice, on_retry=AdminTickets.load, waiting=_loading()),
        ),
        title="Soporte",
        active=routes.ADMIN_SUPPORT,
    )


def _queue() -> rx.Component:
    return rx.el.div(
        tabs("Tickets", [rx.foreach(VIEW.tabs, counted_tab)]),
        status_region(AdminTickets.said),
        error_region(AdminTickets.notice),
        rx.cond(
            VIEW.tab == "contacto",
            inbox(),
            rx.el.div(
                _tools(),
                rx.cond(VIEW.rows, table("Tickets", COLUMNS, rx.foreach(VIEW.rows, _row)), _none()),
                class_name="cu-stack",
            ),
        ),
        rx.cond(VIEW.paged, pagination(previous=VIEW.newer, following=VIEW.older)),
        class_name="cu-stack",
    )


def _tools() -> rx.Component:
    return rx.el.div(
        QueryForm.create(
            rx.el.input(type="hidden", name="tab", value=VIEW.tab),
            _select(
                "Asignado a",
                "asignado",
                rx.el.option("De todos", value=""),
                rx.foreach(VIEW.team, _option),
                value=VIEW.assignee,
            ),
            _select(
                "Prioridad",
                "prioridad",
                rx.el.option("Toda prioridad", value=""),
                *(rx.el.option(name, value=value) for value, name in PRIORITIES),
                value=VIEW.priority,
            ),
            quiet_button("Filtrar", type="submit"),
            key=VIEW.filter_key,
            method="get",
            action=routes.ADMIN_SUPPORT,
            role="search",
            class_name="grid grid-cols-2 sm:flex gap-2 grow max-w-2xl *:last:col-span-2",
        ),
        link(
            "Respuestas guardadas",
            to=routes.ADMIN_REPLIES,
            class_name="cu-link inline-flex items-center min-h-11",
        ),
        class_name="flex flex-wrap items-center justify-between gap-2",
    )


def _select(
    label: str, name: str, *options: rx.Component, value: rx.Var[str] | str
) -> rx.Component:
    return rx.el.select(
        *options,
        name=name,
        default_value=value,
        class_name="select",
        custom_attrs={"aria-label": label},
    )


def _option(one: Choice) -> rx.Component:
    return rx.el.option(one.name, value=one.value, key=one.value)


def _row(one: TicketRow) -> rx.Component:
    return row(
        cell(
            "",
            rx.el.div(
                rx.el.div(
                    link(
                        one.subject,
                        to=routes.admin_ticket(one.id),
                        class_name="cu-link inline-flex items-center min-h-11 leading-tight "
                        "[overflow-wrap:anywhere]",
                        custom_attrs={"aria-label": f"Ticket #{one.id}: {one.subject}"},
                    ),
                    rx.cond(one.unread, badge("Nuevo", tone="info")),
                    class_name="flex flex-wrap items-center gap-x-2",
                ),
                rx.el.p(
                    rx.cond(one.about, f"{one.about} · ", ""),
                    one.last_words,
                    class_name="cu-muted cu-small line-clamp-2 [overflow-wrap:anywhere]",
                ),
                class_name="text-left",
            ),
        ),
        cell(
            "Cliente",
            rx.el.p(one.customer, class_name="leading-tight"),
            rx.el.p(one.phone, class_name="cu-muted cu-small cu-num whitespace-nowrap"),
        ),
        cell(
            "Tiempo",
            rx.cond(
                one.late,
                rx.el.p(badge(one.age, tone="error")),
                rx.el.p(one.age, class_name="cu-num whitespace-nowrap"),
            ),
            rx.el.p(one.since, class_name="cu-muted cu-small cu-num whitespace-nowrap"),
        ),
        cell(
            "Estado",
            rx.el.div(
                badge(one.state, tone=one.tone),
                rx.cond(one.priority, badge(one.priority, tone=one.priority_tone)),
                class_name="flex flex-wrap gap-1.5 justify-end md:justify-start",
            ),
        ),
        cell(
            "Asignado a",
            rx.cond(one.assignee, one.assignee, rx.el.span("Nadie", class_name="cu-muted")),
        ),
        key=one.id,
    )


def _none() -> rx.Component:
    said = rx.match(
        VIEW.tab,
        (
            "abiertos",
            empty_state("Nadie espera respuesta", "Los tickets nuevos aparecen solos en la lista."),
        ),
        (
            "esperan",
            empty_state("Nada pendiente del cliente", "Aquí quedan los que ya respondiste."),
        ),
        empty_state("No hay tickets aquí", "Prueba con otra pestaña o quita los filtros."),
    )
    return rx.fragment(said)


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-11 max-w-xl"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
