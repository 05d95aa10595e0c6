"""The stock of every plan on one screen: what is left, what waits, when to be told."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.feedback import empty_state, error_region, skeleton_cards, toast, until_ready
from pages.components.forms import checkbox
from pages.components.kinds import Child, Count
from pages.components.service_tile import service_tile
from pages.frames import admin_page
from state.admin.stock import AdminStock, PlanRow, ServiceRow


def admin_stock() -> rx.Component:
    return admin_page(
        rx.el.p(
            "Lo que cada plan puede vender en este momento. Cuando queden tantas unidades como el "
            "aviso, o menos, te lo decimos en el resumen; con 0, nunca.",
            class_name="cu-muted max-w-prose",
        ),
        rx.cond(
            AdminStock.loaded,
            rx.el.div(
                error_region(AdminStock.notice),
                rx.cond(
                    AdminStock.services,
                    rx.foreach(AdminStock.services, _service),
                    empty_state(
                        "Todavía no hay planes a la venta",
                        "Cuando un servicio tenga planes, aquí verás lo que queda de cada uno.",
                    ),
                ),
                class_name="cu-stack",
            ),
            until_ready(AdminStock.notice, on_retry=AdminStock.load, waiting=skeleton_cards(3)),
        ),
        toast(AdminStock.said, times=AdminStock.said_times),
        title="Disponibilidad",
        active=routes.ADMIN_INVENTORY,
        back=("Inventario", routes.ADMIN_INVENTORY),
    )


def _service(service: ServiceRow) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            service_tile(service.initials, tone=service.slug),
            rx.el.h2(service.name, class_name="min-w-0"),
            class_name="flex items-center gap-3",
        ),
        rx.el.ul(rx.foreach(service.plans, lambda plan: _plan(plan, service.name))),
        checkbox(
            rx.el.span("Rotar antes de volver a vender", class_name="block font-semibold"),
            rx.el.span(
                "Un perfil que alguien tuvo no se vende hasta cambiar su contraseña o PIN.",
                rx.cond(AdminStock.is_owner, "", " Solo el dueño puede cambiarlo."),
                class_name="block cu-muted cu-small",
            ),
            name=f"rotate-{service.id}",
            key=f"{service.id}-{service.rotates}",
            default_checked=service.rotates,
            disabled=~AdminStock.is_owner,  # pyright: ignore[reportOperatorIssue]  # a Var
            on_change=lambda wanted: AdminStock.rotate(service.id, wanted),
        ),
        key=service.id,
        class_name="cu-card flex flex-col gap-3",
    )


def _plan(plan: PlanRow, service: Child) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(
                plan.name,
                rx.cond(plan.detail, rx.el.span(f" · {plan.detail}", class_name="cu-muted")),
                class_name="!text-base",
            ),
            badge(plan.left, tone=plan.tone),
            class_name="flex flex-wrap items-center justify-between gap-x-3 gap-y-1 "
            "md:flex-col md:items-start md:justify-center",
        ),
        rx.el.dl(
            _figure("Apartados", plan.held),
            _figure("En espera", plan.waiting),
            _figure("Piden aviso", plan.asked),
            _figure("Vigentes", plan.live),
            class_name=rx.cond(
                plan.moving, "grid grid-cols-4 gap-2", "hidden md:grid grid-cols-4 gap-2"
            ),
        ),
        rx.el.label(
            rx.el.span("Avisar desde", class_name="cu-small"),
            rx.el.input(
                type="number",
                input_mode="numeric",
                min=0,
                max=99,
                name=f"limit-{plan.id}",
                key=f"{plan.id}-{plan.threshold}",
                default_value=plan.threshold,
                on_blur=lambda typed: AdminStock.limit(plan.id, typed),
                class_name="input w-20 text-right cu-num",
                custom_attrs={"aria-label": f"Avisar desde, {service} {plan.name}"},
            ),
            class_name="flex items-center justify-between gap-3 md:justify-end",
        ),
        key=plan.id,
        class_name="grid gap-2 py-3 border-b border-base-300 last:border-0 "
        "md:grid-cols-[minmax(11rem,1fr)_minmax(0,2fr)_auto] md:items-center md:gap-6",
    )


def _figure(label: str, count: Count) -> rx.Component:
    return rx.el.div(
        rx.el.dt(label, class_name="cu-muted text-xs md:text-sm whitespace-nowrap"),
        rx.el.dd(count, class_name="cu-num font-bold text-lg"),
        class_name="min-w-0",
    )
