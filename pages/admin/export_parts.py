"""Taking the stock out: a list for everybody, and one with secrets that asks who wants it."""

import reflex as rx

from pages.components.browser import in_browser
from pages.components.buttons import ghost_button, quiet_button, submit_button
from pages.components.dialog import dialog, dismiss_dialog, open_dialog
from pages.components.feedback import alert, error_region
from pages.components.forms import choice, choices, text_field
from state.admin.exports import DIALOG, StockExport
from state.session import Visitor

MENU = "exportar-inventario"


def export_button() -> rx.Component:
    """The button and its dialogs; what is exported is what the filters on screen show."""
    return rx.fragment(
        quiet_button("Exportar", on_click=open_dialog(MENU)),
        dialog(
            MENU,
            "Exportar inventario",
            rx.el.div(
                rx.el.p(
                    "Sale lo que muestran los filtros de la pantalla, sin usuarios, "
                    "contraseñas ni PIN.",
                    class_name="cu-muted",
                ),
                rx.el.div(
                    quiet_button("Excel (XLSX)", on_click=_save("xlsx"), class_name="grow"),
                    quiet_button("CSV", on_click=_save("csv"), class_name="grow"),
                    class_name="flex flex-wrap gap-3",
                ),
                rx.cond(
                    Visitor.is_owner,
                    quiet_button(
                        "Con los datos de acceso…",
                        icon_name="lock",
                        on_click=_instead(MENU, DIALOG),
                        class_name="btn-block",
                    ),
                ),
                ghost_button("Cerrar", on_click=dismiss_dialog(MENU), class_name="btn-block"),
                class_name="mt-2 cu-stack",
            ),
        ),
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


def _save(kind: str) -> rx.Var:
    """Download with the filters of this address, and close the dialog."""
    return in_browser(
        "const asked = new URLSearchParams(window.location.search); "
        f"asked.set('formato', '{kind}'); "
        "window.location.assign('/api/admin/inventario/exportar?' + asked); "
        f"document.getElementById('{MENU}')?.close()"
    )


def _instead(one: str, other: str) -> rx.Var:
    return in_browser(
        f"document.getElementById('{one}')?.close(); "
        f"document.getElementById('{other}')?.showModal()"
    )
