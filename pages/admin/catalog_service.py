"""One service of the catalog: its texts, its plans and the history of their prices."""

import reflex as rx

from pages import routes
from pages.admin.catalog_form import service_form
from pages.admin.catalog_history import history
from pages.admin.catalog_plan_parts import plan_dialogs, plans
from pages.components.badges import badge
from pages.components.buttons import ghost_button, quiet_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, open_dialog
from pages.components.feedback import error_region, found, skeleton, toast, until_ready
from pages.frames import admin_page
from state.admin.catalog_service import AdminService

SERVICE = AdminService.service
WITHDRAW = "archivar-servicio"


def admin_service() -> rx.Component:
    return admin_page(
        found(
            AdminService,
            _service(),
            waiting=_loading(),
            missing="Aquí no hay ningún servicio",
            hint="Puede que lo hayan borrado. Búscalo en el catálogo.",
            others=("Ver el catálogo", routes.ADMIN_CATALOG),
        ),
        toast(AdminService.said, times=AdminService.said_times),
        title=rx.cond(SERVICE.name, SERVICE.name, "Servicio"),
        back=("Catálogo", routes.ADMIN_CATALOG),
        active=routes.ADMIN_CATALOG,
    )


def new_service() -> rx.Component:
    return admin_page(
        rx.el.p(
            "Al guardarlo podrás agregar sus planes. Sin planes nadie lo ve en la tienda.",
            class_name="cu-muted max-w-prose",
        ),
        rx.cond(
            AdminService.phase == "new",
            rx.el.div(card(service_form()), class_name="max-w-2xl"),
            until_ready(AdminService.notice, on_retry=AdminService.begin, waiting=_loading()),
        ),
        title="Agregar servicio",
        back=("Catálogo", routes.ADMIN_CATALOG),
        active=routes.ADMIN_CATALOG,
    )


def _service() -> rx.Component:
    return rx.el.div(
        _state(),
        rx.el.div(error_region(AdminService.notice), class_name="empty:hidden"),
        rx.el.div(
            rx.el.div(plans(), history(), class_name="cu-stack min-w-0"),
            card(service_form(), title="Datos del servicio"),
            class_name="grid gap-4 items-start xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]",
        ),
        plan_dialogs(),
        _withdraw(),
        class_name="cu-stack",
    )


def _state() -> rx.Component:
    """Whether shoppers see it, and what can be done about that."""
    return rx.el.div(
        rx.cond(
            AdminService.archived,
            badge("Archivado"),
            rx.cond(
                AdminService.active,
                badge("A la venta", tone="success"),
                badge("En pausa", tone="warning"),
            ),
        ),
        rx.cond(
            AdminService.archived,
            rx.cond(
                AdminService.is_owner,
                quiet_button("Recuperar del archivo", on_click=AdminService.bring_back),
            ),
            rx.fragment(
                rx.cond(
                    AdminService.active,
                    quiet_button("Pausar", icon_name="pause", on_click=AdminService.sell(False)),
                    quiet_button(
                        "Poner a la venta", icon_name="play", on_click=AdminService.sell(True)
                    ),
                ),
                rx.cond(
                    AdminService.is_owner,
                    ghost_button(
                        "Archivar servicio…",
                        icon_name="trash",
                        on_click=open_dialog(WITHDRAW),
                        class_name="text-error",
                    ),
                ),
            ),
        ),
        class_name="flex flex-wrap items-center gap-3",
    )


def _withdraw() -> rx.Component:
    return confirm_dialog(
        WITHDRAW,
        "¿Archivar este servicio?",
        rx.el.p(
            "Sale de la tienda con todos sus planes. Los pedidos, las cuentas y las suscripciones "
            "siguen como están, y puedes recuperarlo después. Si nunca se usó, se borra."
        ),
        confirm="Sí, archivar",
        on_confirm=AdminService.withdraw,
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-12 rounded-box max-w-md"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
