"""What the owner decides about the shop."""

import reflex as rx

from pages import routes
from pages.admin.bank_parts import banks_card
from pages.admin.shop_rule_parts import identity_card, legal_card, refused, rules_card
from pages.components.feedback import toast
from pages.frames import admin_page
from state.admin.banks import Banks
from state.admin.shop_rules import ShopRules


def settings() -> rx.Component:
    return admin_page(
        refused(),
        rx.el.div(
            rx.el.div(banks_card(), identity_card(), class_name="cu-stack"),
            rx.el.div(rules_card(), legal_card(), class_name="cu-stack"),
            class_name="grid gap-4 items-start lg:grid-cols-2",
        ),
        toast(Banks.said, times=Banks.said_times),
        toast(ShopRules.said, times=ShopRules.said_times),
        title="Ajustes",
        active=routes.ADMIN_SETTINGS,
    )
