"""The pieces of a statement's page: how far it got, a movement, and whom it pays."""

import reflex as rx

from pages import routes
from pages.admin.statement_columns import unread
from pages.components.badges import badge
from pages.components.buttons import ghost_button, quiet_button, submit_button
from pages.components.cards import line as pair
from pages.components.cards import lines
from pages.components.dialog import close_dialog, dialog, show_dialog
from pages.components.feedback import alert
from pages.components.forms import text_field
from pages.components.kinds import Handler
from pages.components.links import link
from state.admin.statement_rows import CandidateRow, LineRow
from state.admin.statements import AdminStatements

STATEMENT = AdminStatements.statement
ASSIGN = "asignar-movimiento"


def facts() -> rx.Component:
    return rx.el.div(
        lines(
            rx.cond(STATEMENT.sure > 0, pair("Por aplicar", f"{STATEMENT.sure}")),
            pair("Pagos aplicados", STATEMENT.paid),
            rx.cond(STATEMENT.undecided, pair("Falta decidir", STATEMENT.undecided)),
            rx.cond(STATEMENT.known, pair("De otro archivo", STATEMENT.known)),
        ),
        rx.cond(
            STATEMENT.unread, alert(unread(STATEMENT.unread), tone="warning", title="Sin leer")
        ),
        rx.cond(
            STATEMENT.sure > 0,
            rx.el.p(
                "Al aplicar, cada pago se registra y lo que queda pagado se entrega. Lo que llegó "
                "de más, tarde o repetido queda anotado en su pedido, sin destino.",
                class_name="cu-muted cu-small",
            ),
        ),
        class_name="cu-stack !gap-3",
    )


def progress() -> rx.Component:
    return rx.el.div(
        rx.el.p(STATEMENT.progress, class_name="cu-num", role="status"),
        rx.el.div(
            rx.el.div(
                class_name="h-full bg-primary transition-[width]",
                style={"width": f"{STATEMENT.percent}%"},
            ),
            role="progressbar",
            class_name="h-3 rounded-full bg-base-300 overflow-hidden",
            custom_attrs={
                "aria-label": "Pagos aplicados",
                "aria-valuemin": "0",
                "aria-valuemax": "100",
                "aria-valuenow": STATEMENT.percent,
            },
        ),
        rx.el.p(
            "Puedes cerrar esta página: cada pago se aplica una sola vez y los pedidos se entregan "
            "mientras avanza.",
            class_name="cu-muted cu-small",
        ),
        class_name="cu-stack !gap-3",
    )


def line(one: LineRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.p(
                    one.concept, class_name="font-semibold leading-snug [overflow-wrap:anywhere]"
                ),
                rx.cond(
                    one.detail,
                    rx.el.p(one.detail, class_name="cu-muted cu-small [overflow-wrap:anywhere]"),
                ),
                class_name="min-w-0 grow",
            ),
            rx.el.div(
                rx.el.p(one.amount, class_name="cu-price whitespace-nowrap"),
                rx.el.p(one.day, class_name="cu-muted cu-small cu-num whitespace-nowrap"),
                class_name="text-right flex-none",
            ),
            class_name="flex items-start gap-3",
        ),
        rx.el.div(
            badge(one.result, tone=one.tone),
            rx.cond(
                one.order > 0,
                link(
                    f"Pedido #{one.order}",
                    to=routes.admin_order(one.order),
                    class_name="cu-link cu-num font-semibold inline-flex items-center min-h-6",
                ),
            ),
            rx.cond(one.customer, rx.el.span(one.customer, class_name="cu-small truncate")),
            rx.cond(one.standing, rx.el.span(one.standing, class_name="cu-muted cu-small")),
            class_name="flex flex-wrap items-center gap-x-3 gap-y-1 min-w-0",
        ),
        rx.cond(one.why, rx.el.p(one.why, class_name="cu-muted cu-small")),
        rx.cond(
            one.candidates,
            rx.el.ul(
                rx.foreach(one.candidates, lambda given: _candidate(given, one.id)),
                class_name="grid gap-2",
            ),
        ),
        _decide(one),
        class_name="cu-card grid gap-2",
        key=one.id,
    )


def _candidate(given: CandidateRow, line_id: int | rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(given.title, class_name="font-semibold leading-snug cu-num"),
            rx.el.p(given.detail, class_name="cu-muted cu-small cu-num"),
            rx.cond(given.why, rx.el.p(given.why, class_name="cu-small")),
            class_name="min-w-0 grow",
        ),
        quiet_button(
            "Es este",
            on_click=[
                close_dialog(ASSIGN),
                AdminStatements.settle(line_id, given.order).throttle(800),
            ],
            class_name="btn-sm",
            custom_attrs={"aria-label": f"Asignar al pedido {given.order}"},
        ),
        class_name="flex flex-wrap items-center gap-x-3 gap-y-2 rounded-box bg-base-200 p-3",
        key=given.order,
    )


def _decide(one: LineRow) -> rx.Component:
    return rx.fragment(
        rx.cond(
            one.open,
            rx.el.div(
                rx.cond(
                    one.order > 0,
                    ghost_button(
                        "Es de otro pedido…", on_click=_asking(one), class_name="btn-sm -ml-3"
                    ),
                    quiet_button("Asignar al pedido…", on_click=_asking(one), class_name="btn-sm"),
                ),
                ghost_button(
                    "Ignorar",
                    on_click=AdminStatements.ignore(one.id).throttle(800),
                    class_name="btn-sm",
                ),
                class_name="flex flex-wrap gap-2",
            ),
        ),
        rx.cond(
            one.may_restore,
            ghost_button(
                "Recuperar",
                icon_name="refresh",
                on_click=AdminStatements.restore(one.id).throttle(800),
                class_name="btn-sm justify-self-start",
            ),
        ),
    )


def _asking(one: LineRow) -> Handler:
    return [AdminStatements.ask(one.id), show_dialog(ASSIGN)]


def assign_dialog() -> rx.Component:
    asking = AdminStatements.asking
    return dialog(
        ASSIGN,
        "Asignar al pedido",
        rx.el.p(
            f"{asking.amount} · {asking.day} · {asking.concept}",
            class_name="mt-2 cu-muted [overflow-wrap:anywhere]",
        ),
        rx.el.form(
            text_field(
                "Número, celular o nombre",
                "q",
                error=AdminStatements.errors["q"],
                type="search",
                auto_complete="off",
            ),
            submit_button("Buscar"),
            on_submit=AdminStatements.find.throttle(500),
            key=asking.id,
            class_name="cu-stack mt-4",
        ),
        rx.el.div(
            rx.cond(
                AdminStatements.found,
                rx.el.ul(
                    rx.foreach(AdminStatements.found, lambda given: _candidate(given, asking.id)),
                    class_name="grid gap-2",
                ),
                rx.cond(
                    AdminStatements.searched,
                    rx.el.p("Ningún pedido coincide.", class_name="cu-muted"),
                ),
            ),
            role="status",
            class_name="mt-4",
        ),
        rx.el.div(
            quiet_button("Cerrar", on_click=close_dialog(ASSIGN)),
            class_name="mt-4 flex justify-end",
        ),
    )
