"""Buttons: one loud, the rest calm. All are at least 44 px tall."""

from typing import Any

import reflex as rx

from pages.components.icons import IconName, icon
from pages.components.kinds import Child, Flag, Handler, Text
from pages.components.widgets import CopyButton


def primary_button(
    label: Child, *, icon_name: IconName | None = None, **props: Any
) -> rx.Component:
    """Offer the one thing this screen is for."""
    return _button("btn-primary", label, icon_name, **props)


def quiet_button(label: Child, *, icon_name: IconName | None = None, **props: Any) -> rx.Component:
    return _button("btn-outline", label, icon_name, **props)


def ghost_button(label: Child, *, icon_name: IconName | None = None, **props: Any) -> rx.Component:
    return _button("btn-ghost", label, icon_name, **props)


def danger_button(label: Child, *, icon_name: IconName | None = None, **props: Any) -> rx.Component:
    """Destroy or cancel; ask first with `dialog.confirm_dialog`."""
    return _button("btn-error", label, icon_name, **props)


def submit_button(label: Child, *, busy: Flag = False, **props: Any) -> rx.Component:
    """Send the form around it; `busy` keeps a second tap from sending it twice."""
    return _button(
        "btn-primary btn-block",
        rx.cond(busy, "Un momento…", label),
        None,
        type="submit",
        disabled=busy,
        **props,
    )


def icon_button(label: Text, name: IconName, *, on_click: Handler, **props: Any) -> rx.Component:
    """Show only the drawing; the label is for screen readers and the tooltip."""
    return rx.el.button(
        icon(name),
        type="button",
        title=label,
        class_name="btn btn-ghost btn-circle",
        custom_attrs={"aria-label": label},
        on_click=on_click,
        **props,
    )


def copy_button(
    value: Text, *, label: str = "Copiar", description: Text = "", small: bool = True
) -> rx.Component:
    """Copy in the browser and say so, on screen and to screen readers.

    `description` names what is copied ("Copiar CLABE") when several stand together.
    """
    return CopyButton.create(
        icon("copy"),
        value=value,
        label=label,
        done="Copiado",
        failed="No se pudo copiar",
        description=description,
        class_name="btn btn-ghost btn-copy btn-sm" if small else "btn btn-outline",
    )


def copy_text(value: Text, *, description: Text, shown: Child | None = None) -> rx.Component:
    """Show a value that a click copies, where a button beside it would be too much.

    `shown` is a drawing that stands for the value where that is written already.
    """
    return CopyButton.create(
        *([] if shown is None else [shown]),
        value=value,
        label=value if shown is None else "",
        done="Copiado",
        failed="No se pudo copiar",
        description=description,
        class_name="inline-flex items-center min-h-6 cu-num whitespace-nowrap cursor-copy "
        "hover:underline underline-offset-4",
    )


def _button(look: str, label: Child, name: IconName | None, **props: Any) -> rx.Component:
    children: list[Child] = [icon(name)] if name else []
    extra = props.pop("class_name", "")
    return rx.el.button(
        *children,
        label,
        type=props.pop("type", "button"),
        class_name=f"btn {look} {extra}".strip(),
        **props,
    )
