"""A customer's tickets, or the form for a new one: one of them fills the page."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import primary_button
from pages.components.cards import card
from pages.components.feedback import alert, error_region, skeleton_cards, until_ready
from pages.components.forms import select_field, text_area, text_field
from pages.components.links import button_link, link
from pages.components.pagination import pagination
from pages.frames import shop_page
from state.storefront.tickets import AboutChoice, MyTickets, TicketRow

VIEW = MyTickets.view


def tickets() -> rx.Component:
    return shop_page(
        rx.cond(
            VIEW.loaded,
            rx.cond(VIEW.writing, _form(), _list()),
            until_ready(MyTickets.notice, on_retry=MyTickets.load, waiting=skeleton_cards(2)),
        ),
        title="Soporte",
        active=routes.SUPPORT,
        narrow=True,
    )


def _list() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p("Aquí quedan tus preguntas y nuestras respuestas.", class_name="cu-muted"),
            button_link("Nuevo ticket", to=f"{routes.SUPPORT}?nuevo=1", icon_name="plus"),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        rx.el.ul(rx.foreach(VIEW.rows, _row), class_name="grid gap-4"),
        rx.cond(
            (VIEW.newer != "") | (VIEW.older != ""),
            pagination(previous=VIEW.newer, following=VIEW.older),
        ),
        class_name="cu-stack",
    )


def _row(one: TicketRow) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.div(
                rx.el.h2(one.subject, class_name="text-lg min-w-0 [overflow-wrap:anywhere]"),
                rx.el.span(
                    rx.cond(one.unread, badge("Nuevo", tone="error")),
                    badge(one.state, tone=one.tone),
                    class_name="flex flex-wrap gap-2",
                ),
                class_name="flex flex-wrap items-start justify-between gap-x-3 gap-y-1",
            ),
            rx.el.p(
                one.last_words,
                class_name="mt-1 cu-muted line-clamp-2 [overflow-wrap:anywhere]",
            ),
            rx.el.p(
                rx.cond(one.about, f"{one.about} · ", ""),
                one.when,
                class_name="mt-2 cu-muted cu-small cu-num",
            ),
            to=routes.ticket(one.id),
            class_name="cu-card",
        ),
        key=one.id,
    )


def _form() -> rx.Component:
    errors = MyTickets.errors
    return rx.el.div(
        rx.cond(VIEW.broken, warranty_hint()),
        card(
            rx.el.form(
                rx.cond(
                    VIEW.abouts,
                    select_field(
                        "¿Sobre qué es?",
                        "about",
                        rx.fragment(
                            rx.el.option("Algo en general", value=""),
                            rx.foreach(VIEW.abouts, _about),
                        ),
                        error=errors["about"],
                        default_value=VIEW.about,
                    ),
                ),
                text_field(
                    "Asunto",
                    "subject",
                    error=errors["subject"],
                    max_length=120,
                    placeholder="Por ejemplo: no puedo entrar a mi perfil",
                ),
                text_area(
                    "Cuéntanos",
                    "body",
                    hint="Qué hacías, qué esperabas y qué viste. No escribas contraseñas.",
                    error=errors["body"],
                    max_length=4000,
                    rows=6,
                ),
                error_region(rx.cond(errors, "", MyTickets.notice)),
                rx.el.div(
                    primary_button("Enviar", type="submit", class_name="grow sm:grow-0"),
                    rx.cond(
                        VIEW.has_tickets,
                        button_link("Ver mis tickets", to=routes.SUPPORT, kind="ghost"),
                    ),
                    class_name="flex flex-wrap gap-3",
                ),
                on_submit=MyTickets.ask.throttle(1500),
                no_validate=True,
                class_name="cu-stack",
            ),
            title="Escríbenos",
        ),
        rx.el.p(
            "¿Buscas una respuesta rápida? Mira las ",
            link("preguntas frecuentes", to=routes.HELP),
            ".",
            class_name="cu-muted",
        ),
        class_name="cu-stack",
    )


def _about(one: AboutChoice) -> rx.Component:
    return rx.el.option(one.name, value=one.value, key=one.value)


def warranty_hint() -> rx.Component:
    """A broken access is mended faster by its report than by a conversation."""
    return alert(
        rx.el.p(
            "Si tu acceso no funciona, repórtalo en ",
            link("Mis cuentas", to=routes.MY_ACCOUNTS),
            ": la garantía lo repone sin costo y sin esperar la conversación.",
        ),
        tone="info",
        title="¿Dejó de funcionar?",
    )
