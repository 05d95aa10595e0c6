"""The simplified privacy notice of Mexican law: who, which data, what for, and one's rights."""

import reflex as rx

from pages import routes
from pages.components.links import link
from pages.frames import shop_page
from pages.storefront.text_parts import bullets, own_text_or, paragraph, section
from state.session import Visitor


def privacy() -> rx.Component:
    return shop_page(
        own_text_or(*_cuentys()),
        title="Aviso de privacidad",
        narrow=True,
    )


def _cuentys() -> list[rx.Component]:
    return [
        section(
            "Quién cuida tus datos",
            paragraph(
                f"{Visitor.shop.seller} es responsable de los datos personales que nos das al usar "
                f"{Visitor.shop.name}, conforme a la Ley Federal de Protección de Datos "
                "Personales en Posesión de los Particulares."
            ),
        ),
        section(
            "Qué datos usamos",
            bullets(
                "Tu número de celular, con el que entras.",
                "Tu nombre y tu correo, si quieres dárnoslos.",
                "Tus pedidos, tus pagos y los comprobantes que envías.",
                "Datos técnicos para tu seguridad: sesiones abiertas, intentos de entrada y una "
                "huella de tu dirección de internet que no permite conocerla.",
            ),
            paragraph("No pedimos datos sensibles ni guardamos tarjetas."),
        ),
        section(
            "Para qué los usamos",
            bullets(
                "Identificarte y mantener abierta tu sesión.",
                "Preparar, cobrar y entregar tus pedidos.",
                "Avisarte de pagos, entregas, vencimientos y cambios de contraseña.",
                "Atender la garantía y tus aclaraciones.",
                "Prevenir fraudes y cumplir obligaciones fiscales.",
            ),
            paragraph(
                "No los usamos para publicidad y no los vendemos. Los compartimos solo con quienes "
                "transmiten los mensajes que te enviamos, y con autoridades cuando la ley obliga."
            ),
            rx.cond(
                Visitor.shop.cards,
                paragraph(
                    "Si pagas con tarjeta, lo haces en la página de Mercado Pago: de nosotros "
                    "recibe solo el número y el monto de tu pedido, y tu tarjeta no la vemos."
                ),
            ),
        ),
        section(
            "Cookies",
            paragraph(
                "Usamos solo las necesarias: una recuerda tu carrito y otra, tu sesión. Ninguna "
                "te sigue a otros sitios."
            ),
        ),
        section(
            "Tus derechos",
            paragraph(
                "Puedes acceder a tus datos, rectificarlos, cancelarlos u oponerte a su uso "
                "(derechos ARCO), y retirar tu consentimiento. Tu nombre, correo y forma de "
                "entrega los cambias en ",
                link("tu perfil", to=routes.PROFILE),
                ".",
            ),
            paragraph(
                "Para descargar una copia de tus datos o borrarlos, entra a ",
                link("tu perfil", to=routes.PROFILE),
                ". Respondemos en un máximo de 20 días hábiles. Al borrar conservamos solo lo que "
                "exigen las leyes fiscales.",
            ),
        ),
        section(
            "Cambios a este aviso",
            paragraph("Si cambia, lo verás en esta página antes de que se aplique."),
        ),
    ]
