"""Reconciliation: what disagrees, what to do about it, and a calm page when nothing does."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import quiet_button
from pages.components.feedback import alert, empty_state, skeleton_cards, until_ready
from pages.components.links import link
from pages.frames import admin_page
from state.admin.diagnosis import Diagnosis, FindingView, RuleView


def diagnosis() -> rx.Component:
    return admin_page(
        until_ready(
            Diagnosis.notice,
            on_retry=Diagnosis.load,
            waiting=rx.cond(Diagnosis.loaded, _result(), skeleton_cards(3)),
        ),
        title="Diagnóstico",
        active=routes.ADMIN_DIAGNOSIS,
    )


def _result() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p("Revisado ", Diagnosis.looked, class_name="cu-muted cu-num", role="status"),
            quiet_button("Revisar ahora", icon_name="refresh", on_click=Diagnosis.load),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        rx.cond(
            Diagnosis.summary,
            rx.el.div(
                alert(Diagnosis.summary, tone="warning"),
                rx.foreach(Diagnosis.rules, _rule),
                class_name="cu-stack",
            ),
            empty_state(
                "Todo cuadra",
                "Pedidos, pagos, accesos y stock dicen lo mismo: 0 diferencias. Lo revisamos "
                "también cada día y te avisamos en el resumen si algo cambia.",
            ),
        ),
        class_name="cu-stack",
    )


def _rule(rule: RuleView) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(rule.title, class_name="text-lg min-w-0"),
            badge(rule.count, tone="warning"),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.el.p(rule.advice, class_name="cu-muted"),
        rx.el.ul(
            rx.foreach(rule.findings, _finding),
            class_name="divide-y divide-base-300 max-h-96 overflow-y-auto",
            tab_index=0,
            custom_attrs={"aria-label": rule.title},
        ),
        class_name="cu-card grid gap-2",
        key=rule.title,
    )


def _finding(one: FindingView) -> rx.Component:
    return rx.el.li(
        rx.el.p(one.sentence, class_name="min-w-0 grow basis-64"),
        rx.el.div(
            rx.cond(
                one.order > 0,
                link(
                    f"Pedido #{one.order}",
                    to=routes.admin_order(one.order),
                    class_name="cu-link inline-flex items-center min-h-11",
                ),
            ),
            rx.cond(
                one.account > 0,
                link(
                    f"Cuenta {one.account}",
                    to=routes.admin_account(one.account),
                    class_name="cu-link inline-flex items-center min-h-11",
                ),
            ),
            class_name="flex gap-4",
        ),
        class_name="flex flex-wrap items-center gap-x-4 py-1",
        key=one.key,
    )
