"""The fields of profiles that an account is to have: a name and, where there is one, a PIN."""

from typing import Any

import reflex as rx

from pages.components.forms import quantity, text_field
from pages.components.kinds import Count, Handler
from state.admin.account_forms import Slot


def profile_fields(
    places: Any, errors: Any, *, most: Count, on_count: Handler, key: Any
) -> rx.Component:
    """What was typed for a place stays while the count of places changes around it."""
    return rx.el.fieldset(
        rx.el.legend("Perfiles", class_name="mb-2 text-lg"),
        rx.el.div(
            rx.el.span("¿Cuántos?", class_name="cu-muted"),
            quantity(
                rx.Var.create(places).to(list).length(),
                name="profiles",
                label="Cuántos perfiles",
                maximum=most,
                on_change=on_count,
            ),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p("Deja vacío el PIN de los que no tengan.", class_name="cu-muted cu-small mb-3"),
        rx.el.div(
            rx.foreach(places, lambda one: _place(one, errors, key)),
            class_name="grid gap-3",
        ),
    )


def _place(one: Slot, errors: Any, key: Any) -> rx.Component:
    return rx.el.div(
        text_field(
            f"Nombre del perfil {one.number}",
            one.label_name,
            error=errors[one.label_name],
            default_value=one.label,
            max_length=60,
            auto_complete="off",
        ),
        text_field(
            f"PIN {one.number}",
            one.pin_name,
            error=errors[one.pin_name],
            auto_complete="off",
            max_length=12,
            spell_check=False,
        ),
        key=f"{key}-{one.number}",
        class_name="grid gap-3 grid-cols-[minmax(0,1fr)_7rem] items-start",
    )
