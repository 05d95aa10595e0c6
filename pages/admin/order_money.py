"""The money of an order: each movement, what they add up to, and where the rest may go."""

import reflex as rx

from pages.admin.card_refund_parts import card_refunds
from pages.components.buttons import primary_button, quiet_button, submit_button
from pages.components.cards import line, lines
from pages.components.dialog import dialog, dismiss_dialog, show_dialog
from pages.components.feedback import alert, error_region
from pages.components.forms import checkbox, select_field, text_area, text_field
from state.admin.order import AdminOrder
from state.admin.order_money import OrderMoney
from state.admin.order_money_rows import METHODS, MoneyRow
from state.session import Visitor

ORDER = AdminOrder.order
MONEY = AdminOrder.order.money
REFUND = "registrar-devolucion"


def money() -> rx.Component:
    return rx.el.div(
        rx.cond(
            MONEY.rows,
            rx.el.ul(rx.foreach(MONEY.rows, movement), class_name="cu-lines"),
            rx.el.p("Aún no hay pagos registrados.", class_name="cu-muted"),
        ),
        rx.cond(
            MONEY.sums,
            rx.el.div(
                lines(rx.foreach(MONEY.sums, _sum)), class_name="border-t border-base-300 pt-1"
            ),
        ),
        card_refunds(),
        rx.cond(MONEY.loose, _without_a_place()),
        error_region(rx.cond(OrderMoney.errors, "", OrderMoney.notice)),
        rx.cond(
            MONEY.returnable,
            rx.cond(
                Visitor.is_owner,
                rx.el.div(
                    quiet_button(
                        "Registrar devolución",
                        on_click=[OrderMoney.begin, show_dialog(REFUND)],
                        class_name="w-full sm:w-auto",
                    ),
                    _refund(),
                ),
            ),
        ),
        class_name="cu-stack",
    )


def movement(row: MoneyRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(row.title, class_name="font-semibold"),
            rx.el.span(row.amount, class_name="cu-price whitespace-nowrap"),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.el.p(row.detail, class_name="mt-1 cu-muted cu-small cu-num [overflow-wrap:anywhere]"),
        class_name="py-3 first:pt-0 last:pb-0",
    )


def _sum(row: MoneyRow) -> rx.Component:
    return line(row.title, row.amount)


def _without_a_place() -> rx.Component:
    """Too much, twice, or too late: one tap gives it a place."""
    return alert(
        rx.el.p(f"{MONEY.loose} no tienen destino: no son de este pedido."),
        rx.el.div(
            primary_button(
                "Pasar a saldo a favor",
                on_click=OrderMoney.to_credit.throttle(1500),
                class_name="grow sm:grow-0",
            ),
            rx.cond(
                MONEY.may_revive,
                quiet_button(
                    "Reactivar y esperar stock",
                    on_click=OrderMoney.revive.throttle(1500),
                    class_name="grow sm:grow-0",
                ),
            ),
            class_name="mt-3 flex flex-wrap gap-3",
        ),
        tone="warning",
    )


def _refund() -> rx.Component:
    errors = OrderMoney.errors
    return dialog(
        REFUND,
        "Registrar devolución",
        rx.el.p(
            rx.cond(
                MONEY.cards.most,
                f"Mercado Pago devuelve a su tarjeta hasta {MONEY.cards.most}. De otra forma, "
                "anota aquí lo que ya devolviste. ",
                "Anota aquí el dinero que ya devolviste. ",
            ),
            f"A este pedido le quedan {MONEY.returnable}.",
            class_name="mt-2 cu-muted",
        ),
        rx.el.form(
            text_field(
                "Monto devuelto (MXN)",
                "refund_amount",
                error=errors["amount"],
                default_value=MONEY.suggested,
                input_mode="decimal",
                auto_complete="off",
            ),
            select_field(
                "Cómo",
                "method",
                METHODS,
                error=errors["method"],
                default_value=rx.cond(MONEY.cards.most, "card", "transfer"),
            ),
            text_field(
                "Referencia o clave de rastreo",
                "refund_reference",
                hint=rx.cond(MONEY.cards.most, "Si va a su tarjeta, la pone Mercado Pago.", ""),
                error=errors["refund_reference"],
                auto_complete="off",
            ),
            text_field(
                "Fecha",
                "refunded_on",
                error=errors["refunded_on"],
                type="date",
                default_value=ORDER.today,
                max=ORDER.today,
            ),
            text_area(
                "Motivo",
                "refund_reason",
                hint="El cliente lo ve.",
                error=errors["refund_reason"],
                max_length=200,
                rows=2,
            ),
            rx.cond(
                MONEY.may_release, checkbox("Retirarle los accesos de este pedido", name="release")
            ),
            error_region(rx.cond(errors, "", OrderMoney.notice)),
            rx.el.div(
                quiet_button("No, volver", on_click=dismiss_dialog(REFUND), class_name="grow"),
                submit_button("Registrar", class_name="grow"),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=OrderMoney.refund,
            no_validate=True,
            key=MONEY.remains,
            class_name="mt-4 cu-stack",
        ),
    )
