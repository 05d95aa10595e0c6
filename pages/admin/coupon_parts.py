"""The form of a coupon, and the list of its uses."""

from typing import Any

import reflex as rx

from pages import routes
from pages.components.buttons import ghost_button, quiet_button, submit_button
from pages.components.dialog import dialog, dismiss_dialog
from pages.components.feedback import error_region
from pages.components.forms import checkbox, select_field, text_field
from pages.components.links import link
from state.admin.coupons import EDIT, USES, AdminCoupons, ScopeOption, UseRow

DESK = AdminCoupons.desk
COUPON = AdminCoupons.desk.editing
ERRORS: Any = AdminCoupons.errors
KINDS = (("percent", "Porcentaje"), ("amount", "Monto MXN"))


def form() -> rx.Component:
    return dialog(
        EDIT,
        rx.cond(COUPON.id, f"Cupón {COUPON.code}", "Nuevo cupón"),
        rx.el.form(
            rx.cond(
                COUPON.id,
                rx.fragment(),
                text_field(
                    "Código",
                    "code",
                    hint="Lo que escribe el cliente: BUENFIN",
                    error=ERRORS["code"],
                    auto_complete="off",
                    auto_capitalize="characters",
                    spell_check=False,
                    max_length=20,
                ),
            ),
            rx.el.div(
                select_field(
                    "Qué descuenta", "kind", KINDS, error=ERRORS["kind"], default_value=COUPON.kind
                ),
                text_field(
                    "Cuánto",
                    "value",
                    error=ERRORS["value"],
                    default_value=COUPON.value,
                    input_mode="decimal",
                    auto_complete="off",
                ),
                class_name="grid grid-cols-2 gap-3",
            ),
            select_field(
                "Para qué vale",
                "scope",
                rx.fragment(
                    rx.el.option("Todo el catálogo", value=""), rx.foreach(DESK.scopes, _scope)
                ),
                error=ERRORS["scope"],
                default_value=COUPON.scope,
            ),
            text_field(
                "Compra mínima (MXN)",
                "minimum",
                error=ERRORS["minimum"],
                default_value=COUPON.minimum,
                placeholder="Sin mínimo",
                input_mode="decimal",
                auto_complete="off",
            ),
            rx.el.div(
                _limit("Usos en total", "limit_total", COUPON.limit_total),
                _limit("Por cliente", "limit_each", COUPON.limit_each),
                class_name="grid grid-cols-2 gap-3",
            ),
            rx.el.div(
                _day("Desde", "from_on", COUPON.from_on),
                _day("Hasta", "until_on", COUPON.until_on),
                class_name="grid gap-3 sm:grid-cols-2",
            ),
            checkbox("Se puede usar", name="active", default_checked=COUPON.active),
            error_region(rx.cond(ERRORS, "", AdminCoupons.notice)),
            rx.el.div(
                quiet_button("No, volver", on_click=dismiss_dialog(EDIT), class_name="grow"),
                submit_button("Guardar", class_name="grow"),
                class_name="flex flex-wrap gap-3",
            ),
            on_submit=AdminCoupons.save,
            no_validate=True,
            key=DESK.times,
            class_name="mt-4 cu-stack",
        ),
    )


def _scope(one: ScopeOption) -> rx.Component:
    return rx.el.option(one.said, value=one.key)


def _limit(label: str, name: str, value: rx.Var[str] | str) -> rx.Component:
    return text_field(
        label,
        name,
        error=ERRORS[name],
        default_value=value,
        placeholder="Sin límite",
        input_mode="numeric",
        auto_complete="off",
    )


def _day(label: str, name: str, value: rx.Var[str] | str) -> rx.Component:
    return text_field(label, name, type="date", error=ERRORS[name], default_value=value)


def uses() -> rx.Component:
    return dialog(
        USES,
        f"Usos de {COUPON.code}",
        rx.cond(
            DESK.uses,
            rx.el.ul(rx.foreach(DESK.uses, _use), class_name="cu-lines mt-3"),
            rx.el.p("Nadie lo ha usado todavía.", class_name="mt-3 cu-muted"),
        ),
        ghost_button("Cerrar", on_click=dismiss_dialog(USES), class_name="btn-block mt-4"),
    )


def _use(one: UseRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            link(
                f"Pedido #{one.order}",
                to=routes.admin_order(one.order),
                class_name="cu-link cu-num inline-flex items-center min-h-11",
            ),
            rx.el.span(one.amount, class_name="cu-price"),
            class_name="flex items-center justify-between gap-3",
        ),
        rx.el.p(
            f"{one.who} · {one.when}",
            rx.cond(one.returned, " · el pedido terminó y el uso se devolvió", ""),
            class_name="cu-muted cu-small [overflow-wrap:anywhere]",
        ),
        class_name="py-2",
    )
