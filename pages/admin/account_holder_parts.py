"""What can be done for everybody who holds an account."""

import reflex as rx

from pages.components.cards import card, line, lines
from state.admin.account import AccountPage

ACCOUNT = AccountPage.account


def holders_card() -> rx.Component:
    return card(
        lines(line("Suscripciones vigentes", f"{ACCOUNT.will_be_told}")), title="Quiénes la usan"
    )
