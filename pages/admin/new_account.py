"""Adding an account to the stock. What is free in it is sold the moment it is saved."""

import reflex as rx

from pages import routes
from pages.admin.profile_fields import profile_fields
from pages.components.buttons import submit_button
from pages.components.cards import card
from pages.components.feedback import error_region, skeleton, until_ready
from pages.components.forms import select_field, text_area, text_field
from pages.frames import admin_page
from state.admin.account_view import Option
from state.admin.new_account import NewAccount
from state.session import Visitor

ERRORS = NewAccount.errors


def admin_new_account() -> rx.Component:
    return admin_page(
        rx.cond(
            NewAccount.loaded,
            _form(),
            until_ready(NewAccount.notice, on_retry=NewAccount.load, waiting=_loading()),
        ),
        title="Agregar cuenta",
        back=("Inventario", routes.ADMIN_INVENTORY),
        active=routes.ADMIN_INVENTORY,
    )


def _form() -> rx.Component:
    """Nothing typed in it is the server's, so an error leaves everything as it was."""
    return rx.el.form(
        rx.el.div(
            rx.el.div(
                card(_access(), title="Acceso"),
                card(_supply(), title="Proveedor y notas"),
                class_name="cu-stack",
            ),
            rx.cond(NewAccount.service, card(_places())),
            class_name="grid gap-4 items-start lg:grid-cols-2",
        ),
        error_region(NewAccount.notice),
        rx.el.div(submit_button("Guardar cuenta"), class_name="grid lg:max-w-sm"),
        on_submit=NewAccount.add,
        no_validate=True,
        auto_complete="off",
        class_name="cu-stack",
    )


def _access() -> rx.Component:
    return rx.el.div(
        select_field(
            "Servicio",
            "service_id",
            rx.fragment(
                rx.el.option("Elige un servicio", value=""),
                rx.foreach(NewAccount.services, option),
            ),
            error=ERRORS["service_id"],
            default_value=NewAccount.service,
            on_change=NewAccount.choose,
        ),
        select_field(
            "Plan",
            "plan_id",
            rx.fragment(
                rx.el.option("Compartida: sirve a todos sus planes", value=""),
                rx.foreach(NewAccount.plans, option),
            ),
            hint="Dedícala a un plan si solo debe venderse con él.",
            error=ERRORS["plan_id"],
            key=NewAccount.service,
        ),
        text_field(
            "Usuario",
            "login",
            hint="El correo o celular con el que se entra al servicio.",
            error=ERRORS["login"],
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
        ),
        text_field(
            "Contraseña",
            "password",
            hint="Exactamente como es: los espacios y las mayúsculas cuentan.",
            error=ERRORS["password"],
            type="password",
            auto_complete="new-password",
        ),
        class_name="cu-stack",
    )


def option(one: Option) -> rx.Component:
    return rx.el.option(one.label, value=one.value)


def _places() -> rx.Component:
    return profile_fields(
        NewAccount.places,
        ERRORS,
        most=NewAccount.most,
        on_count=NewAccount.count,
        key=NewAccount.service,
    )


def _supply() -> rx.Component:
    return rx.el.div(
        text_field(
            "Pagada hasta (opcional)",
            "paid_until",
            hint="Te avisamos cuando se acerque, y si vendes más allá de esa fecha.",
            error=ERRORS["paid_until"],
            type="date",
        ),
        rx.cond(
            Visitor.is_owner,
            text_field(
                "Costo en MXN (opcional)",
                "cost",
                error=ERRORS["cost"],
                input_mode="decimal",
                auto_complete="off",
            ),
        ),
        text_area(
            "Notas (opcional)",
            "notes",
            hint="Solo las ve tu equipo. No escribas aquí contraseñas.",
            error=ERRORS["notes"],
            max_length=1000,
            rows=3,
        ),
        class_name="cu-stack",
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-96 rounded-box"),
        class_name="cu-stack",
    )
