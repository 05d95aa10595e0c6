"""The layouts, filled with who is at this browser."""

from __future__ import annotations

from typing import Any

import reflex as rx

from pages import layouts, routes
from pages.components.feedback import alert
from pages.components.kinds import Child
from state.admin.search import AdminSearch
from state.session import Visitor


def shop_page(*children: Child, **frame: Any) -> rx.Component:
    return layouts.storefront(
        *children,
        cart_count=Visitor.cart_count,
        signed_in=Visitor.signed_in,
        customer=Visitor.name,
        on_sign_out=Visitor.sign_out,
        demo=Visitor.demo,
        shop=Visitor.shop.name,
        **frame,
    )


def admin_page(*children: Child, **frame: Any) -> rx.Component:
    """Every admin page asks to change a password that everybody knows."""
    return layouts.admin(
        *children,
        person=Visitor.name,
        is_owner=Visitor.is_owner,
        on_search=AdminSearch.find,
        on_sign_out=Visitor.sign_out,
        demo=Visitor.demo,
        shop=Visitor.shop.name,
        banner=rx.cond(
            Visitor.must_change_password,
            alert(
                rx.el.a(
                    "Cambia la contraseña de demostración",
                    href=f"{routes.ADMIN_MY_ACCOUNT}#contrasena",
                    class_name="cu-link",
                ),
                " antes de usar la tienda de verdad.",
                tone="warning",
            ),
        ),
        **frame,
    )


def plain_page(*children: Child, **frame: Any) -> rx.Component:
    return layouts.plain(*children, demo=Visitor.demo, shop=Visitor.shop.name, **frame)
