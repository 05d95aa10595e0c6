"""Parts of the expirations: the filter, what can be done with the chosen, and what came of it."""

from typing import Any

import reflex as rx

from pages import routes
from pages.components.buttons import (
    ghost_button,
    primary_button,
    quiet_button,
)
from pages.components.dialog import (
    close_dialog,
    confirm_dialog,
    dialog,
    dismiss_dialog,
    open_dialog,
)
from pages.components.forms import text_field
from pages.components.search import choice_filter
from state.admin.expirations import Expirations, ServiceChoice
from state.session import Visitor

RENEW, RELEASE, PAY = "renew-chosen", "release-chosen", "pay-chosen"


def service_filter() -> rx.Component:
    return choice_filter(
        "Servicio",
        "servicio",
        rx.foreach(Expirations.services, _service),
        rx.el.input(type="hidden", name="tab", value=Expirations.tab),
        everything="Todos los servicios",
        action=routes.ADMIN_EXPIRATIONS,
        value=Expirations.service,
        key=Expirations.filter_key,
    )


def _service(one: ServiceChoice) -> rx.Component:
    return rx.el.option(one.name, value=one.slug)


def actions() -> rx.Component:
    """Stay in sight below the list, so that a long one need not be scrolled back."""
    count = rx.Var.create(Expirations.chosen).to(list).length()
    return rx.el.div(
        rx.el.label(
            rx.el.input(
                type="checkbox",
                class_name="checkbox checkbox-primary",
                checked=count == rx.Var.create(Expirations.rows).to(list).length(),
                disabled=Expirations.running,
                on_change=lambda _: Expirations.toggle_all(),
            ),
            rx.el.span(
                rx.cond(
                    Expirations.running,
                    f"Trabajando: {Expirations.progress}",
                    rx.match(count, (0, "Elegir todas"), (1, "1 elegida"), f"{count} elegidas"),
                ),
                role="status",
            ),
            class_name="cu-check mr-auto font-semibold",
        ),
        rx.match(
            Expirations.kind,
            ("rotate", primary_button("Marcar rotado", on_click=Expirations.rotate, **_idle())),
            ("supplier", primary_button("Registrar pago", on_click=open_dialog(PAY), **_idle())),
            rx.fragment(
                rx.cond(
                    Expirations.may_release,
                    ghost_button("Liberar", on_click=open_dialog(RELEASE), **_idle()),
                ),
                quiet_button("Recordar", on_click=Expirations.remind, **_idle()),
                primary_button("Renovar", on_click=open_dialog(RENEW), **_idle()),
            ),
        ),
        class_name="cu-card !p-3 sticky bottom-3 z-10 flex flex-wrap items-center gap-2 shadow-lg",
    )


def _idle() -> dict[str, Any]:
    count = rx.Var.create(Expirations.chosen).to(list).length()
    return {"disabled": (count == 0) | rx.Var.create(Expirations.running)}


def dialogs() -> rx.Component:
    return rx.fragment(_renew(), _release(), _pay())


def _renew() -> rx.Component:
    return dialog(
        RENEW,
        "Renovar con el mismo plan",
        rx.el.form(
            rx.el.input(type="hidden", name="how", value="ask"),
            rx.el.p(
                "Hacemos un pedido por cada una y le decimos al cliente cómo pagarlo.",
                class_name="cu-muted",
            ),
            primary_button("Pedir el pago", type="submit"),
            on_submit=[Expirations.renew, close_dialog(RENEW)],
            class_name="grid gap-3 mt-3",
        ),
        rx.el.hr(class_name="my-5 border-base-300"),
        rx.el.form(
            rx.el.input(type="hidden", name="how", value="paid"),
            text_field(
                "¿Ya pagó? Referencia del pago",
                "reference",
                hint="Queda pagado completo, con fecha de hoy.",
                required=True,
                max_length=40,
                auto_complete="off",
            ),
            quiet_button("Renovar como pagado", type="submit"),
            on_submit=[Expirations.renew, close_dialog(RENEW)],
            reset_on_submit=True,
            class_name="grid gap-3",
        ),
        ghost_button("No, volver", on_click=dismiss_dialog(RENEW), class_name="mt-3 w-full"),
    )


def _release() -> rx.Component:
    return confirm_dialog(
        RELEASE,
        "¿Liberar los accesos elegidos?",
        "El cliente deja de verlos ahora, antes de que termine la gracia. No se puede deshacer.",
        confirm="Sí, liberar",
        on_confirm=Expirations.release,
    )


def _pay() -> rx.Component:
    return dialog(
        PAY,
        "Registrar el pago al proveedor",
        rx.el.form(
            text_field(
                "Meses pagados",
                "months",
                hint="Se cuentan desde la fecha en que estaba pagada cada cuenta.",
                type="number",
                min="1",
                max="36",
                default_value="1",
                required=True,
            ),
            rx.cond(
                Visitor.is_owner,
                text_field(
                    "Costo por cuenta, en pesos",
                    "cost",
                    hint="Vacío: lo que costaba cada una.",
                    input_mode="decimal",
                    auto_complete="off",
                ),
            ),
            rx.el.div(
                quiet_button("No, volver", on_click=dismiss_dialog(PAY), class_name="grow"),
                primary_button("Registrar pago", type="submit", class_name="grow"),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=[Expirations.pay, close_dialog(PAY)],
            class_name="grid gap-4 mt-3",
        ),
    )
