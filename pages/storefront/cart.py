"""The cart: change it, see what it costs, go on."""

import reflex as rx

from pages import routes
from pages.components.buttons import icon_button, quiet_button
from pages.components.cards import card, line, lines
from pages.components.feedback import (
    alert,
    empty_state,
    error_region,
    error_state,
    skeleton_cards,
)
from pages.components.forms import quantity
from pages.components.icons import icon
from pages.components.links import button_link, link
from pages.components.service_tile import service_heading
from pages.frames import shop_page
from state.session import Visitor
from state.storefront.cart import CartPage, CartRow

TO_CHECKOUT = f"{routes.SIGN_IN}?next={routes.CHECKOUT}"


def cart() -> rx.Component:
    return shop_page(
        rx.cond(
            CartPage.ready,
            rx.cond(
                CartPage.failed,
                error_state(on_retry=CartPage.load, detail=CartPage.notice),
                _contents(),
            ),
            skeleton_cards(1),
        ),
        title="Tu carrito",
        active=routes.CART,
        narrow=True,
    )


def _contents() -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.cond(CartPage.removed, _removed()), role="status", class_name="empty:hidden"),
        error_region(CartPage.notice),
        rx.cond(
            CartPage.rows,
            rx.el.div(
                rx.el.ul(rx.foreach(CartPage.rows, _row), class_name="cu-card cu-lines !py-1"),
                _summary(),
                class_name="cu-stack",
            ),
            empty_state(
                "Tu carrito está vacío",
                "Elige un plan y aparecerá aquí; lo guardamos aunque cierres la página.",
                action=button_link("Ver servicios", to=routes.HOME, icon_name="shop"),
            ),
        ),
        class_name="cu-stack",
    )


def _row(row: CartRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            link(
                service_heading(
                    row.name,
                    row.initials,
                    tone=row.tone,
                    detail=f"{row.plan} · {row.unit_price} c/u",
                ),
                to=routes.service(row.slug),
                class_name="grow min-w-0",
            ),
            icon_button(f"Quitar {row.name} {row.plan}", "trash", on_click=CartPage.remove(row.id)),
            class_name="flex items-center justify-between gap-2",
        ),
        rx.el.div(
            quantity(
                row.quantity,
                name=f"quantity-{row.id}",
                label=f"Cantidad de {row.name} {row.plan}",
                on_change=lambda units: CartPage.change(row.plan_id, units),
            ),
            rx.el.span(row.total, class_name="cu-price text-lg"),
            class_name="mt-3 flex items-center justify-between gap-3",
        ),
        rx.cond(
            row.warning,
            rx.el.p(
                icon("warning", "size-5"),
                row.warning,
                class_name="mt-2 flex gap-2 items-center text-warning font-semibold cu-small",
            ),
        ),
        key=row.id,
        class_name="py-4",
    )


def _removed() -> rx.Component:
    return alert(
        rx.el.div(
            rx.el.span(CartPage.removed),
            quiet_button("Deshacer", on_click=CartPage.undo, class_name="btn-sm"),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        tone="info",
    )


def _total_label() -> rx.Component:
    return rx.el.span(
        "Total", rx.el.span("IVA incluido", class_name="block cu-muted cu-small font-normal")
    )


def _summary() -> rx.Component:
    return card(
        rx.el.div(
            lines(
                line("En tu carrito", CartPage.units),
                line(_total_label(), CartPage.total, strong=True),
            ),
            custom_attrs={"aria-live": "polite", "aria-atomic": "true"},
        ),
        rx.cond(
            CartPage.buyable,
            link(
                "Continuar",
                to=rx.cond(Visitor.signed_in, routes.CHECKOUT, TO_CHECKOUT),
                class_name="btn btn-primary btn-block",
            ),
            rx.el.div(
                rx.el.button("Continuar", type="button", disabled=True, class_name="btn btn-block"),
                rx.el.p(
                    "Ajusta los artículos marcados para continuar.",
                    class_name="mt-2 cu-muted cu-small text-center",
                ),
            ),
        ),
        rx.cond(
            Visitor.signed_in,
            "",
            rx.el.p(
                "Solo te pediremos tu número de celular.",
                class_name="cu-muted cu-small text-center",
            ),
        ),
        link("Seguir comprando", to=routes.HOME, class_name="btn btn-ghost btn-block"),
    )
