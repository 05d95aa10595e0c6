"""The search and the filters of the orders: one plain form whose fields become the address."""

from collections.abc import Sequence

import reflex as rx

from pages import routes
from pages.components.badges import count_badge
from pages.components.browser import in_browser
from pages.components.buttons import quiet_button
from pages.components.forms import select_field, text_field
from pages.components.icons import icon
from pages.components.kinds import Text
from pages.components.links import button_link
from pages.components.search import QueryForm
from state.admin.order_rows import PAYMENTS, ServiceChoice
from state.admin.orders import AdminOrders

FORM = "filtros"
FILTERS = AdminOrders.filters
AT_ONCE = in_browser(f"document.getElementById('{FORM}').requestSubmit()")
DELIVERIES = (
    ("", "Cualquiera"),
    ("espera", "Espera stock"),
    ("entregado", "Entregado"),
    ("fallo", "El aviso falló"),
    ("confirmado", "El cliente confirmó"),
)
CHANNELS = (
    ("", "Cualquiera"),
    ("whatsapp", "WhatsApp"),
    ("email", "Correo"),
    ("web", "Solo panel"),
)
USUAL = rx.cond(AdminOrders.tab == "seguimiento", "Por su día", "Más nuevos primero")
ORDERS = (
    ("", USUAL),
    ("antiguos", "Más antiguos primero"),
    ("espera", "Más tiempo en espera"),
    ("total", "Total más alto"),
)
SIZES = (("", "25 por página"), ("50", "50 por página"), ("100", "100 por página"))


def filters() -> rx.Component:
    return QueryForm.create(
        rx.cond(AdminOrders.tab, rx.el.input(type="hidden", name="tab", value=AdminOrders.tab)),
        rx.el.div(
            _search(),
            rx.el.div(
                _at_once("Ordenar", "orden", ORDERS, FILTERS.order),
                _at_once("Cuántos por página", "por", SIZES, FILTERS.size),
                class_name="flex gap-2 min-w-0",
            ),
            class_name="flex flex-wrap gap-2 min-w-0",
            key=FILTERS.key,
        ),
        rx.el.details(
            rx.el.summary(
                icon("filter"),
                "Filtros",
                count_badge(FILTERS.count, label="puestos"),
                icon("right", "size-5 cu-muted transition-transform group-open:rotate-90"),
                class_name="inline-flex items-center gap-2 min-h-11 pr-3 font-semibold "
                "cursor-pointer",
            ),
            _fields(),
            open=FILTERS.count > 0,
            class_name="group",
        ),
        method="get",
        action=routes.ADMIN_ORDERS,
        role="search",
        custom_attrs={"id": FORM, "aria-label": "Buscar pedidos"},
        class_name="grid gap-1 grid-cols-[minmax(0,1fr)]",
    )


def _search() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.span(
                icon("search", "size-5"),
                class_name="absolute inset-y-0 left-3.5 z-10 grid place-items-center cu-muted "
                "pointer-events-none",
            ),
            rx.el.input(
                type="search",
                name="q",
                default_value=AdminOrders.q,
                placeholder="Pedido, celular, nombre o referencia",
                class_name="input pl-11",
                custom_attrs={
                    "aria-label": "Buscar por número, celular, nombre, referencia o rastreo",
                    "enterKeyHint": "search",
                },
            ),
            class_name="relative grow",
        ),
        quiet_button("Buscar", type="submit"),
        class_name="flex gap-2 grow basis-80 max-w-xl",
    )


def _at_once(
    label: str, name: str, options: Sequence[tuple[str, Text]], value: Text
) -> rx.Component:
    return rx.el.select(
        *(rx.el.option(text, value=said) for said, text in options),
        name=name,
        default_value=value,
        on_change=AT_ONCE,
        class_name="select w-auto min-w-0 shrink",
        custom_attrs={"aria-label": label},
    )


def _fields() -> rx.Component:
    return rx.el.div(
        select_field("Pago", "pago", PAYMENTS, default_value=FILTERS.payment),
        select_field("Entrega", "entrega", DELIVERIES, default_value=FILTERS.delivery),
        select_field(
            "Servicio",
            "servicio",
            rx.fragment(rx.el.option("Todos", value=""), rx.foreach(FILTERS.services, _service)),
            default_value=FILTERS.service,
        ),
        select_field("Avisos por", "canal", CHANNELS, default_value=FILTERS.channel),
        text_field("Desde", "desde", type="date", default_value=FILTERS.since),
        text_field("Hasta", "hasta", type="date", default_value=FILTERS.until),
        text_field("Total desde", "minimo", default_value=FILTERS.least, input_mode="decimal"),
        text_field("Total hasta", "maximo", default_value=FILTERS.most, input_mode="decimal"),
        rx.el.div(
            quiet_button("Filtrar", type="submit", class_name="grow"),
            button_link("Quitar filtros", to=routes.ADMIN_ORDERS, kind="ghost"),
            class_name="col-span-full flex flex-wrap gap-2 max-w-md",
        ),
        key=f"{FILTERS.key}|{rx.Var.create(FILTERS.services).to(list).length()}",
        class_name="cu-card !p-4 mt-1 grid gap-3 grid-cols-2 lg:grid-cols-4",
    )


def _service(one: ServiceChoice) -> rx.Component:
    return rx.el.option(one.name, value=one.slug)
