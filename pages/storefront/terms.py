"""What both sides owe each other, said before anybody pays."""

import reflex as rx

from pages import routes
from pages.components.links import link
from pages.frames import shop_page
from pages.storefront.text_parts import bullets, own_text_or, paragraph, section
from state.session import Visitor


def terms() -> rx.Component:
    return shop_page(
        own_text_or(*_cuentys()),
        title="Términos y garantía",
        narrow=True,
    )


def _cuentys() -> list[rx.Component]:
    return [
        section(
            "Quién vende",
            paragraph(
                f"{Visitor.shop.seller}, en México. {Visitor.shop.name} vende acceso por "
                "tiempo a cuentas de servicios de streaming; no es Netflix, Disney+, HBO Max, "
                "Prime Video ni Spotify, ni actúa en su nombre."
            ),
        ),
        section(
            "Precio y pago",
            bullets(
                "Los precios están en pesos mexicanos (MXN), con impuestos incluidos. El total "
                "que confirmas es el total que pagas; no hay otros cargos.",
                rx.cond(
                    Visitor.shop.cards,
                    "Se paga por transferencia bancaria o con tarjeta en la página de Mercado "
                    "Pago, por el monto exacto y dentro del plazo que indica tu pedido.",
                    "Se paga por transferencia bancaria, por el monto exacto y dentro del plazo "
                    "que indica tu pedido.",
                ),
                "Es un pago único por el periodo elegido. No guardamos tarjetas y nada se renueva "
                "ni se cobra solo.",
            ),
        ),
        section(
            "Entrega",
            paragraph(
                "Apartamos tu lugar al hacer el pedido. Al confirmar tu pago te entregamos los "
                "accesos por el medio que elegiste, en menos de 2 horas; siempre están en «Mis "
                "cuentas». El periodo cuenta desde la entrega. Si algo de lo que pagaste se agota, "
                "te avisamos y decides: esperar o recuperar tu dinero."
            ),
        ),
        section(
            "Reglas de uso",
            bullets(
                "Un dispositivo a la vez por perfil.",
                "No cambies la contraseña, el correo, el PIN ni el nombre del perfil.",
                "Usa solo el perfil que te asignamos y no compartas tus accesos.",
                "El servicio es para usarse en México.",
                "Cada servicio puede tener condiciones propias: están en su página, en «Antes de "
                "comprar».",
            ),
        ),
        section(
            "Garantía",
            paragraph(
                "Cubre todo el periodo que pagaste. Si tu acceso deja de funcionar por algo ajeno "
                "a ti, lo reponemos sin costo; si no es posible, te devolvemos la parte del "
                "periodo que falte. No cubre fallas por incumplir las reglas de uso, ni las de tu "
                "conexión o tu aparato."
            ),
        ),
        section(
            "Cancelación y devoluciones",
            bullets(
                "Puedes cancelar sin costo cualquier pedido que no hayas pagado.",
                "Si ya pagaste y aún no te entregamos los accesos, puedes cancelar y recuperar "
                "todo tu dinero.",
                "Después de la entrega no hay devolución, salvo lo que cubre la garantía.",
                rx.cond(
                    Visitor.shop.cards,
                    "Las devoluciones se hacen por transferencia a la cuenta desde la que pagaste, "
                    "o a la tarjeta con la que pagaste, en un máximo de 5 días hábiles.",
                    "Las devoluciones se hacen por transferencia a la cuenta desde la que pagaste, "
                    "en un máximo de 5 días hábiles.",
                ),
            ),
        ),
        section(
            "Aclaraciones",
            paragraph(
                "Escríbenos con tu número de pedido desde la página de ",
                link("ayuda", to=routes.HELP),
                ". Conservas los derechos que te da la Ley Federal de Protección al Consumidor, y "
                "puedes acudir a la Procuraduría Federal del Consumidor (Profeco). El uso de tus "
                "datos se explica en el ",
                link("aviso de privacidad", to=routes.PRIVACY),
                ".",
            ),
        ),
    ]
