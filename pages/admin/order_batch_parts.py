"""What can be done with the chosen orders: the bar below the list, and the question before it."""

from typing import Any

import reflex as rx

from pages.components.buttons import ghost_button, primary_button, quiet_button
from pages.components.dialog import dialog, dismiss_dialog, show_dialog
from pages.components.feedback import alert, error_region, skeleton
from pages.components.forms import select_field, text_area, text_field
from state.admin.order_batches import ReasonView
from state.admin.orders import AdminOrders

BATCH = "varios"
ASKED = AdminOrders.batch
COUNT = rx.Var.create(AdminOrders.chosen).to(list).length()
# Title of the question, what it means, and the button that does it.
SAID = {
    "confirm": (
        "Confirmar pagos",
        "Cada uno queda pagado por lo que le falta, con fecha de hoy, y se entrega lo que haya.",
        "Confirmar pagos",
    ),
    "remind": (
        "Recordar el pago",
        "Les mandamos otra vez cuánto y cómo pagar, por donde reciben sus avisos.",
        "Mandar recordatorio",
    ),
    "extend": ("Ampliar el apartado", "Su stock sigue apartado hasta ese día.", "Ampliar"),
    "cancel": (
        "Cancelar pedidos",
        (
            "Se libera su stock y los clientes pierden los accesos que tengan de estos pedidos. El "
            "dinero recibido queda registrado."
        ),
        "Sí, cancelar",
    ),
    "assign": (
        "Entregar del stock",
        "Reciben lo que haya ahora, aunque otros lleven más tiempo en espera.",
        "Entregar",
    ),
    "resend": ("Mandar de nuevo", "Les avisamos otra vez que sus accesos están listos.", "Mandar"),
}
PAYING, FILLING, GIVEN = ("confirm", "remind", "extend"), ("assign",), ("resend",)


def actions() -> rx.Component:
    """Stay in sight below the list, so that a long one need not be scrolled back."""
    return rx.el.div(
        rx.el.div(
            rx.el.label(
                rx.el.input(
                    type="checkbox",
                    class_name="checkbox checkbox-primary",
                    checked=(COUNT > 0)
                    & (rx.Var.create(AdminOrders.orders).to(list).length() <= COUNT),
                    disabled=AdminOrders.running,
                    on_change=lambda _: AdminOrders.toggle_page(),
                    custom_attrs={"aria-label": "Elegir la página"},
                ),
                rx.el.span(
                    rx.cond(
                        AdminOrders.running,
                        f"Trabajando: {AdminOrders.progress}",
                        rx.match(
                            COUNT, (0, "Elegir la página"), (1, "1 elegido"), f"{COUNT} elegidos"
                        ),
                    ),
                    role="status",
                ),
                class_name="cu-check font-semibold",
            ),
            rx.cond(
                rx.Var.create(AdminOrders.paged) & (COUNT > 0),
                ghost_button(
                    "Elegir hasta 200",
                    on_click=AdminOrders.choose_all,
                    disabled=AdminOrders.running,
                    class_name="btn-sm",
                ),
            ),
            class_name="flex flex-wrap items-center gap-x-2 mr-auto",
        ),
        rx.cond(
            COUNT > 0,
            rx.el.div(
                rx.match(
                    AdminOrders.tab,
                    ("por-confirmar", _buttons(*PAYING, "cancel")),
                    ("en-proceso", _buttons(*FILLING, *GIVEN, "cancel")),
                    ("entregados", _buttons(*GIVEN)),
                    ("cancelados", rx.fragment()),
                    ("borradores", _buttons("cancel")),
                    _buttons(*PAYING, *FILLING, *GIVEN, "cancel"),
                ),
                class_name="flex gap-2 overflow-x-auto p-1 -m-1 max-w-full",
            ),
        ),
        class_name="cu-card !p-3 sticky bottom-3 z-10 flex flex-wrap items-center gap-2 shadow-lg",
    )


