"""Importing stock: choose a file, check what it says, watch it come in."""

import reflex as rx

from pages import routes
from pages.admin.export_parts import export_button
from pages.admin.import_parts import StockUpload, issues, mapping, progress, sample, start, totals
from pages.components.badges import badge
from pages.components.buttons import danger_button, ghost_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, open_dialog
from pages.components.feedback import (
    alert,
    empty_state,
    error_region,
    skeleton,
    status_region,
    until_ready,
)
from pages.components.forms import select_field, text_area, text_field
from pages.components.links import button_link, link
from pages.components.pagination import pagination
from pages.frames import admin_page
from state.admin.import_parts import BatchRow, Option
from state.admin.imports import AdminImports

BATCH = AdminImports.batch
UNDO = "deshacer-importacion"
DISCARD = "descartar-archivo"
EXAMPLE = "cuenta@correo.mx:contraseña:Perfil 1:1234"


def admin_imports() -> rx.Component:
    return admin_page(
        rx.match(
            AdminImports.phase,
            ("files", _files()),
            ("batch", _batch()),
            (
                "missing",
                empty_state(
                    "Este archivo ya no está",
                    "Una vista previa se guarda un día. Sube el archivo de nuevo.",
                    action=button_link("Importar otro", to=routes.ADMIN_IMPORT, kind="quiet"),
                ),
            ),
            until_ready(AdminImports.notice, on_retry=AdminImports.load, waiting=_loading()),
        ),
        title=BATCH.title,
        back=("Inventario", routes.ADMIN_INVENTORY),
        active=routes.ADMIN_INVENTORY,
    )


def _files() -> rx.Component:
    return rx.el.div(
        error_region(AdminImports.notice),
        card(_upload(), title="Nuevo archivo"),
        rx.el.div(
            card(
                rx.cond(
                    AdminImports.files,
                    rx.el.ul(rx.foreach(AdminImports.files, _file), class_name="cu-lines"),
                    rx.el.p("Aquí verás los archivos que importes.", class_name="cu-muted"),
                ),
                rx.cond(
                    AdminImports.paged,
                    pagination(previous=AdminImports.newer, following=AdminImports.older),
                ),
                title="Archivos anteriores",
            ),
            card(
                rx.el.p(
                    "Todas las cuentas en un archivo, con o sin sus datos de acceso.",
                    class_name="cu-muted",
                ),
                export_button(),
                title="Exportar el inventario",
            ),
            class_name="cu-stack",
        ),
        class_name="grid gap-4 items-start lg:grid-cols-2",
    )


def _upload() -> rx.Component:
    return StockUpload.create(
        text_field(
            "Archivo",
            "file",
            hint="CSV, XLSX o texto, hasta 5 MB y 10,000 filas.",
            type="file",
            accept=".csv,.tsv,.txt,.xlsx",
            look="file-input",
        ),
        text_area(
            "O pega las líneas",
            "text",
            hint="Una por renglón: usuario:contraseña:perfil:PIN. También con |, ; o tabulador: "
            "úsalos si una contraseña lleva «:».",
            placeholder=EXAMPLE,
            rows=5,
            auto_complete="off",
            spell_check=False,
        ),
        select_field(
            "Servicio",
            "service_id",
            rx.fragment(
                rx.el.option("Lo dice una columna del archivo", value=""),
                rx.foreach(AdminImports.services, option),
            ),
        ),
        action="/api/admin/importaciones",
        next=f"{routes.ADMIN_IMPORT}?lote=",
        label="Revisar antes de importar",
        busy_label="Leyendo el archivo…",
        class_name="cu-stack",
    )


def option(one: Option) -> rx.Component:
    return rx.el.option(one.label, value=one.value)


def _file(one: BatchRow) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.div(
                rx.el.p(one.name, class_name="font-semibold truncate"),
                rx.el.p(f"{one.summary} · {one.when}", class_name="cu-muted cu-small cu-num"),
                class_name="min-w-0 grow",
            ),
            badge(one.state, tone=one.tone),
            to=one.address,
            class_name="flex items-center gap-3 min-h-11 py-2",
        ),
        key=one.id,
    )


def _batch() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            badge(BATCH.state, tone=BATCH.tone),
            rx.el.span(BATCH.when, class_name="cu-muted cu-small cu-num"),
            role="status",
            class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
        ),
        status_region(AdminImports.said),
        error_region(AdminImports.notice),
        rx.match(
            BATCH.status,
            ("running", card(progress(), title="Importando")),
            ("done", _result()),
            ("undone", _undone()),
            rx.cond(BATCH.open, _preview(), _expired()),
        ),
        rx.cond(BATCH.bad_count > 0, issues()),
        class_name="cu-stack",
    )


def _preview() -> rx.Component:
    return rx.fragment(
        rx.cond(BATCH.failed, alert(BATCH.failed, tone="error", title="No entró ninguna cuenta")),
        rx.el.div(
            rx.el.div(
                card(totals(), start(), title="Antes de importar"),
                rx.cond(BATCH.sample, sample()),
                class_name="cu-stack",
            ),
            rx.el.div(
                card(mapping(), title="Qué hay en cada columna"),
                ghost_button(
                    "Descartar este archivo",
                    icon_name="trash",
                    on_click=open_dialog(DISCARD),
                    class_name="justify-self-start",
                ),
                class_name="cu-stack lg:order-first",
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[22rem_minmax(0,1fr)]",
        ),
        confirm_dialog(
            DISCARD,
            "¿Descartar este archivo?",
            "Nada de lo que trae ha entrado al inventario.",
            confirm="Sí, descartar",
            on_confirm=AdminImports.discard,
        ),
    )


def _expired() -> rx.Component:
    return empty_state(
        "Esta vista previa venció",
        "No entró ninguna cuenta. Sube el archivo de nuevo.",
        action=button_link("Importar otro", to=routes.ADMIN_IMPORT, kind="quiet"),
    )


def _result() -> rx.Component:
    return rx.fragment(
        card(
            alert(f"Entraron {BATCH.accounts} al inventario.", tone="success"),
            rx.cond(
                BATCH.bad_count > 0,
                rx.el.p(f"Se quedaron fuera {BATCH.bad}; abajo está por qué."),
            ),
            rx.el.div(
                button_link("Ver el inventario", to=routes.ADMIN_INVENTORY),
                button_link("Importar otro archivo", to=routes.ADMIN_IMPORT, kind="quiet"),
                rx.cond(
                    BATCH.may_undo,
                    danger_button("Deshacer", on_click=open_dialog(UNDO), class_name="btn-outline"),
                ),
                class_name="flex flex-wrap gap-3",
            ),
            title="Listo",
        ),
        confirm_dialog(
            UNDO,
            "¿Deshacer esta importación?",
            "Se quitan del inventario todas sus cuentas. Solo se puede mientras nada de ella se "
            "haya vendido, apartado o cambiado.",
            confirm="Sí, deshacer",
            on_confirm=AdminImports.undo,
        ),
    )


def _undone() -> rx.Component:
    return empty_state(
        "Esta importación se deshizo",
        "Sus cuentas ya no están en el inventario.",
        action=button_link("Importar otro archivo", to=routes.ADMIN_IMPORT, kind="quiet"),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-8 max-w-sm"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
