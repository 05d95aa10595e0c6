"""What can be done with a ticket: answer it, note something, arrange whose it is, end it."""

import reflex as rx

from pages.components.browser import in_browser
from pages.components.buttons import ghost_button, primary_button, quiet_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, open_dialog
from pages.components.feedback import error_region
from pages.components.forms import checkbox, select_field, text_area
from pages.components.icons import icon
from state.admin.ticket import AdminTicket
from state.admin.ticket_view import Choice

TICKET = AdminTicket.ticket
CLOSE = "cerrar-ticket"
# Puts the chosen text after what is typed already; it is text of the page, and stays text.
INSERT = """const area = document.getElementById('body');
const text = document.getElementById('canned')?.selectedOptions[0]?.dataset.text;
if (area && text) {
  area.value = area.value.trim() ? area.value.trimEnd() + '\\n\\n' + text : text;
  area.focus();
}"""


def answer() -> rx.Component:
    errors = AdminTicket.errors
    return rx.cond(
        TICKET.may_answer,
        card(
            rx.cond(TICKET.replies, _canned()),
            rx.el.form(
                _seen(),
                text_area(
                    "Respuesta",
                    "body",
                    error=errors["body"],
                    max_length=4000,
                    rows=5,
                    key=AdminTicket.times,
                ),
                error_region(rx.cond(errors, "", AdminTicket.notice)),
                rx.el.div(
                    primary_button("Responder", type="submit", icon_name="chat"),
                    checkbox("Y dejarlo resuelto", name="solved", key=AdminTicket.times),
                    class_name="flex flex-wrap items-center gap-x-5 gap-y-2",
                ),
                rx.cond(TICKET.read, rx.el.p(TICKET.read, class_name="cu-muted cu-small")),
                on_submit=AdminTicket.answer.throttle(1000),
                no_validate=True,
                class_name="cu-stack",
            ),
        ),
        rx.el.div(
            error_region(AdminTicket.notice),
            rx.el.p("Está cerrado. Para responder, ábrelo otra vez.", class_name="cu-muted"),
            class_name="cu-stack",
        ),
    )


def _canned() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            select_field(
                "Respuesta guardada",
                "canned",
                rx.fragment(
                    rx.el.option("Elige una…", value=""), rx.foreach(TICKET.replies, _reply)
                ),
            ),
            class_name="grow min-w-0",
        ),
        quiet_button("Insertar", on_click=in_browser(INSERT), class_name="mb-[0.35rem]"),
        class_name="flex items-end gap-2",
    )


def _reply(one: Choice) -> rx.Component:
    return rx.el.option(
        one.name, value=one.value, key=one.value, custom_attrs={"data-text": one.text}
    )


def note() -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            icon("lock", "size-5"),
            "Nota interna",
            icon("right", "size-5 cu-muted ml-auto transition-transform group-open:rotate-90"),
            class_name="flex items-center gap-2 min-h-11 font-semibold",
        ),
        rx.el.form(
            text_area(
                "Para el equipo",
                "note",
                hint="El cliente nunca la ve.",
                error=AdminTicket.errors["note"],
                max_length=4000,
                rows=3,
                key=AdminTicket.noted,
            ),
            rx.el.div(quiet_button("Guardar nota", type="submit")),
            on_submit=AdminTicket.note.throttle(1000),
            no_validate=True,
            class_name="cu-stack pt-2",
        ),
        class_name="group cu-card !py-3",
    )


def arrangement() -> rx.Component:
    """Drawn anew when the ticket changes: what is chosen is what is so."""
    return card(
        rx.cond(
            ~TICKET.mine,
            quiet_button(
                "Tomarlo",
                icon_name="user",
                on_click=AdminTicket.take(TICKET.version),
                class_name="btn-block",
            ),
        ),
        rx.el.form(
            _seen(),
            select_field(
                "Asignado a",
                "assignee",
                rx.fragment(
                    rx.el.option("Sin asignar", value=""), rx.foreach(TICKET.team, _option)
                ),
                error=AdminTicket.errors["assignee"],
                default_value=TICKET.assignee,
            ),
            select_field(
                "Prioridad",
                "priority",
                rx.foreach(TICKET.priorities, _option),
                error=AdminTicket.errors["priority"],
                default_value=TICKET.priority,
            ),
            quiet_button("Guardar", type="submit", class_name="btn-block"),
            key=f"{TICKET.number}:{TICKET.version}",
            on_submit=AdminTicket.arrange,
            no_validate=True,
            class_name="cu-stack",
        ),
        rx.el.div(
            rx.cond(
                TICKET.may_solve,
                quiet_button(
                    "Resolver",
                    icon_name="check",
                    on_click=AdminTicket.move("solved", TICKET.version),
                    class_name="grow",
                ),
            ),
            rx.cond(
                TICKET.may_reopen,
                quiet_button(
                    "Reabrir",
                    icon_name="refresh",
                    on_click=AdminTicket.move("open", TICKET.version),
                    class_name="grow",
                ),
            ),
            rx.cond(
                TICKET.may_close,
                ghost_button("Cerrar", on_click=open_dialog(CLOSE), class_name="grow text-error"),
            ),
            class_name="flex flex-wrap gap-3 pt-4 border-t border-base-300",
        ),
        confirm_dialog(
            CLOSE,
            "¿Cerrar este ticket?",
            "El cliente ya no podrá escribir en él. Si solo quedó listo, márcalo como resuelto.",
            confirm="Cerrar ticket",
            on_confirm=[AdminTicket.move("closed", TICKET.version)],
        ),
        title="Atender",
    )


def _option(one: Choice) -> rx.Component:
    return rx.el.option(one.name, value=one.value, key=one.value)


def _seen() -> rx.Component:
    return rx.el.input(type="hidden", name="seen", value=TICKET.version, read_only=True)
