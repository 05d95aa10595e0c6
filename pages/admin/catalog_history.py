"""What the plans of a service were sold for, newest first; to the owner also why."""

from typing import Any

import reflex as rx

from pages.components.cards import card
from state.admin.catalog_service import AdminService
from state.admin.catalog_view import PriceLine

LEDGER: Any = AdminService.ledger


def history() -> rx.Component:
    return card(
        rx.cond(
            AdminService.history,
            rx.el.ol(
                rx.foreach(AdminService.history, _line),
                class_name="cu-lines",
            ),
            rx.el.p("Aquí quedará cada cambio de precio.", class_name="cu-muted"),
        ),
        title="Historia de precios",
    )


def _line(line: PriceLine, n: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(line.plan, class_name="font-semibold"),
            rx.el.span(
                rx.cond(
                    line.before,
                    rx.el.span(rx.cond(line.before == line.after, "", f"{line.before} → ")),
                    rx.el.span("Nuevo: "),
                ),
                rx.el.span(line.after, class_name="font-bold"),
                class_name="cu-num text-right",
            ),
            class_name="flex flex-wrap justify-between gap-x-4",
        ),
        rx.el.p(
            f"{line.when} · {line.who}",
            rx.cond(line.struck, f" · tachado {line.struck}", ""),
            class_name="cu-muted cu-small cu-num",
        ),
        rx.cond(AdminService.is_owner, _behind(n)),
        key=line.id,
        class_name="py-3",
    )


def _behind(n: rx.Var[int]) -> rx.Component:
    costs = LEDGER[n]
    return rx.el.p(
        f"Costo {costs.cost} · ganancia {costs.margin}", class_name="cu-muted cu-small cu-num"
    )
