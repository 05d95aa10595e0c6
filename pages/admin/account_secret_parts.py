"""The secrets of an account, on its page."""

import reflex as rx

from pages.components.cards import card, line, lines
from state.admin.account import AccountPage
from state.admin.account_view import ProfileView

ACCOUNT = AccountPage.account


def secrets_card() -> rx.Component:
    return card(lines(line("Contraseña", f"Versión {ACCOUNT.version}")), title="Acceso")


def profile_secret(profile: ProfileView) -> rx.Component:
    return rx.el.span(
        rx.cond(profile.has_pin, "Con PIN", "Sin PIN"), class_name="cu-muted cu-small"
    )
