"""One ticket on the staff's side: the conversation, and beside it who asks and what they have."""

import reflex as rx

from pages import routes
from pages.admin.ticket_parts import answer, arrangement, note
from pages.components.badges import badge, order_state_badge
from pages.components.cards import card, line, lines
from pages.components.feedback import found, skeleton, status_region
from pages.components.links import link, outside_link
from pages.components.thread import bubble, thread
from pages.frames import admin_page
from state.admin.ticket import AdminTicket
from state.admin.ticket_view import AccessView, OrderRow

TICKET = AdminTicket.ticket


def ticket() -> rx.Component:
    return admin_page(
        found(
            AdminTicket,
            _ticket(),
            waiting=_loading(),
            missing="Aquí no hay ningún ticket",
            hint="Revisa el número, o búscalo en la lista.",
            others=("Ver los tickets", routes.ADMIN_SUPPORT),
        ),
        title=TICKET.title,
        back=("Soporte", routes.ADMIN_SUPPORT),
        active=routes.ADMIN_SUPPORT,
    )


def _ticket() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            badge(TICKET.state, tone=TICKET.tone),
            rx.cond(
                TICKET.late,
                badge(TICKET.age, tone="error"),
                rx.el.span(TICKET.age, class_name="cu-num"),
            ),
            rx.el.span(TICKET.assigned),
            rx.el.span(f"Abierto {TICKET.opened}", class_name="cu-muted cu-small cu-num"),
            role="status",
            class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
        ),
        status_region(AdminTicket.said),
        rx.el.div(
            rx.el.div(
                card(
                    thread(
                        rx.foreach(TICKET.bubbles, bubble),
                        older=TICKET.older,
                        newer=TICKET.newer,
                    ),
                    title=TICKET.subject,
                ),
                answer(),
                note(),
                class_name="cu-stack",
            ),
            rx.el.div(
                arrangement(),
                card(_customer(), title="Cliente"),
                rx.cond(TICKET.accesses, card(_accesses(), title="Sus accesos")),
                rx.cond(TICKET.orders, card(_orders(), title="Sus pedidos")),
                class_name="cu-stack",
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[minmax(0,1fr)_22rem]",
        ),
        class_name="cu-stack",
    )


def _customer() -> rx.Component:
    return rx.el.div(
        lines(
            line("Nombre", TICKET.customer),
            line("Celular", TICKET.phone),
            rx.cond(TICKET.about, line("Sobre", TICKET.about)),
        ),
        rx.el.div(
            rx.el.a("Llamar", href=TICKET.phone_link, class_name="btn btn-outline btn-sm grow"),
            outside_link(
                "WhatsApp", href=TICKET.chat_link, class_name="btn btn-outline btn-sm grow"
            ),
            class_name="mt-2 flex gap-3",
        ),
    )


def _accesses() -> rx.Component:
    return rx.el.ul(rx.foreach(TICKET.accesses, _access), class_name="cu-lines")


def _access(one: AccessView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(one.title, class_name="font-semibold leading-tight"),
            rx.cond(one.asked, badge("De esto habla", tone="info")),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.el.p(one.detail, class_name="cu-muted cu-small"),
        rx.el.div(
            link(f"Cuenta {one.account}", to=routes.admin_account(one.account), class_name=_LOOK),
            rx.cond(
                one.claim > 0,
                link(f"Reporte #{one.claim}", to=routes.admin_claim(one.claim), class_name=_LOOK),
            ),
            class_name="flex flex-wrap gap-x-4",
        ),
        class_name="py-2 first:pt-0 last:pb-0",
    )


def _orders() -> rx.Component:
    return rx.el.ul(rx.foreach(TICKET.orders, _order), class_name="cu-lines")


def _order(one: OrderRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            link(f"Pedido #{one.number}", to=routes.admin_order(one.number), class_name=_LOOK),
            order_state_badge(one.status),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.el.p(one.detail, class_name="cu-muted cu-small"),
        class_name="py-2 first:pt-0 last:pb-0",
    )


_LOOK = "cu-link inline-flex items-center min-h-11"


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-8 max-w-sm"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
