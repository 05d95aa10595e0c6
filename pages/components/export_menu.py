"""Taking a list out as a file: what leaves is what the address on screen shows, on every page.

A list page adds one line, `export_menu(("pedidos", "Pedidos"))`; the name is that of the list in
`domain/export_lists.py`.
"""

import reflex as rx

from pages.components.browser import in_browser
from pages.components.buttons import ghost_button, quiet_button
from pages.components.dialog import dialog, dismiss_dialog, open_dialog
from pages.components.kinds import Child


def export_menu(*lists: tuple[str, str], more: Child | None = None) -> rx.Component:
    """The button and its dialog. Several lists stand under their names; `more` follows them."""
    menu = menu_of(lists[0][0])
    return rx.fragment(
        quiet_button("Exportar", on_click=open_dialog(menu)),
        dialog(
            menu,
            "Exportar",
            rx.el.div(
                rx.el.p(
                    "Sale lo que muestran los filtros de la pantalla, con todas sus páginas y sin "
                    "contraseñas.",
                    class_name="cu-muted",
                ),
                *(_list(menu, name, label, alone=len(lists) == 1) for name, label in lists),
                more if more is not None else rx.fragment(),
                ghost_button("Cerrar", on_click=dismiss_dialog(menu), class_name="btn-block"),
                class_name="mt-2 cu-stack",
            ),
        ),
    )


def menu_of(name: str) -> str:
    return f"exportar-{name}"


def _list(menu: str, name: str, label: str, *, alone: bool) -> rx.Component:
    return rx.el.div(
        rx.fragment() if alone else rx.el.h3(label, class_name="w-full text-base"),
        *(
            quiet_button(
                kind if alone else rx.fragment(kind, _of(label)),
                on_click=_save(menu, name, form),
                class_name="grow",
            )
            for form, kind in (("xlsx", "Excel (XLSX)"), ("csv", "CSV"))
        ),
        class_name="flex flex-wrap gap-3",
    )


def _of(label: str) -> rx.Component:
    return rx.el.span(f" de {label.lower()}", class_name="sr-only")


def _save(menu: str, name: str, form: str) -> rx.Var:
    """Download with the filters of this address, and close the dialog."""
    return in_browser(
        "const asked = new URLSearchParams(window.location.search); "
        f"asked.set('formato', '{form}'); "
        f"window.location.assign('/api/admin/exportar/{name}?' + asked); "
        f"document.getElementById('{menu}')?.close()"
    )