def _buttons(*names: str) -> rx.Component:
    """The first of them is what this tab is for."""
    looks: Any = dict.fromkeys(names, quiet_button) | {names[0]: primary_button}
    return rx.fragment(
        *(
            looks[name](
                SAID[name][0] if name != "cancel" else "Cancelar…",
                on_click=[AdminOrders.ask(name), show_dialog(BATCH)],
                disabled=AdminOrders.running,
                class_name="btn-sm flex-none" + (" text-error" if name == "cancel" else ""),
                custom_attrs={"aria-haspopup": "dialog"},
            )
            for name in names
        )
    )


def batch_dialog() -> rx.Component:
    return dialog(
        BATCH,
        _said(0, "Un momento…"),
        error_region(AdminOrders.notice),
        rx.cond(
            ASKED.action,
            rx.el.form(
                rx.el.p(_said(1), class_name="cu-muted"),
                _foretold(),
                rx.cond(ASKED.applies > 0, _asks()),
                rx.el.div(
                    quiet_button("No, volver", on_click=dismiss_dialog(BATCH), class_name="grow"),
                    _go(),
                    class_name="flex flex-wrap gap-3",
                ),
                on_submit=AdminOrders.run.throttle(1500),
                no_validate=True,
                key=ASKED.times,
                class_name="grid gap-4 mt-3",
            ),
            skeleton("h-40 mt-3"),
        ),
    )


def _said(part: int, otherwise: str = "") -> Any:
    return rx.match(ASKED.action, *((name, said[part]) for name, said in SAID.items()), otherwise)


def _foretold() -> rx.Component:
    """Which of the chosen it applies to, and of the others why not."""
    several: Any = f"Se hará en {ASKED.applies} pedidos"
    many: Any = rx.cond(ASKED.applies == 1, "Se hará en 1 pedido", several)
    left: Any = f"{ASKED.skipped} quedan igual"
    total: Any = f" · {ASKED.total}"
    return rx.el.div(
        rx.el.p(
            rx.cond(ASKED.applies > 0, many, "No se puede en ninguno"),
            rx.cond(ASKED.action == "confirm", total, ""),
            class_name="font-semibold cu-num",
        ),
        rx.cond(
            ASKED.skipped > 0,
            alert(
                rx.el.p(
                    rx.cond(ASKED.skipped == 1, "1 se queda igual", left),
                    class_name="font-semibold",
                ),
                rx.el.ul(rx.foreach(ASKED.reasons, _reason), class_name="grid gap-1"),
                tone="warning",
            ),
        ),
        class_name="grid gap-3",
    )


def _reason(one: ReasonView) -> rx.Component:
    return rx.el.li(one.why, " ", rx.el.span(one.orders, class_name="cu-muted cu-num"))


def _asks() -> rx.Component:
    errors = AdminOrders.errors
    asks = rx.match(
        ASKED.action,
        (
            "confirm",
            text_field(
                "Referencia (opcional)",
                "reference",
                hint="Vacía: la de cada pedido. Si escribes una, cada pago lleva además su número.",
                error=errors["reference"],
                max_length=24,
                auto_complete="off",
            ),
        ),
        (
            "extend",
            select_field(
                "Hasta el final de",
                "days",
                (
                    ("1", "mañana"),
                    ("0", "hoy"),
                    ("2", "pasado mañana"),
                    ("3", "3 días más"),
                    ("7", "7 días más"),
                ),
                error=errors["days"],
            ),
        ),
        (
            "cancel",
            text_area(
                "Motivo",
                "reason",
                hint="Los clientes lo ven.",
                error=errors["reason"],
                max_length=200,
                rows=2,
            ),
        ),
        (
            "resend",
            select_field(
                "Por dónde",
                "channel",
                (("whatsapp", "WhatsApp"), ("sms", "SMS"), ("email", "Correo")),
                error=errors["channel"],
            ),
        ),
        rx.fragment(),
    )
    return rx.fragment(asks)


def _go() -> rx.Component:
    """Cancelling is the only one that takes something away."""
    looks = rx.cond(ASKED.action == "cancel", "btn btn-error grow", "btn btn-primary grow")
    return rx.el.button(
        _said(2),
        type="submit",
        disabled=ASKED.applies == 0,
        class_name=looks,
    )
