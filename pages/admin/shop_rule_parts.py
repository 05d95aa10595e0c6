"""The shop's rules, its name and its legal texts on the page of settings."""

import reflex as rx

from pages.components.buttons import primary_button
from pages.components.cards import card
from pages.components.feedback import error_region, skeleton, until_ready
from pages.components.forms import select_field, text_area, text_field
from pages.components.kinds import Child, Handler
from state.admin.shop_rules import ShopRules

RULES, ERRORS = ShopRules.rules, ShopRules.errors
HOURS = tuple((str(hour), f"{hour}:00") for hour in range(24))


def rules_card() -> rx.Component:
    return _card(
        "Reglas",
        _number("Horas para pagar un pedido", "hold_hours", "Después se cancela solo."),
        _number("Horas más al enviar comprobante", "receipt_hold_hours"),
        _number("Horas que prometes si falta stock", "promise_hours"),
        _number("Pedidos sin pagar por cliente", "max_unpaid_orders"),
        _number(
            "Días de gracia", "grace_days", "Lo que el acceso sigue abierto después de vencer."
        ),
        _group(
            "Recordatorios, en días",
            _number("Primero, antes", "reminder_first"),
            _number("Segundo, antes", "reminder_second"),
            _number("Último, después", "reminder_after"),
        ),
        _group(
            "Horas de silencio",
            select_field(
                "Desde",
                "quiet_from",
                HOURS,
                error=ERRORS["quiet_from"],
                default_value=RULES.quiet_from,
            ),
            select_field(
                "Hasta",
                "quiet_until",
                HOURS,
                error=ERRORS["quiet_until"],
                default_value=RULES.quiet_until,
            ),
        ),
        on_save=ShopRules.save_rules.throttle(1000),
    )


def identity_card() -> rx.Component:
    return _card(
        "Tu tienda",
        text_field(
            "Nombre",
            "shop_name",
            hint="Con él se firman los mensajes.",
            error=ERRORS["shop_name"],
            default_value=RULES.shop_name,
        ),
        text_field(
            "Vendedor",
            "seller_name",
            hint="La persona o empresa que vende, en términos, privacidad y al pagar.",
            error=ERRORS["seller_name"],
            default_value=RULES.seller_name,
        ),
        text_field(
            "WhatsApp de atención",
            "support_whatsapp",
            hint="A dónde escriben tus clientes. Vacío, no se muestra.",
            error=ERRORS["support_whatsapp"],
            default_value=RULES.support_whatsapp,
            type="tel",
        ),
        on_save=ShopRules.save_identity.throttle(1000),
    )


def legal_card() -> rx.Component:
    return _card(
        "Textos legales",
        text_area(
            "Términos y garantía",
            "terms_text",
            hint="Vacío, se muestran los de Cuenty. Una línea en blanco separa párrafos.",
            error=ERRORS["terms_text"],
            default_value=RULES.terms_text,
            rows=5,
        ),
        text_area(
            "Aviso de privacidad",
            "privacy_text",
            hint="Vacío, se muestra el de Cuenty.",
            error=ERRORS["privacy_text"],
            default_value=RULES.privacy_text,
            rows=5,
        ),
        on_save=ShopRules.save_texts.throttle(1000),
    )


def _card(title: str, *content: Child, on_save: Handler) -> rx.Component:
    return card(
        rx.cond(
            RULES.loaded,
            rx.el.form(
                *content,
                primary_button("Guardar", type="submit"),
                on_submit=on_save,
                no_validate=True,
                class_name="cu-stack",
            ),
            until_ready(ShopRules.notice, on_retry=ShopRules.load, waiting=skeleton("h-40")),
        ),
        title=title,
    )


def _group(legend: str, *content: Child) -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend(legend, class_name="mb-2 text-lg"),
        rx.el.div(*content, class_name="grid grid-cols-2 gap-3 items-end sm:grid-cols-3"),
    )


def _number(label: str, name: str, hint: str = "") -> rx.Component:
    return text_field(
        label,
        name,
        hint=hint,
        error=ERRORS[name],
        default_value=getattr(RULES, name),
        type="number",
        input_mode="numeric",
    )


def refused() -> rx.Component:
    return error_region(ShopRules.notice)
