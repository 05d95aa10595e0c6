"""What the screen says when there is nothing, something is wrong, or it is on its way."""

from typing import Any, Literal

import reflex as rx

from pages.components.buttons import quiet_button
from pages.components.icons import IconName, icon
from pages.components.kinds import Child, Count, Handler, Text
from pages.components.links import button_link

Tone = Literal["info", "success", "warning", "error"]

_ICONS: dict[Tone, IconName] = {
    "info": "info",
    "success": "check",
    "warning": "warning",
    "error": "warning",
}


def alert(*children: Child, tone: Tone = "info", title: Text = "") -> rx.Component:
    """Say something that stays on the page; use `status_region` for what has just happened."""
    return rx.el.div(
        icon(_ICONS[tone]),
        rx.el.div(
            rx.cond(title, rx.el.p(title, class_name="font-bold")),
            *children,
            class_name="min-w-0 grow",
        ),
        class_name="cu-alert",
        custom_attrs={"data-tone": tone},
    )


def status_region(message: Text, *, tone: Tone = "success") -> rx.Component:
    """Announce the outcome of an action; it is on the page from the start, empty."""
    return rx.el.div(
        rx.cond(message, alert(message, tone=tone)), role="status", class_name="empty:hidden"
    )


def error_region(message: Text) -> rx.Component:
    """Announce at once why an action was refused."""
    return rx.el.div(
        rx.cond(message, alert(message, tone="error")), role="alert", class_name="empty:hidden"
    )


def refusal_region(notice: Text, errors: Any) -> rx.Component:
    """Announce what was refused as a whole; a refusal of one field stands beside that."""
    return rx.cond(rx.Var.create(errors).to(dict).length() == 0, error_region(notice))


def toast(message: Text, *actions: Child, times: Count = 0) -> rx.Component:
    """Announce what a tap did, above everything, and leave by itself.

    `times` changes with each tap, so that the same words appear again. Nothing in it may be the
    only way to do something: it is gone after eight seconds.
    """
    return rx.el.div(
        rx.cond(
            message, rx.el.p(icon("check"), message, *actions, key=times, class_name="cu-toast")
        ),
        role="status",
        class_name="cu-offline empty:hidden",
    )


def empty_state(title: Text, detail: Text = "", *, action: Child = "") -> rx.Component:
    return rx.el.div(
        _beads(),
        rx.el.h2(title, class_name="text-xl"),
        rx.cond(detail, rx.el.p(detail, class_name="cu-muted max-w-prose")),
        action,
        class_name="grid justify-items-center gap-3 py-10 px-4 text-center",
    )


def error_state(
    *, on_retry: Handler, detail: Text = "Revisa tu conexión y vuelve a intentarlo."
) -> rx.Component:
    """Stand in for content that could not be loaded."""
    return rx.el.div(
        icon("offline", "size-10 text-error"),
        rx.el.h2("No pudimos cargar esto", class_name="text-xl"),
        rx.el.p(detail, class_name="cu-muted max-w-prose"),
        quiet_button("Reintentar", icon_name="refresh", on_click=on_retry),
        role="alert",
        class_name="grid justify-items-center gap-3 py-10 px-4 text-center",
    )


def until_ready(notice: Text, *, on_retry: Handler, waiting: Child) -> rx.Component:
    """Hold the place of content on its way, or say why it could not be loaded."""
    return rx.cond(notice, error_state(on_retry=on_retry, detail=notice), waiting)


def found(
    state: Any, shown: Child, *, waiting: Child, missing: str, hint: str, others: tuple[str, str]
) -> Child:
    """One of many by its address: what it is, or that it is not there, and the way to the others.

    `state` says which by its `phase`, and loads it.
    """
    label, to = others
    return rx.match(
        state.phase,
        ("ready", shown),
        ("missing", empty_state(missing, hint, action=button_link(label, to=to, kind="quiet"))),
        until_ready(state.notice, on_retry=state.load, waiting=waiting),
    )


def skeleton(class_name: str = "h-6") -> rx.Component:
    return rx.el.div(class_name=f"cu-skeleton {class_name}", custom_attrs={"aria-hidden": "true"})


def skeleton_cards(count: int = 3) -> rx.Component:
    """Hold the place of a list of cards while it loads."""
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        *(skeleton("h-28 rounded-box") for _ in range(count)),
        class_name="cu-grid",
    )


def _beads() -> rx.Component:
    """Draw three beads on a string: in Spanish a bead and an account are both a *cuenta*."""
    return rx.el.svg(
        rx.el.path(
            d="M6 22C40 66 120 66 154 22",
            class_name="fill-none stroke-base-300",
            custom_attrs={"strokeWidth": "4", "strokeLinecap": "round"},
        ),
        rx.el.circle(cx="45", cy="48", r="15", class_name="fill-primary"),
        rx.el.circle(cx="82", cy="55", r="17", class_name="fill-accent"),
        rx.el.circle(
            cx="119",
            cy="46",
            r="14",
            class_name="fill-base-100 stroke-secondary",
            custom_attrs={"strokeWidth": "4", "strokeDasharray": "6 6"},
        ),
        view_box="0 0 160 80",
        class_name="w-36 h-auto",
        custom_attrs={"aria-hidden": "true"},
    )
