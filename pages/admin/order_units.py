"""What an order's customer holds: profile, account and end of each, and another access for it."""

import reflex as rx

from pages import routes
from pages.admin.claim_parts import past_line
from pages.components.buttons import quiet_button
from pages.components.dialog import confirm_dialog, show_dialog
from pages.components.icons import icon
from pages.components.links import link
from state.admin.order import AdminOrder
from state.admin.order_units import UnitView

CHANGE = "cambiar-acceso"


def units() -> rx.Component:
    return rx.el.div(
        rx.el.ul(rx.foreach(AdminOrder.order.units, _unit), class_name="cu-lines"),
        confirm_dialog(
            CHANGE,
            "¿Cambiar este acceso?",
            rx.el.p(
                f"{AdminOrder.changing.name}, {AdminOrder.changing.profile}.",
                class_name="font-semibold text-base-content",
            ),
            rx.el.p(
                "Recibe otro acceso y le avisamos. Su último día no cambia.",
                class_name="mt-1",
            ),
            confirm="Cambiar acceso",
            on_confirm=AdminOrder.replace.throttle(1500),
            danger=False,
        ),
    )


def _unit(unit: UnitView) -> rx.Component:
    look = "cu-link inline-flex items-center min-h-11"
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(unit.profile, class_name="font-semibold leading-tight"),
                rx.el.p(unit.name, class_name="cu-small"),
                rx.el.p(unit.ends, class_name="cu-muted cu-small cu-num"),
                rx.cond(unit.warning, rx.el.p(unit.warning, class_name="cu-error mt-1")),
                class_name="min-w-0",
            ),
            rx.cond(
                unit.live,
                quiet_button(
                    "Cambiar acceso",
                    on_click=[AdminOrder.choose(unit.id), show_dialog(CHANGE)],
                    class_name="btn-sm flex-none",
                    custom_attrs={
                        "aria-haspopup": "dialog",
                        "aria-label": f"Cambiar acceso de {unit.profile}",
                    },
                ),
            ),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        rx.el.div(
            link(f"Cuenta {unit.account}", to=routes.admin_account(unit.account), class_name=look),
            rx.cond(
                unit.claim > 0,
                link(
                    f"Reporte abierto #{unit.claim}",
                    to=routes.admin_claim(unit.claim),
                    class_name=look,
                ),
            ),
            class_name="flex flex-wrap gap-x-5",
        ),
        rx.cond(unit.history, _history(unit)),
        key=unit.id,
        class_name="py-3 first:pt-0 last:pb-0",
    )


def _history(unit: UnitView) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            "Cambios anteriores",
            icon("right", "size-5 cu-muted transition-transform group-open:rotate-90"),
            class_name="flex items-center justify-between min-h-11 cu-small font-semibold",
        ),
        rx.el.ul(rx.foreach(unit.history, past_line), class_name="cu-lines"),
        class_name="group",
    )
