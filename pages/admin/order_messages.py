"""What the customer was told, how far it got, and telling them again by another way."""

import reflex as rx

from pages.components.badges import badge
from pages.components.buttons import quiet_button
from pages.components.feedback import alert
from pages.components.forms import choice, choices
from pages.components.icons import icon
from state.admin.order import AdminOrder
from state.admin.order_messages import NoticeView, WayView

TOLD = AdminOrder.order.told


def notices() -> rx.Component:
    return rx.el.div(
        rx.el.ul(rx.foreach(TOLD.notices, _notice), class_name="cu-lines"),
        rx.cond(TOLD.ways, _again()),
    )


def _notice(told: NoticeView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(told.title, class_name="font-semibold [overflow-wrap:anywhere]"),
            rx.el.p(told.detail, class_name="cu-muted cu-small cu-num"),
            rx.cond(told.why, rx.el.p(told.why, class_name="mt-1 cu-small")),
            class_name="min-w-0",
        ),
        badge(told.status, tone=told.tone),
        class_name="flex items-start justify-between gap-3 py-2.5 first:pt-0 last:pb-0",
    )


def _again() -> rx.Component:
    error = AdminOrder.errors["channel"]
    return rx.el.details(
        rx.el.summary(
            "Mandar de nuevo",
            icon("right", "size-5 cu-muted transition-transform group-open:rotate-90"),
            class_name="flex items-center justify-between min-h-11 py-2 font-semibold",
        ),
        rx.el.form(
            choices("¿Por dónde?", rx.foreach(TOLD.ways, _way)),
            rx.el.div(
                quiet_button("Mandar otra vez", type="submit"),
                rx.el.div(
                    rx.cond(error, rx.el.p(icon("warning"), error, class_name="cu-error")),
                    custom_attrs={"aria-live": "polite"},
                    class_name="empty:hidden",
                ),
                rx.el.div(
                    rx.cond(
                        AdminOrder.tone == "resent",
                        rx.cond(AdminOrder.said, alert(AdminOrder.said, tone="success")),
                    ),
                    role="status",
                    class_name="empty:hidden",
                ),
                class_name="grid gap-2",
            ),
            on_submit=AdminOrder.resend.throttle(1500),
            no_validate=True,
            class_name="cu-stack pt-2",
        ),
        class_name="group mt-3 border-t border-base-300 pt-2",
    )


def _way(way: WayView) -> rx.Component:
    return choice(
        rx.el.span(way.name, class_name="block font-bold"),
        rx.el.span(way.detail, class_name="block cu-muted cu-small [overflow-wrap:anywhere]"),
        name="channel",
        value=way.channel,
        default_checked=way.chosen,
        disabled=~way.possible,
        key=way.channel,
    )
