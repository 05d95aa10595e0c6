"""Taking the stock out: a list for everybody, and one with secrets that asks who wants it."""

import reflex as rx

from pages.components.browser import in_browser
from pages.components.buttons import ghost_button, quiet_button, submit_button
from pages.components.dialog import dialog, dismiss_dialog
from pages.components.export_menu import export_menu, menu_of
from pages.components.feedback import alert, error_region
from pages.components.forms import choice, choices, text_field
from state.admin.exports import DIALOG, StockExport
from state.session import Visitor

LIST = "inventario"


def export_button() -> rx.Component:
    """Also with secrets, for the owner: that one asks who wants it."""
    with_secrets = rx.cond(
        Visitor.is_owner,
        quiet_button(
            "Con los datos de acceso…",
            icon_name="lock",
            on_click=_instead(menu_of(LIST), DIALOG),
            class_name="btn-block",
        ),
    )
    return rx.fragment(
        export_menu((LIST, "Inventario"), more=with_secrets),
        rx.cond(Visitor.is_owner, _with_secrets()),
    )


def _with_secrets() -> rx.Component:
    return dialog(
        DIALOG,
        "Exportar con datos de acceso",
        rx.el.form(
            alert(
                "El archivo lleva usuarios, contraseñas y PIN sin protección. Guárdalo en un lugar "
                "seguro y bórralo cuando no lo necesites. Queda anotado en la bitácora.",
                tone="warning",
            ),
            choices(
                "Formato",
                choice(
                    "Excel (XLSX): todo tal como es, sirve para volver a importar",
                    name="format",
                    value="xlsx",
                    default_checked=True,
                ),
                choice(
                    "CSV: lo que parece fórmula lleva un apóstrofo (') delante",
                    name="format",
                    value="csv",
                ),
            ),
            text_field(
                "Tu contraseña",
                "password",
                type="password",
                auto_complete="current-password",
                error=StockExport.errors["password"],
            ),
            rx.cond(
                StockExport.errors["password"],
                rx.fragment(),
                error_region(StockExport.notice),
            ),
            submit_button("Descargar"),
            ghost_button("No, volver", on_click=dismiss_dialog(DIALOG), class_name="btn-block"),
            on_submit=StockExport.download,
            no_validate=True,
            key=StockExport.times,
            class_name="mt-3 cu-stack",
        ),
    )


def _instead(one: str, other: str) -> rx.Var:
    return in_browser(
        f"document.getElementById('{one}')?.close(); "
        f"document.getElementById('{other}')?.showModal()"
    )
