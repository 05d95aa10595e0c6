"""Answers written in advance: add one, change one, take one away."""

from typing import Any

import reflex as rx

from pages import routes
from pages.components.buttons import ghost_button, primary_button, quiet_button
from pages.components.cards import card
from pages.components.feedback import (
    empty_state,
    error_region,
    skeleton,
    status_region,
    until_ready,
)
from pages.components.icons import icon
from pages.frames import admin_page
from state.admin.canned_replies import CannedReplies, ReplyRow


def canned_replies() -> rx.Component:
    return admin_page(
        rx.cond(
            CannedReplies.loaded,
            _replies(),
            until_ready(
                CannedReplies.notice,
                on_retry=CannedReplies.load,
                waiting=skeleton("h-72 rounded-box"),
            ),
        ),
        title="Respuestas guardadas",
        back=("Soporte", routes.ADMIN_SUPPORT),
        active=routes.ADMIN_SUPPORT,
    )


def _replies() -> rx.Component:
    return rx.el.div(
        status_region(CannedReplies.said),
        error_region(rx.cond(CannedReplies.errors, "", CannedReplies.notice)),
        rx.el.div(
            card(_new(), title="Nueva respuesta"),
            rx.cond(
                CannedReplies.replies,
                rx.el.ul(rx.foreach(CannedReplies.replies, _reply), class_name="grid gap-3"),
                empty_state("Todavía no hay", "Guarda lo que respondes seguido y ahorra tiempo."),
            ),
            class_name="grid gap-4 items-start lg:grid-cols-2",
        ),
        class_name="cu-stack",
    )


def _new() -> rx.Component:
    return rx.el.form(
        _field("Título", "title", 0, rx.el.input, max_length=80, class_name="input"),
        _field("Texto", "body", 0, rx.el.textarea, max_length=4000, rows=5, class_name="textarea"),
        rx.el.p(
            "Escribe {nombre} donde va el nombre del cliente.",  # no Var: braces to be typed
            class_name="cu-muted cu-small",
        ),
        rx.el.div(primary_button("Guardar respuesta", type="submit", icon_name="plus")),
        key=CannedReplies.times,
        on_submit=CannedReplies.save,
        no_validate=True,
        class_name="cu-stack",
    )


def _reply(one: ReplyRow) -> rx.Component:
    return rx.el.li(
        rx.el.details(
            rx.el.summary(
                rx.el.span(one.title, class_name="font-semibold min-w-0 [overflow-wrap:anywhere]"),
                icon("right", "cu-muted ml-auto transition-transform group-open:rotate-90"),
                class_name="flex items-center gap-3 min-h-11",
            ),
            rx.el.form(
                rx.el.input(type="hidden", name="reply", value=one.id, read_only=True),
                rx.el.input(type="hidden", name="version", value=one.version, read_only=True),
                _field(
                    "Título",
                    "title",
                    one.id,
                    rx.el.input,
                    max_length=80,
                    default_value=one.title,
                    class_name="input",
                ),
                _field(
                    "Texto",
                    "body",
                    one.id,
                    rx.el.textarea,
                    max_length=4000,
                    rows=5,
                    default_value=one.body,
                    class_name="textarea",
                ),
                rx.el.div(
                    quiet_button("Guardar", type="submit"),
                    ghost_button(
                        "Borrar",
                        icon_name="trash",
                        on_click=CannedReplies.remove(one.id, one.version),
                        class_name="text-error",
                    ),
                    class_name="flex flex-wrap gap-3",
                ),
                on_submit=CannedReplies.save,
                no_validate=True,
                class_name="cu-stack pt-2",
            ),
            class_name="group cu-card !py-3",
        ),
        key=f"{one.id}:{one.version}",
    )


def _field(
    label: str, name: str, reply: int | rx.Var[int], control: Any, **props: Any
) -> rx.Component:
    """Several of these forms are on the page, so the field lies within its label."""
    error = rx.cond(CannedReplies.editing == reply, CannedReplies.errors[name], "")
    return rx.el.label(
        rx.el.span(label, class_name="cu-label"),
        control(
            name=name,
            custom_attrs={"aria-invalid": rx.cond(error, "true", "false")},
            **props,
        ),
        rx.el.span(
            rx.cond(error, rx.el.span(icon("warning"), error, class_name="cu-error")),
            custom_attrs={"aria-live": "polite"},
        ),
        class_name="cu-field",
    )
