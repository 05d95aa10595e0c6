"""The bank accounts on the page of settings: which is told, and the form that changes one."""

import reflex as rx

from pages.components.badges import badge
from pages.components.buttons import danger_button, quiet_button, submit_button
from pages.components.cards import card, line, lines
from pages.components.dialog import (
    close_dialog,
    confirm_dialog,
    dialog,
    dismiss_dialog,
    open_dialog,
    show_dialog,
)
from pages.components.feedback import alert, error_region, skeleton, until_ready
from pages.components.forms import select_field, text_area, text_field
from state.admin.banks import DIALOG, BankRow, Banks

GONE = "remove-bank"
RULES = (
    ("default", "Siempre la principal"),
    ("amount", "Según el monto del pedido"),
    ("turns", "Por turnos"),
)
CHOSEN = Banks.chosen


def banks_card() -> rx.Component:
    return card(
        rx.el.p(
            "A dónde te pagan. Los pedidos que ya se hicieron conservan la cuenta que recibieron.",
            class_name="cu-muted",
        ),
        rx.cond(
            Banks.view.loaded,
            rx.fragment(
                error_region(Banks.notice),
                rx.cond(Banks.view.several, _rule()),
                rx.foreach(Banks.view.rows, _bank),
            ),
            until_ready(Banks.notice, on_retry=Banks.load, waiting=skeleton("h-40")),
        ),
        quiet_button(
            "Agregar cuenta",
            icon_name="plus",
            on_click=[Banks.begin(0), show_dialog(DIALOG)],
        ),
        _form(),
        _gone(),
        title="Cuentas bancarias",
    )


def _rule() -> rx.Component:
    return select_field(
        "Qué cuenta recibe cada pedido nuevo",
        "bank_rule",
        RULES,
        hint=rx.cond(
            Banks.view.rule == "amount",
            "Si ninguna acepta el monto de un pedido, la principal.",
            "",
        ),
        error=Banks.errors["bank_rule"],
        value=Banks.view.rule,
        on_change=Banks.choose_rule,
    )


def _bank(row: BankRow) -> rx.Component:
    return rx.el.article(
        rx.el.div(
            rx.el.h3(row.bank, class_name="!text-base min-w-0"),
            rx.cond(row.is_default, badge("Principal", tone="success")),
            rx.cond(row.is_sample, badge("De ejemplo", tone="warning")),
            class_name="flex flex-wrap items-center gap-2",
        ),
        rx.cond(
            row.is_sample,
            alert("Tus clientes verían datos inventados. Escribe los tuyos.", tone="warning"),
        ),
        lines(
            line("Titular", row.holder),
            line("CLABE", row.clabe),
            rx.cond(row.account, line("Cuenta", row.account)),
            rx.cond(
                row.amounts,
                rx.cond(Banks.view.rule == "amount", line("Pedidos", row.amounts)),
            ),
        ),
        rx.el.div(
            quiet_button(
                "Cambiar",
                icon_name="edit",
                on_click=[Banks.begin(row.id), show_dialog(DIALOG)],
                class_name="btn-sm",
                custom_attrs={"aria-label": f"Cambiar la cuenta de {row.bank}"},
            ),
            rx.cond(
                row.is_default | row.is_sample,  # pyright: ignore[reportOperatorIssue]  # Vars
                rx.fragment(),
                quiet_button(
                    "Hacer principal",
                    on_click=Banks.make_default(row.id),
                    class_name="btn-sm",
                    custom_attrs={"aria-label": f"Hacer principal la cuenta de {row.bank}"},
                ),
            ),
            class_name="flex flex-wrap gap-2",
        ),
        key=row.id,
        class_name="grid gap-2 pt-4 border-t border-base-300",
    )


def _form() -> rx.Component:
    errors = Banks.errors
    return dialog(
        DIALOG,
        rx.cond(CHOSEN.id, "Cambiar cuenta", "Agregar cuenta"),
        rx.el.form(
            error_region(Banks.notice),
            text_field(
                "CLABE",
                "clabe",
                hint=rx.cond(Banks.bank, Banks.bank, "18 dígitos; con ella sabemos el banco."),
                error=errors["clabe"],
                default_value=CHOSEN.clabe,
                on_change=Banks.recognise.debounce(300),
                input_mode="numeric",
                auto_complete="off",
                max_length=24,
            ),
            text_field("Titular", "holder", error=errors["holder"], default_value=CHOSEN.holder),
            text_field(
                "Número de cuenta (opcional)",
                "account",
                error=errors["account"],
                default_value=CHOSEN.account,
                input_mode="numeric",
                auto_complete="off",
            ),
            text_field(
                "Nombre del banco (opcional)",
                "bank",
                hint="Si lo dejas vacío, usamos el de la CLABE.",
                error=errors["bank"],
                default_value=CHOSEN.bank,
                auto_complete="off",
            ),
            rx.el.details(
                rx.el.summary("Para qué montos (opcional)"),
                rx.el.div(
                    text_field(
                        "Desde",
                        "least",
                        error=errors["least"],
                        default_value=CHOSEN.least,
                        input_mode="decimal",
                        auto_complete="off",
                    ),
                    text_field(
                        "Hasta",
                        "most",
                        error=errors["most"],
                        default_value=CHOSEN.most,
                        input_mode="decimal",
                        auto_complete="off",
                    ),
                    class_name="grid grid-cols-2 gap-3",
                ),
                open=rx.cond(CHOSEN.amounts, True, False),  # Vars
                class_name="cu-more",
            ),
            text_area(
                "Qué debe hacer el cliente",
                "steps",
                hint="Un paso por línea.",
                error=errors["steps"],
                default_value=CHOSEN.steps,
                rows=4,
            ),
            submit_button("Guardar"),
            quiet_button("Cancelar", on_click=dismiss_dialog(DIALOG), class_name="btn-block"),
            rx.cond(
                CHOSEN.id & ~CHOSEN.is_default,  # pyright: ignore[reportOperatorIssue]  # Vars
                danger_button(
                    "Quitar esta cuenta",
                    icon_name="trash",
                    on_click=open_dialog(GONE),
                    class_name="btn-block",
                ),
            ),
            on_submit=Banks.save.throttle(1000),
            no_validate=True,
            key=f"{CHOSEN.id} {Banks.said_times}",
            class_name="cu-stack mt-2",
        ),
    )


def _gone() -> rx.Component:
    return confirm_dialog(
        GONE,
        "¿Quitar esta cuenta?",
        "Los pedidos que ya la recibieron la conservan.",
        confirm="Sí, quitar",
        on_confirm=[Banks.remove, close_dialog(DIALOG)],
    )
