"""The contact page, for whoever has no account or cannot sign in."""

import reflex as rx

from pages import routes
from pages.components.buttons import submit_button
from pages.components.cards import card
from pages.components.feedback import alert, error_region
from pages.components.forms import text_area, text_field
from pages.components.icons import icon
from pages.components.links import button_link, link, outside_link
from pages.frames import shop_page
from state import views
from state.storefront.contact import ContactForm


def contact() -> rx.Component:
    return shop_page(
        rx.el.p(
            "¿Ya compraste aquí? En ",
            link("Soporte", to=routes.SUPPORT),
            " vemos tus pedidos y te respondemos más rápido.",
            class_name="cu-muted",
        ),
        rx.cond(ContactForm.said, _sent(), card(_form())),
        _chat(),
        title="Contacto",
        active=routes.CONTACT,
        narrow=True,
    )


def _form() -> rx.Component:
    errors = ContactForm.errors
    return rx.el.form(
        text_field("Tu nombre", "name", error=errors["name"], max_length=120, auto_complete="name"),
        text_field(
            "Correo o celular",
            "reach",
            hint="Por ahí te respondemos.",
            error=errors["reach"],
            max_length=254,
            auto_complete="email",
        ),
        text_field("Asunto", "subject", error=errors["subject"], max_length=120),
        text_area("Mensaje", "body", error=errors["body"], max_length=4000, rows=6),
        _trap(),
        error_region(rx.cond(errors, "", ContactForm.notice)),
        submit_button("Enviar mensaje"),
        rx.el.p(
            "Usamos estos datos solo para responderte. Lee el ",
            link("aviso de privacidad", to=routes.PRIVACY),
            ".",
            class_name="cu-muted cu-small",
        ),
        on_submit=ContactForm.send,
        no_validate=True,
        class_name="cu-stack",
    )


def _trap() -> rx.Component:
    """Machines fill every field; no person sees, reaches or hears this one."""
    return rx.el.div(
        rx.el.input(
            name="website",
            type="text",
            tab_index=-1,
            auto_complete="off",
            custom_attrs={"aria-label": "No llenes este campo"},
        ),
        class_name="absolute -left-[200vw] size-px overflow-hidden",
        custom_attrs={"aria-hidden": "true"},
    )


def _sent() -> rx.Component:
    return rx.el.div(
        rx.el.div(alert(ContactForm.said, tone="success"), role="status"),
        rx.el.div(button_link("Volver al inicio", to=routes.HOME, kind="quiet")),
        class_name="cu-stack",
    )


def _chat() -> rx.Component:
    number = views.support_whatsapp()
    if not number:
        return rx.fragment()
    return card(
        rx.el.p("Si prefieres, escríbenos por WhatsApp.", class_name="cu-muted"),
        outside_link(
            icon("chat"),
            "Abrir WhatsApp",
            href=f"https://wa.me/{number}",
            class_name="btn btn-outline justify-self-start",
        ),
    )
