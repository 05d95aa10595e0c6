"""One account of the stock, whole. A retired one is only read."""

import reflex as rx

from pages import routes
from pages.admin.account_actions import buttons, dialogs
from pages.admin.account_holder_parts import holders_card, swap_offer
from pages.admin.account_parts import history, past, payments, profiles, summary
from pages.admin.account_secret_parts import secrets_card
from pages.admin.account_version_parts import versions_card
from pages.admin.result_parts import results
from pages.components.badges import badge
from pages.components.cards import card
from pages.components.feedback import alert, error_region, found, skeleton, status_region
from pages.frames import admin_page
from state.admin.account import AccountPage
from state.admin.account_holders import AccountHolders

ACCOUNT = AccountPage.account


def admin_account() -> rx.Component:
    return admin_page(
        found(
            AccountPage,
            _account(),
            waiting=_loading(),
            missing="Aquí no hay ninguna cuenta",
            hint="Revisa el número, o búscala en el inventario.",
            others=("Ver el inventario", routes.ADMIN_INVENTORY),
        ),
        title=ACCOUNT.title,
        back=("Inventario", routes.ADMIN_INVENTORY),
        active=routes.ADMIN_INVENTORY,
    )


def _account() -> rx.Component:
    return rx.el.div(
        swap_offer(),
        results(AccountHolders),
        _state(),
        status_region(AccountPage.said),
        error_region(AccountPage.notice),
        rx.cond(ACCOUNT.retired, _retired(), rx.fragment(buttons(), dialogs())),
        rx.el.div(
            rx.el.div(
                summary(),
                secrets_card(),
                class_name="cu-stack lg:order-last",
            ),
            rx.el.div(
                profiles(),
                holders_card(),
                versions_card(),
                payments(),
                past(),
                card(history(), title="Historia"),
                class_name="cu-stack",
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[minmax(0,1fr)_22rem]",
        ),
        class_name="cu-stack",
    )


def _state() -> rx.Component:
    """How the account stands; it is read aloud when somebody else changes it."""
    return rx.el.div(
        badge(ACCOUNT.status_name, tone=ACCOUNT.tone),
        rx.cond(ACCOUNT.paid_note, badge(ACCOUNT.paid_note, tone=ACCOUNT.paid_tone)),
        rx.el.span(f"Desde {ACCOUNT.since}", class_name="cu-muted cu-small cu-num"),
        role="status",
        class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
    )


def _retired() -> rx.Component:
    return alert("Esta cuenta está retirada: se queda para consultarla y ya no cambia.")


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-8 max-w-sm"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
