"""Seeing that a channel works: a text without meaning to an address of one's own."""

import reflex as rx

from pages.components.buttons import ghost_button, submit_button
from pages.components.dialog import dialog, dismiss_dialog
from pages.components.feedback import refusal_region
from pages.components.forms import choice, choices, text_field
from pages.components.icons import icon
from state.admin.message_channels import ChannelView
from state.admin.messages import TEST, AdminMessages


def test_dialog() -> rx.Component:
    errors = AdminMessages.errors
    return dialog(
        TEST,
        "Mandar una prueba",
        rx.el.form(
            rx.el.div(
                choices("¿Por dónde?", rx.foreach(AdminMessages.view.channels, _channel)),
                rx.el.div(
                    rx.cond(
                        errors["channel"],
                        rx.el.p(icon("warning"), errors["channel"], class_name="cu-error mt-1"),
                    ),
                    custom_attrs={"aria-live": "polite"},
                ),
            ),
            text_field(
                "¿A dónde?",
                "to",
                hint="Tu celular de 10 dígitos o, para correo, tu dirección.",
                error=errors["to"],
                auto_complete="off",
                auto_capitalize="none",
                max_length=254,
            ),
            refusal_region(AdminMessages.notice, errors),
            submit_button("Mandar prueba"),
            ghost_button("No, volver", on_click=dismiss_dialog(TEST), class_name="btn-block"),
            on_submit=AdminMessages.send_test.throttle(500),
            no_validate=True,
            key=AdminMessages.said_times,
            class_name="mt-4 cu-stack",
        ),
    )


def _channel(one: ChannelView) -> rx.Component:
    return choice(
        rx.el.span(one.name, class_name="block font-semibold"),
        rx.el.span(one.detail, class_name="block cu-muted cu-small [overflow-wrap:anywhere]"),
        name="channel",
        value=one.value,
        disabled=~one.ready,  # pyright: ignore[reportOperatorIssue]  # a Var
    )
