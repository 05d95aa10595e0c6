"""Links inside the site, followed without loading the page again."""

from typing import Any

import reflex as rx
from reflex_components_core.react_router.dom import ReactRouterLink

from pages.components.icons import IconName, icon
from pages.components.kinds import Child, Text


def link(*children: Child, to: Text, class_name: Text = "cu-link", **props: Any) -> rx.Component:
    return ReactRouterLink.create(*children, to=to, class_name=class_name, **props)


def button_link(
    label: Text, *, to: Text, kind: str = "primary", icon_name: IconName | None = None
) -> rx.Component:
    """Look like a button where the action is to go somewhere; kinds as in `buttons`."""
    look = {"primary": "btn btn-primary", "quiet": "btn btn-outline", "ghost": "btn btn-ghost"}
    children: list[Child] = [icon(icon_name)] if icon_name else []
    return link(*children, label, to=to, class_name=look[kind])


def outside_link(*children: Child, href: Text, class_name: str = "cu-link") -> rx.Component:
    """Leave the site (WhatsApp, a bank) without telling it where from."""
    return rx.el.a(
        *children, href=href, target="_blank", rel="noopener noreferrer", class_name=class_name
    )


def back_link(label: Text, *, to: Text) -> rx.Component:
    return link(
        icon("left"),
        label,
        to=to,
        class_name="inline-flex items-center gap-1 min-h-11 pr-3 -ml-1 font-semibold cu-muted",
    )
