"""What is one's own: password, second step, where alerts go, where one is signed in."""

import reflex as rx

from pages import routes
from pages.admin.alert_address_parts import alert_addresses_card
from pages.admin.password_parts import password_card
from pages.admin.second_factor_parts import second_factor_card
from pages.admin.session_parts import session_list
from pages.components.buttons import quiet_button
from pages.components.cards import card
from pages.components.feedback import error_region, skeleton_cards, toast, until_ready
from pages.frames import admin_page
from state.admin.my_account import MyAccount


def my_account() -> rx.Component:
    return admin_page(
        rx.cond(
            MyAccount.loaded,
            rx.el.div(
                error_region(MyAccount.notice),
                rx.el.div(
                    rx.el.div(second_factor_card(), _sessions(), class_name="cu-stack"),
                    rx.el.div(
                        password_card(),
                        alert_addresses_card(
                            email=MyAccount.mine.email,
                            whatsapp=MyAccount.mine.whatsapp,
                            errors=MyAccount.errors,
                            on_save=MyAccount.save_addresses.throttle(1000),
                        ),
                        class_name="cu-stack",
                    ),
                    class_name="grid gap-4 items-start lg:grid-cols-2",
                ),
                class_name="cu-stack",
            ),
            until_ready(MyAccount.notice, on_retry=MyAccount.load, waiting=skeleton_cards(3)),
        ),
        toast(MyAccount.said, times=MyAccount.said_times),
        title="Mi cuenta",
        active=routes.ADMIN_MY_ACCOUNT,
    )


def _sessions() -> rx.Component:
    return card(
        session_list(MyAccount.mine.sessions, MyAccount.end_session),
        rx.cond(
            MyAccount.mine.elsewhere,
            quiet_button(
                "Cerrar todas las demás",
                icon_name="exit",
                on_click=MyAccount.end_others.throttle(1000),
            ),
        ),
        title="Dónde tienes sesión",
    )
