"""Time left, counted by the browser."""

import reflex as rx

from pages.components.icons import icon
from pages.components.kinds import Handler, Text
from pages.components.widgets import Countdown


def countdown(
    until: Text, *, ended: Text = "Tiempo agotado", now: Text = "", on_end: Handler = None
) -> rx.Component:
    """Count down to an ISO 8601 instant ("2026-01-31T18:00:00+00:00").

    `now`, the server's instant when it sent `until`, corrects a phone whose clock is wrong.
    """
    events = {"on_end": on_end} if on_end is not None else {}
    return Countdown.create(until=until, now=now, ended=ended, class_name="cu-num", **events)


def deadline(
    label: Text,
    until: Text,
    *,
    ended: Text = "Tiempo agotado",
    now: Text = "",
    on_end: Handler = None,
) -> rx.Component:
    """Show a deadline as a pill: clock, words, time left."""
    return rx.el.p(
        icon("clock", "size-5"),
        rx.el.span(label, " ", rx.el.strong(countdown(until, ended=ended, now=now, on_end=on_end))),
        class_name="inline-flex items-center gap-2 rounded-full bg-accent text-accent-content "
        "px-4 py-2",
    )
