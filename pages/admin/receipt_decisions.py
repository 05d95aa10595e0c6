"""What can be decided of a receipt: its money is there, it is refused, or another is needed."""

import reflex as rx

from pages.components.badges import badge
from pages.components.buttons import danger_button, primary_button, quiet_button, submit_button
from pages.components.cards import card
from pages.components.dialog import dialog, dismiss_dialog, open_dialog
from pages.components.feedback import alert
from pages.components.forms import choice, choices, text_area, text_field
from pages.components.kinds import Handler
from pages.components.shortcuts import hint, key
from state.admin.receipts import OTHER, ReceiptReview

SHOWN = ReceiptReview.receipt
REJECT, AGAIN = "rechazar-comprobante", "pedir-otro"
REJECTED = (
    "El monto no es el del pedido",
    "La transferencia fue a otra cuenta",
    "Es el comprobante de otro pedido",
    "No vemos ese dinero en nuestro banco",
)
UNCLEAR = (
    "La imagen no se lee bien",
    "La imagen está cortada: hace falta completa",
    "Falta la clave de rastreo",
    "Dice que está en proceso: mándalo cuando diga exitoso",
)


def decisions() -> rx.Component:
    return rx.fragment(
        rx.cond(
            SHOWN.decided,
            _decided(),
            card(_expected(), _accept(), _others(), title="¿Llegó el dinero?"),
        ),
        _refusal(
            REJECT,
            "Rechazar el comprobante",
            "El pedido sigue por pagar y el cliente recibe el motivo.",
            REJECTED,
            "Rechazar",
            field="rejected",
            on_submit=ReceiptReview.reject,
        ),
        _refusal(
            AGAIN,
            "Pedir otro comprobante",
            "El cliente recibe el motivo y tiene más tiempo para mandarlo.",
            UNCLEAR,
            "Pedir otro",
            field="asked_again",
            on_submit=ReceiptReview.ask_again,
        ),
    )


def _expected() -> rx.Component:
    return rx.fragment(
        rx.cond(SHOWN.notice, alert(SHOWN.notice, tone="warning")),
        rx.el.div(
            rx.el.p(
                rx.cond(SHOWN.partly, f"Falta de un total de {SHOWN.total}", "Debe decir"),
                class_name="cu-muted cu-small",
            ),
            rx.el.p(SHOWN.missing, class_name="cu-price text-3xl"),
            rx.el.p(
                f"Orden {SHOWN.order} · Referencia {SHOWN.reference}",
                class_name="cu-small cu-num",
            ),
        ),
    )


def _decided() -> rx.Component:
    return card(
        rx.el.div(badge(SHOWN.decided, tone=SHOWN.decided_tone)),
        rx.cond(
            SHOWN.waiting > 0,
            primary_button("Siguiente", on_click=ReceiptReview.go(SHOWN.after)),
        ),
        title="Ya se revisó",
    )


def _accept() -> rx.Component:
    """Another receipt, or a payment since, starts it afresh."""
    errors = ReceiptReview.errors
    return rx.el.form(
        rx.el.input(type="hidden", name="receipt", value=SHOWN.id),
        rx.el.input(type="hidden", name="seen", value=SHOWN.payments),
        text_field(
            "Monto recibido (MXN)",
            "amount",
            hint="Si llegó menos, escribe lo que llegó: el pedido espera el resto.",
            error=errors["amount"],
            default_value=SHOWN.missing_plain,
            input_mode="decimal",
            auto_complete="off",
        ),
        rx.el.details(
            rx.el.summary("Fecha, banco y clave de rastreo"),
            rx.el.div(
                text_field(
                    "Fecha del pago",
                    "paid_on",
                    error=errors["paid_on"],
                    type="date",
                    default_value=SHOWN.paid_on,
                    max=SHOWN.today,
                ),
                text_field(
                    "Banco",
                    "bank",
                    error=errors["bank"],
                    default_value=SHOWN.bank,
                    auto_complete="off",
                ),
                text_field(
                    "Clave de rastreo",
                    "tracking_key",
                    error=errors["tracking_key"],
                    default_value=SHOWN.tracking_key,
                    auto_complete="off",
                    spell_check=False,
                ),
                class_name="cu-stack",
            ),
            open=rx.cond(errors["paid_on"] | errors["bank"] | errors["tracking_key"], True, False),  # pyright: ignore  # noqa: PGH003  # Vars
            class_name="cu-more",
        ),
        submit_button(rx.fragment("Aceptar y entregar", hint("A")), custom_attrs=key("A")),
        on_submit=ReceiptReview.accept.throttle(1200),
        no_validate=True,
        key=f"{SHOWN.id}:{SHOWN.payments}",
        class_name="cu-stack",
    )


def _others() -> rx.Component:
    return rx.el.div(
        quiet_button(
            rx.fragment("Rechazar", hint("R")),
            on_click=open_dialog(REJECT),
            custom_attrs=key("R"),
            class_name="grow text-error",
        ),
        quiet_button(
            rx.fragment("Pedir otro", hint("P")),
            on_click=open_dialog(AGAIN),
            custom_attrs=key("P"),
            class_name="grow",
        ),
        class_name="flex flex-wrap gap-2",
    )


def _refusal(
    name: str,
    title: str,
    explanation: str,
    reasons: tuple[str, ...],
    confirm: str,
    *,
    field: str,
    on_submit: Handler,
) -> rx.Component:
    yes = danger_button if name == REJECT else primary_button
    return dialog(
        name,
        title,
        rx.el.p(explanation, class_name="mt-2 cu-muted"),
        rx.el.form(
            rx.el.input(type="hidden", name="receipt", value=SHOWN.id),
            choices(
                "Motivo",
                *(
                    choice(
                        reason, name="chosen", value=reason, default_checked=reason == reasons[0]
                    )
                    for reason in reasons
                ),
                choice("Otro", name="chosen", value=OTHER),
            ),
            rx.el.div(
                text_area(
                    "Escribe el motivo",
                    field,
                    hint="El cliente lo lee tal como lo escribas.",
                    error=ReceiptReview.errors[field],
                    max_length=200,
                    rows=2,
                ),
                class_name="cu-other",
            ),
            rx.el.div(
                quiet_button("No, volver", on_click=dismiss_dialog(name), class_name="grow"),
                yes(confirm, type="submit", class_name="grow"),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=on_submit.throttle(1200),
            no_validate=True,
            key=SHOWN.id,
            class_name="mt-4 cu-stack",
        ),
    )
