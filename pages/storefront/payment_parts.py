"""Payment instructions: every field a person must type into the bank's app can be copied."""

import reflex as rx

from pages.components.browser import in_browser
from pages.components.buttons import copy_button, quiet_button
from pages.components.cards import card
from pages.components.copyable import copyable
from pages.components.icons import icon
from pages.components.links import outside_link
from pages.components.widgets import ShareButton
from state.storefront.order_parts import PaymentView


def payment_card(payment: PaymentView, title: str) -> rx.Component:
    """`payment` and its order's `title` are Vars; on paper nothing else is left of the page."""
    return card(
        rx.el.div(
            rx.el.div(
                rx.el.p("Monto a pagar", class_name="cu-small"),
                rx.el.p(payment.amount, class_name="cu-price text-[1.35rem] sm:text-3xl"),
                class_name="min-w-0",
            ),
            rx.el.div(copy_button(payment.plain, description="Copiar monto"), class_name="ml-auto"),
            class_name="flex flex-wrap items-center gap-x-2 rounded-field bg-base-200 py-3 pl-4 "
            "pr-1",
        ),
        rx.el.dl(
            copyable("Banco", payment.bank),
            copyable("Titular", payment.holder),
            copyable("CLABE", payment.clabe),
            copyable("Cuenta", payment.account),
            copyable("Concepto", payment.concept),
            copyable("Referencia", payment.reference),
            class_name="cu-lines",
        ),
        rx.el.div(
            rx.el.h3("Cómo pagar"),
            rx.el.ol(
                rx.foreach(payment.steps, _step),
                class_name="mt-2 grid gap-1.5 list-decimal pl-5 marker:font-bold "
                "marker:text-primary",
            ),
        ),
        rx.el.div(
            ShareButton.create(
                icon("share"),
                title=title,
                text=payment.text,
                label="Compartir",
                done="Copiado",
                class_name="btn btn-outline grow",
            ),
            quiet_button(
                "Imprimir",
                icon_name="print",
                on_click=in_browser("window.print()"),
                class_name="grow",
            ),
            rx.cond(
                payment.receipt_link,
                outside_link(
                    icon("chat"),
                    "Ayuda por WhatsApp",
                    href=payment.receipt_link,
                    class_name="btn btn-ghost grow",
                ),
            ),
            class_name="flex flex-wrap gap-2 cu-screen-only",
        ),
        title="Instrucciones de pago",
        class_name="cu-paper",
    )


def _step(said: str) -> rx.Component:
    return rx.el.li(said)
