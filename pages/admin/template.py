"""One text of the shop's messages: write it, see it, put it in force, bring an older one back."""

from typing import Any

import reflex as rx

from pages import routes
from pages.admin import template_parts as parts
from pages.components.buttons import quiet_button, submit_button
from pages.components.cards import card
from pages.components.feedback import (
    empty_state,
    refusal_region,
    skeleton_cards,
    toast,
    until_ready,
)
from pages.components.forms import text_area, text_field
from pages.components.links import button_link
from pages.frames import admin_page
from state.admin.template import MessageTemplate
from state.session import Visitor

TEXT = MessageTemplate.text


def template() -> rx.Component:
    return admin_page(
        rx.match(
            MessageTemplate.phase,
            ("ready", _ready()),
            (
                "missing",
                empty_state(
                    "No existe esa plantilla",
                    action=button_link("Ver plantillas", to=routes.ADMIN_TEMPLATES, kind="quiet"),
                ),
            ),
            until_ready(
                MessageTemplate.notice, on_retry=MessageTemplate.load, waiting=skeleton_cards(2)
            ),
        ),
        toast(MessageTemplate.said, times=MessageTemplate.said_times),
        title=rx.cond(TEXT.title, TEXT.title, "Plantilla"),
        active=routes.ADMIN_MESSAGES,
        back=("Plantillas", routes.ADMIN_TEMPLATES),
    )


def _ready() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            card(_form(), title=TEXT.group, class_name="content-start"),
            class_name="min-w-0",
        ),
        rx.el.div(parts.preview(), parts.versions(), class_name="min-w-0 cu-stack content-start"),
        class_name="grid gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)] items-start",
    )


def _form() -> rx.Component:
    errors = MessageTemplate.errors
    locked: dict[str, Any] = {"read_only": rx.cond(Visitor.is_owner, False, True)}
    return rx.el.form(
        rx.el.input(type="hidden", name="seen", value=TEXT.version),
        rx.cond(
            TEXT.with_subject,
            text_field(
                "Asunto del correo",
                "subject",
                error=errors["subject"],
                default_value=TEXT.subject,
                max_length=120,
                **locked,
            ),
        ),
        text_area(
            "Texto",
            "body",
            error=errors["body"],
            default_value=TEXT.body,
            rows="6",
            max_length=1000,
            **locked,
        ),
        parts.variables(),
        parts.approved(locked),
        refusal_region(MessageTemplate.notice, errors),
        rx.el.div(
            quiet_button("Vista previa", icon_name="eye", on_click=parts.look(), class_name="grow"),
            rx.cond(Visitor.is_owner, submit_button("Guardar", class_name="grow !w-auto")),
            class_name="flex flex-wrap gap-3",
        ),
        rx.cond(
            Visitor.is_owner,
            "",
            rx.el.p("Solo el dueño puede cambiar los textos.", class_name="cu-muted cu-small"),
        ),
        on_submit=MessageTemplate.save.throttle(500),
        no_validate=True,
        key=f"{TEXT.name}:{TEXT.version}",
        class_name="cu-stack",
    )
