"""The parts of an order drawn alike for its customer and for the operator; values come as Vars."""

import reflex as rx

from pages.components.badges import badge
from pages.components.service_tile import service_heading
from pages.components.timeline import timeline, timeline_item
from state.order_parts import DeliveryView, ItemView, StepView


def lines(found: list[ItemView], total: str, discount: str) -> rx.Component:
    return rx.el.div(
        rx.el.ul(rx.foreach(found, _item), class_name="cu-lines"),
        rx.cond(
            discount,
            rx.el.p(
                rx.el.span("Cupón", class_name="cu-muted"),
                rx.el.span(discount, class_name="cu-num font-semibold"),
                class_name="flex items-center justify-between gap-4 py-3 border-t border-base-300",
            ),
        ),
        rx.el.p(
            rx.el.span("Total", class_name="font-bold"),
            rx.el.span(total, class_name="cu-price text-xl"),
            class_name="flex items-center justify-between gap-4 pt-3 border-t border-base-300",
        ),
    )


def _item(item: ItemView) -> rx.Component:
    return rx.el.li(
        service_heading(item.name, item.initials, tone=item.tone, detail=item.detail),
        rx.el.div(
            badge(item.fulfilment, tone=item.fulfilment_tone),
            rx.el.span(item.total, class_name="cu-price"),
            class_name="mt-2 flex flex-wrap items-center justify-between gap-3",
        ),
        rx.cond(
            item.note,
            rx.el.p(
                item.note,
                class_name=rx.cond(
                    item.late, "mt-2 cu-small font-semibold text-error", "mt-2 cu-small"
                ),
            ),
        ),
        class_name="py-3 first:pt-0",
    )


def deliveries(found: list[DeliveryView]) -> rx.Component:
    return rx.el.ul(rx.foreach(found, _delivery), class_name="cu-lines")


def _delivery(delivery: DeliveryView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(delivery.channel, class_name="font-semibold"),
            rx.el.p(delivery.when, class_name="cu-muted cu-small"),
        ),
        badge(delivery.status, tone=delivery.tone),
        class_name="flex items-center justify-between gap-3 py-2.5 first:pt-0 last:pb-0",
    )


def steps(found: list[StepView]) -> rx.Component:
    return timeline(rx.foreach(found, _step))


def _step(step: StepView) -> rx.Component:
    return timeline_item(step.title, when=step.when, detail=step.detail, state=step.state)
