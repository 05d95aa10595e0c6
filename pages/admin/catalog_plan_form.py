"""A plan's form: its sale price is added up in the browser while its parts are typed."""

from typing import Any

import reflex as rx

from pages.components.browser import in_browser
from pages.components.buttons import ghost_button, submit_button
from pages.components.dialog import dismiss_dialog
from pages.components.feedback import error_region
from pages.components.forms import select_field, text_field
from pages.components.kinds import Text
from state.admin.catalog_plan import EDIT, PlanEditing
from state.admin.catalog_service import AdminService
from state.admin.catalog_view import Former

PLAN, MONEY = PlanEditing.plan, PlanEditing.money
ERRORS: Any = PlanEditing.errors
SALE = "sale-price"
ADD_UP = """
const cents = (id) => {
  const said = document.getElementById(id)?.value.replace(/MXN|[$,\\s]/gi, "") ?? "";
  return /^-?\\d+(\\.\\d{1,2})?$/.test(said) ? Math.round(parseFloat(said) * 100) : NaN;
};
const sale = cents("cost") + cents("margin");
document.getElementById("sale-price").textContent = sale > 0
  ? "$" + (sale / 100).toLocaleString("en-US", { minimumFractionDigits: 2 }) + " MXN"
  : "—"
"""


def plan_form() -> rx.Component:
    return rx.el.form(
        text_field(
            "Nombre",
            "plan_name",
            error=ERRORS["name"],
            default_value=PLAN.name,
            max_length=60,
            placeholder="1 mes",
            auto_complete="off",
        ),
        rx.cond(PLAN.id == 0, _what()),
        rx.cond(AdminService.is_owner, _money()),
        rx.cond(ERRORS.to(dict).length() == 0, error_region(PlanEditing.notice)),
        submit_button("Guardar plan"),
        ghost_button("No, volver", on_click=dismiss_dialog(EDIT), class_name="btn-block"),
        on_submit=PlanEditing.save,
        no_validate=True,
        key=PLAN.opened,
        class_name="mt-4 cu-stack",
    )


def _what() -> rx.Component:
    """What a plan gives is said once: orders lean on it."""
    return rx.el.div(
        text_field(
            "Meses",
            "duration_months",
            hint="Después no cambia.",
            error=ERRORS["duration_months"],
            input_mode="numeric",
            default_value="1",
        ),
        select_field(
            "Qué se vende",
            "capacity",
            (("profile", "Un perfil"), ("full_account", "La cuenta completa")),
            error=ERRORS["capacity"],
        ),
        class_name="grid gap-4 sm:grid-cols-2",
    )


def _money() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            _pesos("Te cuesta", "cost", MONEY.cost),
            _pesos("Ganas", "margin", MONEY.margin),
            class_name="grid grid-cols-2 gap-4",
        ),
        rx.el.p(
            rx.el.span("Precio de venta", class_name="font-bold"),
            rx.el.output(
                MONEY.sale,
                html_for="cost margin",
                class_name="cu-price text-xl",
                custom_attrs={"id": SALE},
            ),
            class_name="flex items-baseline justify-between gap-3",
        ),
        rx.cond(
            MONEY.former,
            select_field(
                "Precio tachado",
                "list_price",
                rx.fragment(rx.el.option("Ninguno", value=""), rx.foreach(MONEY.former, _former)),
                hint="Solo precios que el plan tuvo al menos 7 días en los últimos 90 y que sean "
                "mayores que el de venta.",
                error=ERRORS["list_price"],
                default_value=MONEY.struck,
            ),
        ),
        class_name="cu-stack",
    )


def _pesos(label: str, name: str, value: Text) -> rx.Component:
    return text_field(
        label,
        name,
        error=ERRORS[name],
        default_value=value,
        placeholder="0.00",
        input_mode="decimal",
        auto_complete="off",
        on_change=in_browser(ADD_UP),
    )


def _former(one: Former) -> rx.Component:
    return rx.el.option(one.label, value=one.value)
