"""What can be done with an account, each in a dialog that stays open until it is right."""

from typing import Any

import reflex as rx

from pages.admin.profile_fields import profile_fields
from pages.components.buttons import danger_button, ghost_button, quiet_button, submit_button
from pages.components.dialog import close_dialog, dialog, dismiss_dialog, show_dialog
from pages.components.feedback import refusal_region
from pages.components.forms import choice, choices, select_field, text_area, text_field
from state.admin.account import AccountPage
from state.admin.account_editing import EDIT, PAY, AccountEditing, SupplierPayment
from state.admin.account_profiles import ADD, RENAME, MoreProfiles, ProfileName
from state.admin.account_status import CHANGE, RETIRE, Retirement, StatusChange
from state.admin.account_view import Option

ACCOUNT = AccountPage.account


def buttons() -> rx.Component:
    return rx.el.div(
        quiet_button("Cambiar estado", on_click=[StatusChange.begin, show_dialog(CHANGE)]),
        quiet_button(
            "Registrar pago al proveedor", on_click=[SupplierPayment.begin, show_dialog(PAY)]
        ),
        quiet_button(
            "Editar datos", icon_name="edit", on_click=[AccountEditing.begin, show_dialog(EDIT)]
        ),
        class_name="grid gap-3 sm:flex sm:flex-wrap",
    )


def dialogs() -> rx.Component:
    return rx.fragment(_edit(), _pay(), _change(), _retire(), _add(), _rename())


def _form(name: str, *parts: Any, of: Any, on_submit: Any, key: Any) -> rx.Component:
    """A refusal of one field stands beside it; any other one stands above the button.

    Where a second tap would do it again, `on_submit` is throttled.
    """
    return rx.el.form(
        *parts[:-1],
        refusal_region(of.notice, of.errors),
        parts[-1],
        ghost_button("No, volver", on_click=dismiss_dialog(name), class_name="btn-block"),
        on_submit=on_submit,
        no_validate=True,
        key=key,
        class_name="mt-4 cu-stack",
    )


def _edit() -> rx.Component:
    errors = AccountEditing.errors
    return dialog(
        EDIT,
        "Editar datos",
        _form(
            EDIT,
            select_field(
                "Plan",
                "plan_id",
                rx.fragment(
                    rx.el.option("Compartida: sirve a todos sus planes", value=""),
                    rx.foreach(ACCOUNT.plans, _option),
                ),
                hint="Si la dedicas a un plan, lo apartado para otros se suelta.",
                error=errors["plan_id"],
                default_value=ACCOUNT.plan,
            ),
            text_field(
                "Pagada hasta",
                "paid_until",
                hint="Para corregirla. Si pagaste, registra el pago.",
                error=errors["paid_until"],
                type="date",
                default_value=ACCOUNT.paid_until_plain,
            ),
            _cost("Costo en MXN", "cost", errors),
            text_area(
                "Notas",
                "notes",
                hint="Solo las ve tu equipo. No escribas aquí contraseñas.",
                error=errors["notes"],
                default_value=ACCOUNT.notes,
                max_length=1000,
                rows=4,
            ),
            submit_button("Guardar"),
            of=AccountEditing,
            on_submit=AccountEditing.save,
            key=f"{ACCOUNT.id}:{ACCOUNT.plan}:{ACCOUNT.paid_until_plain}:{ACCOUNT.cost}:{ACCOUNT.notes}",
        ),
    )


def _option(one: Option) -> rx.Component:
    return rx.el.option(one.label, value=one.value)


def _pay() -> rx.Component:
    errors = SupplierPayment.errors
    return dialog(
        PAY,
        "Registrar pago al proveedor",
        _form(
            PAY,
            text_field(
                "Queda pagada hasta",
                "paid_to",
                error=errors["paid_until"],
                type="date",
                default_value=ACCOUNT.next_paid_until,
            ),
            _cost("Cuánto pagaste (MXN)", "paid_cost", errors),
            submit_button("Registrar pago"),
            of=SupplierPayment,
            on_submit=SupplierPayment.record.throttle(800),
            key=f"{ACCOUNT.id}:{ACCOUNT.next_paid_until}",
        ),
    )


