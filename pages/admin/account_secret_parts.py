"""The secrets of an account on its page: masked, opened one at a time, changed here."""

from typing import Any

import reflex as rx

from pages.admin.account_rotation_parts import LOGIN, PASSWORD, PIN, rotation_dialogs
from pages.components.buttons import quiet_button
from pages.components.cards import card
from pages.components.dialog import show_dialog
from pages.components.feedback import error_region
from pages.components.kinds import Handler, Text
from pages.components.secret import secret_line
from state.admin.account import AccountPage
from state.admin.account_rotation import AccountRotation
from state.admin.account_secrets import SEALED, UNSEALED, AccountSecrets
from state.admin.account_view import ProfileView

ACCOUNT = AccountPage.account


def secrets_card() -> rx.Component:
    return card(
        rx.el.dl(
            sealed(
                "Usuario", f"{ACCOUNT.id}:login", AccountSecrets.reveal("login"), name="usuario"
            ),
            sealed(
                "Contraseña",
                f"{ACCOUNT.id}:password:{ACCOUNT.version}",
                AccountSecrets.reveal("password"),
                name="contraseña",
            ),
            class_name="cu-lines",
        ),
        refused("login"),
        refused("password"),
        rx.cond(
            ~ACCOUNT.retired,
            rx.el.div(
                quiet_button(
                    "Cambiar contraseña",
                    icon_name="key",
                    on_click=[AccountRotation.ask(0), show_dialog(PASSWORD)],
                    class_name="grow",
                ),
                quiet_button(
                    "Corregir usuario",
                    icon_name="edit",
                    on_click=[AccountRotation.ask(0), show_dialog(LOGIN)],
                    class_name="grow",
                ),
                rotation_dialogs(),
                class_name="flex flex-wrap gap-3",
            ),
        ),
        title="Acceso",
        aside=rx.el.span(f"Versión {ACCOUNT.version}", class_name="cu-muted cu-small cu-num"),
    )


def profile_secret(profile: ProfileView) -> rx.Component:
    """A profile's PIN, and what makes the profile safe again."""
    return rx.el.div(
        rx.el.div(
            rx.cond(
                profile.has_pin,
                rx.el.dl(
                    sealed(
                        "PIN",
                        f"{ACCOUNT.id}:pin:{profile.id}:{profile.pin_version}",
                        AccountSecrets.reveal_pin(profile.id),
                        name=f"PIN de {profile.label}",
                    ),
                    class_name="grow basis-36",
                ),
                rx.el.p("Sin PIN", class_name="cu-muted cu-small grow basis-36"),
            ),
            rx.cond(~ACCOUNT.retired, _rotations(profile)),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
        ),
        refused(f"pin:{profile.id}"),
        class_name="grid gap-2",
    )


def _rotations(profile: ProfileView) -> rx.Component:
    return rx.fragment(
        quiet_button(
            rx.cond(profile.has_pin, "Cambiar PIN", "Poner PIN"),
            on_click=[AccountRotation.ask(profile.id), show_dialog(PIN)],
            class_name="btn-sm",
            custom_attrs={
                "aria-label": rx.cond(
                    profile.has_pin,
                    f"Cambiar PIN de {profile.label}",
                    f"Poner PIN a {profile.label}",
                )
            },
        ),
        rx.cond(
            profile.to_rotate,
            quiet_button(
                "Marcar como rotado",
                icon_name="check",
                on_click=AccountRotation.mark_rotated(profile.id),
                class_name="btn-sm",
                custom_attrs={"aria-label": f"Marcar como rotado {profile.label}"},
            ),
        ),
    )


def sealed(label: Text, key: Text, on_reveal: Handler, *, name: Text) -> rx.Component:
    """One secret; `key` spells what is in the slot while it is the one that is open."""
    slot: Any = UNSEALED.value
    mine = slot["key"] == key
    return secret_line(
        label,
        slot["value"],
        shown=mine & (slot["value"] != ""),
        busy=mine & (slot["value"] == ""),
        on_reveal=[UNSEALED.set_value({**SEALED, "key": key}), on_reveal],
        on_hide=UNSEALED.set_value(SEALED),
        name=name,
    )


def refused(name: Text) -> rx.Component:
    return error_region(rx.cond(AccountSecrets.tried == name, AccountSecrets.notice, ""))
