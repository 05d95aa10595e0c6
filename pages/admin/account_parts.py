"""What is read on an account's page: its figures, its places, its payments and its history."""

import reflex as rx

from pages import routes
from pages.admin.account_secret_parts import profile_secret
from pages.components.badges import badge
from pages.components.buttons import icon_button, quiet_button
from pages.components.cards import card, line, lines
from pages.components.links import link
from state.admin.account import AccountPage
from state.admin.account_history import HistoryRow
from state.admin.account_profiles import MoreProfiles, ProfileName
from state.admin.account_view import PastView, PaymentView, ProfileView

ACCOUNT = AccountPage.account
LOOK = "cu-link inline-flex items-center min-h-11 whitespace-nowrap"


def summary() -> rx.Component:
    return card(
        lines(
            line("Plan", rx.cond(ACCOUNT.plan_name, ACCOUNT.plan_name, "Compartida")),
            line("Libres", ACCOUNT.places),
            line("Pagada hasta", ACCOUNT.paid_until),
            rx.cond(ACCOUNT.cost, line("Costo", ACCOUNT.cost)),
        ),
        rx.cond(
            ACCOUNT.notes,
            rx.el.p(ACCOUNT.notes, class_name="whitespace-pre-wrap [overflow-wrap:anywhere]"),
        ),
        title="Datos",
    )


def profiles() -> rx.Component:
    return card(
        rx.el.ul(rx.foreach(ACCOUNT.profiles, _profile), class_name="cu-lines"),
        rx.cond(
            (ACCOUNT.room > 0) & ~ACCOUNT.retired,  # pyright: ignore[reportOperatorIssue]  # Vars
            quiet_button(
                "Agregar perfiles",
                icon_name="plus",
                on_click=MoreProfiles.begin,
                class_name="justify-self-start",
            ),
        ),
        title="Perfiles",
    )


def _profile(one: ProfileView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h3(one.label, class_name="!text-base min-w-0 [overflow-wrap:anywhere]"),
                rx.cond(
                    ACCOUNT.retired,
                    rx.fragment(),
                    icon_button(
                        f"Cambiar el nombre de {one.label}",
                        "edit",
                        on_click=ProfileName.begin(one.id),
                    ),
                ),
                class_name="flex items-center min-w-0",
            ),
            badge(one.state, tone=one.tone),
            class_name="flex flex-wrap items-center justify-between gap-x-3 gap-y-1",
        ),
        rx.cond(one.order > 0, _holder(one)),
        rx.cond(
            one.held_for > 0,
            link(f"Pedido #{one.held_for}", to=routes.admin_order(one.held_for), class_name=LOOK),
        ),
        profile_secret(one),
        key=one.id,
        class_name="py-3 first:pt-0 last:pb-0 grid gap-1",
    )


def _holder(one: ProfileView) -> rx.Component:
    return rx.el.div(
        rx.el.p(
            rx.el.span(one.customer, class_name="font-semibold"),
            " ",
            rx.el.a(one.phone, href=one.phone_link, class_name=f"{LOOK} cu-num"),
            class_name="flex flex-wrap items-center gap-x-3",
        ),
        rx.el.p(
            link(f"Pedido #{one.order}", to=routes.admin_order(one.order), class_name=LOOK),
            rx.el.span(f"Hasta el {one.until}", class_name="cu-num"),
            rx.cond(
                one.beyond, rx.el.span("La cuenta se acaba antes", class_name="cu-error cu-small")
            ),
            class_name="flex flex-wrap items-center gap-x-3",
        ),
    )


def payments() -> rx.Component:
    return rx.cond(
        ACCOUNT.payments,
        card(
            rx.el.ul(rx.foreach(ACCOUNT.payments, _payment), class_name="cu-lines"),
            title="Pagos al proveedor",
        ),
    )


def _payment(one: PaymentView) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.span(one.said, class_name="font-semibold"),
            rx.el.span(one.cost, class_name="cu-price"),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p(one.detail, class_name="cu-muted cu-small cu-num"),
        class_name="py-3 first:pt-0 last:pb-0",
    )


def past() -> rx.Component:
    return rx.cond(
        ACCOUNT.past,
        card(
            rx.el.ul(rx.foreach(ACCOUNT.past, _gone), class_name="cu-lines"),
            title="Quiénes la tuvieron",
        ),
    )


def _gone(one: PastView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(one.who, class_name="font-semibold"),
            rx.el.p(one.phone, class_name="cu-muted cu-small cu-num"),
            link(f"Pedido #{one.order}", to=routes.admin_order(one.order), class_name=LOOK),
            class_name="flex flex-wrap items-center gap-x-3",
        ),
        rx.el.p(f"{one.said} · {one.when}", class_name="cu-muted cu-small cu-num"),
        class_name="py-3 first:pt-0 last:pb-0",
    )


def history() -> rx.Component:
    return rx.el.ol(rx.foreach(ACCOUNT.history, _event), class_name="cu-lines")


def _event(one: HistoryRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(one.said, class_name="[overflow-wrap:anywhere]"),
        rx.el.p(f"{one.when} · {one.who}", class_name="cu-muted cu-small cu-num"),
        class_name="py-3 first:pt-0 last:pb-0",
    )
