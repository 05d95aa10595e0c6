"""What the customer may use today, each credential behind a tap."""

from typing import Any

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.cards import line, lines
from pages.components.feedback import alert, empty_state, error_region, skeleton_cards, until_ready
from pages.components.icons import icon
from pages.components.links import button_link, link
from pages.components.secret import secret_card
from pages.components.service_tile import service_heading
from pages.frames import shop_page
from pages.storefront.claim_parts import claim_news, report_action, report_dialog
from pages.storefront.renewal_parts import renewal_action, renewal_dialog
from state.storefront.account_cards import AccessCard
from state.storefront.my_accounts import CLOSED, OPENED, MyAccounts


def my_accounts() -> rx.Component:
    return shop_page(
        rx.cond(
            MyAccounts.loaded,
            rx.cond(MyAccounts.cards, _cards(), _none()),
            until_ready(MyAccounts.notice, on_retry=MyAccounts.load, waiting=skeleton_cards(3)),
        ),
        title="Mis cuentas",
        active=routes.MY_ACCOUNTS,
    )


def _cards() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.foreach(MyAccounts.cards, _card),
            class_name="grid gap-4 items-start lg:grid-cols-2",
        ),
        renewal_dialog(),
        report_dialog(),
    )


def _card(card: AccessCard) -> rx.Component:
    opened: Any = OPENED.value
    mine = opened["id"] == card.id
    return rx.el.article(
        rx.el.div(
            rx.el.h2(
                service_heading(card.service, card.initials, tone=card.tone, detail=card.plan),
                class_name="font-[inherit] tracking-normal",
            ),
            badge(card.left, tone=card.left_tone),
            class_name="flex flex-wrap items-center justify-between gap-x-3 gap-y-2",
        ),
        rx.cond(card.lapsed, alert(card.lapsed, tone="warning")),
        lines(line("Perfil", card.profile), line("Último día", card.ends)),
        claim_news(card),
        rx.cond(card.changed, alert(card.changed, tone="info")),
        secret_card(
            shown=mine & (opened["login"] != "") & (opened["version"] == card.version),
            busy=mine & (opened["login"] == ""),
            values=(
                ("Usuario", opened["login"]),
                ("Contraseña", opened["password"]),
                ("PIN", opened["pin"]),
            ),
            on_reveal=[
                OPENED.set_value({**CLOSED, "id": card.id}),
                MyAccounts.reveal(card.id),
            ],
            on_hide=OPENED.set_value(CLOSED),
        ),
        rx.el.div(_confirm(card), _confirmed(card), class_name="empty:hidden"),
        error_region(rx.cond(MyAccounts.tried == card.id, MyAccounts.notice, "")),
        renewal_action(card),
        rx.el.div(
            _unfold("Cómo usarla", card.instructions, numbered=True),
            _unfold("Condiciones", card.terms),
            class_name="cu-lines border-t border-base-300 empty:hidden",
        ),
        rx.el.div(
            link(
                f"Pedido #{card.order_number}",
                to=routes.order(card.order_number),
                class_name="cu-link cu-small inline-flex items-center min-h-11",
            ),
            link(
                "Pedir ayuda",
                to=routes.support_about_access(card.id),
                class_name="cu-link cu-small inline-flex items-center min-h-11",
                custom_attrs={"aria-label": f"Pedir ayuda con {card.service}"},
            ),
            report_action(card),
            class_name="flex flex-wrap items-center justify-between gap-x-3",
        ),
        key=card.id,
        class_name="cu-card cu-stack",
    )


def _confirm(card: AccessCard) -> rx.Component:
    """Of data that changed or do not work nobody says so; what was said stands on the card."""
    return rx.cond(
        card.confirmed | card.reported | (card.changed != ""),
        rx.fragment(),
        rx.el.button(
            icon("check", "size-4"),
            "Confirmar que funciona",
            type="button",
            on_click=MyAccounts.confirm(card.id).throttle(1000),
            class_name="cu-link cu-small inline-flex items-center gap-2 min-h-11 cursor-pointer",
            custom_attrs={"aria-label": f"Confirmar que funciona {card.service}"},
        ),
    )


def _confirmed(card: AccessCard) -> rx.Component:
    """Read aloud as the answer to the tap, and still there the next time."""
    return rx.el.div(
        rx.cond(
            card.confirmed & ~card.reported,
            rx.el.p(
                icon("check", "size-4 text-success"),
                "Confirmaste que funciona. ¡Gracias!",
                class_name="flex items-center gap-2 min-h-11 cu-small",
            ),
        ),
        role="status",
        class_name="empty:hidden",
    )


def _unfold(title: str, said: list[str], *, numbered: bool = False) -> rx.Component:
    """`said` is a Var of sentences."""
    tag, marks = (rx.el.ol, "list-decimal") if numbered else (rx.el.ul, "list-disc")
    return rx.cond(
        said,
        rx.el.details(
            rx.el.summary(
                title,
                icon("right", "size-5 cu-muted transition-transform group-open:rotate-90"),
                class_name="flex items-center justify-between min-h-11 py-2 font-semibold",
            ),
            tag(
                rx.foreach(said, _sentence),
                class_name=f"grid gap-1.5 pl-5 pb-3 cu-muted {marks}",
            ),
            class_name="group",
        ),
    )


def _sentence(said: str) -> rx.Component:
    return rx.el.li(said)


def _none() -> rx.Component:
    return empty_state(
        "Aún no tienes cuentas",
        "Tus accesos aparecen aquí en cuanto confirmamos el pago de un pedido.",
        action=button_link("Ver mis pedidos", to=routes.MY_ORDERS, icon_name="orders"),
    )
