"""The pieces of a file's page: its columns, what would come in, what would not, how far it got."""

from collections.abc import Callable

import reflex as rx

from pages.components.buttons import quiet_button, submit_button
from pages.components.cards import card, line, lines
from pages.components.feedback import alert
from pages.components.forms import choice, choices, select_field
from pages.components.pagination import pagination
from pages.components.table import cell, row, table
from state.admin.import_parts import ColumnView, IssueRow, Option, SampleRow
from state.admin.imports import AdminImports
from state.session import Visitor

BATCH = AdminImports.batch


class StockUpload(rx.Component):
    """The form of assets/stock-upload.js around its fields."""

    library = "$/public/stock-upload.js"
    tag = "StockUpload"

    action: rx.Var[str]
    next: rx.Var[str]
    label: rx.Var[str]
    busy_label: rx.Var[str]


def mapping() -> rx.Component:
    """The form starts afresh with every answer: what it shows is what the file was read with."""
    return rx.el.form(
        rx.foreach(BATCH.columns, _column),
        select_field(
            "Servicio de todo el archivo",
            "service_id",
            rx.fragment(
                rx.el.option("Lo dice una columna", value=""),
                rx.foreach(AdminImports.services, _option),
            ),
            default_value=BATCH.service,
        ),
        rx.cond(
            AdminImports.errors["mapping"],
            rx.el.p(AdminImports.errors["mapping"], class_name="cu-error", role="alert"),
        ),
        quiet_button("Volver a revisar", type="submit", icon_name="refresh"),
        on_submit=AdminImports.remap.throttle(800),
        key=BATCH.revision,
        class_name="cu-stack",
    )


def _column(column: ColumnView) -> rx.Component:
    return select_field(
        column.label,
        column.name,
        rx.fragment(
            rx.el.option("— no viene —", value=""),
            rx.foreach(BATCH.choices, _option),
        ),
        hint=column.hint,
        default_value=column.chosen,
    )


def _option(one: Option) -> rx.Component:
    return rx.el.option(one.label, value=one.value)


def totals() -> rx.Component:
    return rx.el.div(
        lines(
            line("En el archivo", BATCH.rows),
            line("Filas correctas", BATCH.good),
            line("Con errores", BATCH.bad),
        ),
        rx.cond(BATCH.lacks, alert(BATCH.lacks, tone="warning")),
        class_name="cu-stack",
    )


def start() -> rx.Component:
    return rx.cond(
        BATCH.ready,
        rx.el.form(
            choices(
                "Si una fila tiene un error",
                choice(
                    "No entra ninguna: primero corrijo el archivo",
                    name="mode",
                    value="all",
                    default_checked=BATCH.mode == "all",
                ),
                choice(
                    "Entran las correctas y las demás se quedan fuera",
                    name="mode",
                    value="good",
                    default_checked=BATCH.mode == "good",
                ),
            ),
            submit_button(BATCH.action),
            on_submit=AdminImports.start.throttle(1500),
            key=BATCH.revision,
            class_name="cu-stack",
        ),
    )


def progress() -> rx.Component:
    return rx.el.div(
        rx.el.p(BATCH.progress, class_name="cu-num", role="status"),
        rx.el.div(
            rx.el.div(
                class_name="h-full bg-primary transition-[width]",
                style={"width": f"{BATCH.percent}%"},
            ),
            role="progressbar",
            class_name="h-3 rounded-full bg-base-300 overflow-hidden",
            custom_attrs={
                "aria-label": "Filas importadas",
                "aria-valuemin": "0",
                "aria-valuemax": "100",
                "aria-valuenow": BATCH.percent,
            },
        ),
        rx.el.p(
            "Puedes cerrar esta página: la importación sigue y entra completa o no entra.",
            class_name="cu-muted cu-small",
        ),
        class_name="cu-stack !gap-3",
    )


def sample() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Así entrarán las primeras", class_name="text-xl"),
        rx.cond(
            Visitor.is_owner,
            _accounts(lambda one: row(*_cells(one), _cost(one), key=one.line), "Costo"),
            _accounts(lambda one: row(*_cells(one), key=one.line)),
        ),
        class_name="cu-stack !gap-3",
    )


def _accounts(drawn: Callable[[SampleRow], rx.Component], *more: str) -> rx.Component:
    return table(
        "Primeras cuentas del archivo",
        ("Línea", "Usuario", "Servicio", "Perfiles", "Pagado hasta", *more),
        rx.foreach(BATCH.sample, drawn),
        numeric=more,
    )


def _cells(account: SampleRow) -> tuple[rx.Component, ...]:
    return (
        cell("Línea", f"{account.line}"),
        cell("Usuario", rx.el.span(account.login, class_name="[overflow-wrap:anywhere]")),
        cell("Servicio", account.service),
        cell("Perfiles", account.profiles),
        cell("Pagado hasta", account.paid_until),
    )


def _cost(account: SampleRow) -> rx.Component:
    return cell("Costo", account.cost, numeric=True)


def issues() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(AdminImports.issues, _issue), class_name="cu-lines"),
        rx.cond(
            AdminImports.paged,
            pagination(previous=AdminImports.newer, following=AdminImports.older),
        ),
        title=f"Errores en {BATCH.bad}",
    )


def _issue(issue: IssueRow) -> rx.Component:
    return rx.el.li(
        rx.el.span(f"Línea {issue.line}", class_name="cu-num font-semibold sm:w-28 flex-none"),
        rx.el.span(issue.column, class_name="cu-muted sm:w-36 flex-none truncate"),
        rx.el.span(issue.text, class_name="w-full sm:w-auto sm:grow min-w-0"),
        class_name="flex flex-wrap sm:flex-nowrap gap-x-3 gap-y-0.5 py-2.5",
    )
