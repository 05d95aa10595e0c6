"""The customer's orders, newest first."""

import reflex as rx

from pages import routes
from pages.components.cards import order_card
from pages.components.feedback import empty_state, error_state, skeleton_cards
from pages.components.links import button_link
from pages.components.pagination import pagination
from pages.frames import shop_page
from state.storefront.my_orders import MyOrders, OrderRow


def my_orders() -> rx.Component:
    return shop_page(
        rx.cond(
            MyOrders.notice,
            error_state(on_retry=MyOrders.load, detail=MyOrders.notice),
            rx.cond(
                MyOrders.loaded, rx.cond(MyOrders.orders, _orders(), _none()), skeleton_cards(3)
            ),
        ),
        title="Mis pedidos",
        active=routes.MY_ORDERS,
    )


def _orders() -> rx.Component:
    return rx.el.div(
        rx.el.div(rx.foreach(MyOrders.orders, _order), class_name="cu-grid"),
        rx.cond(
            MyOrders.paged,
            pagination(previous=MyOrders.newer, following=MyOrders.older),
        ),
        class_name="cu-stack",
    )


def _order(order: OrderRow) -> rx.Component:
    return order_card(
        order.number,
        order.status,
        to=routes.order(order.number),
        summary=order.products,
        total=order.total,
        date=order.placed,
    )


def _none() -> rx.Component:
    return empty_state(
        "Aún no tienes pedidos",
        "Cuando compres algo, aquí verás cómo va: desde el pago hasta tus accesos.",
        action=button_link("Ver servicios", to=routes.HOME, icon_name="shop"),
    )
