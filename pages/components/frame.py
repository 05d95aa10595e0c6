"""The pieces the layouts share: menus, bars, footer."""

from collections.abc import Sequence
from typing import Any

import reflex as rx
from reflex_components_core.el.elements.inline import A

from pages import routes
from pages.components.badges import count_badge
from pages.components.brand import wordmark
from pages.components.browser import in_browser
from pages.components.icons import IconName, icon
from pages.components.kinds import Child, Count, Flag, Handler, Text
from pages.components.links import link

MAIN = "contenido"

NavItem = tuple[str, str, IconName]


def skip_link() -> rx.Component:
    """A plain link: `rx.el.a` makes one of the router's, which spells out the page's path."""
    return A.create(
        "Saltar al contenido",
        href=f"#{MAIN}",
        class_name="cu-skip",
        on_click=in_browser(f"document.getElementById('{MAIN}')?.focus()"),
    )


def top_links(items: Sequence[NavItem], active: str) -> rx.Component:
    """Show the sections on a wide screen; the cart and the profile have their own places."""
    kept = [item for item in items if item[1] not in {routes.CART, routes.PROFILE}]
    return rx.el.nav(
        *(
            link(text, to=to, class_name="cu-item !w-auto", **current(to, active))
            for text, to, _ in (*kept, ("Ayuda", routes.HELP, "help"))
        ),
        class_name="hidden md:flex items-center mr-2",
        **label("Principal"),
    )


def cart_link(count: Count, active: str) -> rx.Component:
    return link(
        icon("cart"),
        rx.el.span("Carrito", class_name="sr-only"),
        rx.el.span(count_badge(count, label="artículos"), class_name="absolute -top-1 -right-1"),
        to=routes.CART,
        class_name="btn btn-ghost btn-circle relative !hidden md:!inline-flex",
        **current(routes.CART, active),
    )


def account_menu(
    signed_in: Flag, customer: Text, on_sign_out: Handler, active: str
) -> rx.Component:
    return rx.cond(
        signed_in,
        drop_down(
            "user",
            "Mi cuenta",
            rx.el.p(customer, class_name="px-3.5 py-2 font-bold truncate"),
            menu_link(("Mi perfil", routes.PROFILE, "user"), active),
            menu_link(("Mis pedidos", routes.MY_ORDERS, "orders"), active),
            menu_link(("Mis cuentas", routes.MY_ACCOUNTS, "key"), active),
            menu_link(("Soporte", routes.SUPPORT, "chat"), active),
            menu_link(("Ayuda", routes.HELP, "help"), active),
            *sign_out(on_sign_out),
        ),
        link("Ingresar", to=routes.SIGN_IN, class_name="btn btn-primary btn-sm"),
    )


def drop_down(name: IconName, title: str, *items: Child, class_name: str = "") -> rx.Component:
    """Open a menu without scripts; every item in it leads to another page or acts."""
    return rx.el.details(
        rx.el.summary(icon(name), class_name="btn btn-ghost btn-circle", **label(title)),
        rx.el.div(*items, class_name="cu-menu"),
        class_name=f"cu-drop relative {class_name}".strip(),
    )


def menu_link(item: NavItem, active: str) -> rx.Component:
    text, to, name = item
    return link(icon(name), text, to=to, class_name="cu-item", **current(to, active))


def sign_out(on_sign_out: Handler) -> list[rx.Component]:
    if on_sign_out is None:
        return []
    return [
        rx.el.button(
            icon("exit"), "Cerrar sesión", type="button", class_name="cu-item", on_click=on_sign_out
        )
    ]


def bar_link(item: NavItem, active: str, cart_count: Count) -> rx.Component:
    """Stand in the bar at the bottom of a phone, under the thumb."""
    text, to, name = item
    extra = [count_badge(cart_count, label="artículos")] if to == routes.CART else []
    return link(icon(name), text, *extra, to=to, class_name="", **current(to, active))


def home_link(shop: Text) -> rx.Component:
    return link(
        wordmark(shop),
        to=routes.HOME,
        class_name="grow basis-32 min-w-0",
        **label(rx.Var.create(f"{shop}, inicio")),
    )


def footer(shop: Text) -> rx.Component:
    pages = (
        ("Ayuda", routes.HELP),
        ("Contacto", routes.CONTACT),
        ("Términos y condiciones", routes.TERMS),
        ("Aviso de privacidad", routes.PRIVACY),
    )
    return rx.el.footer(
        rx.el.div(
            rx.el.p(shop, " · Suscripciones listas para usar, hechas en México."),
            rx.el.nav(
                *(
                    link(text, to=to, class_name="inline-flex items-center min-h-11 underline")
                    for text, to in pages
                ),
                class_name="flex flex-wrap gap-x-5",
                **label("Información"),
            ),
            class_name="cu-wrap flex flex-wrap items-center justify-between gap-x-8 py-4 "
            "cu-muted cu-small",
        ),
        class_name="border-t border-base-300",
    )


def label(text: Text) -> dict[str, Any]:
    return {"custom_attrs": {"aria-label": text}}


def hidden() -> dict[str, Any]:
    return {"custom_attrs": {"aria-hidden": "true"}}


def target() -> dict[str, Any]:
    """Make the main part the place the skip link leads to."""
    return {"custom_attrs": {"id": MAIN, "tabIndex": -1}}


def current(to: str, active: str) -> dict[str, Any]:
    return {"custom_attrs": {"aria-current": "page"}} if to == active else {}
