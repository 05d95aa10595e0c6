"""A receipt in a list, drawn alike for its customer and for the staff; values come as Vars."""

import reflex as rx

from pages.components.badges import badge
from state.receipt_rows import ReceiptRow


def receipts(found: list[ReceiptRow]) -> rx.Component:
    return rx.el.ul(rx.foreach(found, receipt), class_name="cu-lines")


def receipt(one: ReceiptRow) -> rx.Component:
    return rx.el.li(
        rx.cond(
            one.picture,
            rx.el.a(
                picture(one.picture, class_name="size-14 object-cover object-top rounded-field"),
                href=one.picture,
                custom_attrs={"aria-label": "Descargar el comprobante"},
                class_name="flex-none border border-base-300 rounded-field overflow-hidden",
            ),
        ),
        rx.el.div(
            rx.el.p(
                badge(one.state, tone=one.tone),
                rx.el.span(one.when, class_name="cu-muted cu-small cu-num"),
                class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
            ),
            rx.cond(
                one.detail,
                rx.el.p(one.detail, class_name="mt-1 cu-small cu-num [overflow-wrap:anywhere]"),
            ),
            rx.cond(one.reason, rx.el.p(one.reason, class_name="mt-1 cu-small")),
            class_name="min-w-0 grow",
        ),
        key=one.id,
        class_name="flex items-start gap-3 py-3 first:pt-0 last:pb-0",
    )


def picture(address: str, *, class_name: str) -> rx.Component:
    return rx.el.img(src=address, alt="Comprobante", loading="lazy", class_name=class_name)
