"""Form parts: a visible label, a hint, and the error beside the field it speaks of."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from pages.components.icons import icon
from pages.components.kinds import Child, Count, Flag, Handler, Text
from pages.components.widgets import NewPassword, Stepper


def text_field(
    label: Text,
    name: str,
    *,
    hint: Text = "",
    error: Text = "",
    prefix: str = "",
    look: str = "input",
    **props: Any,
) -> rx.Component:
    """Ask for one line; `props` go to the input (type, input_mode, auto_complete, value…).

    `prefix` stands inside the field, before what is typed: "+52".
    """
    control = rx.el.input(
        id=name,
        name=name,
        class_name="input pl-14" if prefix else look,
        custom_attrs=_speaking_of(name, error),
        **{"type": "text", **props},
    )
    return _field(label, name, _prefixed(prefix, control) if prefix else control, hint, error)


def new_password_field(
    label: Text, name: str, *, hint: Text = "", error: Text = ""
) -> rx.Component:
    """Ask for a password that somebody else will use: readable, and made here on demand.

    It stands in a form within a `dialog`, and is forgotten when that closes.
    """
    control = NewPassword.create(
        name=name,
        class_name="input",
        make="Generar",
        copy="Copiar",
        done="Copiada",
        failed="No se pudo copiar",
        custom_attrs={"id": name, **_speaking_of(name, error)},
    )
    return _field(label, name, control, hint, error)


def text_area(
    label: Text, name: str, *, hint: Text = "", error: Text = "", **props: Any
) -> rx.Component:
    control = rx.el.textarea(
        id=name, name=name, class_name="textarea", custom_attrs=_speaking_of(name, error), **props
    )
    return _field(label, name, control, hint, error)


def select_field(
    label: Text,
    name: str,
    options: Sequence[tuple[str, str]] | rx.Component,
    *,
    hint: Text = "",
    error: Text = "",
    **props: Any,
) -> rx.Component:
    """Choose one; `options` are (value, label) pairs or an `rx.foreach` of `rx.el.option`."""
    choices = (
        (options,)
        if isinstance(options, rx.Component)
        else tuple(rx.el.option(text, value=value) for value, text in options)
    )
    control = rx.el.select(
        *choices,
        id=name,
        name=name,
        class_name="select",
        custom_attrs=_speaking_of(name, error),
        **props,
    )
    return _field(label, name, control, hint, error)


def checkbox(*label: Child, name: str, **props: Any) -> rx.Component:
    """Take a yes or no; the whole line is the target."""
    return rx.el.label(
        rx.el.input(type="checkbox", name=name, class_name="checkbox checkbox-primary", **props),
        rx.el.span(*label),
        class_name="cu-check",
    )


def choice(*label: Child, name: str, value: Text, **props: Any) -> rx.Component:
    """Offer one option of several as a card with a radio; group them in `choices`."""
    return rx.el.label(
        rx.el.input(type="radio", name=name, value=value, **props),
        rx.el.span(*label, class_name="grow min-w-0"),
        class_name="cu-choice",
    )


def choices(legend: Text, *options: Child) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="mb-2 text-lg"),
        rx.el.div(*options, class_name="grid gap-2"),
    )


def quantity(
    value: Count = 1,
    *,
    name: str = "quantity",
    label: Text = "Cantidad",
    minimum: int = 1,
    maximum: Count = 10,
    disabled: Flag = False,
    on_change: Handler = None,
) -> rx.Component:
    """Count in the browser: sent with its form, or told to `on_change(int)` per change."""
    events = {"on_change": on_change} if on_change is not None else {}
    return Stepper.create(
        value=value,
        name=name,
        label=label,
        min=minimum,
        max=maximum,
        less="Quitar uno",
        more="Agregar uno",
        disabled=disabled,
        **events,
    )


def _field(label: Text, name: str, control: Child, hint: Text, error: Text) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=name),
        control,
        rx.cond(
            hint,
            rx.el.p(hint, class_name="cu-muted cu-small", custom_attrs={"id": f"{name}-hint"}),
        ),
        rx.el.div(
            rx.cond(error, rx.el.p(icon("warning"), error, class_name="cu-error")),
            custom_attrs={"id": f"{name}-error", "aria-live": "polite"},
        ),
        class_name="cu-field",
    )


def _prefixed(prefix: str, control: rx.Component) -> rx.Component:
    return rx.el.div(
        rx.el.span(
            prefix,
            class_name="absolute inset-y-0 left-4 z-10 grid place-items-center cu-muted "
            "pointer-events-none",
        ),
        control,
        class_name="relative",
    )


def _speaking_of(name: str, error: Text) -> dict[str, Any]:
    """Tie the field to the texts below it, and mark it wrong while an error is shown."""
    return {
        "aria-describedby": f"{name}-hint {name}-error",
        "aria-invalid": rx.cond(error, "true", "false"),
    }
