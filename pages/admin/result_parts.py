"""What came of rows worked through one by one, each as soon as it is done."""

import reflex as rx

from pages import routes
from pages.components.icons import icon
from pages.components.links import link
from state.admin.one_by_one import OneByOne, ResultView


def results(state: type[OneByOne]) -> rx.Component:
    return rx.el.section(
        rx.cond(
            state.results,
            rx.el.div(
                rx.el.h2("Resultado", class_name="text-lg"),
                rx.el.ul(
                    rx.foreach(state.results, _result),
                    class_name="divide-y divide-base-300",
                ),
                class_name="cu-card grid gap-2",
            ),
        ),
        class_name="scroll-mt-4 empty:hidden",
        custom_attrs={"id": "resultados", "aria-label": "Resultado", "aria-live": "polite"},
    )


def _result(one: ResultView) -> rx.Component:
    return rx.el.li(
        rx.cond(
            one.tone == "success",
            icon("check", "text-success flex-none"),
            icon("warning", "text-warning flex-none"),
        ),
        rx.el.div(
            rx.el.p(one.title, class_name="cu-small cu-muted"),
            rx.el.p(one.said, class_name="font-semibold"),
            class_name="min-w-0 grow",
        ),
        rx.cond(
            one.order > 0,
            link(
                "Ver pedido",
                to=routes.admin_order(one.order),
                class_name="cu-link inline-flex items-center min-h-11 whitespace-nowrap",
            ),
        ),
        class_name="flex items-center gap-3 py-2",
    )
