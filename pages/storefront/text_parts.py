"""Pages to be read: sections with a heading, paragraphs and lists at reading width."""

import reflex as rx

from pages.components.cards import card
from pages.components.icons import icon
from pages.components.kinds import Child
from state.session import Visitor


def section(title: str, *content: Child) -> rx.Component:
    return card(*content, title=title)


def own_text_or(*cuentys: Child) -> rx.Component:
    """The text the owner wrote for this page, or Cuenty's."""
    return rx.cond(
        Visitor.shop.legal,
        card(
            rx.foreach(
                Visitor.shop.legal,
                lambda text: rx.el.p(text, class_name="max-w-prose whitespace-pre-line"),
            )
        ),
        rx.fragment(*cuentys),
    )


def paragraph(*words: Child) -> rx.Component:
    return rx.el.p(*words, class_name="max-w-prose")


def bullets(*items: Child) -> rx.Component:
    return rx.el.ul(*(rx.el.li(item) for item in items), class_name=f"{_LIST} list-disc")


def steps(*items: Child) -> rx.Component:
    return rx.el.ol(*(rx.el.li(item) for item in items), class_name=f"{_LIST} list-decimal")


_LIST = "grid gap-2 pl-5 max-w-prose marker:text-primary marker:font-bold"


def question(text: str, *answer: Child) -> rx.Component:
    """Folded until asked for, without scripts."""
    return rx.el.details(
        rx.el.summary(
            rx.el.span(text),
            icon("right", "ml-auto transition-transform group-open:rotate-90"),
            class_name="flex items-center gap-3 min-h-12 py-2 font-semibold",
        ),
        rx.el.div(*answer, class_name="pb-3 max-w-prose cu-muted"),
        class_name="group",
    )
