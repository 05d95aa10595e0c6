"""What can be done with a customer, each in a dialog that stays open until it is right."""

from typing import Any

import reflex as rx

from pages.components.buttons import danger_button, ghost_button, quiet_button, submit_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, dialog, dismiss_dialog, open_dialog
from pages.components.feedback import error_region
from pages.components.forms import checkbox, choice, choices, select_field, text_area, text_field
from pages.storefront.delivery_parts import WAYS
from state.admin.customer import AdminCustomer
from state.session import Visitor

CUSTOMER = AdminCustomer.customer
MERGING = AdminCustomer.merging
ERRORS: Any = AdminCustomer.errors
EDIT, PHONE, BLOCK, MERGE, ERASE = (
    "editar-cliente",
    "cambiar-celular",
    "bloquear-cliente",
    "unir-clientes",
    "borrar-cliente",
)


def buttons() -> rx.Component:
    return card(
        rx.el.div(
            quiet_button("Editar datos", icon_name="edit", on_click=open_dialog(EDIT)),
            quiet_button("Cambiar celular", on_click=open_dialog(PHONE)),
            rx.cond(
                CUSTOMER.blocked,
                quiet_button("Desbloquear", on_click=AdminCustomer.unblock),
                quiet_button("Bloquear", icon_name="lock", on_click=open_dialog(BLOCK)),
            ),
            rx.cond(
                Visitor.is_owner,
                rx.fragment(
                    quiet_button("Unir con un duplicado", on_click=open_dialog(MERGE)),
                    ghost_button(
                        "Borrar sus datos…",
                        icon_name="trash",
                        on_click=open_dialog(ERASE),
                        class_name="text-error",
                    ),
                ),
            ),
            class_name="grid gap-2",
        ),
        title="Acciones",
    )


def dialogs() -> rx.Component:
    return rx.fragment(
        _edit(),
        _phone(),
        confirm_dialog(
            BLOCK,
            "¿Bloquear a este cliente?",
            rx.el.p(
                "Se cierran sus sesiones y no podrá entrar ni comprar. Sus suscripciones siguen."
            ),
            confirm="Sí, bloquear",
            on_confirm=AdminCustomer.block,
        ),
        rx.cond(Visitor.is_owner, rx.fragment(_merge(), _erase())),
    )


def _form(name: str, *parts: Any, on_submit: Any) -> rx.Component:
    return rx.el.form(
        *parts[:-1],
        rx.cond(ERRORS.to(dict).length() == 0, error_region(AdminCustomer.notice)),
        parts[-1],
        ghost_button("No, volver", on_click=dismiss_dialog(name), class_name="btn-block"),
        on_submit=on_submit,
        no_validate=True,
        key=CUSTOMER.shown,
        class_name="mt-4 cu-stack",
    )


def _edit() -> rx.Component:
    return dialog(
        EDIT,
        "Editar datos",
        _form(
            EDIT,
            text_field(
                "Nombre",
                "name",
                error=ERRORS["name"],
                default_value=CUSTOMER.name,
                auto_complete="off",
            ),
            text_field(
                "Correo electrónico",
                "email",
                error=ERRORS["email"],
                type="email",
                default_value=CUSTOMER.email,
                auto_complete="off",
            ),
            select_field(
                "Entrega por",
                "preference",
                [(value, label) for value, label, _ in WAYS],
                error=ERRORS["preference"],
                default_value=CUSTOMER.preference,
            ),
            text_area(
                "Notas",
                "notes",
                hint="Solo las ve tu equipo.",
                error=ERRORS["notes"],
                default_value=CUSTOMER.notes,
                max_length=2000,
                rows=4,
            ),
            submit_button("Guardar"),
            on_submit=AdminCustomer.save,
        ),
    )


def _phone() -> rx.Component:
    return dialog(
        PHONE,
        "Cambiar celular",
        rx.el.p(
            "Se cierran sus sesiones y entra con un código al número nuevo. El anterior queda en "
            "su historia.",
            class_name="mt-2 cu-muted",
        ),
        _form(
            PHONE,
            text_field(
                "Celular nuevo",
                "phone",
                error=ERRORS["phone"],
                type="tel",
                input_mode="tel",
                auto_complete="off",
            ),
            submit_button("Cambiar celular"),
            on_submit=AdminCustomer.change_phone,
        ),
    )


def _merge() -> rx.Component:
    return dialog(
        MERGE,
        "Unir con un duplicado",
        rx.cond(
            MERGING.goes_id,
            rx.el.div(
                rx.el.p("Se queda: ", rx.el.strong(MERGING.stays)),
                rx.el.p("Desaparece: ", rx.el.strong(MERGING.goes)),
                rx.el.div(
                    rx.el.p("Pasa al que se queda:", class_name="font-semibold"),
                    rx.el.ul(
                        rx.foreach(MERGING.lines, rx.el.li),
                        class_name="list-disc pl-5",
                    ),
                ),
                rx.el.p(
                    "El celular del que desaparece ya no servirá para entrar. No se puede "
                    "deshacer.",
                    class_name="cu-muted",
                ),
                danger_button("Unir los dos", on_click=AdminCustomer.merge, class_name="btn-block"),
                class_name="mt-3 cu-stack",
            ),
        ),
        _form(
            MERGE,
            text_field(
                "Celular del otro cliente",
                "duplicate",
                error=ERRORS["duplicate"],
                type="tel",
                input_mode="tel",
                auto_complete="off",
            ),
            choices(
                "¿Cuál se queda?",
                choice(f"Este: {CUSTOMER.phone}", name="keep", value="this", default_checked=True),
                choice("El otro", name="keep", value="other"),
            ),
            submit_button("Ver qué se une"),
            on_submit=AdminCustomer.preview,
        ),
    )


def _erase() -> rx.Component:
    return dialog(
        ERASE,
        "¿Borrar los datos de este cliente?",
        rx.el.p(
            "Se borran para siempre su nombre, celulares, correo, notas y lo que escribió. "
            "Quedan los pedidos y pagos, sin decir de quién son. Lo que no ha pagado se cancela.",
            class_name="mt-2 cu-muted",
        ),
        _form(
            ERASE,
            rx.cond(
                CUSTOMER.live > 0,
                checkbox(f"Terminar ya sus suscripciones vivas ({CUSTOMER.live})", name="end"),
            ),
            text_field(
                f"Para confirmar, escribe {CUSTOMER.phone_end}",
                "typed",
                hint="Son los últimos 4 dígitos de su celular.",
                error=ERRORS["typed"],
                input_mode="numeric",
                auto_complete="off",
            ),
            danger_button("Borrar para siempre", type="submit", class_name="btn-block"),
            on_submit=AdminCustomer.erase,
        ),
    )
