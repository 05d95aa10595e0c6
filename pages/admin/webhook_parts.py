"""What the pages of webhooks share: the form of one, and the one moment to copy its secret."""

from typing import Any

import reflex as rx

from pages.components.buttons import primary_button, quiet_button
from pages.components.copyable import copyable
from pages.components.dialog import dialog, dismiss_dialog
from pages.components.feedback import alert, error_region
from pages.components.forms import checkbox, text_field
from pages.components.icons import icon
from pages.components.kinds import Child, Handler, Text
from state.admin.webhook_rows import NEW_SECRET


def form(
    name: str,
    title: str,
    *events: Child,
    key: Any,
    errors: Any,
    notice: Text,
    on_save: Handler,
    url: Text = "",
    description: Text = "",
) -> rx.Component:
    """`key` is another once what the form shows has changed; until then it keeps what is typed."""
    return dialog(
        name,
        title,
        rx.el.form(
            text_field(
                "Dirección",
                "url",
                hint="Donde tu programa recibe los avisos",
                error=errors["url"],
                default_value=url,
                placeholder="https://mi-programa.mx/avisos",
                type="url",
                auto_complete="off",
                spell_check=False,
                max_length=500,
            ),
            text_field(
                "Nombre",
                "description",
                hint="Para reconocerla. Puede quedar vacío.",
                error=errors["description"],
                default_value=description,
                placeholder="Contabilidad",
                auto_complete="off",
                max_length=80,
            ),
            rx.el.fieldset(
                rx.el.legend("Qué le avisamos", class_name="mb-1 font-semibold"),
                rx.el.div(*events, class_name="cu-lines"),
                rx.el.div(
                    rx.cond(
                        errors["events"],
                        rx.el.p(icon("warning"), errors["events"], class_name="cu-error"),
                    ),
                    custom_attrs={"aria-live": "polite"},
                ),
            ),
            error_region(notice),  # the field it speaks of may be out of sight, above
            rx.el.div(
                quiet_button("No, volver", on_click=dismiss_dialog(name), class_name="grow"),
                primary_button("Guardar", type="submit", class_name="grow"),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=on_save,
            no_validate=True,
            key=key,
            class_name="mt-4 cu-stack",
        ),
    )


def event_check(kind: Any, said: Text, **props: Any) -> rx.Component:
    """The words are for the owner, the name for whoever writes the program."""
    return rx.el.div(
        checkbox(
            rx.el.span(said, class_name="block leading-tight"),
            rx.el.code(kind, class_name="cu-muted cu-small"),
            name=kind,
            **props,
        ),
        class_name="py-1.5",
    )


def new_secret(*otherwise: Child) -> rx.Component:
    """Once it is copied it can be put away; it is never shown again."""
    return rx.el.div(
        rx.cond(
            NEW_SECRET.value,
            rx.el.div(
                alert(
                    "Cópialo ahora y guárdalo en tu programa: no lo volveremos a mostrar.",
                    tone="warning",
                ),
                rx.el.dl(
                    copyable("Secreto", NEW_SECRET.value, shown=rx.el.code(NEW_SECRET.value)),
                    class_name="cu-lines",
                ),
                quiet_button(
                    "Ya lo copié",
                    on_click=NEW_SECRET.set_value(""),
                    class_name="w-full sm:w-auto justify-self-start",
                ),
                class_name="cu-stack",
            ),
            rx.fragment(*otherwise),
        ),
        role="status",
        class_name="empty:hidden",
    )
