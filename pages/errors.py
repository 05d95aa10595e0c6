"""What a person sees when a page does not exist or breaks."""

from typing import Any

import reflex as rx
from reflex_components_core.base.error_boundary import error_boundary
from reflex_components_core.el.elements.inline import A

from pages import layouts, routes
from pages.components.browser import in_browser
from pages.components.buttons import primary_button
from pages.components.feedback import empty_state
from pages.components.icons import icon
from pages.components.links import button_link
from pages.titles import titled


def not_found(**frame: Any) -> rx.Component:
    """Answer any address that is not a page; register it at `routes.NOT_FOUND`.

    `frame` goes to the layout: the cart, the person, whether this is a demo.
    """
    return layouts.storefront(
        empty_state(
            "Aquí no hay nada",
            "Puede que el enlace esté incompleto o que la página ya no exista.",
            action=button_link("Volver al inicio", to=routes.HOME, icon_name="home"),
        ),
        title="No encontramos esta página",
        **frame,
    )


def boundary(*children: rx.Component, **events: Any) -> rx.Component:
    """Catch what breaks while drawing a page, and show no stack trace.

    It uses no link of the router and no State: either may be what broke.
    """
    return error_boundary(*children, fallback_render=rx.Var.create(_broken()), **events)


def _broken() -> rx.Component:
    return rx.el.main(
        rx.el.title(titled("Algo salió mal")),
        rx.el.div(
            icon("warning", "size-12 text-warning"),
            rx.el.h1("Algo salió mal de nuestro lado"),
            rx.el.p(
                "Tus pedidos y tus datos están a salvo. Recarga la página; si vuelve a pasar, "
                "escríbenos y lo resolvemos contigo.",
                class_name="cu-muted",
            ),
            primary_button(
                "Recargar la página",
                icon_name="refresh",
                on_click=in_browser("window.location.reload()"),
            ),
            A.create("Volver al inicio", href=routes.HOME, class_name="btn btn-ghost"),
            role="alert",
            class_name="cu-card cu-stack max-w-md justify-items-center text-center",
        ),
        class_name="min-h-dvh grid place-items-center p-4",
    )
