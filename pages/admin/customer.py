"""One customer: what they bought and hold, what was sent to them, and what can be done."""

from typing import Any

import reflex as rx

from pages import routes
from pages.admin import customer_actions as actions
from pages.admin.customer_credit import credit
from pages.components.badges import badge, order_state_badge
from pages.components.cards import card, line, lines
from pages.components.feedback import alert, error_region, found, skeleton, status_region
from pages.components.kinds import Child, Count
from pages.components.links import link
from pages.frames import admin_page
from state.admin.customer import AdminCustomer
from state.admin.customer_view import (
    MessageOfCustomer,
    OrderOfCustomer,
    SubscriptionOfCustomer,
    TicketOfCustomer,
)

CUSTOMER = AdminCustomer.customer


def customer() -> rx.Component:
    return admin_page(
        found(
            AdminCustomer,
            _customer(),
            waiting=_loading(),
            missing="Aquí no hay ningún cliente",
            hint="Búscalo en la lista por su celular o su nombre.",
            others=("Ver los clientes", routes.ADMIN_CUSTOMERS),
        ),
        title=CUSTOMER.title,
        back=("Clientes", routes.ADMIN_CUSTOMERS),
        active=routes.ADMIN_CUSTOMERS,
    )


def _customer() -> rx.Component:
    return rx.el.div(
        status_region(AdminCustomer.said),
        error_region(AdminCustomer.notice),
        rx.cond(
            CUSTOMER.blocked,
            alert(f"Bloqueado desde {CUSTOMER.blocked}: no puede entrar ni comprar.", tone="error"),
        ),
        rx.cond(
            CUSTOMER.asked,
            alert(
                f"Pidió borrar sus datos: {CUSTOMER.asked}. La ley da 20 días hábiles.",
                tone="warning",
            ),
        ),
        rx.cond(
            CUSTOMER.erased,
            alert(f"Sus datos se borraron: {CUSTOMER.erased}.", tone="info"),
        ),
        rx.el.div(
            rx.el.div(
                card(_summary(), title="Datos"),
                rx.cond(CUSTOMER.erased, rx.fragment(), credit()),
                rx.cond(CUSTOMER.erased, rx.fragment(), actions.buttons()),
                class_name="cu-stack lg:order-last",
            ),
            rx.el.div(
                _part("Suscripciones", CUSTOMER.subscriptions, _subscription, "Aún no tiene."),
                _part("Pedidos", CUSTOMER.orders, _order, "Aún no hay pedidos."),
                _part("Tickets", CUSTOMER.tickets, _ticket, "Aún no ha escrito a soporte."),
                _part("Mensajes", CUSTOMER.messages, _message, "Aún no le hemos escrito."),
                class_name="cu-stack",
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[minmax(0,1fr)_22rem]",
        ),
        actions.dialogs(),
        class_name="cu-stack",
    )


def _summary() -> rx.Component:
    return rx.el.div(
        lines(
            line("Celular", CUSTOMER.phone),
            rx.cond(CUSTOMER.email, line("Correo", CUSTOMER.email)),
            line("Total pagado", CUSTOMER.spent),
            line("Pedidos", CUSTOMER.total_orders),
            line("Última compra", CUSTOMER.last),
            line("Cliente desde", CUSTOMER.since),
        ),
        rx.cond(
            CUSTOMER.phone,
            rx.el.div(
                rx.el.a(
                    "Llamar", href=CUSTOMER.phone_link, class_name="btn btn-outline btn-sm grow"
                ),
                rx.el.a(
                    "WhatsApp",
                    href=CUSTOMER.chat_link,
                    target="_blank",
                    rel="noopener noreferrer",
                    class_name="btn btn-outline btn-sm grow",
                ),
                class_name="mt-2 flex gap-3",
            ),
        ),
        rx.cond(
            CUSTOMER.notes,
            rx.el.div(
                rx.el.h3("Notas", class_name="font-semibold"),
                rx.el.p(CUSTOMER.notes, class_name="whitespace-pre-line [overflow-wrap:anywhere]"),
                class_name="mt-4",
            ),
        ),
        rx.cond(
            CUSTOMER.phones,
            rx.el.div(
                rx.el.h3("Celulares anteriores", class_name="font-semibold"),
                rx.el.ul(
                    rx.foreach(
                        CUSTOMER.phones,
                        lambda said: rx.el.li(said, class_name="cu-muted cu-small cu-num"),
                    )
                ),
                class_name="mt-4",
            ),
        ),
    )


def _part(title: str, rows: Any, make: Any, none: str) -> rx.Component:
    return card(
        rx.cond(
            rows,
            rx.el.ul(rx.foreach(rows, make), class_name="cu-lines"),
            rx.el.p(none, class_name="cu-muted"),
        ),
        title=title,
    )


def _line(head: Child, mark: Child, detail: Child, *more: Child, key: Count) -> rx.Component:
    return rx.el.li(
        rx.el.div(head, mark, class_name="flex items-center justify-between gap-3"),
        rx.el.p(detail, class_name="cu-muted cu-small cu-num [overflow-wrap:anywhere]"),
        *more,
        key=key,
        class_name="py-3 first:pt-0 last:pb-0",
    )


def _order(one: OrderOfCustomer) -> rx.Component:
    return _line(
        _go(f"#{one.number} · {one.total}", routes.admin_order(one.number)),
        order_state_badge(one.status),
        f"{one.products} · {one.placed}",
        key=one.number,
    )


def _subscription(one: SubscriptionOfCustomer) -> rx.Component:
    return _line(
        rx.el.p(one.title, class_name="font-semibold"),
        badge(one.state, tone=one.tone),
        one.detail,
        rx.el.div(
            _go(f"Cuenta {one.account}", routes.admin_account(one.account)),
            _go(f"Pedido #{one.order}", routes.admin_order(one.order)),
            class_name="flex gap-4",
        ),
        key=one.id,
    )


def _ticket(one: TicketOfCustomer) -> rx.Component:
    return _line(
        _go(
            rx.el.span(one.subject, class_name="[overflow-wrap:anywhere]"),
            routes.admin_ticket(one.id),
        ),
        badge(one.state, tone=one.tone),
        rx.cond(one.late, badge(one.age, tone="error"), one.age),
        key=one.id,
    )


def _message(one: MessageOfCustomer) -> rx.Component:
    return _line(
        rx.el.p(one.title, class_name="font-semibold"),
        badge(one.state, tone=one.tone),
        one.detail,
        key=one.id,
    )


def _go(label: Child, to: rx.Var) -> rx.Component:
    return link(label, to=to, class_name="cu-link cu-num inline-flex items-center min-h-11")


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-8 max-w-sm"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
