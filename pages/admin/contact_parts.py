"""The contact page's inbox: read, answer by mail or telephone, or go on as a ticket."""

import reflex as rx

from pages import routes
from pages.components.buttons import quiet_button
from pages.components.feedback import empty_state
from pages.components.links import link
from state.admin.ticket_rows import ContactRow
from state.admin.tickets import AdminTickets

VIEW = AdminTickets.view
ANSWERED = f"{routes.ADMIN_SUPPORT}?tab=contacto&ver=atendidos"


def inbox() -> rx.Component:
    return rx.el.div(
        rx.cond(
            VIEW.contacts,
            rx.el.ul(
                rx.foreach(VIEW.contacts, _message),
                class_name="grid gap-4",
                custom_attrs={"aria-label": "Mensajes de la página de contacto"},
            ),
            rx.cond(
                VIEW.answered,
                empty_state("Todavía no hay", "Los mensajes que atiendas quedan aquí."),
                empty_state(
                    "Nadie espera respuesta",
                    "Lo que escriban en la página de contacto aparece solo en esta lista.",
                ),
            ),
        ),
        rx.cond(
            VIEW.answered,
            link("Ver por atender", to=f"{routes.ADMIN_SUPPORT}?tab=contacto", class_name=_SWITCH),
            link("Ver atendidos", to=ANSWERED, class_name=_SWITCH),
        ),
        class_name="cu-stack",
    )


_SWITCH = "cu-link inline-flex items-center min-h-11 justify-self-start"


def _message(one: ContactRow) -> rx.Component:
    return rx.el.li(
        rx.el.article(
            rx.el.div(
                rx.el.h2(one.subject, class_name="text-lg min-w-0 [overflow-wrap:anywhere]"),
                rx.el.p(
                    one.age,
                    custom_attrs={"title": one.when},
                    class_name="cu-muted cu-small cu-num whitespace-nowrap",
                ),
                class_name="flex flex-wrap items-baseline justify-between gap-x-3",
            ),
            rx.el.p(
                f"{one.name} · ",
                rx.el.a(
                    one.reach,
                    href=one.link,
                    target="_blank",
                    rel="noopener noreferrer",
                    class_name="cu-link inline-flex items-center min-h-11 -my-2",
                ),
                rx.cond(one.is_customer, " · Ya es cliente", ""),
                class_name="cu-num [overflow-wrap:anywhere]",
            ),
            rx.el.p(
                one.body, class_name="max-w-prose whitespace-pre-line [overflow-wrap:anywhere]"
            ),
            rx.cond(one.answered, _answered(one), _actions(one)),
            class_name="cu-card grid gap-2",
        ),
        key=one.id,
    )


def _actions(one: ContactRow) -> rx.Component:
    about = {"aria-label": f"Marcar atendido el mensaje de {one.name}: {one.subject}"}
    return rx.el.div(
        rx.cond(
            one.is_customer,
            quiet_button(
                "Convertir en ticket",
                icon_name="chat",
                on_click=AdminTickets.to_ticket(one.id),
                class_name="btn-sm",
                custom_attrs={
                    "aria-label": f"Convertir en ticket el mensaje de {one.name}: {one.subject}"
                },
            ),
        ),
        quiet_button(
            "Marcar atendido",
            icon_name="check",
            on_click=AdminTickets.answered(one.id),
            class_name="btn-sm",
            custom_attrs=about,
        ),
        class_name="flex flex-wrap gap-2 mt-1",
    )


def _answered(one: ContactRow) -> rx.Component:
    return rx.el.p(
        one.answered,
        rx.cond(
            one.ticket > 0,
            rx.fragment(
                " · ",
                link(
                    f"Ticket #{one.ticket}",
                    to=routes.admin_ticket(one.ticket),
                    class_name="cu-link inline-flex items-center min-h-11 -my-2",
                ),
            ),
        ),
        class_name="cu-muted cu-small",
    )
