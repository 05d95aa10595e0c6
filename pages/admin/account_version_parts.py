"""The passwords and PINs an account has had, and who of its holders has seen each password."""

import reflex as rx

from pages import routes
from pages.admin.account_secret_parts import ACCOUNT, refused, sealed
from pages.components.badges import badge
from pages.components.buttons import quiet_button
from pages.components.cards import card
from pages.components.dialog import dialog, dismiss_dialog, show_dialog
from pages.components.feedback import error_region
from pages.components.links import link
from state.admin.account_secrets import AccountSecrets
from state.admin.account_versions import AccountVersions, VersionView, WitnessView
from state.session import Visitor

WITNESSES = "witnesses"


def versions_card() -> rx.Component:
    return card(
        error_region(AccountVersions.notice),
        rx.el.ul(rx.foreach(AccountVersions.versions, _version), class_name="cu-lines"),
        _witnesses(),
        title="Versiones",
    )


def _version(one: VersionView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(one.title, class_name="!text-base min-w-0 [overflow-wrap:anywhere]"),
            rx.cond(one.in_force, badge("En vigor", tone="success")),
            class_name="flex flex-wrap items-center justify-between gap-x-3 gap-y-1",
        ),
        rx.el.p(one.begun, class_name="cu-muted cu-small cu-num"),
        rx.cond(
            one.ended,
            rx.el.p(one.ended, class_name="cu-muted cu-small cu-num [overflow-wrap:anywhere]"),
        ),
        rx.el.div(
            rx.el.span(one.seen, class_name="cu-small cu-num"),
            rx.cond(
                one.password,
                quiet_button(
                    "¿Quién la ha visto?",
                    on_click=[AccountVersions.ask_who(one.number), show_dialog(WITNESSES)],
                    class_name="btn-sm",
                ),
            ),
            class_name="flex flex-wrap items-center justify-between gap-x-3 gap-y-1",
        ),
        rx.cond(one.kept & Visitor.is_owner, _kept(one)),
        key=one.title,
        class_name="py-3 first:pt-0 last:pb-0 grid gap-1",
    )


def _kept(one: VersionView) -> rx.Component:
    """What it was; the owner's alone to see."""
    return rx.fragment(
        rx.el.dl(
            sealed(
                rx.cond(one.password, "Contraseña anterior", "PIN anterior"),
                f"{ACCOUNT.id}:version:{one.id}",
                AccountSecrets.reveal_version(one.id),
                name=one.title,
            )
        ),
        refused(f"version:{one.id}"),
    )


def _witnesses() -> rx.Component:
    return dialog(
        WITNESSES,
        "¿Quién ha visto la contraseña?",
        rx.el.p(
            f"Versión {AccountVersions.witnessed}, de quienes usan la cuenta ahora.",
            class_name="mt-1 cu-muted",
        ),
        rx.cond(
            AccountVersions.witnesses,
            rx.el.ul(rx.foreach(AccountVersions.witnesses, _witness), class_name="cu-lines mt-3"),
            rx.el.p("Nadie usa esta cuenta ahora.", class_name="mt-3"),
        ),
        quiet_button("Cerrar", on_click=dismiss_dialog(WITNESSES), class_name="mt-5 w-full"),
    )


def _witness(one: WitnessView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(one.name, class_name="font-semibold"),
            rx.el.p(f"{one.profile} · ", one.phone, class_name="cu-muted cu-small cu-num"),
            link(
                f"Pedido #{one.order}",
                to=routes.admin_order(one.order),
                class_name="cu-link cu-small inline-flex items-center min-h-11",
            ),
            class_name="min-w-0",
        ),
        rx.cond(
            one.seen,
            rx.el.span(
                rx.el.span("La vio", class_name="block font-semibold"),
                one.seen,
                class_name="cu-small cu-num text-right",
            ),
            badge("Aún no la ve", tone="warning"),
        ),
        class_name="flex items-center justify-between gap-3 py-2",
    )
