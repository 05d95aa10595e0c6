"""The front page: what the shop is, in the first paint; its services as soon as they arrive."""

import reflex as rx

from pages import routes
from pages.components.buttons import quiet_button
from pages.components.feedback import empty_state, error_state, skeleton_cards, toast
from pages.components.icons import icon
from pages.components.links import link
from pages.frames import shop_page
from pages.storefront.home_parts import category_chips, search_box, service_card
from state.storefront.home import Shelves

STEPS = ("Elige tu plan", "Transfiere", "Recibe tus accesos")
TRUST = ("IVA incluido", "Con garantía", "Sin tarjeta")


def home() -> rx.Component:
    return shop_page(
        _welcome(),
        category_chips(),
        rx.el.section(
            rx.el.h2("Servicios", class_name="sr-only"),
            rx.cond(
                Shelves.ready,
                rx.cond(
                    Shelves.failed,
                    error_state(on_retry=Shelves.load, detail=Shelves.notice),
                    _shelves(),
                ),
                skeleton_cards(6),
            ),
        ),
        toast(Shelves.said, link("Ver carrito", to=routes.CART), times=Shelves.said_times),
        rx.el.div(
            rx.cond(
                Shelves.failed,
                "",
                rx.cond(
                    Shelves.notice,
                    rx.el.p(icon("warning"), Shelves.notice, class_name="cu-toast"),
                ),
            ),
            role="alert",
            class_name="cu-offline empty:hidden",
        ),
        search=search_box(),
        active=routes.HOME,
    )


def _welcome() -> rx.Component:
    return rx.el.section(
        rx.el.h1("Tus series, tu música, hoy mismo"),
        rx.el.p(
            "Compra acceso a Netflix, Disney+, Spotify y más. Pagas por transferencia y recibes "
            "tus accesos aquí, por WhatsApp o por correo.",
            class_name="cu-muted max-w-prose",
        ),
        rx.el.ol(
            *(_step(number, step) for number, step in enumerate(STEPS, start=1)),
            class_name="mt-2 grid grid-cols-3 max-w-2xl gap-2",
            custom_attrs={"aria-label": "Cómo funciona"},
        ),
        rx.el.ul(
            *(
                rx.el.li(
                    icon("check", "size-4 text-success"),
                    promise,
                    class_name="flex items-center gap-1.5",
                )
                for promise in TRUST
            ),
            class_name="mt-1 flex flex-wrap gap-x-5 gap-y-1 cu-small cu-muted",
            custom_attrs={"aria-label": "Lo que prometemos"},
        ),
        class_name="grid gap-2",
    )


def _step(number: int, text: str) -> rx.Component:
    return rx.el.li(
        rx.el.span(
            str(number),
            class_name="grid place-items-center size-8 rounded-full flex-none bg-accent "
            "text-accent-content font-extrabold cu-round",
            custom_attrs={"aria-hidden": "true"},
        ),
        rx.el.span(text, class_name="font-semibold leading-tight"),
        class_name="flex flex-col sm:flex-row items-start sm:items-center gap-1.5",
    )


def _shelves() -> rx.Component:
    return rx.el.div(
        rx.cond(
            Shelves.services,
            rx.el.div(rx.foreach(Shelves.services, service_card), class_name="cu-grid"),
            empty_state(
                "No encontramos nada así",
                "Prueba con otra palabra o mira todos los servicios.",
                action=quiet_button("Ver todos", on_click=Shelves.show_all),
            ),
        ),
        rx.el.p(
            Shelves.found,
            role="status",
            class_name="sr-only",
        ),
    )
