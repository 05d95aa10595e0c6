"""What can be done about a report, and what happened to an access before."""

import reflex as rx

from pages import routes
from pages.components.buttons import danger_button, ghost_button, primary_button, quiet_button
from pages.components.cards import card
from pages.components.dialog import dialog, dismiss_dialog, open_dialog
from pages.components.feedback import alert, error_region
from pages.components.forms import text_area
from pages.components.kinds import Text
from pages.components.links import link
from state.admin.claim import AdminClaim
from state.admin.claim_rows import NO_STOCK, PastView

SOLVE, REJECT = "resolver-reporte", "rechazar-reporte"


def no_stock(notice: Text) -> rx.Component:
    """Say why an access was not changed and, where stock is missing, the way to more of it."""
    look = "cu-link inline-flex items-center min-h-11"
    return rx.cond(
        rx.Var.create(notice) == NO_STOCK,
        rx.el.div(
            alert(
                rx.el.p(NO_STOCK),
                rx.el.div(
                    link("Importar cuentas", to=routes.ADMIN_IMPORT, class_name=look),
                    link("Ver el inventario", to=routes.ADMIN_INVENTORY, class_name=look),
                    class_name="flex flex-wrap gap-x-5",
                ),
                tone="warning",
            ),
            role="alert",
        ),
        error_region(notice),
    )


def actions() -> rx.Component:
    return card(
        rx.cond(
            AdminClaim.claim.may_replace,
            rx.el.div(
                primary_button(
                    "Cambiar acceso",
                    icon_name="refresh",
                    on_click=AdminClaim.replace,
                    class_name="btn-block",
                ),
                rx.el.p(
                    "Recibe otro acceso y le avisamos. Su último día no cambia.",
                    class_name="cu-muted cu-small",
                ),
                class_name="grid gap-2",
            ),
            rx.el.p("La suscripción ya terminó: solo queda responder.", class_name="cu-muted"),
        ),
        rx.el.div(
            quiet_button("Resuelto", on_click=open_dialog(SOLVE), class_name="grow"),
            ghost_button("Rechazar", on_click=open_dialog(REJECT), class_name="grow text-error"),
            class_name="flex flex-wrap gap-3",
        ),
        _solve(),
        _reject(),
        title="Atender",
    )


def _solve() -> rx.Component:
    return dialog(
        SOLVE,
        "¿Quedó resuelto?",
        rx.el.form(
            text_area(
                "Respuesta (opcional)",
                "solved",
                hint="El cliente la lee en su tarjeta.",
                error=AdminClaim.errors["solved"],
                max_length=500,
                rows=3,
            ),
            rx.el.div(
                quiet_button("No, volver", on_click=dismiss_dialog(SOLVE), class_name="grow"),
                primary_button("Marcar resuelto", type="submit", class_name="grow"),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=AdminClaim.solve,
            no_validate=True,
            class_name="mt-3 cu-stack",
        ),
    )


def _reject() -> rx.Component:
    return dialog(
        REJECT,
        "¿Rechazar este reporte?",
        rx.el.form(
            text_area(
                "Respuesta",
                "rejected",
                hint="El cliente la lee en su tarjeta: dile por qué y qué puede hacer.",
                error=AdminClaim.errors["rejected"],
                max_length=500,
                rows=3,
            ),
            rx.el.div(
                quiet_button("No, volver", on_click=dismiss_dialog(REJECT), class_name="grow"),
                danger_button("Rechazar", type="submit", class_name="grow"),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=AdminClaim.reject,
            no_validate=True,
            class_name="mt-3 cu-stack",
        ),
    )


def history(past: list[PastView]) -> rx.Component:
    """`past` is a Var."""
    return rx.el.ul(rx.foreach(past, past_line), class_name="cu-lines")


def past_line(one: PastView) -> rx.Component:
    return rx.el.li(
        rx.cond(
            one.claim > 0,
            link(
                f"#{one.claim} · {one.title}",
                to=routes.admin_claim(one.claim),
                class_name="cu-link inline-flex items-center min-h-11",
            ),
            rx.el.p(one.title, class_name="font-semibold leading-snug"),
        ),
        rx.el.p(
            f"{one.when} · {one.detail}",
            class_name="cu-muted cu-small [overflow-wrap:anywhere]",
        ),
        class_name="py-2 first:pt-0 last:pb-0",
    )
