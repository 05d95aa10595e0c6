"""All texts of the shop's messages, by what they are for, and whether they carry the password."""

import reflex as rx

from pages import routes
from pages.components.badges import badge
from pages.components.buttons import quiet_button
from pages.components.cards import card
from pages.components.dialog import confirm_dialog, open_dialog
from pages.components.feedback import error_region, skeleton_cards, toast, until_ready
from pages.components.icons import icon
from pages.components.links import link
from pages.frames import admin_page
from state.admin.templates import MessageTemplates, TemplateGroup, TemplateLine
from state.session import Visitor

TURN_ON = "send-credentials"


def templates() -> rx.Component:
    return admin_page(
        rx.el.p(
            "Lo que dice la tienda en cada momento. Lo que guardes vale para los mensajes que se "
            "escriban desde entonces.",
            class_name="cu-muted max-w-prose",
        ),
        rx.cond(
            MessageTemplates.groups,
            rx.el.div(
                error_region(MessageTemplates.notice),
                rx.foreach(MessageTemplates.groups, _group),
                _credentials(),
                class_name="cu-stack",
            ),
            until_ready(
                MessageTemplates.notice,
                on_retry=MessageTemplates.load,
                waiting=skeleton_cards(3),
            ),
        ),
        toast(MessageTemplates.said, times=MessageTemplates.said_times),
        title="Plantillas",
        active=routes.ADMIN_MESSAGES,
        back=("Mensajes", routes.ADMIN_MESSAGES),
    )


def _group(group: TemplateGroup) -> rx.Component:
    return rx.el.section(
        rx.el.h2(group.title, class_name="text-xl"),
        rx.el.p(group.detail, class_name="cu-muted cu-small"),
        rx.el.ul(rx.foreach(group.lines, _line), class_name="mt-2 -mx-2 divide-y divide-base-300"),
        key=group.name,
        class_name="cu-card",
    )


def _line(one: TemplateLine) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.div(
                rx.el.p(
                    rx.el.span(one.title, class_name="font-semibold"),
                    rx.cond(one.approved, badge("Aprobada en WhatsApp", tone="success")),
                    class_name="flex flex-wrap items-center gap-x-3 gap-y-1",
                ),
                rx.el.p(one.body, class_name="cu-small line-clamp-2 mt-0.5"),
                rx.el.p(one.written, class_name="cu-muted cu-small cu-num mt-0.5"),
                class_name="min-w-0 grow",
            ),
            icon("right", "cu-muted flex-none"),
            to=routes.admin_template(one.name),
            class_name="flex items-center gap-3 px-2 py-3 rounded-field hover:bg-base-200",
        ),
        key=one.name,
    )


def _credentials() -> rx.Component:
    """The risk is said before it can be turned on."""
    on = MessageTemplates.credentials
    return card(
        rx.el.p(
            "Los mensajes llevan el número de pedido y un enlace que pide iniciar sesión. Si lo "
            "enciendes, «Accesos listos», «Cambiaron los datos» y «Acceso nuevo» llevan además "
            "usuario, contraseña, perfil y PIN, donde pongas {access}.",
            class_name="cu-muted",
        ),
        rx.cond(
            Visitor.is_owner,
            rx.cond(
                on,
                quiet_button(
                    "Dejar de mandarlos",
                    on_click=MessageTemplates.send_credentials(False),
                    class_name="justify-self-start",
                ),
                quiet_button(
                    "Mandarlos dentro del mensaje",
                    on_click=open_dialog(TURN_ON),
                    class_name="justify-self-start",
                ),
            ),
            rx.el.p("Solo el dueño puede cambiarlo.", class_name="cu-small"),
        ),
        confirm_dialog(
            TURN_ON,
            "¿Mandar la contraseña dentro del mensaje?",
            rx.el.p(
                "Quien vea el celular o el correo del cliente, quien reciba el mensaje reenviado "
                "y la empresa que lo transporta podrán leerla. El mensaje se queda ahí aunque "
                "después cambies la contraseña."
            ),
            rx.el.p(
                "Sin esto, cada quien la ve en su panel después de iniciar sesión.",
                class_name="mt-2",
            ),
            confirm="Sí, mandarla",
            on_confirm=MessageTemplates.send_credentials(True),
            dismiss="No, dejarla fuera",
        ),
        title="Usuario y contraseña dentro del mensaje",
        aside=rx.cond(on, badge("Encendido", tone="warning"), badge("Apagado")),
    )
