"""What the shop says, in Spanish: refusals, timeline sentences and names of states.

One catalogue, because these sentences are product copy. Codes are stable, texts may change.
"""

from __future__ import annotations

REFUSALS: dict[str, str] = {
    "not_found": "No encontramos lo que buscas.",
    "forbidden": "Tu cuenta no tiene permiso para hacer esto.",
    "unauthenticated": "Inicia sesión para continuar.",
    "invalid_input": "Revisa los datos marcados.",
    "unavailable": "Tuvimos un problema de nuestro lado. Intenta de nuevo en un momento.",
    "value_required": "Este dato es necesario.",
    "value_invalid": "Este dato no es válido.",
    "field_unknown": "Este campo no existe.",
    "other_origin": "Esta acción solo puede hacerse desde la tienda.",
    "body_large": "El archivo o el mensaje es demasiado grande.",
    "text_long": "El texto es demasiado largo.",
    # sign-in
    "phone_invalid": "Escribe un número de celular de 10 dígitos.",
    "phone_country": "Por ahora solo atendemos celulares de México.",
    "code_wrong": "El código no es correcto. Te quedan {left} intentos.",
    "code_wrong_once": "El código no es correcto. Te queda 1 intento.",
    "code_format": "Escribe los 6 dígitos del código.",
    "code_spent": "El código ya no es válido. Pide uno nuevo.",
    "code_resend": "Espera {seconds} segundos para pedir otro código.",
    "code_limit": "Pediste demasiados códigos. Intenta más tarde.",
    "code_budget": "No podemos enviar códigos en este momento. Intenta más tarde.",
    "phone_locked": "Por seguridad bloqueamos el acceso a este número. Escríbenos para ayudarte.",
    "signin_paused": "Por seguridad pausamos el acceso unos minutos. Intenta más tarde.",
    "ticket_spent": "El enlace de acceso ya se usó o venció. Inicia sesión de nuevo.",
    "login_wrong": "El usuario o la contraseña no son correctos.",
    "login_limit": "Demasiados intentos. Espera unos minutos.",
    "password_short": "La contraseña debe tener al menos 15 caracteres.",
    "password_long": "La contraseña puede tener hasta 256 caracteres.",
    "password_common": "Esa contraseña es muy conocida. Elige otra.",
    "username_invalid": "Usa de 3 a 60 letras minúsculas, números, puntos o guiones.",
    "username_taken": "Ese usuario ya existe.",
    "customer_blocked": "Tu cuenta está suspendida. Escríbenos para ayudarte.",
    # profile
    "name_long": "El nombre puede tener hasta 120 letras.",
    "email_invalid": "Escribe un correo válido, por ejemplo ana@correo.mx.",
    "email_required": "Escribe tu correo para recibir tus accesos ahí.",
    "preference_invalid": "Elige cómo quieres recibir tus accesos.",
    # cart and orders
    "quantity_invalid": "La cantidad va de 1 a 10.",
    "plan_inactive": "Este plan ya no está a la venta.",
    "cart_empty": "Tu carrito está vacío.",
    "cart_changed": "Algo en tu carrito cambió. Revísalo antes de continuar.",
    "terms_required": "Acepta los términos para continuar.",
    "out_of_stock": "Se agotó: {plans}. Ajusta tu carrito para continuar.",
    "unpaid_limit": "Ya tienes {limit} pedidos sin pagar. Paga o cancela uno para hacer otro.",
    "no_instructions": "La tienda aún no puede recibir pagos. Escríbenos para ayudarte.",
    "order_state": "El pedido está {status} y eso ya no se puede hacer.",
    "reason_required": "Escribe el motivo.",
    # payments
    "amount_invalid": "Escribe un monto mayor a cero, con hasta dos decimales.",
    "date_invalid": "Escribe la fecha del pago, no posterior a hoy.",
    "reference_long": "La referencia puede tener hasta 40 caracteres.",
    "tracking_used": "Esa clave de rastreo ya se usó en el pedido #{order}.",
    "tracking_long": "La clave de rastreo puede tener hasta 30 caracteres.",
    "login_taken": "Ya hay una cuenta de ese servicio con el mismo usuario.",
    "account_incomplete": "Escribe usuario, contraseña y al menos un perfil.",
    "access_ended": "Esta suscripción ya terminó.",
}

# A text message with a code carries no link: who gets used to links follows a thief's.
LOGIN_CODE_MESSAGE = "{shop}: tu código es {code}. Vence en 10 minutos. No lo compartas con nadie."

ORDER_STATES: dict[str, str] = {
    "pending": "en preparación",
    "pending_payment": "pendiente de pago",
    "paid": "pagado",
    "processing": "en proceso",
    "delivered": "entregado",
    "cancelled": "cancelado",
}

TIMELINE: dict[str, str] = {
    "placed": "Pedido realizado",
    "payment_confirmed": "Pago confirmado por {amount}",
    "payment_partial": "Pago parcial de {amount}; faltan {missing}",
    "payment_duplicate": "Otro pago de {amount} registrado después de pagado",
    "payment_late": "Pago de {amount} recibido después del vencimiento",
    "revived": "Pedido reactivado por pago recibido",
    "assigned": "Accesos asignados: {units}",
    "waiting_stock": "En espera de stock: {plans}",
    "delivered": "Accesos entregados",
    "cancelled": "Pedido cancelado: {reason}",
    "expired": "El tiempo para pagar terminó",
}
