"""The React parts of assets/widgets.js, for what must work without asking the server."""

import reflex as rx

_LIBRARY = "$/public/widgets.js"


class CopyButton(rx.Component):
    library = _LIBRARY
    tag = "CopyButton"

    value: rx.Var[str]
    label: rx.Var[str]
    done: rx.Var[str]
    failed: rx.Var[str]
    description: rx.Var[str]


class ShareButton(rx.Component):
    """Where a browser cannot share, it copies."""

    library = _LIBRARY
    tag = "ShareButton"

    title: rx.Var[str]
    text: rx.Var[str]
    label: rx.Var[str]
    done: rx.Var[str]


class Countdown(rx.Component):
    library = _LIBRARY
    tag = "Countdown"

    until: rx.Var[str]
    now: rx.Var[str]
    ended: rx.Var[str]

    on_end: rx.EventHandler[rx.event.no_args_event_spec]


class Stepper(rx.Component):
    library = _LIBRARY
    tag = "Stepper"

    value: rx.Var[int]
    min: rx.Var[int]
    max: rx.Var[int]
    name: rx.Var[str]
    label: rx.Var[str]
    less: rx.Var[str]
    more: rx.Var[str]
    disabled: rx.Var[bool]

    on_change: rx.EventHandler[rx.event.passthrough_event_spec(int)]


class NewPassword(rx.Component):
    library = _LIBRARY
    tag = "NewPassword"

    name: rx.Var[str]
    make: rx.Var[str]
    copy: rx.Var[str]
    done: rx.Var[str]
    failed: rx.Var[str]


class Fuse(rx.Component):
    library = _LIBRARY
    tag = "Fuse"

    seconds: rx.Var[int]
    gentle: rx.Var[bool]

    on_end: rx.EventHandler[rx.event.no_args_event_spec]
