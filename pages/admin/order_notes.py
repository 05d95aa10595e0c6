"""The staff's notes about an order, and the day to look at it again."""

import reflex as rx

from pages.components.badges import badge
from pages.components.buttons import primary_button, quiet_button
from pages.components.cards import card
from pages.components.dialog import dialog, dismiss_dialog, show_dialog
from pages.components.feedback import refusal_region, skeleton
from pages.components.forms import text_area, text_field
from state.admin.order import AdminOrder

NOTES = "notas"


def notes() -> rx.Component:
    kept = AdminOrder.order.notes
    return card(
        rx.cond(
            kept.text,
            rx.el.p(kept.text, class_name="whitespace-pre-wrap [overflow-wrap:anywhere]"),
            rx.el.p("Solo las ve el equipo.", class_name="cu-muted"),
        ),
        rx.cond(
            kept.day_shown,
            rx.el.p(
                badge(
                    f"Dar seguimiento el {kept.day_shown}",
                    tone=rx.cond(kept.due, "warning", "info"),
                )
            ),
        ),
        _change(),
        title="Notas",
        aside=quiet_button(
            "Cambiar",
            on_click=[AdminOrder.begin_notes, show_dialog(NOTES)],
            class_name="btn-sm",
            custom_attrs={"aria-haspopup": "dialog", "aria-label": "Cambiar las notas"},
        ),
    )


def _change() -> rx.Component:
    """What is typed stays while somebody else saves; it is then refused, and not lost.

    The fields come once it is known what they start with: drawn anew, they would lose it.
    """
    was = AdminOrder.noting
    return dialog(
        NOTES,
        "Notas del equipo",
        refusal_region(AdminOrder.notice, AdminOrder.errors),
        rx.cond(was.seen, _form(), skeleton("h-60 mt-3")),
    )


def _form() -> rx.Component:
    was = AdminOrder.noting
    return rx.el.form(
        text_area(
            "Notas",
            "notes",
            hint="El cliente no las ve.",
            error=AdminOrder.errors["notes"],
            default_value=was.text,
            max_length=2000,
            rows=5,
        ),
        text_field(
            "Dar seguimiento el",
            "follow_up",
            hint="Vacío: no hace falta. Ese día aparece en «Por dar seguimiento».",
            error=AdminOrder.errors["follow_up"],
            type="date",
            default_value=was.day,
        ),
        rx.el.div(
            quiet_button("No, volver", on_click=dismiss_dialog(NOTES), class_name="grow"),
            primary_button("Guardar", type="submit", class_name="grow"),
            class_name="flex flex-wrap gap-3",
        ),
        on_submit=AdminOrder.save_notes.throttle(1500),
        no_validate=True,
        key=was.seen,
        class_name="mt-4 cu-stack",
    )
