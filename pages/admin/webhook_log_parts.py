"""What was sent to one program: when, how it went, what it said, and once more."""

import reflex as rx

from pages.components.badges import badge
from pages.components.buttons import quiet_button
from pages.components.feedback import empty_state
from pages.components.icons import icon
from pages.components.kinds import Text
from pages.components.pagination import pagination
from state.admin.webhook import AdminWebhook
from state.admin.webhook_rows import DeliveryRow

VIEW = AdminWebhook.view


def log() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Entregas", class_name="text-xl"),
        rx.cond(
            VIEW.rows,
            rx.el.ol(
                rx.foreach(VIEW.rows, _delivery),
                class_name="cu-card !p-0 divide-y divide-base-300",
                custom_attrs={"aria-label": "Entregas"},
            ),
            empty_state(
                "Todavía no le enviamos nada",
                "Envía una prueba para ver si tu programa la recibe.",
            ),
        ),
        rx.cond(
            (VIEW.newer != "") | (VIEW.older != ""),
            pagination(previous=VIEW.newer, following=VIEW.older),
        ),
        class_name="cu-stack mt-2",
    )


def _delivery(one: DeliveryRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h3(one.event, class_name="!text-base leading-tight"),
                rx.el.p(
                    rx.el.code(one.kind),
                    rx.el.span(one.when, class_name="cu-num"),
                    class_name="flex flex-wrap gap-x-3 cu-muted cu-small mt-0.5",
                ),
                class_name="min-w-0",
            ),
            rx.el.div(
                rx.el.p(
                    badge(one.state, tone=one.tone),
                    rx.cond(
                        (one.status != "") & (one.why == ""),
                        rx.el.span(f"Respondió {one.status}", class_name="cu-muted cu-small"),
                    ),
                    class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
                ),
                rx.cond(one.why, rx.el.p(one.why, class_name="cu-small mt-1")),
                rx.cond(one.note, rx.el.p(one.note, class_name="cu-muted cu-small cu-num mt-1")),
                class_name="min-w-0",
            ),
            rx.cond(
                one.again,
                quiet_button(
                    "Reenviar",
                    icon_name="refresh",
                    on_click=AdminWebhook.resend(one.id).throttle(1000),
                    class_name="btn-sm justify-self-start md:justify-self-end",
                    custom_attrs={"aria-label": f"Reenviar: {one.event}, {one.when}"},
                ),
            ),
            class_name="grid gap-2 md:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_8rem] md:items-center "
            "md:gap-5",
        ),
        _details(one),
        key=one.id,
        class_name="px-4 pt-4 pb-1 md:px-5",
    )


def _details(one: DeliveryRow) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            icon("right", "size-4 transition-transform group-open:rotate-90"),
            "Lo que enviamos y lo que respondió",
            class_name="flex items-center gap-1 min-h-11 w-fit cu-small font-semibold "
            "cursor-pointer list-none",
        ),
        rx.el.div(
            _text("Lo que enviamos", one.sent),
            rx.cond(
                one.answer,
                _text("Lo que respondió", one.answer),
                rx.el.p("No respondió nada.", class_name="cu-muted cu-small"),
            ),
            rx.el.p(
                "webhook-id ",
                rx.el.code(one.event_id),
                class_name="cu-muted cu-small [overflow-wrap:anywhere] md:col-span-2",
            ),
            class_name="grid gap-3 pb-3 md:grid-cols-2",
        ),
        class_name="group",
    )


def _text(title: str, body: Text) -> rx.Component:
    return rx.el.div(
        rx.el.p(title, class_name="cu-muted cu-small"),
        rx.el.pre(
            body,
            class_name="cu-small mt-1 p-3 rounded-box bg-base-200 whitespace-pre-wrap "
            "[overflow-wrap:anywhere] max-h-72 overflow-y-auto",
            tab_index=0,
        ),
        class_name="min-w-0",
    )
