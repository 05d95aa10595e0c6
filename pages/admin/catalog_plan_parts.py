"""The plans of a service: what each costs a shopper, and, to the owner, what it leaves."""

import reflex as rx

from pages.admin.catalog_plan_form import plan_form
from pages.components.badges import badge
from pages.components.buttons import ghost_button, quiet_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, dialog, show_dialog
from pages.components.feedback import empty_state
from pages.components.kinds import Text
from state.admin.catalog_plan import EDIT, WITHDRAW, PlanEditing
from state.admin.catalog_service import AdminService
from state.admin.catalog_view import PlanRow

PLAN = PlanEditing.plan


def plans() -> rx.Component:
    return card(
        rx.cond(
            AdminService.plans,
            rx.el.ul(rx.foreach(AdminService.plans, _plan), class_name="cu-lines"),
            empty_state("Sin planes todavía", "Sin un plan a la venta, la tienda no lo muestra."),
        ),
        title="Planes",
        aside=rx.cond(
            AdminService.is_owner,
            quiet_button(
                "Agregar plan",
                icon_name="plus",
                on_click=[PlanEditing.begin(0), show_dialog(EDIT)],
            ),
        ),
    )


def _plan(plan: PlanRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.el.h3(plan.name, class_name="!text-base"),
                rx.el.p(plan.detail, class_name="cu-muted cu-small"),
                class_name="min-w-0",
            ),
            rx.el.p(
                rx.cond(
                    plan.before,
                    rx.fragment(
                        rx.el.span("Antes ", class_name="sr-only"),
                        rx.el.s(plan.before, class_name="mr-2 cu-muted cu-small cu-num"),
                    ),
                ),
                rx.el.span(plan.price, class_name="cu-price"),
                class_name="text-right",
            ),
            class_name="flex items-start justify-between gap-3",
        ),
        rx.el.div(
            badge(plan.state, tone=plan.state_tone),
            rx.cond(plan.archived, "", rx.el.span(plan.stock, class_name="cu-muted")),
            rx.cond(AdminService.is_owner, _cost(plan)),
            class_name="mt-2 flex flex-wrap items-center gap-x-4 gap-y-1 cu-small cu-num",
        ),
        rx.el.div(
            rx.cond(plan.archived, _bring_back(plan), _actions(plan)),
            class_name="mt-1 flex flex-wrap -mx-3",
        ),
        key=plan.id,
        class_name="py-4",
    )


def _cost(plan: PlanRow) -> rx.Component:
    cost = AdminService.costs[plan.id]
    return rx.el.span(f"Cuesta {cost.cost} · deja {cost.margin} ({cost.percent})")


def _actions(plan: PlanRow) -> rx.Component:
    return rx.fragment(
        _action("Editar", plan.name, [PlanEditing.begin(plan.id), show_dialog(EDIT)]),
        rx.cond(
            plan.active,
            _action("Pausar", plan.name, AdminService.sell_plan(plan.id, False)),
            _action("Vender", plan.name, AdminService.sell_plan(plan.id, True)),
        ),
        rx.cond(
            AdminService.is_owner,
            rx.fragment(
                _action("Copiar", plan.name, AdminService.clone(plan.id)),
                _action("Archivar", plan.name, [PlanEditing.begin(plan.id), show_dialog(WITHDRAW)]),
            ),
        ),
    )


def _bring_back(plan: PlanRow) -> rx.Component:
    return rx.cond(
        AdminService.is_owner,
        _action("Recuperar", plan.name, AdminService.bring_back_plan(plan.id)),
    )


def _action(label: str, plan: Text, on_click: object) -> rx.Component:
    return ghost_button(
        label, on_click=on_click, class_name="px-3", custom_attrs={"aria-label": f"{label} {plan}"}
    )


def plan_dialogs() -> rx.Component:
    return rx.fragment(
        dialog(EDIT, rx.cond(PLAN.id > 0, "Editar plan", "Agregar plan"), plan_form()),
        confirm_dialog(
            WITHDRAW,
            f"¿Archivar «{PLAN.name}»?",
            rx.el.p(
                "Sale de la tienda. Los pedidos y suscripciones que lo tienen siguen como están, "
                "y puedes recuperarlo. Si nunca se usó, se borra."
            ),
            confirm="Sí, archivar",
            on_confirm=PlanEditing.withdraw,
        ),
    )
