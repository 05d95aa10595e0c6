"""Entering with the phone: a number, then the code it receives."""

import reflex as rx

from pages import routes
from pages.components.browser import in_browser
from pages.components.buttons import ghost_button, quiet_button, submit_button
from pages.components.countdown import countdown
from pages.components.feedback import alert, error_region, status_region
from pages.components.forms import choice, choices, text_field
from pages.components.links import link, outside_link
from pages.frames import plain_page
from state.session import Visitor
from state.storefront.sign_in import SignIn

CHANNELS = (("whatsapp", "WhatsApp"), ("sms", "Mensaje de texto (SMS)"))

# Six digits are all there is to say, typed or filled in by the phone itself.
SEND_WHEN_COMPLETE = (
    'const code = document.getElementById("code");'
    'if (/^[0-9]{6}$/.test(code?.value ?? "")) code.form.requestSubmit()'
)


def sign_in() -> rx.Component:
    return plain_page(
        rx.cond(SignIn.sent, _code_step(), _phone_step()),
        title=rx.cond(SignIn.sent, "Escribe tu código", "Entra con tu celular"),
    )


def _phone_step() -> rx.Component:
    return rx.el.form(
        rx.el.p(
            "Te enviamos un código de 6 dígitos. Si es tu primera vez, con eso queda tu cuenta.",
            class_name="cu-muted",
        ),
        text_field(
            "Número de celular",
            "phone",
            prefix="+52",
            type="tel",
            input_mode="tel",
            auto_complete="tel",
            placeholder="55 1234 5678",
            default_value=SignIn.phone,
            error=SignIn.errors.get("phone", ""),
        ),
        choices(
            "¿Por dónde lo quieres?",
            *(
                choice(
                    rx.el.span(name, class_name="font-semibold"),
                    name="channel",
                    value=value,
                    default_checked=SignIn.channel == value,
                )
                for value, name in CHANNELS
            ),
        ),
        _refusal("phone"),
        submit_button("Enviar código"),
        rx.el.p(
            "Usamos tu número para identificarte y entregarte tus pedidos. ",
            link("Aviso de privacidad", to=routes.PRIVACY),
            ".",
            class_name="cu-muted cu-small",
        ),
        on_submit=SignIn.request,
        no_validate=True,
        class_name="cu-stack",
    )


def _code_step() -> rx.Component:
    by = rx.cond(SignIn.channel == "sms", "mensaje de texto", "WhatsApp")
    return rx.el.div(
        rx.el.p(
            "Lo enviamos por ",
            by,
            " al ",
            rx.el.strong(SignIn.shown_phone, class_name="cu-num whitespace-nowrap"),
            ". Vence en 10 minutos.",
            class_name="cu-muted",
        ),
        rx.cond(Visitor.demo, _where_in_the_demo()),
        status_region(SignIn.said),
        rx.el.form(
            text_field(
                "Código de 6 dígitos",
                "code",
                input_mode="numeric",
                auto_complete="one-time-code",
                max_length=6,
                auto_focus=True,
                key=SignIn.sent_at,
                on_change=in_browser(SEND_WHEN_COMPLETE),
                error=SignIn.errors.get("code", ""),
            ),
            _refusal("code"),
            submit_button("Entrar"),
            on_submit=SignIn.verify,
            no_validate=True,
            class_name="cu-stack",
        ),
        _again(),
        class_name="cu-stack",
    )


def _again() -> rx.Component:
    other, other_name = (
        rx.cond(SignIn.channel == "sms", "whatsapp", "sms"),
        rx.cond(SignIn.channel == "sms", "WhatsApp", "SMS"),
    )
    return rx.el.div(
        rx.cond(
            SignIn.waiting,
            rx.el.p(
                "¿No llegó? Podrás pedir otro en ",
                countdown(SignIn.resend_at, now=SignIn.sent_at, ended="", on_end=SignIn.waited),
                class_name="cu-muted min-h-12 grid place-items-center text-center",
            ),
            rx.el.div(
                quiet_button("Enviar otro código", on_click=SignIn.resend(SignIn.channel)),
                ghost_button(f"Enviar por {other_name}", on_click=SignIn.resend(other)),
                class_name="flex flex-wrap justify-center gap-2",
            ),
        ),
        ghost_button("Cambiar número", icon_name="edit", on_click=SignIn.change_phone),
        class_name="grid gap-2",
    )


def _refusal(field: str) -> rx.Component:
    """Said here unless it stands beside the field already."""
    return error_region(rx.cond(SignIn.errors.get(field, ""), "", SignIn.notice))


def _where_in_the_demo() -> rx.Component:
    return alert(
        "Esta es una demostración: no se envían mensajes. Tu código está en ",
        outside_link("Mensajes de la demo", href=routes.DEMO_MESSAGES),
        ".",
    )
