"""A conversation: what one side says stands at the right, the other's at the left."""

from typing import Any

import reflex as rx

from pages.components.icons import icon
from pages.components.kinds import Text
from pages.components.links import link


def thread(bubbles: rx.Component, *, older: Text, newer: Text) -> rx.Component:
    """`bubbles` is an `rx.foreach` of `bubble`; what is added to it is read aloud."""
    return rx.el.div(
        rx.cond(older, _page("Ver mensajes anteriores", older)),
        rx.el.div(
            rx.el.ol(bubbles, class_name="grid gap-3"),
            role="log",
            custom_attrs={"aria-label": "Conversación"},
        ),
        rx.cond(newer, _page("Ver mensajes más recientes", newer)),
        class_name="cu-stack",
    )


def bubble(one: Any) -> rx.Component:
    """Show a `Bubble` of a State. Its words are text: no part of them is ever markup."""
    return rx.el.li(
        rx.cond(
            one.event,
            rx.el.p(one.event, " · ", one.when, class_name="cu-muted cu-small text-center"),
            rx.el.div(
                rx.el.p(
                    rx.cond(one.internal, icon("lock", "size-4 inline mr-1 align-[-2px]")),
                    rx.el.span(one.author, class_name="font-semibold"),
                    rx.cond(one.internal, " · Nota interna", ""),
                    rx.el.span(one.when, class_name="cu-muted cu-num ml-2"),
                    class_name="cu-small",
                ),
                rx.el.p(one.body, class_name="mt-0.5 whitespace-pre-line [overflow-wrap:anywhere]"),
                class_name=rx.cond(
                    one.internal,
                    f"{_LOOK} border-dashed border-warning bg-warning/10 ml-auto",
                    rx.cond(
                        one.mine,
                        f"{_LOOK} border-primary/30 bg-primary/10 ml-auto rounded-br-md",
                        f"{_LOOK} border-base-300 bg-base-200 rounded-bl-md",
                    ),
                ),
            ),
        ),
        key=one.id,
    )


_LOOK = "w-fit max-w-[90%] md:max-w-[80%] px-4 py-2.5 border rounded-2xl"


def _page(label: str, to: Text) -> rx.Component:
    return link(label, to=to, class_name="btn btn-ghost btn-sm justify-self-center")
