"""Who holds an account, and moving one or all of them to other stock."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import primary_button, quiet_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, open_dialog, show_dialog
from pages.components.feedback import alert, error_region
from pages.components.links import link
from state.admin.account import AccountPage
from state.admin.account_holders import AccountHolders, HolderView

ALL, ONE = "swap-all", "swap-one"
COUNT = rx.Var.create(AccountHolders.holders).to(list).length()
DOWN = AccountPage.account.status == "down"


def swap_offer() -> rx.Component:
    """The first thing on the page of an account that is down and that somebody still holds."""
    return rx.cond(
        DOWN & (COUNT > 0),
        rx.el.div(
            alert(
                "Sus clientes no pueden usarla. Dales otro acceso; sus fechas no cambian.",
                tone="error",
                title="Esta cuenta está caída",
            ),
            primary_button(
                _all_label(),
                on_click=open_dialog(ALL),
                disabled=AccountHolders.running,
                class_name="w-full sm:w-auto sm:justify-self-start",
            ),
            class_name="cu-stack",
        ),
    )


def holders_card() -> rx.Component:
    return card(
        error_region(AccountHolders.notice),
        rx.cond(
            AccountHolders.holders,
            rx.el.ul(rx.foreach(AccountHolders.holders, _holder), class_name="cu-lines"),
            rx.el.p("Nadie usa esta cuenta ahora.", class_name="cu-muted"),
        ),
        rx.cond(
            (COUNT > 0) & ~DOWN & ~AccountPage.account.active,
            quiet_button(_all_label(), on_click=open_dialog(ALL), disabled=AccountHolders.running),
        ),
        _swap_one(),
        _swap_all(),
        title="Quiénes la usan",
        aside=rx.el.span(COUNT, class_name="cu-muted cu-num"),
    )


def _all_label() -> rx.Var:
    return rx.cond(
        AccountHolders.running,
        f"Cambiando: {AccountHolders.progress}",
        rx.cond(COUNT == 1, "Cambiar a su cliente", f"Cambiar a todos sus clientes ({COUNT})"),
    )


def _holder(one: HolderView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(one.name, class_name="font-semibold leading-tight"),
            quiet_button(
                "Cambiar",
                on_click=[AccountHolders.ask(one.id), show_dialog(ONE)],
                disabled=AccountHolders.running,
                class_name="btn-sm flex-none",
                custom_attrs={"aria-label": f"Cambiar a {one.name}, {one.what}"},
            ),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.el.p(one.what, class_name="cu-small [overflow-wrap:anywhere]"),
        rx.el.p(
            rx.el.span(one.until, class_name="cu-small cu-num"),
            link(
                f"Pedido #{one.order}",
                to=routes.admin_order(one.order),
                class_name="cu-link cu-small inline-flex items-center min-h-11",
            ),
            rx.cond(one.lapsed, badge("En gracia", tone="neutral")),
            rx.cond(one.reported, badge("La reportó", tone="warning")),
            class_name="flex flex-wrap items-center gap-x-3",
        ),
        key=one.id,
        class_name="py-3 first:pt-0 last:pb-0",
    )


def _swap_one() -> rx.Component:
    who = AccountHolders.chosen
    return confirm_dialog(
        ONE,
        f"¿Cambiar a {who.name} a otra cuenta?",
        rx.el.p(f"{who.what}. Recibe otro acceso del stock y le avisamos."),
        rx.el.p("Su fecha de término no cambia.", class_name="mt-2"),
        confirm="Sí, cambiar",
        on_confirm=AccountHolders.swap,
        danger=False,
    )


def _swap_all() -> rx.Component:
    return confirm_dialog(
        ALL,
        rx.cond(COUNT == 1, "¿Cambiar a su cliente?", f"¿Cambiar a los {COUNT} clientes?"),
        rx.el.p(
            "Cada uno recibe otro acceso del stock y le avisamos; su fecha de término no cambia."
        ),
        rx.el.p(
            "Si el stock no alcanza para todos, primero van los que tienen tiempo pagado y los que "
            "la reportaron. Los demás se quedan aquí, y puedes repetirlo cuando haya stock.",
            class_name="mt-2",
        ),
        confirm="Sí, cambiar",
        on_confirm=AccountHolders.swap_all,
        danger=False,
    )
