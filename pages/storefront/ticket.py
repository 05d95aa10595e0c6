"""One ticket: the conversation, and a field to go on with it."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import primary_button, quiet_button
from pages.components.cards import card
from pages.components.feedback import empty_state, error_region, skeleton, until_ready
from pages.components.forms import text_area
from pages.components.links import button_link, link
from pages.components.thread import bubble, thread
from pages.frames import shop_page
from pages.storefront.tickets import warranty_hint
from state.storefront.ticket import TicketPage

TICKET = TicketPage.ticket


def ticket() -> rx.Component:
    return shop_page(
        rx.match(
            TicketPage.phase,
            ("ready", _ticket()),
            (
                "missing",
                empty_state(
                    "Aquí no hay ningún ticket",
                    "Revisa el número. Solo puedes ver los que abriste con tu celular.",
                    action=button_link("Ver mis tickets", to=routes.SUPPORT, icon_name="chat"),
                ),
            ),
            until_ready(TicketPage.notice, on_retry=TicketPage.load, waiting=_loading()),
        ),
        title=TICKET.title,
        back=("Soporte", routes.SUPPORT),
        active=routes.SUPPORT,
        narrow=True,
    )


def _ticket() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                badge(TICKET.state, tone=TICKET.tone),
                rx.el.span(
                    f"Ticket #{TICKET.number} · abierto {TICKET.opened}",
                    class_name="cu-muted cu-small cu-num",
                ),
                rx.cond(
                    TICKET.order > 0,
                    link(
                        f"Pedido #{TICKET.order}",
                        to=routes.order(TICKET.order),
                        class_name="cu-link cu-small inline-flex items-center min-h-11 -my-2",
                    ),
                ),
                class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
            ),
            rx.el.p(TICKET.what_next, class_name="cu-muted"),
            role="status",
            class_name="grid gap-2",
        ),
        rx.cond(TICKET.broken, warranty_hint()),
        card(thread(rx.foreach(TICKET.bubbles, bubble), older=TICKET.older, newer=TICKET.newer)),
        rx.cond(TICKET.newest, _answer()),
        class_name="cu-stack",
    )


def _answer() -> rx.Component:
    return rx.cond(
        TICKET.may_write,
        rx.el.form(
            text_area(
                "Tu mensaje",
                "body",
                error=TicketPage.errors["body"],
                max_length=4000,
                rows=4,
                key=TicketPage.times,
            ),
            error_region(rx.cond(TicketPage.errors, "", TicketPage.notice)),
            rx.el.div(
                primary_button(
                    "Enviar", type="submit", icon_name="chat", class_name="grow sm:grow-0"
                ),
                rx.cond(
                    TICKET.may_settle,
                    quiet_button(
                        "Ya quedó, gracias",
                        on_click=TicketPage.settle,
                        class_name="grow sm:grow-0",
                    ),
                ),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=TicketPage.write.throttle(1000),
            no_validate=True,
            class_name="cu-card cu-stack",
        ),
        rx.el.div(button_link("Abrir otro ticket", to=f"{routes.SUPPORT}?nuevo=1")),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-8 max-w-sm"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
