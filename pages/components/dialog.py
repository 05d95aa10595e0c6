"""Questions that stop the page: the browser's own <dialog>, closed by Esc, focus kept inside."""

import reflex as rx

from pages.components.browser import in_browser
from pages.components.buttons import danger_button, primary_button, quiet_button
from pages.components.kinds import Child, Handler, Text


def open_dialog(name: str) -> rx.Var:
    """Give an `on_click` that opens it at once; `name` is fixed text, never a person's."""
    return in_browser(f"document.getElementById('{name}')?.showModal()")


def show_dialog(name: str) -> rx.event.EventSpec:
    """Open it as one of several events."""
    return rx.run_script(f"document.getElementById('{name}')?.showModal()")


def dismiss_dialog(name: str) -> rx.Var:
    """Give an `on_click` that closes it at once, and does nothing else."""
    return in_browser(f"document.getElementById('{name}')?.close()")


def close_dialog(name: str) -> rx.event.EventSpec:
    """Close it as one of several events, or as the answer of a State handler."""
    return rx.run_script(f"document.getElementById('{name}')?.close()")


def dialog(name: str, title: Text, *children: Child) -> rx.Component:
    return rx.el.dialog(
        rx.el.h2(title, class_name="text-xl", custom_attrs={"id": f"{name}-title"}),
        *children,
        class_name="cu-dialog",
        custom_attrs={"id": name, "aria-labelledby": f"{name}-title"},
    )


def confirm_dialog(
    name: str,
    title: Text,
    *explanation: Child,
    confirm: str,
    on_confirm: Handler,
    danger: bool = True,
    dismiss: str = "No, volver",
) -> rx.Component:
    """Ask before something that cannot be undone; the safe answer comes first in focus order."""
    yes = danger_button if danger else primary_button
    events = on_confirm if isinstance(on_confirm, list) else [on_confirm]
    return dialog(
        name,
        title,
        rx.el.div(*explanation, class_name="mt-2 cu-muted"),
        rx.el.div(
            quiet_button(dismiss, on_click=dismiss_dialog(name), class_name="grow"),
            yes(confirm, on_click=[close_dialog(name), *events], class_name="grow"),
            class_name="mt-6 flex flex-wrap gap-3",
        ),
    )
