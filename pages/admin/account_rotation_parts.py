"""The dialogs that put a new password, PIN or login in force; each says who will hear of it."""

import reflex as rx

from pages.components.buttons import danger_button, primary_button, quiet_button
from pages.components.dialog import dialog, dismiss_dialog
from pages.components.feedback import error_region
from pages.components.forms import new_password_field, text_field
from pages.components.kinds import Child, Handler
from state.admin.account import AccountPage
from state.admin.account_rotation import AccountRotation

PASSWORD, PIN, LOGIN = "change-password", "change-pin", "correct-login"  # names
TOLD = AccountPage.account.will_be_told
ERRORS = AccountRotation.errors


def rotation_dialogs() -> rx.Component:
    return rx.fragment(_password(), _pin(), _login())


def _password() -> rx.Component:
    return dialog(
        PASSWORD,
        "Cambiar contraseña",
        rx.el.p(
            "Cámbiala también en el servicio: aquí solo se guarda y se avisa. ",
            _who_hears(),
            class_name="mt-2 cu-muted",
        ),
        _form(
            new_password_field("Contraseña nueva", "new_password", error=ERRORS["password"]),
            _reason("password_reason"),
            confirm="Cambiar contraseña",
            on_submit=AccountRotation.change_password.throttle(1500),
            name=PASSWORD,
        ),
    )


def _pin() -> rx.Component:
    return dialog(
        PIN,
        f"PIN de {AccountRotation.label}",
        rx.el.p(
            "Cámbialo también en el servicio. Si alguien usa este perfil, le avisamos.",
            class_name="mt-2 cu-muted",
        ),
        _form(
            text_field(
                "PIN nuevo",
                "new_pin",
                error=ERRORS["pin"],
                auto_complete="off",
                max_length=12,
                input_mode="numeric",
            ),
            _reason("pin_reason"),
            confirm="Cambiar PIN",
            on_submit=AccountRotation.change_pin.throttle(1500),
            name=PIN,
        ),
        rx.cond(
            AccountRotation.has_pin,
            danger_button(
                "Quitar el PIN",
                on_click=AccountRotation.remove_pin.throttle(1500),
                class_name="mt-3 w-full btn-outline",
            ),
        ),
    )


def _login() -> rx.Component:
    return dialog(
        LOGIN,
        "Corregir usuario",
        rx.el.p(
            "Para cuando se guardó mal escrito: la contraseña sigue siendo la misma. ",
            _who_hears(),
            class_name="mt-2 cu-muted",
        ),
        _form(
            text_field(
                "Usuario correcto",
                "new_login",
                error=ERRORS["login"],
                auto_complete="off",
                auto_capitalize="none",
                spell_check=False,
            ),
            confirm="Corregir usuario",
            on_submit=AccountRotation.correct_login.throttle(1500),
            name=LOGIN,
        ),
    )


def _who_hears() -> rx.Component:
    said = rx.match(
        TOLD,
        (0, "Nadie la usa ahora: no avisamos a nadie."),
        (1, "Avisaremos a 1 suscripción vigente."),
        f"Avisaremos a {TOLD} suscripciones vigentes.",
    )
    return rx.el.strong(said, class_name="text-base-content")


def _reason(name: str) -> rx.Component:
    return text_field(
        "Motivo (opcional)",
        name,
        hint="Queda en la historia; los clientes no lo ven.",
        error=ERRORS["reason"],
        max_length=200,
        auto_complete="off",
    )


def _form(*fields: Child, confirm: str, on_submit: Handler, name: str) -> rx.Component:
    """A change that was made empties the form; one that was refused keeps what was typed.

    A refusal of one field stands beside it; any other one stands above the buttons.
    """
    return rx.el.form(
        *fields,
        rx.cond(rx.Var.create(ERRORS).to(dict).length() == 0, error_region(AccountRotation.notice)),
        rx.el.div(
            quiet_button("No, volver", on_click=dismiss_dialog(name), class_name="grow"),
            primary_button(confirm, type="submit", class_name="grow"),
            class_name="flex flex-wrap gap-3",
        ),
        on_submit=on_submit,
        no_validate=True,
        key=AccountRotation.changes,
        class_name="mt-4 cu-stack",
    )
