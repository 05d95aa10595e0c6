"""One service: choose a plan, know what it is and what it asks."""

import reflex as rx

from pages import routes
from pages.components.badges import availability_badge
from pages.components.buttons import ghost_button, quiet_button, submit_button
from pages.components.cards import card
from pages.components.feedback import (
    alert,
    empty_state,
    error_region,
    error_state,
    skeleton,
    toast,
)
from pages.components.forms import choice, choices, quantity
from pages.components.icons import icon
from pages.components.links import button_link, link
from pages.components.service_tile import service_tile
from pages.frames import shop_page
from state.storefront.service import PlanChoice, ServicePage

RECEIVED = (
    "El usuario y la contraseña, en «Mis cuentas» y por el medio que elijas.",
    "Tu propio perfil, con su PIN si lo lleva.",
    "Aviso antes de que termine, para renovar el mismo perfil.",
    "Reposición sin costo si algo deja de funcionar.",
)


def service() -> rx.Component:
    return shop_page(
        rx.cond(
            ServicePage.ready,
            rx.cond(
                ServicePage.failed,
                error_state(on_retry=ServicePage.load, detail=ServicePage.notice),
                rx.cond(ServicePage.missing, _missing(), _sheet()),
            ),
            _waiting(),
        ),
        toast(ServicePage.said, link("Ver carrito", to=routes.CART), times=ServicePage.said_times),
        back=("Todos los servicios", routes.HOME),
        active=routes.HOME,
    )


def _sheet() -> rx.Component:
    sheet = ServicePage.service
    return rx.el.div(
        rx.el.div(
            service_tile(sheet.initials, tone=sheet.tone, size="lg"),
            rx.el.div(
                rx.el.h1(sheet.name),
                rx.el.p(sheet.category, class_name="cu-muted"),
                class_name="min-w-0",
            ),
            class_name="flex items-center gap-4",
        ),
        rx.el.p(sheet.description, class_name="max-w-prose"),
        rx.el.div(
            card(_form()),
            rx.el.div(
                card(_list(RECEIVED), title="Qué recibes"),
                rx.cond(
                    sheet.terms,
                    card(_rows(sheet.terms), title="Antes de comprar"),
                ),
                rx.cond(
                    sheet.instructions,
                    card(_rows(sheet.instructions, ordered=True), title="Cómo se usa"),
                ),
                class_name="cu-stack",
            ),
            class_name="grid gap-4 lg:grid-cols-[3fr_2fr] items-start",
        ),
        class_name="cu-stack",
    )


def _form() -> rx.Component:
    """The plan, how many, and one button; the answer stands beneath it."""
    return rx.el.form(
        rx.el.div(
            choices("Elige tu plan", rx.foreach(ServicePage.plans, _plan)),
            key=f"{ServicePage.service.slug}-{ServicePage.first_choice}",
        ),
        rx.cond(
            ServicePage.service.available > 0,
            rx.el.div(
                rx.el.div(
                    rx.el.span("Cantidad", class_name="cu-label"),
                    quantity(maximum=10),
                    class_name="flex items-center justify-between gap-4",
                ),
                submit_button("Agregar al carrito"),
                class_name="cu-stack",
            ),
            alert(
                "Estamos consiguiendo más. Dinos qué plan quieres y te avisamos en cuanto haya.",
                tone="warning",
                title="Agotado por ahora",
            ),
        ),
        rx.cond(
            ServicePage.said,
            button_link("Ver carrito", to=routes.CART, kind="quiet", icon_name="cart"),
        ),
        error_region(ServicePage.notice),
        rx.el.p("Precios finales en pesos, IVA incluido.", class_name="cu-muted cu-small"),
        on_submit=ServicePage.add,
        class_name="cu-stack",
    )


def _plan(plan: PlanChoice) -> rx.Component:
    return rx.el.div(
        choice(
            rx.el.span(
                rx.el.span(plan.name, class_name="font-bold"),
                rx.el.span(
                    rx.cond(
                        plan.before,
                        rx.fragment(
                            rx.el.span("Antes ", class_name="sr-only"),
                            rx.el.s(plan.before, class_name="mr-2 cu-muted cu-small cu-num"),
                            rx.el.span("Ahora ", class_name="sr-only"),
                        ),
                    ),
                    rx.el.span(plan.price, class_name="cu-price"),
                ),
                class_name="flex flex-wrap justify-between gap-x-3",
            ),
            rx.el.span(
                rx.el.span(plan.detail, class_name="cu-muted"),
                rx.el.span(plan.saving, class_name="text-success font-bold"),
                class_name="flex flex-wrap justify-between gap-x-3 cu-small",
            ),
            rx.el.span(availability_badge(plan.available), class_name="block mt-1.5"),
            name="plan",
            value=plan.id,
            default_checked=plan.chosen,
            disabled=plan.available == 0,
        ),
        rx.cond(plan.available == 0, _wish(plan)),
    )


def _wish(plan: PlanChoice) -> rx.Component:
    """Below a plan that is sold out: ask to be told, or see that one will be, and undo it."""
    return rx.el.div(
        rx.cond(
            plan.asked,
            rx.el.div(
                rx.el.p(
                    icon("check", "text-success"),
                    ServicePage.will_tell,
                    class_name="flex items-center gap-1.5 font-semibold cu-small",
                ),
                ghost_button(
                    "Deshacer",
                    on_click=ServicePage.forget(plan.id),
                    class_name="btn-sm px-2",
                    custom_attrs={"aria-label": f"Ya no me avisen de {plan.name}"},
                ),
                class_name="flex flex-wrap items-center justify-between gap-x-1",
            ),
            quiet_button(
                "Avísame cuando haya",
                icon_name="bell",
                on_click=ServicePage.ask(plan.id),
                class_name="w-full sm:w-auto sm:ml-auto",
                custom_attrs={"aria-label": f"Avísame cuando haya {plan.name}"},
            ),
        ),
        class_name="flex flex-col mt-2 mb-3",
        custom_attrs={"aria-live": "polite"},
    )


def _rows(lines: tuple[str, ...], *, ordered: bool = False) -> rx.Component:
    items = rx.foreach(lines, rx.el.li)
    return rx.el.ol(items, class_name=f"{_LIST} list-decimal") if ordered else _bullets(items)


def _list(lines: tuple[str, ...]) -> rx.Component:
    return _bullets(*(rx.el.li(line) for line in lines))


def _bullets(*items: rx.Component) -> rx.Component:
    return rx.el.ul(*items, class_name=f"{_LIST} list-disc")


_LIST = "grid gap-1.5 pl-5 marker:text-primary"


def _missing() -> rx.Component:
    return rx.el.div(
        rx.el.h1("Este servicio no está a la venta", class_name="sr-only"),
        empty_state(
            "Este servicio no está a la venta",
            "Puede que el enlace esté incompleto o que ya no lo manejemos.",
            action=button_link("Ver todos los servicios", to=routes.HOME, icon_name="shop"),
        ),
    )


def _waiting() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        rx.el.div(skeleton("size-18 rounded-box"), skeleton("h-9 grow"), class_name="flex gap-4"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