def _cost(label: str, name: str, errors: Any) -> rx.Component:
    """Asked of who knows what it was."""
    return rx.cond(
        ACCOUNT.cost_plain,
        text_field(
            label,
            name,
            error=errors["cost"],
            input_mode="decimal",
            auto_complete="off",
            default_value=ACCOUNT.cost_plain,
        ),
    )


def _change() -> rx.Component:
    return dialog(
        CHANGE,
        "Cambiar estado",
        _form(
            CHANGE,
            choices(
                "¿Cómo está la cuenta?",
                _status("active", "Activa", "Funciona y sus perfiles libres se venden."),
                _status(
                    "maintenance",
                    "En mantenimiento",
                    "No se vende nada mientras tanto. Quien ya la usa sigue igual.",
                ),
                _status("down", "Caída", "Ya no abre. Podrás cambiar a todos a otra cuenta."),
            ),
            text_area(
                "Motivo",
                "status_reason",
                hint="Necesario si la marcas como caída. Solo lo ve tu equipo.",
                error=StatusChange.errors["reason"],
                max_length=200,
                rows=2,
            ),
            submit_button("Guardar estado"),
            of=StatusChange,
            on_submit=StatusChange.change,
            key=f"{ACCOUNT.id}:{ACCOUNT.status}",
        ),
        rx.el.div(
            ghost_button(
                "Retirar para siempre…",
                icon_name="trash",
                on_click=[Retirement.begin, close_dialog(CHANGE), show_dialog(RETIRE)],
                class_name="btn-block text-error",
            ),
            class_name="mt-4 pt-4 border-t border-base-300",
        ),
    )


def _status(value: str, label: str, detail: str) -> rx.Component:
    return choice(
        rx.el.span(label, class_name="block font-semibold"),
        rx.el.span(detail, class_name="block cu-muted cu-small"),
        name="status",
        value=value,
        default_checked=ACCOUNT.status == value,
    )


def _retire() -> rx.Component:
    return dialog(
        RETIRE,
        "¿Retirar esta cuenta para siempre?",
        rx.el.p(
            "Sus perfiles dejan de venderse, lo apartado se suelta y ya no se podrá cambiar nada. "
            "Su historia se queda. Solo se puede cuando nadie la usa.",
            class_name="mt-2 cu-muted",
        ),
        _form(
            RETIRE,
            text_area(
                "Motivo",
                "retire_reason",
                hint="Solo lo ve tu equipo.",
                error=Retirement.errors["reason"],
                max_length=200,
                rows=2,
            ),
            danger_button("Sí, retirar", type="submit", class_name="btn-block"),
            of=Retirement,
            on_submit=Retirement.retire,
            key=ACCOUNT.id,
        ),
    )


def _add() -> rx.Component:
    return dialog(
        ADD,
        "Agregar perfiles",
        _form(
            ADD,
            profile_fields(
                MoreProfiles.places,
                MoreProfiles.errors,
                most=ACCOUNT.room,
                on_count=MoreProfiles.count,
                key=ACCOUNT.last_position,
            ),
            submit_button("Agregar"),
            of=MoreProfiles,
            on_submit=MoreProfiles.add.throttle(800),
            key=f"{ACCOUNT.id}:{ACCOUNT.last_position}",
        ),
    )


def _rename() -> rx.Component:
    return dialog(
        RENAME,
        "Cambiar el nombre del perfil",
        _form(
            RENAME,
            text_field(
                "Nombre",
                "profile_label",
                hint="El cliente lo ve: ponle el que tiene en el servicio.",
                error=ProfileName.errors["label_1"],
                default_value=ProfileName.label,
                max_length=60,
                auto_complete="off",
            ),
            submit_button("Guardar nombre"),
            of=ProfileName,
            on_submit=ProfileName.save,
            key=f"{ProfileName.profile}:{ProfileName.label}",
        ),
    )
