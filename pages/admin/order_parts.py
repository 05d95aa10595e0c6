"""The forms of an operator's order page."""

import reflex as rx

from pages import routes
from pages.components.buttons import danger_button, ghost_button, quiet_button, submit_button
from pages.components.cards import line, lines
from pages.components.dialog import dialog, dismiss_dialog, show_dialog
from pages.components.forms import choice, choices, select_field, text_area, text_field
from pages.components.links import link
from state.admin.order import AdminOrder
from state.admin.order_money_rows import METHODS
from state.session import Visitor

ORDER = AdminOrder.order
CANCEL = "cancelar-pedido"


def payment_form() -> rx.Component:
    """A payment on record, by anybody, starts the form afresh: its amount was for the old one."""
    errors = AdminOrder.errors
    return rx.el.form(
        rx.el.input(type="hidden", name="seen", value=ORDER.payments_made),
        text_field(
            "Monto recibido (MXN)",
            "amount",
            error=errors["amount"],
            default_value=ORDER.missing_plain,
            input_mode="decimal",
            auto_complete="off",
        ),
        text_field(
            "Fecha del pago",
            "paid_on",
            error=errors["paid_on"],
            type="date",
            default_value=ORDER.today,
            max=ORDER.today,
        ),
        text_field(
            "Referencia",
            "reference",
            hint=ORDER.reference_hint,
            error=errors["reference"],
            auto_complete="off",
        ),
        text_field("Banco (opcional)", "bank", error=errors["bank"], auto_complete="off"),
        text_field(
            "Clave de rastreo (opcional)",
            "tracking_key",
            error=errors["tracking_key"],
            auto_complete="off",
            auto_capitalize="characters",
            spell_check=False,
        ),
        submit_button("Confirmar pago"),
        on_submit=AdminOrder.confirm.throttle(1500),
        no_validate=True,
        key=ORDER.payments_made,
        class_name="cu-stack",
    )


def customer() -> rx.Component:
    return rx.el.div(
        lines(
            line(
                "Nombre",
                link(
                    ORDER.customer,
                    to=routes.admin_customer(ORDER.customer_id),
                    class_name="cu-link inline-flex items-center min-h-11 -my-2",
                ),
            ),
            line("Celular", ORDER.phone),
            line("Entrega por", ORDER.preference),
        ),
        rx.el.div(
            rx.el.a("Llamar", href=ORDER.phone_link, class_name="btn btn-outline btn-sm grow"),
            rx.el.a(
                "WhatsApp",
                href=ORDER.chat_link,
                target="_blank",
                rel="noopener noreferrer",
                class_name="btn btn-outline btn-sm grow",
            ),
            class_name="mt-2 flex gap-3",
        ),
    )


def cancel() -> rx.Component:
    return rx.el.div(
        ghost_button(
            "Cancelar pedido",
            on_click=[AdminOrder.begin_cancel, show_dialog(CANCEL)],
            class_name="text-error justify-self-start",
        ),
        dialog(
            CANCEL,
            "¿Cancelar este pedido?",
            rx.el.p(
                "Se libera su stock y el cliente pierde los accesos que ya tenga de este pedido. "
                "El saldo a favor que haya usado vuelve a él.",
                class_name="mt-2 cu-muted",
            ),
            rx.el.form(
                text_area(
                    "Motivo",
                    "reason",
                    hint="El cliente lo ve.",
                    error=AdminOrder.errors["reason"],
                    max_length=200,
                    rows=3,
                ),
                rx.cond(ORDER.money.held, _where_its_money_goes()),
                rx.el.div(
                    quiet_button("No, volver", on_click=dismiss_dialog(CANCEL), class_name="grow"),
                    danger_button("Sí, cancelar", type="submit", class_name="grow"),
                    class_name="flex flex-wrap gap-3",
                ),
                on_submit=AdminOrder.cancel.throttle(1500),
                no_validate=True,
                class_name="mt-4 cu-stack",
            ),
        ),
        class_name="grid",
    )


def _where_its_money_goes() -> rx.Component:
    """A refund's fields show once it is chosen."""
    errors = AdminOrder.errors
    return rx.el.div(
        choices(
            f"¿Qué pasa con {ORDER.money.returnable} que ya pagó?",
            choice("Pasa a su saldo a favor", name="money", value="credit", default_checked=True),
            rx.cond(
                Visitor.is_owner & ORDER.money.cards.whole,
                choice("Mercado Pago se lo devuelve a su tarjeta", name="money", value="card"),
            ),
            rx.cond(Visitor.is_owner, choice("Ya se lo devolví", name="money", value="refund")),
            choice("Lo decidimos después", name="money", value="later"),
        ),
        rx.el.div(
            select_field("Cómo", "cancel_method", METHODS, error=errors["method"]),
            text_field(
                "Referencia o clave de rastreo",
                "cancel_reference",
                error=errors["cancel_reference"],
                auto_complete="off",
            ),
            class_name="hidden group-has-[[value=refund]:checked]:grid gap-4 mt-3",
        ),
        class_name="group",
    )
