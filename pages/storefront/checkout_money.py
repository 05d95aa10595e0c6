"""A coupon, the customer's credit, and what they leave to pay."""

import reflex as rx

from pages.components.buttons import quiet_button
from pages.components.cards import card
from pages.components.forms import checkbox, choice, choices, text_field
from pages.components.icons import icon
from state.storefront.checkout import Checkout

MONEY = Checkout.money
WAYS_TO_PAY = (
    ("transfer", "Transferencia", "Te damos los datos y la confirmamos"),
    ("card", "Tarjeta", "Con Mercado Pago: tus accesos llegan en cuanto se apruebe"),
)


def coupon() -> rx.Component:
    """Folded until somebody has one; it stays open with what became of it."""
    error = Checkout.errors.get("coupon", "")
    return rx.el.details(
        rx.el.summary(
            rx.cond(MONEY.coupon, f"Cupón {MONEY.coupon}", "¿Tienes un cupón?"),
            icon("right", "ml-auto transition-transform group-open:rotate-90"),
            class_name="flex items-center gap-2 min-h-11 font-semibold",
        ),
        rx.el.form(
            rx.el.div(
                text_field(
                    "Código",
                    "coupon",
                    error=error,
                    default_value=MONEY.coupon,
                    auto_complete="off",
                    auto_capitalize="characters",
                    spell_check=False,
                    max_length=40,
                ),
                class_name="grow min-w-0",
            ),
            quiet_button(
                rx.cond(MONEY.coupon, "Cambiar", "Aplicar"), type="submit", class_name="mt-7"
            ),
            on_submit=Checkout.use_coupon,
            no_validate=True,
            key=MONEY.coupon,
            class_name="flex items-start gap-3 pb-2",
        ),
        open=rx.cond(MONEY.coupon, True, error != ""),
        class_name="group border-t border-base-300",
    )


def total() -> rx.Component:
    return rx.el.div(
        rx.cond(
            MONEY.discount,
            rx.fragment(_row("Subtotal", MONEY.subtotal), _row("Descuento", MONEY.discount)),
        ),
        rx.cond(
            MONEY.using,
            rx.fragment(_row("Total", MONEY.total), _row("Tu saldo a favor", MONEY.using)),
        ),
        rx.el.div(
            rx.el.p(
                rx.cond(MONEY.using, "Por pagar", "Total"),
                rx.el.span("IVA incluido", class_name="block cu-muted cu-small font-normal"),
                class_name="font-bold",
            ),
            rx.el.p(MONEY.to_pay, class_name="cu-price text-2xl"),
            class_name="flex items-center justify-between gap-3",
        ),
        role="status",
        class_name="border-t border-base-300 pt-3 grid gap-2",
    )


def _row(label: str, amount: rx.Var[str] | str) -> rx.Component:
    return rx.el.p(
        rx.el.span(label, class_name="cu-muted"),
        rx.el.span(amount, class_name="cu-num font-semibold"),
        class_name="flex items-center justify-between gap-3",
    )


def credit() -> rx.Component:
    """All of it with one tap; who wants to keep some writes how much."""
    return card(
        checkbox(
            "Usar mi saldo a favor: ",
            rx.el.strong(MONEY.credit, class_name="cu-num"),
            name="with_credit",
            default_checked=MONEY.using != "",
            on_change=Checkout.use_credit,
        ),
        rx.cond(
            MONEY.using,
            text_field(
                "Cuánto usar (MXN)",
                "use_credit",
                error=Checkout.errors.get("use_credit", ""),
                default_value=MONEY.using_plain,
                input_mode="decimal",
                auto_complete="off",
                key=MONEY.using_plain,
                on_blur=Checkout.spend,
            ),
        ),
    )


def pay_by() -> rx.Component:
    """Only where a card is taken: it can still be paid the other way afterwards."""
    return choices(
        "¿Cómo quieres pagar?",
        *(
            choice(
                rx.el.span(name, class_name="block font-bold"),
                rx.el.span(detail, class_name="block cu-muted cu-small"),
                name="pay_by",
                value=value,
                default_checked=value == "transfer",
            )
            for value, name, detail in WAYS_TO_PAY
        ),
    )
