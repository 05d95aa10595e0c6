"""Keys for programs: what each may do, until when, and the one moment to copy a new one."""

from typing import Any

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import quiet_button, submit_button
from pages.components.cards import card
from pages.components.copyable import copyable
from pages.components.dialog import confirm_dialog, show_dialog
from pages.components.feedback import alert, empty_state, refusal_region, skeleton, until_ready
from pages.components.forms import checkbox, select_field, text_field
from pages.frames import admin_page
from state.admin.api_keys import ASKED, CHOICES, DAYS, NEW_KEY, ApiKeys, KeyRow

ERRORS: Any = ApiKeys.errors
KEYS: Any = ApiKeys.keys
END = "end-key"


def api_keys() -> rx.Component:
    return admin_page(
        rx.el.p(
            "Con una llave, un programa tuyo usa la tienda por ti: contabilidad, un bot, un "
            "tablero. Dale solo lo que necesita. ",
            rx.el.a("Cómo se usa", href="/api/docs", class_name="cu-link", target="_blank"),
            class_name="cu-muted max-w-prose",
        ),
        rx.cond(
            ApiKeys.loaded,
            rx.el.div(
                _new_key(),
                card(_form(), title="Nueva llave", class_name="max-w-2xl"),
                rx.cond(
                    ApiKeys.keys,
                    rx.el.ul(rx.foreach(ApiKeys.keys, _key), class_name="cu-stack"),
                    empty_state(
                        "Todavía no hay llaves",
                        "La primera que hagas aparecerá aquí, con su último uso.",
                    ),
                ),
                _ask_to_end(),
                class_name="cu-stack",
            ),
            until_ready(
                ApiKeys.notice, on_retry=ApiKeys.load, waiting=skeleton("h-72 rounded-box")
            ),
        ),
        title="Llaves de API",
        active=routes.ADMIN_KEYS,
    )


def _new_key() -> rx.Component:
    """Once it is copied it can be put away; it is never shown again."""
    return rx.el.div(
        rx.cond(
            NEW_KEY.value,
            card(
                alert(
                    "Cópiala ahora y guárdala en tu programa: no la volveremos a mostrar.",
                    tone="warning",
                ),
                rx.el.dl(
                    copyable("Llave", NEW_KEY.value, shown=rx.el.code(NEW_KEY.value)),
                    class_name="cu-lines",
                ),
                quiet_button("Ya la copié", on_click=NEW_KEY.set_value("")),
                title="Tu llave nueva",
            ),
        ),
        role="status",
        class_name="empty:hidden",
    )


def _form() -> rx.Component:
    return rx.el.form(
        refusal_region(ApiKeys.notice, ERRORS),
        text_field(
            "Para qué es",
            "name",
            hint="Por ejemplo: contabilidad",
            error=ERRORS["name"],
            auto_complete="off",
            max_length=80,
        ),
        rx.el.fieldset(
            rx.el.legend("Qué puede hacer", class_name="mb-2 font-semibold"),
            *(checkbox(said, name=scope) for scope, said in CHOICES),
            rx.cond(
                ERRORS["scopes"],
                rx.el.p(ERRORS["scopes"], class_name="text-error cu-small", role="alert"),
            ),
        ),
        checkbox("Ve costos y cambia precios, como tú", name="costs"),
        select_field("Cuánto tiempo vale", "days", DAYS, error=ERRORS["days"]),
        submit_button("Hacer la llave"),
        on_submit=ApiKeys.create,
        key=f"form-{KEYS.length()}",  # empty again once there is a new one, and only then
        class_name="cu-stack",
    )


def _key(key: KeyRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h2(
                key.name,
                rx.el.span(f" …{key.ending}", class_name="cu-muted cu-num"),
                class_name="!text-base min-w-0 [overflow-wrap:anywhere]",
            ),
            badge(key.state, tone=key.tone),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.el.p(key.may, class_name="cu-small [overflow-wrap:anywhere]"),
        rx.el.p(key.detail, class_name="cu-muted cu-small"),
        rx.cond(
            key.live,
            quiet_button(
                "Cancelar llave",
                on_click=[ASKED.set_value(key.id), show_dialog(END)],
                class_name="btn-sm self-start",
                custom_attrs={"aria-label": f"Cancelar la llave {key.name}"},
            ),
        ),
        key=key.id,
        class_name="cu-card flex flex-col gap-2",
    )


def _ask_to_end() -> rx.Component:
    return confirm_dialog(
        END,
        "¿Cancelar esta llave?",
        "El programa que la usa deja de entrar desde su siguiente petición. No se puede deshacer.",
        confirm="Sí, cancelarla",
        on_confirm=ApiKeys.revoke(ASKED.value),
    )
