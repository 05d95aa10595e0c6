"""What the law and fairness ask to be said before somebody orders."""

import reflex as rx

from pages import routes
from pages.components.cards import card
from pages.components.forms import checkbox
from pages.components.icons import icon
from pages.components.links import link
from pages.storefront.delivery_parts import field_error
from state.session import Visitor
from state.storefront.checkout import Checkout, ServiceTerms

PROMISES = (
    (
        "Vendedor",
        (
            f"{Visitor.shop.seller}, en México. El total que ves es lo que pagas, con impuestos "
            "incluidos."
        ),
    ),
    (
        "Garantía",
        (
            "Cubre todo el periodo que pagaste: si tu acceso falla y no es por el uso, lo "
            "reponemos sin costo."
        ),
    ),
    (
        "Cancelación",
        (
            "Sin costo antes de pagar. Ya pagado, te devolvemos tu dinero mientras no te hayamos "
            "entregado los accesos."
        ),
    ),
)


def conditions() -> rx.Component:
    return card(
        rx.el.dl(
            *(
                rx.el.div(
                    rx.el.dt(name, class_name="font-bold"),
                    rx.el.dd(text, class_name="cu-muted"),
                    class_name="py-2",
                )
                for name, text in PROMISES
            ),
            class_name="cu-lines",
        ),
        rx.foreach(Checkout.terms, _terms),
        title="Antes de confirmar",
    )


def _terms(service: ServiceTerms) -> rx.Component:
    return rx.el.details(
        rx.el.summary(
            f"Condiciones de {service.name}",
            icon("right", "ml-auto transition-transform group-open:rotate-90"),
            class_name="flex items-center gap-2 min-h-11 font-semibold",
        ),
        rx.el.ul(
            rx.foreach(service.lines, rx.el.li),
            class_name="grid gap-1 pl-5 pb-2 list-disc cu-muted",
        ),
        class_name="group border-t border-base-300 pt-2",
    )


def agreement() -> rx.Component:
    return rx.el.div(
        checkbox(
            "Acepto los ",
            link("términos y la garantía", to=routes.TERMS),
            ".",
            name="terms",
            id="terms",
            custom_attrs={
                "aria-describedby": "terms-error",
                "aria-invalid": rx.cond(Checkout.errors.get("terms", ""), "true", "false"),
            },
        ),
        rx.el.div(
            field_error(Checkout.errors.get("terms", "")), custom_attrs={"id": "terms-error"}
        ),
        rx.el.p(
            "Usamos tu teléfono, nombre y correo solo para tu pedido, su entrega y su garantía. ",
            link("Aviso de privacidad", to=routes.PRIVACY),
            ".",
            class_name="cu-muted cu-small",
        ),
        class_name="grid gap-1",
    )
