"""Renewing from the card: one tap shows what it costs and until when it lasts, the next orders."""

import reflex as rx

from pages import routes
from pages.components.buttons import primary_button, quiet_button, submit_button
from pages.components.dialog import dialog, dismiss_dialog, show_dialog
from pages.components.feedback import error_region, skeleton
from pages.components.forms import choice, choices
from pages.components.icons import icon
from pages.components.links import link
from state.storefront.account_cards import AccessCard
from state.storefront.renewal import OfferView, Renewal

NAME = "renovar"


def renewal_action(card: AccessCard) -> rx.Component:
    """A whole account is renewed as one, from the card of its first profile."""
    return rx.cond(
        card.renewal_order > 0,
        _waits_for_payment(card),
        rx.cond(
            card.renewable,
            rx.cond(card.soon, _renew(card, primary_button), _renew(card, quiet_button)),
            rx.el.p("Se renueva junto con el resto de la cuenta.", class_name="cu-muted cu-small"),
        ),
    )


def _renew(card: AccessCard, look) -> rx.Component:  # noqa: ANN001  # one of the buttons
    return look(
        "Renovar",
        icon_name="refresh",
        on_click=[show_dialog(NAME), Renewal.ask(card.id)],
        custom_attrs={"aria-haspopup": "dialog", "aria-label": f"Renovar {card.service}"},
    )


def _waits_for_payment(card: AccessCard) -> rx.Component:
    return link(
        icon("clock"),
        rx.el.span(
            rx.el.span("Renovación pendiente de pago", class_name="block font-semibold"),
            rx.el.span("Pedido #", card.renewal_order, class_name="block cu-small cu-muted"),
            class_name="grow min-w-0",
        ),
        icon("right", "cu-muted"),
        to=routes.order(card.renewal_order),
        class_name="cu-choice",
    )


def renewal_dialog() -> rx.Component:
    return dialog(
        NAME,
        Renewal.title,
        rx.cond(
            Renewal.loaded,
            rx.cond(Renewal.offers, _form(), _nothing_to_offer()),
            rx.cond(
                Renewal.notice,
                rx.el.div(error_region(Renewal.notice), _back(), class_name="cu-stack mt-4"),
                rx.el.div(
                    rx.el.p("Cargando…", role="status", class_name="sr-only"),
                    skeleton("h-16"),
                    skeleton("h-16"),
                    skeleton("h-12"),
                    class_name="cu-stack mt-4",
                ),
            ),
        ),
    )


def _form() -> rx.Component:
    return rx.el.form(
        choices("¿Por cuánto tiempo?", rx.foreach(Renewal.offers, _offer)),
        rx.el.p(
            "Tu perfil y tus datos siguen siendo los mismos. ",
            rx.cond(Renewal.lapsed, "El tiempo nuevo cuenta desde el día en que pagues. ", ""),
            "En el siguiente paso te decimos a dónde transferir.",
            class_name="cu-muted cu-small",
        ),
        error_region(Renewal.notice),
        rx.el.div(
            submit_button("Confirmar renovación"),
            _back(),
            class_name="grid gap-2",
        ),
        key=Renewal.times,
        on_submit=Renewal.confirm.throttle(1500),
        no_validate=True,
        class_name="cu-stack mt-2",
    )


def _offer(offer: OfferView) -> rx.Component:
    return choice(
        rx.el.span(
            rx.el.span(offer.name, class_name="font-bold"),
            rx.el.span(offer.price, class_name="cu-price"),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.el.span(offer.until, class_name="block cu-muted cu-small"),
        name="plan",
        value=offer.plan_id,
        default_checked=offer.chosen,
    )


def _nothing_to_offer() -> rx.Component:
    return rx.el.div(
        rx.el.p(
            "Por ahora no vendemos más tiempo de este servicio. Escríbenos y vemos qué podemos "
            "hacer.",
            class_name="cu-muted",
        ),
        _back(),
        class_name="cu-stack mt-2",
    )


def _back() -> rx.Component:
    return quiet_button("Ahora no", on_click=dismiss_dialog(NAME), class_name="btn-block")
