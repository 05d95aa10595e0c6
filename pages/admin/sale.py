"""The sales desk: who buys, what they want with its stock beside it, and how it is paid."""

import reflex as rx

from pages import routes
from pages.admin.sale_parts import buyer, give_up, order, shelf_of
from pages.components.buttons import quiet_button
from pages.components.cards import card
from pages.components.feedback import alert, refusal_region, skeleton, until_ready
from pages.components.links import link
from pages.frames import admin_page
from state.admin.sale import SalesDesk

DRAFTED = SalesDesk.draft.number > 0
BESIDE = "lg:sticky lg:top-4"


def sale() -> rx.Component:
    return admin_page(
        rx.cond(
            SalesDesk.loaded,
            _desk(),
            until_ready(
                SalesDesk.notice,
                on_retry=SalesDesk.load,
                waiting=rx.el.div(
                    rx.el.p("Cargando…", role="status", class_name="sr-only"),
                    skeleton("h-40 rounded-box"),
                    skeleton("h-96 rounded-box"),
                    class_name="cu-stack",
                ),
            ),
        ),
        title="Vender",
        active=routes.ADMIN_SALE,
    )


def _desk() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.cond(SalesDesk.sold.number > 0, _sold()),
            role="status",
            class_name="empty:hidden",
        ),
        refusal_region(SalesDesk.notice, SalesDesk.errors),
        give_up(),
        rx.el.div(
            rx.el.div(
                card(buyer(), title="Cliente"),
                card(
                    rx.el.div(rx.foreach(SalesDesk.services, shelf_of), class_name="grid gap-5"),
                    title="Artículos",
                ),
                class_name="cu-stack",
            ),
            rx.el.div(
                card(
                    order(),
                    title=rx.cond(DRAFTED, f"Borrador #{SalesDesk.draft.number}", "Pedido"),
                ),
                # A phone shows a draft before what it may still get.
                class_name=rx.cond(DRAFTED, f"order-first lg:order-none {BESIDE}", BESIDE),
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[minmax(0,1fr)_22rem]",
        ),
        class_name="cu-stack",
    )


def _sold() -> rx.Component:
    said = (
        rx.el.p(SalesDesk.sold.said, class_name="font-semibold"),
        rx.el.div(
            rx.cond(
                DRAFTED,
                rx.fragment(),
                link(
                    "Ver el pedido",
                    to=routes.admin_order(SalesDesk.sold.number),
                    class_name="cu-link inline-flex items-center min-h-11",
                ),
            ),
            quiet_button("Vender a otro", on_click=SalesDesk.begin, class_name="btn-sm"),
            class_name="flex flex-wrap items-center gap-4",
        ),
    )
    return rx.cond(
        SalesDesk.sold.tone == "warning",
        alert(*said, tone="warning"),
        alert(*said, tone="success"),
    )
