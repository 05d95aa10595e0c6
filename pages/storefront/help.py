"""How to buy, how to pay, and what people ask. It needs no server to be read."""

import reflex as rx

from pages import routes
from pages.components.icons import icon
from pages.components.links import button_link, link, outside_link
from pages.frames import shop_page
from pages.storefront.text_parts import paragraph, question, section, steps
from state.session import Visitor


def help_page() -> rx.Component:
    return shop_page(
        section(
            "Cómo comprar",
            steps(
                "Elige un servicio y el plan que te convenga: 1, 3, 6 o 12 meses.",
                "Agrégalo a tu carrito y toca «Continuar».",
                "Entra con tu celular: te enviamos un código de 6 dígitos, sin contraseñas.",
                "Confirma tu pedido. Apartamos tu lugar mientras pagas.",
                "Transfiere, y recibe tus accesos por el medio que elegiste.",
            ),
        ),
        section(
            "Cómo pagar",
            steps(
                "Abre tu pedido: ahí están el banco, la CLABE, el titular y el monto.",
                "Transfiere el monto exacto desde la aplicación de tu banco.",
                "Escribe el número de tu pedido en el concepto y en la referencia.",
                "Envía tu comprobante desde la página del pedido o por WhatsApp.",
            ),
            paragraph("Al confirmar tu pago recibes tus accesos en menos de 2 horas."),
            rx.cond(
                Visitor.shop.cards,
                paragraph(
                    "También puedes tocar «Pagar con tarjeta» en tu pedido: pagas en la página de "
                    "Mercado Pago y tus accesos llegan en cuanto se apruebe."
                ),
            ),
        ),
        section("Preguntas frecuentes", rx.el.div(*_questions(), class_name="cu-lines")),
        section(
            "¿Necesitas algo más?",
            _contact(),
            rx.el.div(
                button_link("Abrir un ticket", to=routes.SUPPORT, kind="quiet", icon_name="chat"),
                button_link("Página de contacto", to=routes.CONTACT, kind="ghost"),
                class_name="flex flex-wrap gap-3",
            ),
        ),
        title="Ayuda",
        active=routes.HELP,
        narrow=True,
    )


def _questions() -> tuple[rx.Component, ...]:
    return (
        question(
            "¿Cuánto tiempo tengo para pagar?",
            "La hora límite aparece en tu pedido. Si vence, el lugar se libera y puedes volver a "
            "pedir. Si ya habías transferido, escríbenos: tu pago no se pierde.",
        ),
        question(
            "¿Qué recibo exactamente?",
            "El usuario y la contraseña de la cuenta y, si tu plan es de un perfil, el nombre del "
            "tuyo y su PIN. Siempre están también en «Mis cuentas».",
        ),
        question(
            "¿En cuántos aparatos puedo usarlo?",
            "En uno a la vez por perfil. Si necesitas más, agrega más perfiles a tu carrito.",
        ),
        question(
            "¿Puedo cambiar la contraseña o el perfil?",
            "No: otras personas usan la misma cuenta, y cambiarla anula la garantía.",
        ),
        question(
            "Mi acceso dejó de funcionar",
            "Abre ",
            link("Mis cuentas", to=routes.MY_ACCOUNTS),
            " y revisa que tus datos sean los más recientes. Si sigue fallando, repórtalo: lo "
            "reponemos sin costo durante todo tu periodo.",
        ),
        question(
            "No me llega el código",
            "Espera medio minuto y pide otro, o cambia entre SMS y WhatsApp. Revisa que el número "
            "tenga 10 dígitos y sea un celular de México.",
        ),
        question(
            "¿Cómo renuevo?",
            "Te avisamos antes de que termine tu periodo. Si renuevas a tiempo conservas el mismo "
            "perfil.",
        ),
        question(
            "¿Puedo cancelar?",
            "Sí, sin costo mientras no hayas pagado. Las demás reglas están en los ",
            link("términos y garantía", to=routes.TERMS),
            ".",
        ),
    )


def _contact() -> rx.Component:
    return rx.cond(
        Visitor.shop.whatsapp,
        rx.el.div(
            paragraph("Escríbenos con tu número de pedido a la mano."),
            outside_link(
                icon("chat"),
                "Abrir WhatsApp",
                href=f"https://wa.me/{Visitor.shop.whatsapp}",
                class_name="btn btn-primary mt-3",
            ),
        ),
        paragraph(
            "Abre un ticket y te respondemos ahí mismo. Si no puedes entrar, escríbenos en la "
            "página de contacto."
        ),
    )
