"""What is said of a statement's lines: their results, and what speaks for or against an order."""

from __future__ import annotations

RESULTS: dict[str, str] = {
    "ambiguous": "Por revisar",
    "no_match": "Sin pedido",
    "matched": "Coincide",
    "partial": "Parcial",
    "over": "De más",
    "late": "Tarde",
    "duplicate": "Repetido",
    "recorded": "Ya registrado",
    "ignored": "Ignorado",
}
# The same as the names of tabs.
MANY_RESULTS = RESULTS | {
    "matched": "Coinciden",
    "partial": "Parciales",
    "duplicate": "Repetidos",
    "recorded": "Ya registrados",
    "ignored": "Ignorados",
}

# What speaks for an order.
FOR: dict[str, str] = {
    "reference": "su referencia",
    "reference_mended": "una referencia parecida",
    "number": "su número",
    "number_mended": "un número parecido",
    "bare_number": "un número suelto",
    "receipt": "la clave de rastreo que dio el cliente",
    "tracking_key": "su clave de rastreo",
    "amount": "el monto exacto",
    "payer": "quien ya pagó por este cliente",
    "name": "el nombre del cliente",
    "on_record": "un pago ya registrado",
}

# Why nobody is sure.
AGAINST: dict[str, str] = {
    "amount_only": "Solo el monto coincide.",
    "several_named": "Nombra más de un pedido.",
    "before_order": "Es de antes del pedido.",
    "other_order_fits": "Otro pedido espera justo este monto.",
    "near_number_fits": "Un pedido de número parecido espera justo este monto.",
    "mended_other_amount": "El número no está claro y el monto no es el exacto.",
    "much_more": "Es mucho más de lo que falta.",
    "late_unsure": "El pedido ya se canceló y el pago no es el exacto.",
    "paid_already": "El pedido ya estaba pagado.",
    "in_other_statement": "Parece un movimiento que ya trajo otro archivo.",
    "draft": "El pedido es un borrador.",
    "key_other_amount": "Su clave de rastreo ya está registrada con otro monto.",
    "unknown_order": "Nombra un pedido que no existe.",
    "changed": "El pedido cambió después de leer el archivo.",
    "tracking_used": "Su clave de rastreo ya está en otro pago.",
    "payment_known": "Ese pago ya está registrado con otro monto.",
    "charge": "Es un cargo.",
    "no_sale": "No es una venta: intereses, comisiones o traspasos.",
    "by_hand": "Se ignoró a mano.",
}
REFUSED = "El pedido no admitió el pago."
