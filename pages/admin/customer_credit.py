"""A customer's credit on their page: the balance, its latest movements, and two forms."""

from typing import Any

import reflex as rx

from pages import routes
from pages.components.buttons import quiet_button, submit_button
from pages.components.cards import card, line, lines
from pages.components.dialog import dialog, dismiss_dialog, open_dialog
from pages.components.feedback import error_region, status_region
from pages.components.forms import select_field, text_area, text_field
from pages.components.links import link
from state.admin.customer_credit import GIVE, PAY_OUT, CustomerCredit, EntryRow
from state.admin.order_money_rows import METHODS
from state.session import Visitor

CREDIT = CustomerCredit.credit
ERRORS: Any = CustomerCredit.errors


def credit() -> rx.Component:
    return card(
        lines(line("Tiene a favor", CREDIT.balance, strong=True)),
        status_region(CREDIT.said),
        rx.cond(CREDIT.rows, rx.el.ul(rx.foreach(CREDIT.rows, _entry), class_name="cu-lines")),
        rx.cond(
            Visitor.is_owner,
            rx.el.div(
                quiet_button("Regalar saldo", on_click=open_dialog(GIVE), class_name="grow"),
                rx.cond(
                    CREDIT.plain,
                    quiet_button(
                        "Devolver en dinero", on_click=open_dialog(PAY_OUT), class_name="grow"
                    ),
                ),
                _give(),
                _pay_out(),
                class_name="flex flex-wrap gap-3",
            ),
        ),
        title="Saldo a favor",
    )


def _entry(one: EntryRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(one.title, class_name="font-semibold"),
            rx.el.span(one.amount, class_name="cu-price whitespace-nowrap"),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.el.p(
            rx.cond(
                one.order > 0,
                link(
                    f"Pedido #{one.order}",
                    to=routes.admin_order(one.order),
                    class_name="cu-link cu-num",
                ),
            ),
            rx.el.span(one.detail, class_name="[overflow-wrap:anywhere]"),
            class_name="flex flex-wrap gap-x-3 cu-muted cu-small",
        ),
        key=one.id,
        class_name="py-3 first:pt-0 last:pb-0",
    )


def _give() -> rx.Component:
    return _asking(
        GIVE,
        "Regalar saldo a favor",
        text_field(
            "Cuánto (MXN)",
            "gift",
            error=ERRORS["gift"],
            input_mode="decimal",
            auto_complete="off",
        ),
        text_area("Motivo", "reason", error=ERRORS["reason"], max_length=200, rows=2),
        button="Regalar",
        on_submit=CustomerCredit.give,
    )


def _pay_out() -> rx.Component:
    return _asking(
        PAY_OUT,
        "Devolver su saldo en dinero",
        rx.el.p("Anota aquí el dinero que ya le devolviste.", class_name="cu-muted"),
        text_field(
            "Monto devuelto (MXN)",
            "refund_amount",
            error=ERRORS["amount"],
            default_value=CREDIT.plain,
            input_mode="decimal",
            auto_complete="off",
        ),
        select_field("Cómo", "method", METHODS, error=ERRORS["method"]),
        text_field(
            "Referencia o clave de rastreo",
            "refund_reference",
            error=ERRORS["refund_reference"],
            auto_complete="off",
        ),
        text_area("Motivo", "refund_reason", error=ERRORS["refund_reason"], max_length=200, rows=2),
        button="Registrar",
        on_submit=CustomerCredit.pay_out,
    )


def _asking(name: str, title: str, *fields: Any, button: str, on_submit: Any) -> rx.Component:
    return dialog(
        name,
        title,
        rx.el.form(
            *fields,
            error_region(rx.cond(ERRORS, "", CustomerCredit.notice)),
            rx.el.div(
                quiet_button("No, volver", on_click=dismiss_dialog(name), class_name="grow"),
                submit_button(button, class_name="grow"),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=on_submit.throttle(1500),
            no_validate=True,
            key=CREDIT.times,
            class_name="mt-4 cu-stack",
        ),
    )
