"""What the owner decides about the shop."""

import reflex as rx

from pages import routes
from pages.admin.bank_parts import banks_card
from pages.components.feedback import toast
from pages.frames import admin_page
from state.admin.banks import Banks


def settings() -> rx.Component:
    return admin_page(
        rx.el.div(banks_card(), class_name="grid gap-4 items-start lg:grid-cols-2"),
        toast(Banks.said, times=Banks.said_times),
        title="Ajustes",
        active=routes.ADMIN_SETTINGS,
    )
