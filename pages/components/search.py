"""Searching by address: the words typed become the query of a page, as with a plain GET form."""

import reflex as rx

from pages.components.buttons import quiet_button
from pages.components.icons import icon
from pages.components.kinds import Child, Handler, Text


class QueryForm(rx.Component):
    """The router's form: it changes the address without loading the page again."""

    library = "react-router"
    tag = "Form"
    alias = "QueryForm"

    method: rx.Var[str]
    action: rx.Var[str]
    role: rx.Var[str]


def search_form(
    label: str, name: str, *kept: Child, action: str, value: Text = "", placeholder: str = ""
) -> rx.Component:
    """`kept` are hidden inputs: filters that stay while searching. `value` is what was searched."""
    return QueryForm.create(
        *kept,
        rx.el.div(
            rx.el.span(
                icon("search", "size-5"),
                class_name="absolute inset-y-0 left-3.5 z-10 grid place-items-center cu-muted "
                "pointer-events-none",
            ),
            rx.el.input(
                type="search",
                name=name,
                default_value=value,
                key=value,
                placeholder=placeholder,
                class_name="input pl-11",
                custom_attrs={"aria-label": label, "enterKeyHint": "search"},
            ),
            class_name="relative grow",
        ),
        quiet_button("Buscar", type="submit"),
        method="get",
        action=action,
        role="search",
        class_name="flex gap-2 w-full max-w-xl",
    )


def ask_form(on_search: Handler) -> rx.Component:
    """Search without an address: what is typed may be a login, so it goes to the handler alone."""
    return rx.el.form(
        rx.el.span(
            icon("search", "size-5"),
            class_name="absolute inset-y-0 left-3.5 z-10 grid place-items-center cu-muted "
            "pointer-events-none",
        ),
        rx.el.input(
            type="search",
            name="q",
            placeholder="Pedido, celular, nombre o usuario",
            auto_complete="off",
            max_length=254,
            class_name="input pl-11 w-full",
            custom_attrs={"aria-label": "Buscar en toda la tienda", "enterKeyHint": "search"},
        ),
        on_submit=on_search,
        role="search",
        custom_attrs={"aria-label": "Toda la tienda"},
        class_name="relative",
    )


def choice_filter(
    label: str,
    name: str,
    options: rx.Component,
    *kept: Child,
    everything: str,
    action: str,
    value: Text,
    key: Text,
) -> rx.Component:
    """Narrow a list by one choice; `options` is an `rx.foreach`, `kept` are hidden inputs.

    `key` changes when the options arrive: a select keeps the first one it was drawn with.
    """
    return QueryForm.create(
        *kept,
        rx.el.select(
            rx.el.option(everything, value=""),
            options,
            name=name,
            default_value=value,
            key=key,
            class_name="select",
            custom_attrs={"aria-label": label},
        ),
        quiet_button("Filtrar", type="submit"),
        method="get",
        action=action,
        role="search",
        class_name="flex gap-2 w-full max-w-md",
    )
