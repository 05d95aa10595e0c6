"""A row of the list of payments, and what narrows it."""

from collections.abc import Sequence

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import quiet_button
from pages.components.forms import checkbox, select_field, text_field
from pages.components.icons import icon
from pages.components.links import link
from pages.components.search import QueryForm
from pages.components.table import cell, row
from state.admin.payment_list import KINDS, SOURCES, PaymentList, PaymentRow

VIEW = PaymentList.view


def filters() -> rx.Component:
    """One form, so that a search keeps the choices and a choice keeps the search."""
    return QueryForm.create(
        rx.el.div(
            rx.el.input(
                type="search",
                name="q",
                default_value=VIEW.q,
                placeholder="Referencia, rastreo o pedido",
                class_name="input grow min-w-0",
                custom_attrs={
                    "aria-label": "Buscar por referencia, clave de rastreo o pedido",
                    "enterKeyHint": "search",
                },
            ),
            quiet_button("Buscar", type="submit"),
            class_name="flex gap-2",
        ),
        checkbox(
            "Solo con dinero sin destino",
            name="sin-destino",
            value="1",
            default_checked=VIEW.loose,
        ),
        rx.el.details(
            rx.el.summary(
                "Más filtros",
                icon("right", "transition-transform group-open:rotate-90"),
                class_name="flex items-center gap-1 min-h-11 font-semibold w-fit",
            ),
            rx.el.div(
                text_field("Desde", "desde", type="date", default_value=VIEW.since),
                text_field("Hasta", "hasta", type="date", default_value=VIEW.until),
                _select("De dónde", "fuente", SOURCES, VIEW.source),
                _select("Tipo", "tipo", KINDS, VIEW.kind),
                text_field("Banco", "banco", default_value=VIEW.bank, auto_complete="off"),
                text_field(
                    "Monto exacto",
                    "monto",
                    default_value=VIEW.amount,
                    input_mode="decimal",
                    auto_complete="off",
                ),
                class_name="grid grid-cols-2 gap-3 sm:grid-cols-3 pt-1",
            ),
            open=VIEW.more,
            class_name="group",
        ),
        method="get",
        action=routes.ADMIN_PAYMENT_LIST,
        role="search",
        key=VIEW.key,
        class_name="grid gap-1 w-full max-w-2xl",
    )


def _select(
    label: str, name: str, options: Sequence[tuple[str, str]], value: rx.Var[str] | str
) -> rx.Component:
    return select_field(label, name, (("", "Todos"), *options), default_value=value)


def payment(one: PaymentRow) -> rx.Component:
    return row(
        cell(
            "Pedido",
            link(
                f"#{one.order}",
                to=routes.admin_order(one.order),
                class_name="cu-link cu-num font-semibold inline-flex items-center min-h-11 "
                "md:min-h-0",
            ),
            rx.el.span(one.who, class_name="block cu-muted cu-small [overflow-wrap:anywhere]"),
        ),
        cell("Monto", rx.el.span(one.amount, class_name="cu-price"), numeric=True),
        cell(
            "Tipo",
            badge(one.kind, tone=one.tone),
            rx.cond(
                one.loose,
                rx.el.span(
                    f"{one.loose} sin destino", class_name="block mt-1 cu-small font-semibold"
                ),
            ),
        ),
        cell("De dónde", one.source),
        cell(
            "Escrito",
            rx.el.span(one.written, class_name="cu-small cu-num [overflow-wrap:anywhere]"),
        ),
        cell("Día", rx.el.span(one.day, class_name="cu-num whitespace-nowrap")),
        key=one.id,
    )
