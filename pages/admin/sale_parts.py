"""Parts of the sales desk: the customer by phone, the plans with steppers, the order."""

import reflex as rx

from pages.components.badges import availability_badge
from pages.components.browser import in_browser
from pages.components.buttons import ghost_button, primary_button, quiet_button
from pages.components.dialog import confirm_dialog, open_dialog
from pages.components.feedback import alert
from pages.components.forms import choice, choices, quantity, select_field, text_field
from pages.components.service_tile import service_tile
from state.admin.sale import SalesDesk
from state.admin.sale_parts import PlanRow, ShelfView

BUYER, BASKET, DRAFT = SalesDesk.buyer, SalesDesk.basket, SalesDesk.draft
ERRORS = SalesDesk.errors
FORM, GIVE_UP = "venta", "descartar-borrador"
# What stands in the form when a button is pressed that does not submit it.
AS_TYPED = rx.Var(f"Object.fromEntries(new FormData(document.getElementById('{FORM}')))").to(dict)
# The last ten digits of whatever was copied; a browser that does not let us read leaves the field.
PASTE = in_browser("""const field = document.getElementById("phone");
  field?.focus();
  navigator.clipboard?.readText().then((said) => {
    field.value = said.replace(/[^0-9]/g, "").slice(-10);
    field.form.requestSubmit();
  }).catch(() => {})""")
WAYS = (("whatsapp", "WhatsApp"), ("email", "Correo electrónico"), ("web", "Solo en su panel"))


def buyer() -> rx.Component:
    return rx.cond(BUYER.phone, _found(), _ask())


def _ask() -> rx.Component:
    return rx.el.form(
        text_field(
            "Celular",
            "phone",
            error=ERRORS["phone"],
            type="tel",
            input_mode="tel",
            auto_complete="off",
            placeholder="55 1234 5678",
        ),
        rx.el.div(
            quiet_button("Pegar", icon_name="copy", on_click=PASTE),
            primary_button("Buscar cliente", type="submit", class_name="grow"),
            class_name="flex gap-3",
        ),
        on_submit=SalesDesk.find,
        no_validate=True,
        class_name="grid gap-3 max-w-md",
    )


def _found() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.p(
                rx.cond(BUYER.name, BUYER.name, "Sin nombre todavía"),
                class_name="text-lg font-semibold",
            ),
            rx.el.p(BUYER.phone, class_name="cu-num"),
            rx.el.p(BUYER.detail, class_name="cu-muted cu-small"),
            class_name="min-w-0 grow",
        ),
        rx.cond(
            DRAFT.number > 0,
            rx.fragment(),
            ghost_button("Cambiar", on_click=SalesDesk.begin, class_name="btn-sm"),
        ),
        rx.cond(
            BUYER.blocked,
            rx.el.div(
                alert("Este cliente está bloqueado: no se le puede vender.", tone="warning"),
                class_name="w-full",
            ),
        ),
        class_name="flex flex-wrap items-start gap-3",
    )


def shelf_of(one: ShelfView) -> rx.Component:
    return rx.el.section(
        rx.el.h3(
            service_tile(one.initials, tone=one.slug),
            one.name,
            class_name="flex items-center gap-3 text-lg font-semibold",
        ),
        rx.el.ul(rx.foreach(one.plans, lambda plan: _plan(one, plan)), class_name="cu-lines mt-1"),
        key=one.slug,
    )


def _plan(service: ShelfView, plan: PlanRow) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.p(plan.name, class_name="font-semibold"),
            rx.el.p(plan.price, class_name="cu-price"),
            class_name="min-w-0 grow",
        ),
        availability_badge(plan.available),
        quantity(
            plan.units,
            name=f"units-{plan.id}",
            label=f"Cantidad de {service.name} {plan.name}",
            minimum=0,
            maximum=plan.most,
            disabled=plan.most == 0,
            on_change=lambda units: SalesDesk.change(plan.id, units),
        ),
        key=plan.id,
        class_name="py-2 flex flex-wrap items-center gap-x-3 gap-y-1",
    )


def order() -> rx.Component:
    return rx.fragment(
        rx.cond(DRAFT.number > 0, _draft()),
        _basket(),
        rx.cond(
            DRAFT.number > 0,
            ghost_button(
                "Descartar borrador", on_click=open_dialog(GIVE_UP), class_name="text-error"
            ),
        ),
    )


def _draft() -> rx.Component:
    return rx.el.div(
        rx.el.p(BUYER.name, " · ", BUYER.phone, class_name="cu-num lg:hidden"),
        rx.el.p(
            DRAFT.said,
            " No aparta stock: los precios y lo disponible son los de este momento.",
            class_name="cu-muted cu-small",
        ),
        rx.cond(DRAFT.gone, alert(DRAFT.gone, tone="warning")),
        class_name="grid gap-3",
    )


def give_up() -> rx.Component:
    return confirm_dialog(
        GIVE_UP,
        "¿Descartar este borrador?",
        "El cliente no lo ha visto ni se entera. El pedido queda cancelado.",
        confirm="Sí, descartar",
        on_confirm=SalesDesk.give_up,
    )


def _basket() -> rx.Component:
    """Asked for only once there is somebody to sell to and something to sell."""
    return rx.cond(
        BASKET.total,
        rx.fragment(
            rx.el.ul(rx.foreach(BASKET.lines, _line), class_name="cu-lines cu-small cu-num"),
            rx.el.p(
                "Total",
                rx.el.span(BASKET.total, class_name="cu-price text-xl"),
                class_name="flex items-center justify-between gap-3 font-bold",
            ),
            rx.cond(
                BUYER.phone,
                _sell(),
                rx.el.p("Escribe el celular de quien compra.", class_name="cu-muted"),
            ),
        ),
        rx.el.p("Elige qué lleva y cuántos.", class_name="cu-muted"),
    )


def _line(said: rx.Var[str]) -> rx.Component:
    return rx.el.li(said, class_name="py-2")


def _sell() -> rx.Component:
    return rx.el.form(
        rx.cond(
            BUYER.name,
            rx.fragment(),
            text_field("Nombre", "name", error=ERRORS["name"], auto_complete="off", max_length=120),
        ),
        select_field(
            "Recibe sus avisos por",
            "delivery_preference",
            WAYS,
            error=ERRORS["delivery_preference"],
            default_value=BUYER.preference,
        ),
        rx.cond(DRAFT.number > 0, rx.fragment(), _payment()),
        primary_button(
            rx.cond(DRAFT.number > 0, "Enviar instrucciones", "Hacer el pedido"),
            type="submit",
            disabled=BUYER.blocked,
        ),
        quiet_button(
            "Guardar borrador",
            on_click=SalesDesk.keep(AS_TYPED).throttle(1500),
            disabled=BUYER.blocked,
        ),
        on_submit=SalesDesk.sell.throttle(1500),
        no_validate=True,
        custom_attrs={"id": FORM},
        key=f"{BUYER.phone}:{DRAFT.number}:{BUYER.preference}",
        class_name="cu-stack",
    )


def _payment() -> rx.Component:
    return rx.fragment(
        choices(
            "Pago",
            choice("Mandarle cómo pagar", name="how", value="ask", default_checked=True),
            choice("Ya pagó completo", name="how", value="paid"),
        ),
        text_field(
            "Referencia del pago",
            "reference",
            hint="Solo si ya pagó.",
            error=ERRORS["reference"],
            auto_complete="off",
            max_length=40,
        ),
    )
