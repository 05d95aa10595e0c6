"""What stands on the shelves, and the two ways to narrow them."""

import reflex as rx

from pages import routes
from pages.components.badges import availability_badge
from pages.components.browser import in_browser
from pages.components.buttons import primary_button
from pages.components.feedback import skeleton
from pages.components.icons import icon
from pages.components.links import link
from pages.components.service_tile import service_tile
from state.storefront.home import Category, PlanTag, ServiceCard, Shelves

PAUSE = 300  # ms without a keystroke before the shelves follow


def search_box() -> rx.Component:
    """Keeps what is being typed; takes the words of the address when the page is loaded with them.

    Enter only puts the phone's keyboard away: the shelves have followed already.
    """
    return rx.el.form(
        rx.el.label("Buscar un servicio", html_for="buscar", class_name="sr-only"),
        icon("search", "absolute left-4 top-1/2 -translate-y-1/2 z-10 cu-muted"),
        rx.el.input(
            id="buscar",
            key=Shelves.asked,
            type="search",
            name="q",
            placeholder="Busca Netflix, música…",
            default_value=Shelves.q,
            max_length=60,
            auto_complete="off",
            enter_key_hint="search",
            on_change=Shelves.search.debounce(PAUSE),
            class_name="input pl-12",
        ),
        on_submit=in_browser("document.activeElement?.blur()"),
        role="search",
        class_name="relative",
    )


def category_chips() -> rx.Component:
    """Their place is held while they load, so that nothing below them jumps."""
    return rx.cond(
        Shelves.ready,
        rx.cond(
            Shelves.categories,
            rx.el.div(
                rx.foreach(Shelves.categories, _chip),
                role="group",
                class_name="cu-tabs",
                custom_attrs={"aria-label": "Categorías"},
            ),
        ),
        rx.el.div(
            skeleton("h-11 w-40 flex-none rounded-full"),
            skeleton("h-11 w-24 flex-none rounded-full"),
            class_name="cu-tabs",
        ),
    )


def _chip(category: Category) -> rx.Component:
    return rx.el.button(
        category.name,
        type="button",
        on_click=Shelves.choose(category.name),
        class_name="cu-tab cursor-pointer",
        custom_attrs={"aria-pressed": rx.cond(category.chosen, "true", "false")},
    )


def service_card(service: ServiceCard) -> rx.Component:
    return rx.el.article(
        link(
            service_tile(service.initials, tone=service.tone),
            rx.el.div(
                rx.el.h3(service.name, class_name="!text-lg truncate"),
                rx.el.p(
                    "Desde ",
                    rx.el.span(service.price_from, class_name="cu-price text-base-content"),
                    class_name="cu-muted cu-small",
                ),
                class_name="grow min-w-0",
            ),
            icon("right", "cu-muted"),
            to=routes.service(service.slug),
            class_name="flex items-center gap-3",
        ),
        rx.el.div(availability_badge(service.available)),
        rx.el.p(service.description, class_name="cu-muted cu-small"),
        rx.el.ul(
            rx.foreach(service.plans, _plan),
            class_name="grid grid-cols-2 gap-2 mb-auto",
            custom_attrs={"aria-label": f"Planes de {service.name}"},
        ),
        _actions(service),
        class_name="cu-card flex flex-col gap-3",
    )


def _plan(plan: PlanTag) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            plan.name,
            rx.cond(
                plan.saving, rx.el.span(plan.saving, class_name="text-success font-bold ml-auto")
            ),
            class_name="flex gap-1 cu-small font-semibold whitespace-nowrap",
        ),
        rx.el.p(plan.price, class_name="cu-num cu-small cu-muted whitespace-nowrap"),
        class_name="rounded-field bg-base-200 px-2.5 py-2",
    )


def _actions(service: ServiceCard) -> rx.Component:
    return rx.el.div(
        rx.cond(
            service.quick_plan > 0,
            primary_button(
                f"Agregar {service.quick_label}",
                icon_name="plus",
                on_click=Shelves.add(service.quick_plan),
                class_name="grow px-3",
                custom_attrs={
                    "aria-label": f"Agregar {service.quick_label} de {service.name} al carrito"
                },
            ),
        ),
        link(
            rx.cond(service.available > 0, "Ver planes", "Avísame cuando haya"),
            to=routes.service(service.slug),
            class_name="btn btn-outline grow px-3",
            custom_attrs={
                "aria-label": rx.cond(
                    service.available > 0,
                    f"Ver planes de {service.name}",
                    f"Avísame cuando haya {service.name}",
                )
            },
        ),
        class_name="flex flex-wrap gap-2",
    )
