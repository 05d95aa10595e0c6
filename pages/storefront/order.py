"""One order: what to pay and where, what comes next, what has happened."""

import reflex as rx

from pages import order_parts, routes
from pages.components.badges import order_state_badge
from pages.components.buttons import danger_button, ghost_button, quiet_button
from pages.components.cards import card
from pages.components.countdown import deadline
from pages.components.dialog import dialog, dismiss_dialog, open_dialog
from pages.components.feedback import empty_state, error_region, skeleton, until_ready
from pages.components.forms import text_area
from pages.components.links import button_link
from pages.frames import shop_page
from pages.storefront.card_parts import card_offer
from pages.storefront.order_money import credit_offer, money
from pages.storefront.payment_parts import payment_card
from pages.storefront.receipt_parts import receipts_card
from state.storefront.order import OrderStatusPage

ORDER = OrderStatusPage.order
CANCEL = "cancelar-pedido"


def order() -> rx.Component:
    return shop_page(
        rx.match(
            OrderStatusPage.phase,
            ("ready", _order()),
            ("missing", _missing()),
            until_ready(OrderStatusPage.notice, on_retry=OrderStatusPage.load, waiting=_loading()),
        ),
        title=ORDER.title,
        back=("Mis pedidos", routes.MY_ORDERS),
        active=routes.MY_ORDERS,
        narrow=True,
    )


def _order() -> rx.Component:
    return rx.el.div(
        _state(),
        error_region(rx.cond(OrderStatusPage.errors["reason"], "", OrderStatusPage.notice)),
        rx.cond(ORDER.status == "in_review", receipts_card()),
        credit_offer(),
        card_offer(),
        rx.cond(ORDER.payable, _payment()),
        rx.cond(ORDER.status != "in_review", receipts_card()),
        money(),
        card(order_parts.lines(ORDER.lines, ORDER.total, ORDER.discount), title="Tu pedido"),
        rx.cond(
            ORDER.deliveries,
            card(order_parts.deliveries(ORDER.deliveries), title="Entregas"),
        ),
        card(order_parts.steps(ORDER.timeline), title="Historia de tu pedido"),
        rx.el.div(
            button_link(
                "Pedir ayuda con este pedido",
                to=routes.support_about_order(ORDER.number),
                kind="ghost",
                icon_name="chat",
            ),
        ),
        rx.cond(ORDER.may_cancel, _cancel()),
        class_name="cu-stack",
    )


def _payment() -> rx.Component:
    """Who has sent a receipt needs it no more, unless only a part was paid."""
    shown = payment_card(ORDER.payment, ORDER.title)
    folded = rx.el.details(
        rx.el.summary("Ver los datos para transferir"), shown, class_name="cu-more"
    )
    return rx.cond(ORDER.status == "in_review", folded, shown)


def _state() -> rx.Component:
    """How the order stands; it is read aloud when it changes while the page is open."""
    return rx.el.section(
        rx.el.div(
            order_state_badge(ORDER.status),
            rx.el.span(ORDER.placed, class_name="cu-muted cu-small"),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.el.div(
            rx.el.h2(ORDER.headline),
            rx.el.p(ORDER.what_next, class_name="mt-1 cu-muted"),
            role="status",
        ),
        rx.cond(
            ORDER.expires,
            rx.el.div(
                deadline(
                    "Te quedan",
                    ORDER.expires,
                    now=ORDER.server_now,
                    ended="0 min",
                )
            ),
        ),
        rx.cond(
            ORDER.has_access,
            rx.el.div(
                button_link("Ver mis accesos", to=routes.MY_ACCOUNTS, icon_name="key"),
            ),
        ),
        rx.cond(
            ORDER.status == "cancelled",
            rx.el.div(button_link("Ver servicios", to=routes.HOME, kind="quiet", icon_name="shop")),
        ),
        class_name="cu-card cu-stack",
    )


def _cancel() -> rx.Component:
    return rx.el.div(
        ghost_button(
            "Cancelar pedido",
            on_click=open_dialog(CANCEL),
            class_name="text-error justify-self-end",
        ),
        dialog(
            CANCEL,
            "¿Cancelar este pedido?",
            rx.el.p(
                "Tu apartado se libera. Si ya transferiste, no lo canceles: escríbenos.",
                class_name="mt-2 cu-muted",
            ),
            rx.el.form(
                text_area(
                    "¿Por qué lo cancelas?",
                    "reason",
                    error=OrderStatusPage.errors["reason"],
                    max_length=200,
                    rows=3,
                ),
                rx.el.div(
                    quiet_button("No, volver", on_click=dismiss_dialog(CANCEL), class_name="grow"),
                    danger_button("Sí, cancelar", type="submit", class_name="grow"),
                    class_name="flex flex-wrap gap-3",
                ),
                on_submit=OrderStatusPage.cancel.throttle(1500),
                no_validate=True,
                class_name="mt-4 cu-stack",
            ),
        ),
        class_name="grid",
    )


def _missing() -> rx.Component:
    return empty_state(
        "Aquí no hay ningún pedido",
        "Revisa el número. Solo puedes ver los pedidos que hiciste con tu celular.",
        action=button_link("Ver mis pedidos", to=routes.MY_ORDERS, icon_name="orders"),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-44 rounded-box"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
