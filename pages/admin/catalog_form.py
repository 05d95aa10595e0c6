"""The texts of a service. Its address and its profiles per account are the owner's to change."""

from typing import Any

import reflex as rx

from pages.components.buttons import quiet_button, submit_button
from pages.components.feedback import error_region
from pages.components.forms import select_field, text_area, text_field
from state.admin.catalog_service import AdminService

SERVICE = AdminService.service
ERRORS: Any = AdminService.errors
COLORS = (
    ("#ab0b17", "Rojo"),
    ("#944300", "Naranja"),
    ("#146a37", "Verde"),
    ("#07627f", "Celeste"),
    ("#17398f", "Azul"),
    ("#55299b", "Morado"),
    ("#a12c5a", "Rosa"),
)


def service_form() -> rx.Component:
    """What is typed stays until it is saved, even when somebody else changed the service."""
    return rx.el.form(
        rx.el.div(
            text_field(
                "Nombre",
                "name",
                error=ERRORS["name"],
                default_value=SERVICE.name,
                max_length=80,
                auto_complete="off",
            ),
            text_field(
                "Categoría",
                "category",
                error=ERRORS["category"],
                default_value=SERVICE.category,
                max_length=40,
                placeholder="Series y películas",
            ),
            text_field(
                "Dirección en la tienda",
                "slug",
                hint=rx.cond(
                    SERVICE.id == 0,
                    "Lo que sigue a /servicio/ en el enlace.",
                    "Si la cambias, los enlaces que ya compartiste dejan de abrir.",
                ),
                error=ERRORS["slug"],
                default_value=SERVICE.slug,
                max_length=60,
                auto_capitalize="none",
                read_only=~AdminService.is_owner,  # pyright: ignore[reportOperatorIssue]  # a Var
            ),
            text_field(
                "Perfiles por cuenta",
                "max_profiles",
                hint="1 si es para una sola persona.",
                error=ERRORS["max_profiles"],
                default_value=SERVICE.max_profiles,
                input_mode="numeric",
                read_only=~AdminService.is_owner,  # pyright: ignore[reportOperatorIssue]  # a Var
            ),
            class_name="grid gap-4 sm:grid-cols-2",
        ),
        select_field(
            "Color",
            "color",
            rx.fragment(
                rx.el.option("El de siempre", value=SERVICE.own_color),
                *(rx.el.option(name, value=value) for value, name in COLORS),
            ),
            error=ERRORS["color"],
            default_value=SERVICE.color,
        ),
        text_area(
            "Descripción",
            "description",
            error=ERRORS["description"],
            default_value=SERVICE.description,
            max_length=4000,
            rows=3,
        ),
        text_area(
            "Condiciones",
            "terms",
            hint="Se aceptan antes de pagar. Una por línea.",
            error=ERRORS["terms"],
            default_value=SERVICE.terms,
            max_length=4000,
            rows=4,
        ),
        text_area(
            "Instrucciones",
            "instructions",
            hint="Cómo se usa, para quien ya compró. Un paso por línea.",
            error=ERRORS["instructions"],
            default_value=SERVICE.instructions,
            max_length=4000,
            rows=4,
        ),
        rx.cond(ERRORS.to(dict).length() > 0, error_region(AdminService.notice)),
        rx.cond(
            AdminService.stale,
            rx.el.div(
                error_region(AdminService.notice),
                quiet_button(
                    "Cargar lo nuevo",
                    icon_name="refresh",
                    on_click=AdminService.load,
                    class_name="btn-block",
                ),
                class_name="cu-stack",
            ),
        ),
        submit_button("Guardar servicio"),
        on_submit=AdminService.save,
        no_validate=True,
        key=f"{SERVICE.id}:{SERVICE.version}",
        class_name="cu-stack",
    )
