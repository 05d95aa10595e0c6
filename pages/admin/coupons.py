"""The owner's coupons, with what each has taken off."""

import reflex as rx

from pages import routes
from pages.admin.coupon_parts import form, uses
from pages.components.badges import badge
from pages.components.buttons import primary_button, quiet_button
from pages.components.feedback import empty_state, skeleton, status_region, until_ready
from pages.frames import admin_page
from state.admin.coupons import AdminCoupons, CouponRow

DESK = AdminCoupons.desk


def coupons() -> rx.Component:
    return admin_page(
        rx.cond(
            DESK.loaded,
            rx.el.div(
                primary_button(
                    "Nuevo cupón",
                    on_click=AdminCoupons.edit(0),
                    class_name="w-full sm:w-auto justify-self-start",
                ),
                status_region(DESK.said),
                rx.cond(
                    DESK.rows,
                    rx.el.ul(
                        rx.foreach(DESK.rows, _coupon), class_name="grid gap-3 lg:grid-cols-2"
                    ),
                    empty_state(
                        "Todavía no hay cupones",
                        "Con uno, tus clientes pagan menos por tiempo limitado.",
                    ),
                ),
                form(),
                uses(),
                class_name="cu-stack",
            ),
            until_ready(
                AdminCoupons.notice,
                on_retry=AdminCoupons.load,
                waiting=skeleton("h-72 rounded-box"),
            ),
        ),
        title="Cupones",
        active=routes.ADMIN_COUPONS,
    )


def _coupon(one: CouponRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h2(one.code, class_name="!text-base cu-num min-w-0 [overflow-wrap:anywhere]"),
            badge(one.state, tone=one.tone),
            class_name="flex flex-wrap items-center justify-between gap-2",
        ),
        rx.el.p(rx.el.span(f"{one.off} menos", class_name="font-semibold"), " · ", one.scope_said),
        rx.cond(one.limits, rx.el.p(one.limits, class_name="cu-muted cu-small")),
        rx.el.p(one.used, class_name="cu-muted cu-small cu-num"),
        rx.el.div(
            quiet_button(
                "Cambiar",
                on_click=AdminCoupons.edit(one.id),
                class_name="btn-sm",
                custom_attrs={"aria-label": f"Cambiar el cupón {one.code}"},
            ),
            quiet_button(
                "Ver usos",
                on_click=AdminCoupons.show_uses(one.id),
                class_name="btn-sm",
                custom_attrs={"aria-label": f"Ver los usos del cupón {one.code}"},
            ),
            class_name="mt-2 flex flex-wrap gap-2",
        ),
        key=one.id,
        class_name="cu-card flex flex-col gap-1",
    )
