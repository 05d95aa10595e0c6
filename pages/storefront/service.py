"""One service: choose a plan, know what it is and what it asks."""

import reflex as rx

from pages import routes
from pages.components.badges import availability_badge, badge
from pages.components.buttons import submit_button
from pages.components.cards import card
from pages.components.feedback import (
    alert,
    empty_state,
    error_region,
    error_state,
    skeleton,
)
from pages.components.forms import choice, choices, quantity
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
                error_state(on_retry=ServicePage.load),
                rx.cond(ServicePage.missing, _missing(), _sheet()),
            ),
            _waiting(),
        ),
        back=("Todos los servicios", routes.HOME),
        active=routes.HOME,
    )


def _sheet() -> rx.Component:
    sheet = ServicePage.service
    return rx.el.div(
        rx.el.div(
            service_tile(sheet.initials, tone=sheet.slug, size="lg"),
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
        choices("Elige tu plan", rx.foreach(ServicePage.plans, _plan)),
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
                "Estamos consiguiendo más. Vuelve pronto o elige otro servicio.",
                tone="warning",
                title="Agotado por ahora",
            ),
        ),
        rx.el.div(rx.cond(ServicePage.said, _added()), role="status", class_name="empty:hidden"),
        error_region(ServicePage.notice),
        rx.el.p("Precios finales en pesos, IVA incluido.", class_name="cu-muted cu-small"),
        on_submit=ServicePage.add,
        class_name="cu-stack",
    )


def _added() -> rx.Component:
    return alert(
        rx.el.p(ServicePage.said),
        rx.el.div(
            button_link("Ver carrito", to=routes.CART, icon_name="cart"),
            link("Seguir comprando", to=routes.HOME, class_name="btn btn-ghost"),
            class_name="mt-2 flex flex-wrap gap-2",
        ),
        tone="success",
    )


def _plan(plan: PlanChoice) -> rx.Component:
    return choice(
        rx.el.span(
            rx.el.span(plan.name, class_name="font-bold"),
            rx.el.span(plan.price, class_name="cu-price"),
            class_name="flex flex-wrap justify-between gap-x-3",
        ),
        rx.cond(plan.detail, rx.el.span(plan.detail, class_name="block cu-muted cu-small")),
        rx.el.span(
            rx.cond(plan.saving, badge(plan.saving, tone="success")),
            availability_badge(plan.available),
            class_name="mt-1.5 flex flex-wrap gap-2",
        ),
        name="plan",
        value=plan.id,
        default_checked=plan.chosen,
        disabled=plan.available == 0,
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
