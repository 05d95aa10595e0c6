"""Why a message did not arrive, for who runs the shop. Product copy, in one place."""

from __future__ import annotations

from types import MappingProxyType

FAILURES = MappingProxyType(
    {
        "": "",
        # ours
        "expired": "Pasó demasiado tiempo sin poder mandarlo.",
        "code_expired": "El código venció antes de poder mandarlo.",
        "interrupted": "El envío se interrumpió varias veces.",
        "not_needed": "Ya no hacía falta.",
        "sealed_text": "Su texto no se puede abrir con las llaves de esta tienda.",
        "no_provider": "Ese canal todavía no está configurado.",
        "no_sender": "Falta configurar el número desde el que se manda.",
        "bad_letter": "La dirección no es válida para ese canal.",
        # any provider's
        "timeout": "El proveedor no respondió a tiempo.",
        "unreachable": "No se pudo conectar con el proveedor.",
        "unclear": "El proveedor respondió algo que no se entiende.",
        "busy": "El proveedor pidió esperar.",
        # the mail server's
        "smtp_sender": "El servidor de correo no acepta la dirección del remitente.",
        "smtp_tls": "El certificado del servidor de correo no es de fiar.",
        "smtp_unsupported": "El servidor de correo no admite la seguridad o el acceso elegidos.",
        "smtp_535": "El servidor de correo rechazó el usuario o la contraseña.",
        "smtp_550": "Ese buzón no existe o no acepta correos de la tienda.",
        "smtp_552": "El buzón del cliente está lleno.",
        # Twilio's
        "twilio_401": "Twilio rechazó las claves de la cuenta.",
        "twilio_20003": "Twilio rechazó las claves de la cuenta.",
        "twilio_20005": "La cuenta de Twilio no está activa.",
        "twilio_20404": "La cuenta de Twilio no existe con esas claves.",
        "twilio_20429": "Twilio pidió esperar: van demasiados mensajes seguidos.",
        "twilio_21211": "El número del cliente no existe.",
        "twilio_21408": "La cuenta de Twilio no tiene permiso de mandar a ese país.",
        "twilio_21606": "El número de la tienda en Twilio no puede mandar mensajes.",
        "twilio_21608": "La cuenta de prueba de Twilio solo manda a números verificados.",
        "twilio_21610": "El cliente pidió no recibir mensajes de este número.",
        "twilio_21611": "La cola de Twilio está llena.",
        "twilio_21614": "El número del cliente no es de un celular.",
        "twilio_30001": "La cola de Twilio está llena.",
        "twilio_30002": "La cuenta de Twilio está suspendida.",
        "twilio_30003": "El teléfono está apagado o sin señal.",
        "twilio_30004": "El teléfono tiene bloqueados estos mensajes.",
        "twilio_30005": "El número del cliente no existe.",
        "twilio_30006": "Es un teléfono fijo o la operadora no lo alcanza.",
        "twilio_30007": "La operadora lo tomó por publicidad no deseada.",
        "twilio_30008": "La operadora no dijo por qué no llegó.",
        "twilio_63003": "WhatsApp no conoce ese número.",
        "twilio_63016": "WhatsApp pide una plantilla aprobada: el cliente no escribió en 24 horas.",
        "twilio_63018": "WhatsApp pidió esperar: van demasiados mensajes seguidos.",
        "twilio_63024": "WhatsApp no conoce ese número.",
        "twilio_undelivered": "No llegó, y la operadora no dijo por qué.",
    }
)
PROVIDERS = MappingProxyType({"twilio": "Twilio", "smtp": "El servidor de correo"})


def failure_sentence(code: str) -> str:
    """One reason in words. A provider's code nobody has put into words is named as it is."""
    if code in FAILURES:
        return FAILURES[code]
    name, _, number = code.partition("_")
    if name in PROVIDERS and number.isdecimal():
        return f"{PROVIDERS[name]} no lo aceptó (código {number})."
    return "No se pudo mandar."
