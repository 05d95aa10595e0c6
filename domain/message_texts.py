"""The messages the shop comes with, and what their variables mean. Product copy, in one place.

A delivered credential is never in a message: it says where to see it. A text with a code carries no
link: who gets used to links follows a thief's.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Variable:
    """What a variable stands for, and what a preview puts in its place."""

    meaning: str
    sample: str


@dataclass(frozen=True, slots=True)
class Default:
    """`needed` are variables without which the message would be of no use."""

    title: str
    category: str
    subject: str
    body: str
    variables: tuple[str, ...]
    needed: tuple[str, ...] = ()


VARIABLES: dict[str, Variable] = {
    "shop": Variable("Nombre de la tienda", "Cuenty"),
    "name": Variable("Nombre del cliente", "Ana"),
    "code": Variable("Código de acceso", "012345"),
    "order": Variable("Número de pedido", "123"),
    "total": Variable("Lo que falta pagar", "$150.00 MXN"),
    "received": Variable("Lo que se recibió", "$50.00 MXN"),
    "service": Variable("Servicio", "Netflix"),
    "when": Variable("Cuándo termina", "termina mañana"),
    "payment": Variable("Datos para transferir", "BBVA Bancomer · CLABE 012345678901234567"),
    "link": Variable("Enlace a la tienda, de un solo uso", "https://mitienda.mx/m/Ab12…"),
    "access": Variable(
        "Usuario, contraseña, perfil y PIN, solo si el dueño permitió mandarlos", ""
    ),
    "ticket": Variable("Número de ticket", "45"),
    "subject": Variable("Asunto del ticket", "No abre mi perfil"),
    "reason": Variable("Por qué", "no se lee el monto"),
    "what": Variable("Qué pasó", "Queda poco de Netflix 1 mes"),
}

_COMMON = ("shop", "name")
_ENDS = (*_COMMON, "service", "when", "link")

DEFAULTS: dict[str, Default] = {
    "login_code": Default(
        "Código de acceso",
        "authentication",
        "",
        "{shop}: tu código es {code}. Vence en 10 minutos. No lo compartas con nadie.",
        ("shop", "code"),
        ("code",),
    ),
    "order_placed": Default(
        "Pedido recibido, con los datos para pagar",
        "utility",
        "Tu pedido #{order}: datos para pagar",
        "{shop}: recibimos tu pedido #{order}. Transfiere {total} a {payment}, concepto "
        "«Orden {order}». Síguelo en {link}",
        (*_COMMON, "order", "total", "payment", "link"),
        ("order", "total"),
    ),
    "payment_partial": Default(
        "Pago incompleto",
        "utility",
        "Tu pedido #{order}: falta una parte",
        "{shop}: recibimos {received} de tu pedido #{order}. Faltan {total}. {link}",
        (*_COMMON, "order", "received", "total", "link"),
        ("order", "total"),
    ),
    "payment_rejected": Default(
        "Comprobante rechazado",
        "utility",
        "Tu comprobante del pedido #{order}",
        "{shop}: no pudimos aceptar tu comprobante del pedido #{order}: {reason}. Míralo y envía "
        "otro en {link}",
        (*_COMMON, "order", "total", "reason", "link"),
        ("order", "reason"),
    ),
    "receipt_again": Default(
        "Hace falta otro comprobante",
        "utility",
        "Envíanos otro comprobante del pedido #{order}",
        "{shop}: necesitamos otro comprobante de tu pedido #{order}: {reason}. Envíalo en {link}",
        (*_COMMON, "order", "total", "reason", "link"),
        ("order", "reason"),
    ),
    "waiting_stock": Default(
        "Pago recibido, en espera de stock",
        "utility",
        "Recibimos tu pago del pedido #{order}",
        "{shop}: recibimos tu pago del pedido #{order}. Te avisamos en cuanto tus accesos estén "
        "listos. {link}",
        (*_COMMON, "order", "link"),
        ("order",),
    ),
    "delivered": Default(
        "Accesos listos",
        "utility",
        "Tus accesos del pedido #{order} están listos",
        "{shop}: recibimos tu pago y los accesos de tu pedido #{order} ya están listos. Míralos en "
        "{link}{access}",
        (*_COMMON, "order", "service", "link", "access"),
        ("order", "link"),
    ),
    "rotated": Default(
        "Cambiaron los datos de acceso",
        "utility",
        "Cambiaron tus datos de acceso de {service}",
        "{shop}: cambiaron los datos de acceso de tu suscripción de {service}. Míralos en "
        "{link}{access}",
        (*_COMMON, "service", "link", "access"),
        ("service", "link"),
    ),
    "replaced": Default(
        "Acceso nuevo por garantía",
        "utility",
        "Te dimos un acceso nuevo de {service}",
        "{shop}: te dimos un acceso nuevo de {service}; tu fecha de término no cambia. Míralo en "
        "{link}{access}",
        (*_COMMON, "service", "link", "access"),
        ("service", "link"),
    ),
    "reminder_5": Default(
        "Termina en unos días",
        "utility",
        "Tu suscripción de {service} {when}",
        "{shop}: tu suscripción de {service} {when}. Renueva y conserva tu perfil en {link}",
        _ENDS,
        ("service", "when"),
    ),
    "reminder_1": Default(
        "Termina mañana",
        "utility",
        "Tu suscripción de {service} {when}",
        "{shop}: tu suscripción de {service} {when}. Renueva y conserva tu perfil en {link}",
        _ENDS,
        ("service", "when"),
    ),
    "reminder_0": Default(
        "Termina hoy",
        "utility",
        "Tu suscripción de {service} {when}",
        "{shop}: tu suscripción de {service} {when}. Renueva y conserva tu perfil en {link}",
        _ENDS,
        ("service", "when"),
    ),
    "lapsed": Default(
        "Ya terminó, y se guarda unos días",
        "utility",
        "Tu suscripción de {service} terminó",
        "{shop}: tu suscripción de {service} {when}. Renueva y conserva tu perfil en {link}",
        _ENDS,
        ("service", "when"),
    ),
    "renewed": Default(
        "Suscripción renovada",
        "utility",
        "Renovamos tu suscripción de {service}",
        "{shop}: renovamos tu suscripción de {service}. {link}",
        (*_COMMON, "service", "link"),
        ("service",),
    ),
    "payment_due": Default(
        "Renovación por pagar",
        "utility",
        "Tu renovación de {service} está lista para pagar",
        "{shop}: tu renovación de {service} está lista para pagar: {total}. Mira cómo en {link}",
        (*_COMMON, "service", "order", "total", "link"),
        ("service", "total"),
    ),
    "back_in_stock": Default(
        "Ya hay otra vez",
        "marketing",
        "Ya hay {service}",
        "{shop}: ya hay {service}. Cómpralo antes de que se agote en {link}",
        (*_COMMON, "service", "link"),
        ("service", "link"),
    ),
    "ticket_reply": Default(
        "Respuesta a un ticket",
        "utility",
        "Respondimos tu ticket #{ticket}",
        "{shop}: respondimos tu ticket #{ticket}. Lee la respuesta en {link}",
        (*_COMMON, "ticket", "subject", "link"),
        ("link",),
    ),
    "staff_ticket": Default(
        "Para el equipo: un cliente espera respuesta",
        "utility",
        "Ticket #{ticket}: {subject}",
        "{shop}: {name} espera respuesta en el ticket #{ticket}: {subject}. {link}",
        (*_COMMON, "ticket", "subject", "link"),
        ("link",),
    ),
    "staff_contact": Default(
        "Para el equipo: mensaje de la página de contacto",
        "utility",
        "Mensaje nuevo de la página de contacto",
        "{shop}: alguien escribió en la página de contacto. {link}",
        ("shop", "link"),
        ("link",),
    ),
    "staff_order": Default(
        "Para el equipo: pedido nuevo",
        "utility",
        "Pedido nuevo #{order}",
        "{shop}: pedido nuevo #{order} por {total}. {link}",
        ("shop", "order", "total", "link"),
        ("order",),
    ),
    "staff_receipt": Default(
        "Para el equipo: comprobante por revisar",
        "utility",
        "Comprobante del pedido #{order}",
        "{shop}: llegó un comprobante del pedido #{order} por {total}. Revísalo en {link}",
        ("shop", "order", "total", "link"),
        ("order",),
    ),
    "staff_alert": Default(
        "Para el equipo: algo necesita atención",
        "utility",
        "{shop}: {what}",
        "{shop}: {what}. {link}",
        ("shop", "what", "link"),
        ("what",),
    ),
}

KINDS: dict[str, str] = {
    "reminder": "Recordatorio de vencimiento",
    "test": "Prueba",
    **{name: text.title for name, text in DEFAULTS.items()},
}

# What an operator sends to see that a channel works; nobody writes it anew.
TEST_MESSAGE = "{shop}: mensaje de prueba. Si lo lees, este canal funciona."
