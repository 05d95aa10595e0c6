"""The shop's mark: a C whose opening holds one bead (*cuenta*)."""

import reflex as rx

from pages.components.icons import icon
from pages.components.kinds import Text


def mark() -> rx.Component:
    return rx.el.svg(
        rx.el.rect(width="64", height="64", rx="18", class_name="fill-primary"),
        rx.el.path(
            d="M44 21.5a17 17 0 1 0 0 21",
            class_name="fill-none stroke-primary-content",
            custom_attrs={"strokeWidth": "8", "strokeLinecap": "round"},
        ),
        rx.el.circle(cx="47", cy="32", r="5.5", class_name="fill-accent"),
        view_box="0 0 64 64",
        class_name="size-9 flex-none",
        custom_attrs={"aria-hidden": "true"},
    )


def wordmark(shop: Text, more: str = "") -> rx.Component:
    return rx.el.span(
        mark(),
        rx.el.span(
            shop, more, class_name="text-xl font-extrabold tracking-tight cu-round min-w-0 truncate"
        ),
        class_name="inline-flex items-center gap-2.5 min-h-11 max-w-full",
    )


def theme_switch() -> rx.Component:
    """Swap light and dark; the choice is kept in this browser."""
    label = "Cambiar entre tema claro y oscuro"
    return rx.el.button(
        icon("moon", "cu-light-only"),
        icon("sun", "cu-dark-only"),
        type="button",
        title=label,
        class_name="btn btn-ghost btn-circle",
        custom_attrs={"aria-label": label},
        on_click=rx.toggle_color_mode,
    )


def head() -> list[rx.Component]:
    """Give `rx.App(head_components=…)` the icons and the colours of the browser's own bars."""
    return [
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.link(rel="apple-touch-icon", href="/icon.png"),
        rx.el.link(rel="manifest", href="/manifest.webmanifest"),
        _bar_colour("#f8f2e7", "light"),
        _bar_colour("#181310", "dark"),
    ]


def _bar_colour(colour: str, scheme: str) -> rx.Component:
    return rx.el.meta(
        name="theme-color",
        content=colour,
        custom_attrs={"media": f"(prefers-color-scheme: {scheme})"},
    )
