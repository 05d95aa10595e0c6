"""The queue of receipts: one at a time beside what it should show, decided by a key."""

import reflex as rx

from pages import receipt_parts, routes
from pages.admin.payment_tabs import payment_tabs
from pages.admin.receipt_decisions import decisions
from pages.components.buttons import quiet_button
from pages.components.cards import card, line, lines
from pages.components.dialog import dismiss_dialog, open_dialog
from pages.components.feedback import (
    alert,
    empty_state,
    refusal_region,
    skeleton,
    until_ready,
)
from pages.components.icons import icon
from pages.components.links import button_link, link
from pages.components.shortcuts import Shortcuts, hint, key
from pages.frames import admin_page
from state.admin.receipt_view import RepeatView
from state.admin.receipts import ReceiptReview

SHOWN = ReceiptReview.receipt
ZOOM = "comprobante-grande"


def receipts() -> rx.Component:
    return admin_page(
        payment_tabs(routes.ADMIN_PAYMENTS),
        _outcome(),
        rx.match(
            ReceiptReview.phase,
            ("ready", _review()),
            ("empty", _empty()),
            until_ready(ReceiptReview.notice, on_retry=ReceiptReview.load, waiting=_loading()),
        ),
        title="Pagos",
        active=routes.ADMIN_PAYMENTS,
    )


def _outcome() -> rx.Component:
    said = rx.match(
        ReceiptReview.tone,
        ("warning", alert(ReceiptReview.said, tone="warning")),
        ("info", alert(ReceiptReview.said, tone="info")),
        alert(ReceiptReview.said, tone="success"),
    )
    return rx.el.div(
        rx.cond(ReceiptReview.said, rx.fragment(said)), role="status", class_name="empty:hidden"
    )


def _review() -> rx.Component:
    return rx.el.div(
        Shortcuts.create(),
        _position(),
        refusal_region(ReceiptReview.notice, ReceiptReview.errors),
        rx.el.div(rx.foreach(SHOWN.repeats, _repeat), class_name="cu-stack empty:hidden"),
        rx.el.div(
            rx.el.div(_shown(), class_name="min-w-0"),
            rx.el.div(
                _expected(),
                decisions(),
                rx.cond(
                    SHOWN.earlier,
                    card(
                        receipt_parts.receipts(SHOWN.earlier),
                        title="Comprobantes anteriores del pedido",
                    ),
                ),
                class_name="cu-stack",
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[minmax(0,1fr)_24rem]",
        ),
        class_name="cu-stack",
    )


def _position() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.cond(SHOWN.waiting, f"{SHOWN.waiting} por revisar", "Nada por revisar"),
            class_name="mr-auto font-semibold cu-num",
            role="status",
        ),
        _move("Anterior", SHOWN.before, "K"),
        _move("Siguiente", SHOWN.after, "J"),
        class_name="flex flex-wrap items-center gap-2",
    )


def _move(label: str, to: int, letter: str) -> rx.Component:
    """To another receipt that waits, where there is one."""
    return rx.cond(
        (to != 0) & (to != SHOWN.id),  # pyright: ignore[reportOperatorIssue]  # Vars
        quiet_button(
            rx.fragment(label, hint(letter)),
            on_click=ReceiptReview.go(to),
            custom_attrs=key(letter),
            class_name="btn-sm",
        ),
    )


def _repeat(one: RepeatView) -> rx.Component:
    return alert(
        one.said,
        " ",
        link("Ver ese pedido", to=routes.admin_order(one.order), class_name="cu-link"),
        tone="error",
        title="Repetido",
    )


def _shown() -> rx.Component:
    return card(
        rx.cond(
            SHOWN.picture,
            rx.fragment(
                rx.el.button(
                    receipt_parts.picture(
                        SHOWN.picture,
                        class_name="max-h-[70dvh] w-auto max-w-full mx-auto rounded-field",
                    ),
                    type="button",
                    on_click=open_dialog(ZOOM),
                    custom_attrs={"aria-label": "Ampliar el comprobante"},
                    class_name="w-full cursor-zoom-in",
                ),
                _zoom(),
            ),
            rx.el.p(
                "Sin imagen: búscalo en tu banco por la clave de rastreo.",
                class_name="py-6 text-center cu-muted",
            ),
        ),
        lines(
            rx.cond(SHOWN.declared, line("Dice que pagó", SHOWN.declared)),
            rx.cond(SHOWN.tracking_key, line("Clave de rastreo", SHOWN.tracking_key)),
            rx.cond(SHOWN.bank, line("Desde", SHOWN.bank)),
            line("Enviado", SHOWN.sent),
        ),
    )


def _zoom() -> rx.Component:
    return rx.el.dialog(
        rx.el.button(
            icon("close"),
            type="button",
            on_click=dismiss_dialog(ZOOM),
            custom_attrs={"aria-label": "Cerrar"},
            class_name="btn btn-square sticky top-2 left-2 z-10",
        ),
        receipt_parts.picture(SHOWN.picture, class_name="block max-w-none w-[max(100%,60rem)]"),
        class_name="cu-dialog !w-[calc(100vw-1rem)] !max-w-none !p-0 overflow-auto",
        custom_attrs={"id": ZOOM, "aria-label": "Comprobante ampliado"},
    )


def _expected() -> rx.Component:
    return card(
        rx.el.div(
            rx.el.p("Debe decir", class_name="cu-muted cu-small"),
            rx.el.p(SHOWN.missing, class_name="cu-price text-3xl"),
            rx.cond(
                SHOWN.partly, rx.el.p(f"Falta de un total de {SHOWN.total}", class_name="cu-small")
            ),
        ),
        rx.cond(SHOWN.notice, alert(SHOWN.notice, tone="warning")),
        lines(
            line("Referencia", SHOWN.reference),
            line("Concepto", f"Orden {SHOWN.order}"),
            line("A la cuenta", SHOWN.told_bank),
            line(
                "Cliente",
                link(SHOWN.customer, to=routes.admin_customer(SHOWN.customer_id)),
            ),
            line("Celular", SHOWN.phone),
            line("Pidió", SHOWN.products),
        ),
        title=f"Pedido #{SHOWN.order}",
        aside=link("Abrir", to=routes.admin_order(SHOWN.order)),
    )


def _empty() -> rx.Component:
    return empty_state(
        "No hay comprobantes por revisar",
        "Cuando un cliente envíe uno, aparecerá aquí solo.",
        action=button_link(
            "Ver pedidos por confirmar",
            to=f"{routes.ADMIN_ORDERS}?tab=por-confirmar",
            kind="quiet",
            icon_name="orders",
        ),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-96 rounded-box"),
        skeleton("h-96 rounded-box"),
        class_name="grid gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]",
    )
