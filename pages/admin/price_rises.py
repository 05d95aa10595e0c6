"""Many prices at once: say what, look at every new price, and only then apply."""

from typing import Any

import reflex as rx

from pages import routes
from pages.components.buttons import ghost_button, primary_button, submit_button
from pages.components.cards import card
from pages.components.feedback import alert, error_region, skeleton, status_region, until_ready
from pages.components.forms import select_field, text_field
from pages.components.icons import icon
from pages.components.table import cell, row, table
from pages.frames import admin_page
from state.admin.price_rises import PriceRises, RiseRow, Scope

ERRORS: Any = PriceRises.errors


def price_rises() -> rx.Component:
    return admin_page(
        rx.el.p(
            "Lo que ganas cambia; lo que te cuesta se queda. Los pedidos ya hechos conservan su "
            "precio, y quien tenga el plan en su carrito verá el nuevo antes de confirmar.",
            class_name="cu-muted max-w-prose",
        ),
        status_region(PriceRises.said),
        rx.cond(
            PriceRises.loaded,
            rx.el.div(
                card(_form(), class_name="max-w-2xl"),
                rx.el.div(
                    rx.cond(PriceRises.rows, _preview()), custom_attrs={"aria-live": "polite"}
                ),
                class_name="cu-stack",
            ),
            until_ready(
                PriceRises.notice, on_retry=PriceRises.load, waiting=skeleton("h-72 rounded-box")
            ),
        ),
        title="Cambiar precios",
        back=("Catálogo", routes.ADMIN_CATALOG),
        active=routes.ADMIN_CATALOG,
    )


def _form() -> rx.Component:
    return rx.el.form(
        select_field(
            "A qué planes",
            "scope",
            rx.fragment(
                rx.el.option("Todos los servicios", value=""),
                rx.foreach(PriceRises.scopes, _scope),
            ),
            error=ERRORS["scope"],
        ),
        rx.el.div(
            select_field("Qué hacer", "way", (("up", "Subir"), ("down", "Bajar"))),
            text_field(
                "Cuánto",
                "by",
                error=ERRORS["by"],
                input_mode="decimal",
                placeholder="10",
                auto_complete="off",
            ),
            select_field("En", "unit", (("percent", "Por ciento"), ("amount", "Pesos"))),
            select_field(
                "Redondear a",
                "rounding",
                (
                    ("peso", "Pesos enteros"),
                    ("five", "Múltiplos de 5"),
                    ("ten", "Múltiplos de 10"),
                    ("cent", "Centavos"),
                ),
                error=ERRORS["rounding"],
            ),
            class_name="grid grid-cols-2 gap-4",
        ),
        rx.cond(ERRORS.to(dict).length() == 0, error_region(PriceRises.notice)),
        submit_button("Ver cómo quedan"),
        on_submit=PriceRises.look,
        no_validate=True,
        class_name="cu-stack",
    )


def _scope(one: Scope) -> rx.Component:
    return rx.el.option(one.label, value=one.value)


def _preview() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Así quedan", class_name="text-xl"),
        alert(PriceRises.summary, tone="info"),
        table(
            "Precios nuevos",
            ("Plan", "Ahora", "Queda en"),
            rx.foreach(PriceRises.rows, _row),
            numeric={"Ahora", "Queda en"},
        ),
        rx.el.div(
            primary_button("Aplicar estos precios", on_click=PriceRises.apply.throttle(800)),
            ghost_button("No, volver", on_click=PriceRises.back),
            class_name="grid gap-3 sm:flex",
        ),
        class_name="cu-stack",
    )


def _row(one: RiseRow) -> rx.Component:
    return row(
        cell(
            "Plan",
            one.plan,
            rx.cond(
                one.warning,
                rx.el.span(
                    icon("warning", "size-5"),
                    one.warning,
                    class_name="flex gap-1.5 items-center text-warning font-semibold cu-small",
                ),
            ),
        ),
        cell("Ahora", one.before, numeric=True),
        cell("Queda en", rx.el.span(one.after, class_name="font-bold"), numeric=True),
        key=one.id,
    )
