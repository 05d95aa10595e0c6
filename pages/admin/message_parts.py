"""A line of the history of messages, its way from the queue on, and what narrows the list."""

from collections.abc import Mapping

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import ghost_button, quiet_button
from pages.components.icons import icon
from pages.components.links import link
from pages.components.search import QueryForm
from pages.components.timeline import timeline, timeline_item
from state.admin.message_rows import MessageRow, MessageStep
from state.admin.messages import CHANNEL_NAMES, KIND_NAMES, AdminMessages

VIEW = AdminMessages.view


def filters() -> rx.Component:
    """One form, so that a search keeps the choices and a choice keeps the search."""
    return QueryForm.create(
        rx.cond(VIEW.tab, rx.el.input(type="hidden", name="tab", value=VIEW.tab)),
        rx.el.div(
            rx.el.span(
                icon("search", "size-5"),
                class_name="absolute inset-y-0 left-3.5 z-10 grid place-items-center cu-muted "
                "pointer-events-none",
            ),
            rx.el.input(
                type="search",
                name="q",
                default_value=VIEW.q,
                placeholder="Pedido, celular o correo",
                class_name="input pl-11",
                custom_attrs={
                    "aria-label": "Buscar por número de pedido, celular o correo",
                    "enterKeyHint": "search",
                },
            ),
            class_name="relative col-span-2 lg:grow",
        ),
        _select("Canal", "canal", CHANNEL_NAMES, "Canal: todos", VIEW.channel),
        _select("Tipo de mensaje", "tipo", KIND_NAMES, "Tipo: todos", VIEW.kind),
        quiet_button("Filtrar", type="submit", class_name="col-span-2"),
        method="get",
        action=routes.ADMIN_MESSAGES,
        role="search",
        key=VIEW.key,
        class_name="grid grid-cols-2 gap-2 lg:flex",
    )


def _select(
    label: str, name: str, options: Mapping[str, str], everything: str, value: rx.Var[str] | str
) -> rx.Component:
    return rx.el.select(
        rx.el.option(everything, value=""),
        *(rx.el.option(said, value=one) for one, said in options.items()),
        name=name,
        default_value=value,
        class_name="select lg:w-52",
        custom_attrs={"aria-label": label},
    )


def message(one: MessageRow) -> rx.Component:
    shown = AdminMessages.opened == one.id
    return rx.el.li(
        rx.el.div(
            _about(one),
            _to(one),
            _state(one),
            rx.el.div(
                ghost_button(
                    rx.cond(shown, "Ocultar", "Ver pasos"),
                    class_name="btn-sm -ml-3 lg:ml-0 lg:order-last",
                    on_click=AdminMessages.open(one.id),
                    custom_attrs={"aria-expanded": rx.cond(shown, "true", "false")},
                ),
                rx.cond(
                    one.again,
                    quiet_button(
                        "Reintentar",
                        icon_name="refresh",
                        class_name="btn-sm",
                        on_click=AdminMessages.retry(one.id),
                    ),
                ),
                class_name="flex flex-wrap justify-between gap-2 lg:justify-end lg:w-72",
            ),
            class_name="grid gap-2 lg:grid-cols-[minmax(0,5fr)_minmax(0,4fr)_minmax(0,6fr)_auto] "
            "lg:items-center lg:gap-5",
        ),
        rx.cond(shown, _way()),
        key=one.id,
        class_name="p-4 md:px-5",
    )


def _about(one: MessageRow) -> rx.Component:
    return rx.el.div(
        rx.el.h2(one.kind, class_name="!text-base leading-tight"),
        rx.el.p(
            one.who,
            rx.cond(
                one.order > 0,
                rx.fragment(
                    " · ",
                    link(
                        f"Pedido #{one.order}",
                        to=routes.admin_order(one.order),
                        class_name="cu-link cu-num whitespace-nowrap",
                    ),
                ),
            ),
            class_name="cu-small mt-0.5 [overflow-wrap:anywhere]",
        ),
        class_name="min-w-0",
    )


def _to(one: MessageRow) -> rx.Component:
    return rx.el.p(
        rx.el.span(one.channel, class_name="font-semibold"),
        rx.el.span(one.address, class_name="cu-num min-w-0 [overflow-wrap:anywhere]"),
        class_name="flex gap-2 lg:block lg:[&>span]:block cu-small min-w-0",
    )


def _state(one: MessageRow) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            badge(one.status, tone=one.tone),
            rx.el.span(one.when, class_name="cu-muted cu-small cu-num"),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        rx.cond(one.why, rx.el.p(one.why, class_name="cu-small mt-1")),
        rx.cond(one.note, rx.el.p(one.note, class_name="cu-muted cu-small mt-1")),
        class_name="min-w-0",
    )


def _way() -> rx.Component:
    return rx.el.div(
        timeline(rx.foreach(AdminMessages.steps, _step)),
        rx.el.p(
            icon("lock", "size-4"),
            "Lo que dice no se muestra aquí: está cifrado.",
            class_name="mt-4 flex items-center gap-2 cu-muted cu-small",
        ),
        class_name="mt-4 pt-4 border-t border-base-300",
    )


def _step(step: MessageStep) -> rx.Component:
    return timeline_item(step.title, when=step.when, detail=step.why, state=step.state)
