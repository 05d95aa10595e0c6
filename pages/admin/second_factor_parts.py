"""The second step at the door: turned on with a QR code, off with the password."""

from typing import Any

import reflex as rx

from pages.components.badges import badge
from pages.components.buttons import (
    copy_button,
    danger_button,
    primary_button,
    quiet_button,
    submit_button,
)
from pages.components.cards import card
from pages.components.copyable import copyable
from pages.components.dialog import close_dialog, dialog, dismiss_dialog, open_dialog, show_dialog
from pages.components.feedback import alert, error_region
from pages.components.forms import text_field
from pages.components.kinds import Child
from state.admin.my_account import NOTHING, SHOWN, MyAccount

SETUP, OFF, CODES = "second-factor", "one-step", "recovery-codes"
MINE = MyAccount.mine
SLOT: Any = SHOWN.value
FORGET = SHOWN.set_value(NOTHING)


def second_factor_card() -> rx.Component:
    return card(
        rx.cond(MINE.second_factor, _on(), _off()),
        _setup(),
        _turn_off(),
        _renew(),
        title="Verificación en dos pasos",
        aside=rx.cond(
            MINE.second_factor,
            badge("Activa", tone="success"),
            badge("Sin activar", tone="warning"),
        ),
    )


def _off() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Además de tu contraseña, pide un código que cambia cada 30 segundos en tu teléfono. "
            "Así, quien adivine tu contraseña no entra.",
            class_name="cu-muted",
        ),
        primary_button(
            "Activar",
            icon_name="shield",
            on_click=[MyAccount.begin_second_factor, show_dialog(SETUP)],
        ),
        class_name="cu-stack",
    )


def _on() -> rx.Component:
    return rx.el.div(
        rx.el.p(f"Activa desde {MINE.since}.", class_name="cu-muted"),
        rx.cond(
            MINE.codes_left < 4,  # noqa: PLR2004  # soon none is left
            alert(
                f"Te quedan {MINE.codes_left} códigos de recuperación. Haz nuevos.",
                tone="warning",
            ),
            rx.el.p(f"Te quedan {MINE.codes_left} códigos de recuperación.", class_name="cu-small"),
        ),
        rx.el.div(
            quiet_button("Códigos nuevos", icon_name="refresh", on_click=open_dialog(CODES)),
            quiet_button("Desactivar", on_click=open_dialog(OFF)),
            class_name="flex flex-wrap gap-3",
        ),
        class_name="cu-stack",
    )


def _setup() -> rx.Component:
    return dialog(
        SETUP,
        "Activar la verificación en dos pasos",
        rx.cond(
            SLOT["codes"],
            _recovery_codes(SETUP),
            rx.el.div(
                rx.el.p(
                    "Escanea este código con tu app de autenticación (Google Authenticator, "
                    "Authy, 1Password…) o escribe la clave."
                ),
                rx.el.svg(
                    rx.el.path(d=SLOT["drawing"].to(str), fill="#000"),
                    view_box=SLOT["box"].to(str),
                    role="img",
                    shape_rendering="crispEdges",
                    class_name="w-48 h-48 mx-auto bg-white rounded-box",
                    custom_attrs={"aria-label": "Código QR para tu app de autenticación"},
                ),
                rx.el.dl(copyable("Clave", SLOT["secret"].to(str)), class_name="cu-lines"),
                error_region(MyAccount.notice),
                rx.el.form(
                    text_field(
                        "Código de 6 dígitos",
                        "code",
                        hint="El que muestra tu app ahora.",
                        error=MyAccount.errors["code"],
                        input_mode="numeric",
                        auto_complete="one-time-code",
                        max_length=7,
                    ),
                    submit_button("Activar"),
                    quiet_button(
                        "Cancelar", on_click=[FORGET, close_dialog(SETUP)], class_name="btn-block"
                    ),
                    on_submit=MyAccount.enable_second_factor.throttle(1000),
                    no_validate=True,
                    class_name="cu-stack",
                ),
                class_name="cu-stack mt-2",
            ),
        ),
    )


def _recovery_codes(name: str) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Guarda estos códigos donde no los pierdas. Si no tienes tu teléfono, cada uno te deja "
            "entrar una vez. No los volveremos a mostrar."
        ),
        rx.el.ul(
            rx.foreach(
                SLOT["codes"].to(list[str]),
                lambda code: rx.el.li(rx.el.code(code, class_name="cu-num font-semibold")),
            ),
            class_name="cu-secret grid grid-cols-2 gap-x-4 gap-y-2 justify-items-center",
        ),
        rx.el.div(
            copy_button(
                SLOT["codes"].to(list[str]).join("\n"), label="Copiar códigos", small=False
            ),
            primary_button("Ya los guardé", on_click=[FORGET, close_dialog(name)]),
            class_name="grid gap-3 sm:grid-cols-2",
        ),
        class_name="cu-stack mt-2",
    )


def _renew() -> rx.Component:
    return dialog(
        CODES,
        "Códigos de recuperación nuevos",
        rx.cond(
            SLOT["codes"],
            _recovery_codes(CODES),
            _with_password(
                "Los códigos anteriores dejan de servir.",
                "renew",
                submit_button("Hacer códigos nuevos"),
                CODES,
                MyAccount.renew_codes,
            ),
        ),
    )


def _turn_off() -> rx.Component:
    return dialog(
        OFF,
        "¿Desactivar la verificación en dos pasos?",
        _with_password(
            "Tu cuenta quedará protegida solo por tu contraseña.",
            "off",
            danger_button("Desactivar", type="submit", class_name="btn-block"),
            OFF,
            MyAccount.turn_off_second_factor,
        ),
    )


def _with_password(said: str, key: str, button: Child, name: str, on_submit: Any) -> rx.Component:
    return rx.el.form(
        rx.el.p(said, class_name="cu-muted"),
        rx.el.div(
            rx.el.label("Tu contraseña", html_for=f"password-{key}"),
            rx.el.input(
                id=f"password-{key}",
                name="password",
                type="password",
                auto_complete="current-password",
                class_name="input",
            ),
            class_name="cu-field",
        ),
        error_region(
            rx.cond(MyAccount.errors["password"], MyAccount.errors["password"], MyAccount.notice)
        ),
        button,
        quiet_button("No, volver", on_click=dismiss_dialog(name), class_name="btn-block"),
        on_submit=on_submit.throttle(1000),
        no_validate=True,
        reset_on_submit=True,
        class_name="cu-stack mt-2",
    )
