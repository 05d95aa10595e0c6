"""What each column of a file holds, beside the movements that it reads to so."""

import reflex as rx

from pages.components.badges import badge
from pages.components.buttons import ghost_button, submit_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, open_dialog
from pages.components.feedback import alert
from pages.components.forms import select_field
from pages.components.kinds import Child
from state.admin.statement_preview import COLUMN_NAMES, ColumnView, PreviewRow
from state.admin.statements import AdminStatements

STATEMENT = AdminStatements.statement
PREVIEW = STATEMENT.preview
DISCARD = "descartar-estado"


def columns() -> rx.Component:
    """The form starts from what the file's own names seem to say."""
    return rx.fragment(
        rx.el.form(
            card(
                rx.el.p(
                    "Es la primera vez que vemos un archivo así. Di qué trae cada columna; la "
                    "próxima vez se leerá solo.",
                    class_name="cu-muted",
                ),
                rx.el.div(
                    rx.foreach(STATEMENT.columns, _column),
                    class_name="grid gap-4 items-start sm:grid-cols-2",
                ),
                title="Qué hay en cada columna",
            ),
            card(_preview(), title="Así se leen", class_name="lg:sticky lg:top-4"),
            on_submit=AdminStatements.say_columns.throttle(800),
            key=STATEMENT.id,
            class_name="grid gap-4 items-start lg:grid-cols-2",
        ),
        ghost_button(
            "Descartar este archivo",
            icon_name="trash",
            on_click=open_dialog(DISCARD),
            class_name="justify-self-start",
        ),
        confirm_dialog(
            DISCARD,
            "¿Descartar este archivo?",
            "Nada de lo que trae se ha leído.",
            confirm="Sí, descartar",
            on_confirm=AdminStatements.discard,
        ),
    )


def unread(sentences: list[str] | rx.Var[list[str]]) -> rx.Component:
    return rx.el.ul(rx.foreach(sentences, rx.el.li), class_name="grid gap-1")


def _column(column: ColumnView) -> rx.Component:
    return select_field(
        column.label,
        column.name,
        rx.fragment(
            rx.el.option("— no se usa —", value=""),
            *(rx.el.option(name, value=field) for field, name in COLUMN_NAMES.items()),
        ),
        hint=column.sample,
        default_value=column.chosen,
        on_change=lambda held: AdminStatements.choose(column.name, held),
    )


def _preview() -> rx.Component:
    return rx.fragment(
        rx.el.p(PREVIEW.summary, role="status", class_name="cu-num font-semibold"),
        rx.cond(
            PREVIEW.rows,
            rx.el.ol(
                rx.foreach(PREVIEW.rows, _row),
                class_name="cu-lines",
                custom_attrs={"aria-label": "Primeros movimientos"},
            ),
        ),
        rx.cond(PREVIEW.more, rx.el.p(PREVIEW.more, class_name="cu-muted cu-small cu-num")),
        rx.cond(PREVIEW.unread, alert(unread(PREVIEW.unread), tone="warning")),
        _error("mapping"),
        _error("file"),
        submit_button("Leer los movimientos"),
    )


def _row(one: PreviewRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(one.concept, class_name="leading-snug line-clamp-3 [overflow-wrap:anywhere]"),
            rx.cond(one.detail, _small(one.detail)),
            _small(one.day),
            class_name="min-w-0 grow",
        ),
        rx.el.div(
            rx.el.p(one.amount, class_name="cu-price"),
            rx.cond(one.balance, _small(one.balance)),
            badge(one.kind, tone=rx.cond(one.kind == "Abono", "success", "neutral")),
            class_name="grid gap-1 justify-items-end flex-none text-right",
        ),
        class_name="flex items-start gap-3 py-3",
        key=one.line,
    )


def _small(text: Child) -> rx.Component:
    return rx.el.p(text, class_name="cu-muted cu-small cu-num [overflow-wrap:anywhere]")


def _error(field: str) -> rx.Component:
    return rx.cond(
        AdminStatements.errors[field],
        rx.el.p(AdminStatements.errors[field], class_name="cu-error", role="alert"),
    )
