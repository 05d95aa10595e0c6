"""Parts of the log: its filters, and an entry with what changed."""

import reflex as rx

from pages import routes
from pages.components.buttons import quiet_button
from pages.components.export_menu import export_menu
from pages.components.forms import select_field, text_field
from pages.components.links import button_link, link
from pages.components.search import QueryForm
from pages.components.table import cell, row
from state.admin.log import GROUP_OPTIONS, OBJECT_OPTIONS, AdminLog
from state.admin.log_rows import LogLine, LogRow


def filters() -> rx.Component:
    """One form, so that they hold together; its address can be kept and shared."""
    asked = AdminLog.view.filters
    return QueryForm.create(
        rx.el.div(
            select_field(
                "Persona",
                "persona",
                rx.fragment(
                    rx.el.option("Cualquiera", value=""),
                    rx.foreach(
                        AdminLog.view.people, lambda one: rx.el.option(one.label, value=one.value)
                    ),
                ),
                default_value=asked.person,
            ),
            select_field(
                "Tema", "grupo", [("", "Todos"), *GROUP_OPTIONS], default_value=asked.group
            ),
            select_field(
                "De qué",
                "objeto",
                [("", "Cualquier cosa"), *OBJECT_OPTIONS],
                default_value=asked.object_type,
            ),
            text_field(
                "Su número",
                "numero",
                default_value=asked.object_id,
                input_mode="numeric",
                auto_complete="off",
            ),
            text_field("Desde", "desde", type="date", default_value=asked.since),
            text_field("Hasta", "hasta", type="date", default_value=asked.until),
            class_name="grid gap-3 grid-cols-2 lg:grid-cols-3",
        ),
        rx.el.div(
            quiet_button("Filtrar", icon_name="filter", type="submit"),
            rx.cond(asked.any, button_link("Quitar filtros", to=routes.ADMIN_LOG, kind="ghost")),
            rx.el.div(export_menu(("bitacora", "Bitácora")), class_name="ml-auto"),
            class_name="flex flex-wrap gap-3",
        ),
        method="get",
        action=routes.ADMIN_LOG,
        role="search",
        key=asked.key,
        class_name="cu-card cu-stack !gap-3",
    )


def card(one: LogRow) -> rx.Component:
    """On a phone an entry is a short paragraph: what first, then who, when and from where."""
    return rx.el.article(
        rx.el.div(
            rx.el.h2(one.did, class_name="text-base first-letter:uppercase min-w-0"),
            rx.el.span(one.when, class_name="cu-muted cu-small cu-num whitespace-nowrap"),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.el.p(
            one.who,
            rx.cond(one.where, rx.el.span(f" · {one.where}", class_name="cu-muted")),
            class_name="cu-small break-words",
        ),
        _about(one),
        _changes(one),
        key=one.id,
        class_name="p-4",
    )


def line(one: LogRow) -> rx.Component:
    return row(
        cell("Cuándo", rx.el.p(one.when, class_name="cu-num whitespace-nowrap")),
        cell(
            "Quién",
            rx.el.p(one.who, class_name="font-semibold leading-tight"),
            rx.cond(one.where, rx.el.p(one.where, class_name="cu-muted cu-small")),
        ),
        cell(
            "Qué",
            rx.el.p(one.did, class_name="first-letter:uppercase leading-tight"),
            _about(one),
        ),
        cell("Cambio", _changes(one)),
        key=one.id,
    )


def _about(one: LogRow) -> rx.Component:
    return rx.el.div(
        rx.cond(
            one.address,
            link(one.object, to=one.address, class_name=_LINK),
            rx.el.span(one.object, class_name="cu-small"),
        ),
        rx.cond(
            one.only,
            link(
                "Su historia",
                rx.el.span(f" de {one.object}", class_name="sr-only"),
                to=one.only,
                class_name=_LINK,
            ),
        ),
        class_name="flex flex-wrap items-center gap-x-4",
    )


def _changes(one: LogRow) -> rx.Component:
    return rx.cond(one.lines, rx.el.ul(rx.foreach(one.lines, _change), class_name="grid gap-1"))


def _change(one: LogLine) -> rx.Component:
    return rx.el.li(
        rx.el.span(f"{one.label}: ", class_name="cu-muted"),
        rx.cond(
            one.turned,
            rx.fragment(
                rx.el.span("de ", class_name="sr-only"),
                rx.el.del_(one.before, class_name="cu-muted no-underline"),
                rx.el.span(" → ", custom_attrs={"aria-hidden": "true"}),
                rx.el.span(" a ", class_name="sr-only"),
            ),
        ),
        rx.el.span(one.after, class_name="font-semibold"),
        class_name="cu-small break-words",
    )


_LINK = "cu-link cu-small inline-flex items-center min-h-11"
