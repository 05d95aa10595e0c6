"""What can be done while an order waits: for its payment, or for stock."""

import reflex as rx

from pages.components.buttons import ghost_button, primary_button, quiet_button
from pages.components.dialog import dialog, dismiss_dialog, show_dialog
from pages.components.feedback import alert, refusal_region, skeleton
from pages.components.forms import choice, choices, select_field
from state.admin.order import AdminOrder
from state.admin.order_parts import WaitingRow
from state.admin.order_picking import UnitChoice

ORDER, PICKING = AdminOrder.order, AdminOrder.picking
PICK = "elegir-acceso"
DAYS = (
    ("1", "mañana"),
    ("0", "hoy"),
    ("2", "pasado mañana"),
    ("3", "3 días más"),
    ("7", "7 días más"),
)


def while_unpaid() -> rx.Component:
    return rx.el.div(
        quiet_button("Recordar el pago", on_click=AdminOrder.remind.throttle(1500)),
        rx.cond(
            ORDER.may_extend,
            rx.el.form(
                rx.el.div(
                    select_field("Apartar hasta", "days", DAYS, error=AdminOrder.errors["days"]),
                    class_name="grow min-w-0",
                ),
                quiet_button("Ampliar", type="submit"),
                on_submit=AdminOrder.extend.throttle(1500),
                no_validate=True,
                class_name="flex items-end gap-2",
            ),
        ),
        class_name="grid gap-4",
    )


def waiting() -> rx.Component:
    return rx.el.div(
        rx.el.ul(rx.foreach(ORDER.waiting, _line), class_name="cu-lines"),
        primary_button(
            "Entregar lo que haya",
            on_click=AdminOrder.fill.throttle(1500),
            class_name="justify-self-start",
        ),
        _picker(),
        class_name="grid gap-3",
    )


def _line(one: WaitingRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(one.name, class_name="font-semibold min-w-0"),
        quiet_button(
            "Elegir acceso",
            on_click=[AdminOrder.pick(one.id), show_dialog(PICK)],
            class_name="btn-sm flex-none",
            custom_attrs={"aria-haspopup": "dialog", "aria-label": f"Elegir acceso de {one.name}"},
        ),
        key=one.id,
        class_name="py-3 first:pt-0 flex flex-wrap items-center justify-between gap-3",
    )


def _picker() -> rx.Component:
    return dialog(
        PICK,
        "Elegir acceso",
        refusal_region(AdminOrder.notice, AdminOrder.errors),
        rx.cond(
            PICKING.item > 0,
            rx.el.form(
                rx.el.p(PICKING.name, class_name="font-semibold"),
                rx.cond(
                    PICKING.choices,
                    choices(PICKING.asks, rx.foreach(PICKING.choices, _choice)),
                    alert("No hay nada libre que le sirva. Agrega stock y vuelve.", tone="warning"),
                ),
                rx.cond(
                    AdminOrder.errors["unit"],
                    rx.el.p("Elige uno.", role="alert", class_name="cu-error"),
                ),
                rx.el.div(
                    ghost_button("No, volver", on_click=dismiss_dialog(PICK), class_name="grow"),
                    primary_button(
                        "Entregar",
                        type="submit",
                        disabled=rx.Var.create(PICKING.choices).to(list).length() == 0,
                        class_name="grow",
                    ),
                    class_name="flex flex-wrap gap-3",
                ),
                on_submit=AdminOrder.give.throttle(1500),
                no_validate=True,
                key=PICKING.item,
                class_name="mt-3 cu-stack",
            ),
            skeleton("h-40 mt-3"),
        ),
    )


def _choice(one: UnitChoice) -> rx.Component:
    label = (
        rx.el.span(one.name, class_name="block font-semibold"),
        rx.el.span(one.detail, class_name="cu-muted cu-small"),
    )
    return rx.cond(
        PICKING.several,
        rx.el.label(
            rx.el.input(type="checkbox", name=f"unit-{one.id}"),
            rx.el.span(*label, class_name="grow min-w-0"),
            class_name="cu-choice",
        ),
        choice(*label, name="unit", value=one.id),
    )
