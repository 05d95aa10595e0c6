"""The last look before ordering: what, how much, from whom, under which terms."""

import reflex as rx

from pages import routes
from pages.components.buttons import submit_button
from pages.components.cards import card
from pages.components.feedback import alert, empty_state, error_state, skeleton
from pages.components.forms import text_field
from pages.components.links import button_link
from pages.components.service_tile import service_heading
from pages.frames import shop_page
from pages.storefront.checkout_money import coupon, credit, pay_by, total
from pages.storefront.checkout_parts import agreement, conditions
from pages.storefront.delivery_parts import delivery_choices
from state.storefront.checkout import Checkout, OrderLine


def checkout() -> rx.Component:
    return shop_page(
        rx.cond(
            Checkout.ready,
            rx.cond(
                Checkout.failed,
                error_state(on_retry=Checkout.load, detail=Checkout.notice),
                rx.cond(Checkout.lines, _form(), _empty()),
            ),
            rx.el.div(
                rx.el.p("Cargando…", role="status", class_name="sr-only"),
                skeleton("h-40 rounded-box"),
                skeleton("h-64 rounded-box"),
                class_name="cu-stack",
            ),
        ),
        title="Confirma tu pedido",
        active=routes.CART,
        back=("Volver al carrito", routes.CART),
        narrow=True,
    )


def _form() -> rx.Component:
    return rx.el.div(
        _summary(),
        rx.el.form(
            rx.cond(Checkout.money.credit, credit()),
            card(
                delivery_choices(
                    Checkout.known,
                    error=Checkout.errors.get("delivery_preference", ""),
                    on_change=Checkout.prefer,
                ),
                rx.cond(Checkout.preference == "email", _email()),
            ),
            rx.cond(Checkout.money.cards, card(pay_by())),
            conditions(),
            card(agreement(), _refusal(), _button()),
            key=Checkout.known,
            on_submit=Checkout.place,
            no_validate=True,
            class_name="cu-stack",
        ),
        class_name="cu-stack",
    )


def _summary() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(Checkout.lines, _line), class_name="cu-lines"),
        coupon(),
        total(),
        title="Tu pedido",
    )


def _line(item: OrderLine) -> rx.Component:
    return rx.el.li(
        service_heading(item.name, item.initials, tone=item.tone, detail=item.detail),
        rx.el.span(item.total, class_name="cu-price"),
        class_name="flex items-center justify-between gap-3 py-3",
    )


def _email() -> rx.Component:
    return text_field(
        "Tu correo",
        "email",
        type="email",
        input_mode="email",
        auto_complete="email",
        default_value=Checkout.email,
        placeholder="ana@correo.mx",
        error=Checkout.errors.get("email", ""),
    )


def _refusal() -> rx.Component:
    """What went wrong and the way out of it; nothing that was filled in is lost."""
    ways = rx.match(
        Checkout.refused,
        (
            "unpaid_limit",
            button_link("Ver mis pedidos", to=routes.MY_ORDERS, kind="quiet", icon_name="orders"),
        ),
        (
            "coupon",
            rx.el.p("El total ya es sin el cupón: revísalo y vuelve a confirmar."),
        ),
        (
            "cart_changed",
            rx.el.p("El resumen ya está al día: revísalo y vuelve a confirmar.", class_name="mt-1"),
        ),
        (
            "out_of_stock",
            button_link("Ajustar mi carrito", to=routes.CART, kind="quiet", icon_name="cart"),
        ),
        rx.fragment(),
    )
    return rx.el.div(
        rx.cond(
            Checkout.notice,
            alert(
                rx.el.p(Checkout.notice),
                rx.el.div(ways, class_name="mt-2 empty:hidden"),
                tone="error",
            ),
        ),
        role="alert",
        class_name="empty:hidden",
    )


def _button() -> rx.Component:
    return rx.el.div(
        submit_button(
            rx.cond(
                Checkout.money.covered,
                "Hacer pedido y recibirlo",
                f"Hacer pedido · {Checkout.money.to_pay}",
            ),
            busy=Checkout.busy,
        ),
        rx.el.p(
            rx.cond(
                Checkout.money.covered,
                "Ya no debes nada: al confirmar recibes tus accesos.",
                rx.cond(
                    Checkout.money.cards,
                    "Aún no pagas: al confirmar apartamos tu lugar y te llevamos a pagar. "
                    f"Tendrás {Checkout.hold_hours} horas.",
                    "Aún no pagas: al confirmar apartamos tu lugar y te damos los datos para "
                    f"transferir. Tendrás {Checkout.hold_hours} horas.",
                ),
            ),
            class_name="mt-2 cu-muted cu-small text-center",
        ),
    )


def _empty() -> rx.Component:
    return empty_state(
        "Tu carrito está vacío",
        "Si acabas de hacer un pedido, está en «Mis pedidos».",
        action=rx.el.div(
            button_link("Ver servicios", to=routes.HOME, icon_name="shop"),
            button_link("Mis pedidos", to=routes.MY_ORDERS, kind="quiet", icon_name="orders"),
            class_name="flex flex-wrap justify-center gap-3",
        ),
    )
