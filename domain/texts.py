"""What the shop says, in Spanish: refusals, timeline sentences and names of states.

One catalogue, because these sentences are product copy. Codes are stable, texts may change.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from infra.clock import today
from infra.settings import settings

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
    # programs
    "bad_request": "La petición no se puede leer.",
    "method_not_allowed": "Esta dirección no acepta ese método.",
    "unsupported_media_type": "Envía los datos como application/json.",
    "too_many_requests": "Demasiadas peticiones. Espera un momento.",
    "too_large": "El archivo o el mensaje es demasiado grande.",
    "cursor_invalid": "Usa el next_cursor de la página anterior, tal como vino.",
    "idempotency_running": "Una petición con esta llave sigue en curso.",
    "idempotency_reused": "Esta llave ya se usó con otros datos.",
    "scope_missing": "Esta llave no tiene el permiso {scope}.",
    "stock_missing": "Todavía falta stock para entregar este pedido.",
    "key_days_invalid": "Elige de 1 a 366 días.",
    "scopes_invalid": "Elige al menos un permiso de la lista.",
    "webhook_url_invalid": "Escribe una dirección completa, como https://mi-programa.mx/avisos.",
    "webhook_url_https": "La dirección debe empezar con https://.",
    "webhook_events_invalid": "Elige al menos un aviso de la lista.",
    "webhooks_limit": "Ya tienes {limit} integraciones. Borra una para agregar otra.",
    "webhook_inactive": "Esta integración está apagada. Enciéndela primero.",
    "name_required": "Escribe un nombre de hasta 80 letras.",
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
    "password_wrong": "La contraseña no es correcta.",
    "login_limit": "Demasiados intentos. Espera unos minutos.",
    "password_short": "La contraseña debe tener al menos 15 caracteres.",
    "password_long": "La contraseña puede tener hasta 256 caracteres.",
    "password_common": "Esa contraseña es muy conocida. Elige otra.",
    "username_invalid": "Usa de 3 a 60 letras minúsculas, números, puntos o guiones.",
    "username_taken": "Ese usuario ya existe.",
    "totp_needed": "Escribe también el código de tu autenticador.",
    "totp_wrong": "El código no es correcto, o ya se usó. Espera el siguiente.",
    "totp_locked": "Demasiados códigos equivocados. Usa un código de recuperación.",
    "totp_on": "La verificación en dos pasos ya está activa.",
    "totp_not_begun": "La verificación en dos pasos no está activa.",
    "invitation_spent": "Esta invitación ya se usó o venció. Pide otra al dueño de la tienda.",
    "staff_disabled": "Esta persona está desactivada. Actívala antes de invitarla.",
    "last_owner": "La tienda necesita al menos un dueño que pueda entrar.",
    "owner_unknown": "No hay ningún dueño con ese usuario.",
    "customer_blocked": "Tu cuenta está suspendida. Escríbenos para ayudarte.",
    # profile
    "name_long": "El nombre puede tener hasta 120 letras.",
    "email_invalid": "Escribe un correo válido, por ejemplo ana@correo.mx.",
    "email_required": "Escribe tu correo para recibir tus accesos ahí.",
    "preference_invalid": "Elige cómo quieres recibir tus accesos.",
    # customers
    "buyer_blocked": "Esta cuenta está bloqueada y no puede comprar.",
    "phone_taken": "Ese celular ya es de otro cliente. Si es la misma persona, une los dos.",
    "phone_unknown": "Ningún cliente tiene ese celular.",
    "phone_same": "Es el celular que ya tiene.",
    "customer_erased": "Los datos de este cliente ya se borraron.",
    "merge_same": "Es el mismo cliente. Elige otro.",
    "merge_unpaid": "Entre los dos tienen {count} pedidos sin pagar, y se permiten {limit}. "
    "Cobra o cancela alguno antes.",
    "merge_blocked": "Solo uno de los dos está bloqueado. Bloquea o desbloquea antes.",
    "merge_erasure": "Uno de los dos pidió borrar sus datos. Atiende eso antes.",
    "merge_changed": "Algo de estos clientes cambió mientras tanto. Mira otra vez lo que se une.",
    "erase_confirm": "Escribe los últimos 4 dígitos de su celular.",
    "erase_live": "Tiene suscripciones vivas. Espera a que terminen o marca que se terminen ya.",
    "erase_waiting": "Tiene pedidos pagados sin entregar. Entrégalos o cancélalos antes.",
    # cart and orders
    "quantity_invalid": "La cantidad va de 1 a 10.",
    "plan_inactive": "Este plan ya no está a la venta.",
    "in_stock": "Este plan ya está disponible: agrégalo a tu carrito.",
    "threshold_invalid": "Escribe un número de 0 a 99.",
    "cart_empty": "Tu carrito está vacío.",
    "cart_changed": "Algo en tu carrito cambió. Revísalo antes de continuar.",
    "terms_required": "Acepta los términos para continuar.",
    "out_of_stock": "Se agotó: {plans}. Ajusta tu carrito para continuar.",
    "unpaid_limit": "Ya tienes {limit} pedidos sin pagar. Paga o cancela uno para hacer otro.",
    "no_instructions": "La tienda aún no puede recibir pagos. Escríbenos para ayudarte.",
    "order_state": "El pedido está {status} y eso ya no se puede hacer.",
    "reason_required": "Escribe el motivo.",
    # the staff's work on orders
    "order_changed": "El pedido cambió mientras tanto: ahora está {status}. Revísalo antes de "
    "seguir.",
    "order_moved": "El pedido está {status} y eso ya no se puede hacer. Lo último: {last}.",
    "payment_known": "Ese pago ya está registrado en este pedido por {amount}. Si es otro, escribe "
    "su propia referencia o clave de rastreo.",
    "payment_since": "Alguien registró un pago mientras tanto. Revisa si es este mismo antes de "
    "registrarlo.",
    "hold_ended": "Su apartado ya terminó.",
    "hold_already": "Su apartado ya dura eso o más.",
    "hold_day": "Elige un día de hoy a 30 días.",
    "amount_changed": "Lo que falta pagar cambió mientras tanto. Mira el pedido otra vez.",
    "payment_reminded": "Ya le recordamos hoy este pago.",
    "panel_only": "Este cliente solo recibe avisos en su panel.",
    "nothing_waits": "Nada de este pedido espera stock.",
    "still_no_stock": "Todavía no hay stock para este pedido.",
    "line_served": "Este artículo ya se entregó o ya no espera stock.",
    "profile_taken": "Lo que elegiste ya no está libre. Elige otra vez.",
    "choose_units": "Elige {wanted}.",
    "notes_changed": "Alguien cambió las notas mientras escribías. Copia tu texto, ábrelas otra "
    "vez y vuelve a guardar.",
    "sale_empty": "Agrega al menos un plan.",
    "sale_changed": "Un precio o un plan cambió. Revisa los artículos y el total.",
    "sale_short": "Ya no alcanza el stock: {plans}.",
    "sale_unpaid_limit": "Este cliente ya tiene {limit} pedidos sin pagar. Confirma o cancela uno.",
    "draft_changed": "Alguien cambió este borrador mientras lo tenías abierto. Así quedó: haz tus "
    "cambios otra vez.",
    # payments
    "amount_invalid": "Escribe un monto mayor a cero, con hasta dos decimales.",
    "date_invalid": "Escribe la fecha del pago, no posterior a hoy.",
    "reference_long": "La referencia puede tener hasta 40 caracteres.",
    "tracking_used": "Esa clave de rastreo ya se usó en el pedido #{order}.",
    "tracking_long": "La clave de rastreo puede tener hasta 30 caracteres.",
    # money that goes elsewhere
    "money_moved": "El dinero de este pedido cambió mientras tanto. Míralo otra vez.",
    "money_missing": "Lo recibido no alcanza para reactivar este pedido.",
    "card_unavailable": "El pago con tarjeta no está disponible ahora. Intenta en unos minutos o "
    "paga por transferencia: tu pedido sigue apartado.",
    "card_under_way": "Ya hay un pago con tarjeta en revisión para este pedido. En cuanto se "
    "confirme, esta página cambia sola.",
    "card_refund_much": "Es más de lo que se puede devolver a una de sus tarjetas.",
    "refund_waits": "Hay una devolución a su tarjeta en camino. Espera a que termine.",
    "refund_settled": "Esa devolución ya se resolvió.",
    "refund_much": "Es más de lo que le queda a este pedido.",
    "refund_known": "Con esa referencia ya hay una devolución por otro monto.",
    "refund_reference": "Escribe la referencia de la devolución, de hasta 40 caracteres.",
    "credit_much": "Es más de lo que tiene a favor.",
    "credit_most": "De este pedido puedes pagar hasta {most} con tu saldo.",
    "credit_short": "Tu saldo a favor cambió. Revisa cuánto quieres usar.",
    "coupon_unknown": "Ese cupón no existe o ya no está activo.",
    "coupon_early": "Ese cupón todavía no empieza.",
    "coupon_over": "Ese cupón ya venció.",
    "coupon_spent": "Ese cupón ya se agotó.",
    "coupon_used": "Ya usaste ese cupón.",
    "coupon_other_plans": "Ese cupón no es para lo que llevas.",
    "coupon_gone": "Su cupón ya se agotó: pasa el dinero a saldo a favor o devuélvelo.",
    "coupon_code": "Usa de 3 a 20 letras, números o guiones.",
    "coupon_taken": "Ya hay un cupón con ese código.",
    "coupon_percent": "Escribe un porcentaje de 1 a 100.",
    "coupon_limit": "Escribe un número mayor a cero, o déjalo vacío.",
    "coupon_dates": "Termina antes de empezar.",
    "erase_credit": "Tiene saldo a favor. Devuélveselo antes de borrar sus datos.",
    # receipts
    "tracking_invalid": "La clave de rastreo lleva solo letras y números, hasta 30.",
    "receipt_empty": "Envía una foto o un PDF de tu comprobante, o escribe la clave de rastreo.",
    "receipt_bank": "Escribe desde qué banco transferiste.",
    "receipt_unreadable": "No pudimos leer este archivo. Envía una foto (JPG, PNG, WebP o HEIC) "
    "o un PDF.",
    "receipt_large": "Esta imagen es demasiado grande. Envía una captura de pantalla o una foto "
    "más ligera.",
    "receipt_heavy": "El archivo pesa más de 8 MB. Envía una captura de pantalla o una foto más "
    "ligera.",
    "receipt_locked": "Este PDF tiene contraseña. Envía una captura de pantalla.",
    "receipt_order": "Este pedido ya no espera un comprobante: está {status}.",
    "receipt_limit": "Ya enviaste {limit} comprobantes de este pedido. Escríbenos para ayudarte.",
    "receipt_day_limit": "Enviaste muchos comprobantes hoy. Escríbenos para ayudarte.",
    "receipt_reviewed": "Mientras tanto {who} lo revisó: {what}.",
    "login_taken": "Ya hay una cuenta de ese servicio con el mismo usuario.",
    "account_incomplete": "Escribe usuario, contraseña y al menos un perfil.",
    # import and export of stock
    "import_large": "El archivo es demasiado grande: puede tener hasta 5 MB.",
    "import_many": "El archivo tiene más de 10,000 filas. Divídelo e impórtalo por partes.",
    "import_empty": "No encontramos filas en el archivo.",
    "import_unreadable": "No pudimos leer el archivo. Guárdalo como CSV o XLSX y súbelo otra vez.",
    "import_old_excel": "Es un Excel antiguo (.xls). Guárdalo como .xlsx o CSV y súbelo de nuevo.",
    "import_mapping": "Indica qué columna es el usuario y cuál la contraseña.",
    "import_service": "Elige el servicio, o indica qué columna lo dice.",
    "import_columns": "Cada columna puede usarse una sola vez.",
    "import_bad_rows": "Hay filas con errores. Corrígelas o importa solo las correctas.",
    "import_no_good": "Ninguna fila se puede importar todavía.",
    "import_changed": "El inventario cambió desde la vista previa. Revisa los errores e intenta "
    "de nuevo.",
    "import_interrupted": "La importación se interrumpió varias veces y no guardó nada. "
    "Intenta de nuevo.",
    "import_state": "Esta importación ya no se puede cambiar.",
    "import_expired": "Esta vista previa venció. Sube el archivo de nuevo.",
    "statement_mapping": "Di qué columna es la fecha y cuáles son los montos, una vez cada una.",
    "statement_empty": "No encontramos movimientos en el archivo.",
    "statement_known": "Todos los movimientos de este archivo ya estaban importados: nada cambió.",
    "statement_many": "El archivo tiene más de 25,000 filas. Descarga menos días por archivo.",
    "statement_pdf": "Es un PDF, y de ahí no se leen movimientos. En tu banca en línea descárgalos "
    "como CSV, Excel (.xlsx) o TXT.",
    "statement_picture": "Es una imagen. Descarga los movimientos como CSV, XLSX o TXT.",
    "statement_packed": "Es un archivo comprimido o de otro programa. Sube el CSV, XLSX o TXT que "
    "trae dentro.",
    "statement_format": "No es una tabla de movimientos. Descárgalos de tu banco como CSV, XLSX o "
    "TXT, o guárdalos así desde Excel.",
    "statement_day": "No entendimos la fecha.",
    "statement_ahead": "Su fecha todavía no llega.",
    "statement_amount": "No entendimos el monto.",
    "statement_side": "No dice si es cargo o abono.",
    "statement_balance": "El monto y el saldo no concuerdan.",
    "statement_returned": "El banco la devolvió o aún no la aplica.",
    "statement_currency": "No está en pesos.",
    "statement_other_table": "Aquí empieza otra tabla, con otras columnas. Súbela aparte.",
    "statement_nothing": "No hay movimientos seguros por aplicar.",
    "statement_state": "Este estado de cuenta no se puede cambiar ahora.",
    "line_settled": "Este movimiento ya está resuelto.",
    "not_configured": "La tienda no tiene esto configurado.",
    "notice_unsigned": "El aviso no está firmado, o su firma ya venció.",
    "notice_changed": "Ese aviso o esa clave de rastreo ya llegó con otros datos.",
    "payment_delivered": "El pedido ya se entregó: su pago no se puede retirar.",
    "payment_spent": "Ese dinero ya salió del pedido: el pago no se puede retirar.",
    "import_not_undone": "No se puede deshacer: {why}.",
    "export_ticket": "El permiso de descarga ya se usó o venció. Escribe tu contraseña de nuevo.",
    "account_in_use": "Alguien usa todavía esta cuenta. Cambia o termina antes sus accesos.",
    "account_retired": "Esta cuenta está retirada y ya no cambia.",
    "secret_long": "Puede tener hasta 256 caracteres.",
    "password_same": "Es la contraseña que ya tiene. Escribe la nueva.",
    "pin_invalid": "Escribe un PIN de 1 a 12 letras o números.",
    "pin_same": "Es el PIN que ya tiene. Escribe el nuevo.",
    "label_invalid": "Escribe un nombre de 1 a 60 letras.",
    "profiles_limit": "Este servicio permite hasta {limit} perfiles por cuenta.",
    "plan_of_other_service": "Elige un plan de este servicio.",
    "day_invalid": "Escribe una fecha válida.",
    "cost_invalid": "Escribe un costo de cero o más, con hasta dos decimales.",
    "paid_until_forward": "Escribe una fecha posterior a la que ya está pagada.",
    "profile_in_use": "Alguien usa este perfil ahora.",
    "access_ended": "Esta suscripción ya terminó.",
    # warranty
    "claim_open": "Ya recibimos tu reporte y lo estamos revisando.",
    "claim_closed": "Este reporte ya se atendió.",
    "claim_kind": "Elige qué problema tienes.",
    "answer_required": "Escribe la respuesta para el cliente.",
    "no_replacement": "No hay stock libre para dar otro acceso de este servicio.",
    "replaced_since": "Esta suscripción ya cambió de cuenta.",
    "still_paid": "Esta suscripción todavía tiene tiempo pagado.",
    "renewal_pending": "Ya pediste esta renovación en el pedido #{order}. Falta pagarlo.",
    "quiet_hours": "A esta hora no molestamos a nadie. Manda el recordatorio más tarde.",
    "reminders_off": "Este cliente no quiere recordatorios.",
    "reminded_today": "Ya le recordamos hoy esta suscripción.",
    "end_changed": "Su fecha cambió mientras tanto. Mira la lista otra vez.",
    "price_changed": "El precio acaba de cambiar. Míralo de nuevo antes de confirmar.",
    # statistics
    "period_backwards": "Elige un día igual o posterior al primero.",
    "period_long": "Elige un periodo de tres años o menos.",
    # catalog
    "slug_invalid": "Usa minúsculas, números y guiones: «prime-video».",
    "slug_taken": "Otro servicio ya usa esta dirección.",
    "color_invalid": "Elige un color de la lista.",
    "max_profiles_invalid": "Escribe un número de 1 a 20.",
    "profiles_exist": "Ya hay cuentas con {most} perfiles: no puede ser menos.",
    "duration_invalid": "Escribe de 1 a 36 meses.",
    "capacity_invalid": "Elige qué se vende: un perfil o la cuenta completa.",
    "margin_invalid": "Escribe una ganancia con hasta dos decimales.",
    "price_zero": "El precio de venta debe ser mayor a cero.",
    "price_high": "El precio de venta es demasiado alto.",
    "list_price_low": "El precio tachado debe ser mayor que el precio de venta.",
    "list_price_unreal": "Solo puedes tachar un precio que el plan tuvo al menos 7 días en los "
    "últimos 90.",
    "catalog_changed": "{who} cambió mientras tanto: {what}. Carga lo nuevo antes de guardar.",
    "catalog_archived": "Está archivado. Recupéralo antes de cambiarlo.",
    "prices_changed": "Los precios cambiaron desde la vista previa. Revísala de nuevo.",
    "price_change_none": "Con ese cambio todos los precios quedan igual.",
    "change_invalid": "Escribe cuánto cambia, distinto de cero y con hasta dos decimales.",
    "scope_invalid": "Elige a qué planes se aplica.",
    # support
    "words_required": "Escribe tu mensaje.",
    "subject_required": "Escribe de qué se trata.",
    "subject_long": "El asunto puede tener hasta 120 letras.",
    "words_long": "El mensaje puede tener hasta 4,000 letras.",
    "ticket_closed": "Este ticket ya se cerró. Abre uno nuevo y con gusto te ayudamos.",
    "ticket_state": "Este ticket ya está {status}.",
    "ticket_changed": "Mientras tanto cambió: {what}. Míralo y vuelve a intentarlo.",
    "tickets_limit": "Ya tienes {limit} tickets abiertos. Escribe en uno de ellos.",
    "ticket_words_limit": "Escribiste muchos mensajes en una hora. Espera unos minutos.",
    "assignee_invalid": "Elige a alguien del equipo.",
    "title_required": "Escribe un título para encontrarla.",
    "title_long": "El título puede tener hasta 80 letras.",
    "title_taken": "Ya hay una respuesta con ese título.",
    "reply_changed": "Alguien más cambió esta respuesta. Copia lo tuyo y recarga la página.",
    "contact_name": "Escribe tu nombre.",
    "contact_reach": "Escribe un correo o un celular de 10 dígitos para responderte.",
    "contact_limit": "Ya recibimos varios mensajes tuyos. Espera un rato para mandar otro.",
    "contact_busy": "No podemos recibir más mensajes en este momento. Intenta más tarde.",
    "contact_answered": "Este mensaje ya se atendió.",
    "contact_no_customer": "Ese celular no es de ningún cliente. Respóndele por fuera.",
    # the shop's settings
    "reminders_order": "El primer recordatorio va antes que el segundo.",
    "clabe_digits": "La CLABE tiene 18 dígitos.",
    "clabe_bank": "Los primeros tres dígitos no son de ningún banco.",
    "clabe_check": "Esta CLABE no es correcta: revisa los dígitos uno por uno.",
    "account_digits": "El número de cuenta lleva hasta 20 dígitos.",
    "holder_invalid": "Escribe el nombre del titular, hasta 120 letras.",
    "amounts_order": "El monto máximo no puede ser menor que el mínimo.",
    "steps_long": "Hasta 8 pasos, de 200 letras cada uno.",
    "bank_sample": "Es la cuenta de ejemplo: escribe antes tus datos.",
    "bank_default": "Es la cuenta que reciben los pedidos. Elige antes otra.",
    # messages
    "template_braces": "Hay una llave { o } sin cerrar.",
    "template_variable": "Usa solo las variables de la lista.",
    "template_lacks_code": "Falta {code}: sin él nadie puede entrar.",
    "template_lacks_order": "Falta {order}: el cliente no sabría de qué pedido hablas.",
    "template_lacks_total": "Falta {total}: el cliente no sabría cuánto pagar.",
    "template_lacks_link": "Falta {link}: el cliente no sabría dónde verlo.",
    "template_lacks_service": "Falta {service}: el cliente no sabría de qué servicio hablas.",
    "template_lacks_when": "Falta {when}: el cliente no sabría cuándo termina.",
    "template_lacks_reason": "Falta {reason}: el cliente no sabría por qué.",
    "template_lacks_what": "Falta {what}: no diría qué pasó.",
    "template_changed": "Alguien guardó otra versión mientras escribías. Copia tu texto, abre la "
    "plantilla otra vez y vuelve a guardarlo.",
    "template_code_link": "Un mensaje con código no lleva enlaces.",
    "content_sid_invalid": "Empieza con HX y lleva solo letras y números.",
    "channel_invalid": "Elige por dónde mandarlo.",
    "channel_unusable": "Ese canal todavía no está configurado.",
    "address_invalid": "Escribe un correo o un celular de 10 dígitos, según el canal.",
    "customer_email": "Este cliente no dejó un correo.",
    "message_state": "Este mensaje ya no se puede reintentar.",
    "resend_soon": "Acabas de mandarlo. Espera {seconds} segundos.",
    "test_limit": "Ya mandaste varias pruebas. Espera unos minutos.",
    "resend_limit": "Ya se mandó varias veces hoy. Intenta mañana.",
    "not_delivered": "Este pedido todavía no tiene accesos que mandar.",
    "renewed_by": "Un acceso de este pedido se renovó con el pedido #{order}: ya no se cancela.",
    "renewed_since": "Esta suscripción se renovó después; cancela primero esa renovación.",
}

# An alert, as a message to the staff names it.
ALERTS: dict[str, str] = {
    "low_stock": "queda poco de {plan} ({units})",
    "waiting_stock": "hay pedidos pagados que esperan stock",
    "messages_failing": "hay mensajes que no pudieron llegar",
    "message_budget": "se alcanzó el límite de mensajes y los demás esperan",
    "provider": "{object} no responde y los mensajes esperan",
    "code_conversion": "menos de la mitad de los códigos de acceso se usan",
    "code_budget": "se alcanzó el límite de códigos de acceso",
    "signin_paused": "pausamos el acceso por demasiados códigos equivocados",
    "doctor": "pedidos, accesos y stock no dicen lo mismo ({found})",
    "audit_chain": "alguien cambió la bitácora por fuera de Cuenty ({found})",
    "beyond_paid_until": "la cuenta {object} está vendida más allá de lo pagado al proveedor",
    "webhook_off": "apagamos la integración con {address} porque ya no responde",
    "card_ignored": "llegó un pago con tarjeta que no cuenta para el pedido #{object}",
    "card_returned": "Mercado Pago devolvió dinero del pedido #{object}",
    "card_disputed": "un cliente disputa el pago con tarjeta del pedido #{object}",
    "card_refund": "no se pudo devolver a la tarjeta del pedido #{object}",
    "account_reports": "varios clientes dicen que la cuenta {object} no abre",
}

# Why the provider gave nothing back to a card; another code of theirs is told as it is.
CARD_ERRORS: dict[str, str] = {
    "timeout": "Mercado Pago no responde; seguimos intentando.",
    "unreachable": "Mercado Pago no responde; seguimos intentando.",
    "unclear": "Mercado Pago respondió algo que no entendimos; seguimos intentando.",
    "busy": "Mercado Pago pide esperar; seguimos intentando.",
    "not_configured": "Mercado Pago ya no está configurado.",
    "refund_waits": "Mercado Pago la está procesando.",
    "refund_refused": "Mercado Pago la rechazó.",
    "mercadopago_401": "Mercado Pago no acepta las credenciales de la tienda; seguimos intentando.",
    "mercadopago_403": "Mercado Pago no acepta las credenciales de la tienda; seguimos intentando.",
    "mercadopago_2024": "El pago es demasiado antiguo para devolverlo.",
    "mercadopago_15016": "El pago es demasiado antiguo para devolverlo.",
    "mercadopago_3024": "Este pago solo se puede devolver completo.",
    "mercadopago_2063": "El pago ya se devolvió o no se puede devolver.",
}

# Why a program of the owner's did not take what it was told.
WEBHOOK_ERRORS: dict[str, str] = {
    "address": "La dirección lleva a una red privada, y ahí no enviamos nada.",
    "tls": "Su certificado no es válido.",
    "timeout": "Tardó demasiado en responder.",
    "unreachable": "No pudimos conectarnos.",
    "redirect": "Respondió {status}: manda a otra dirección, y no la seguimos.",
    "status": "Respondió {status}, y solo un 2xx cuenta como recibido.",
}


def pesos(amount: Decimal) -> str:
    """Money as the shop writes it: `$1,500.00 MXN`."""
    return f"${amount:,.2f} MXN"


def end_of(ends_on: date) -> str:
    """How far away the last day is, told today."""
    left = (ends_on - today()).days
    if left < 0:
        kept = ends_on + timedelta(days=settings().grace_days)
        return f"terminó el {ends_on:%d/%m/%Y} y la guardamos hasta el {kept:%d/%m/%Y}"
    return {0: "termina hoy", 1: "termina mañana"}.get(left, f"termina en {left} días")


# Why a line of an imported file stays out.
IMPORT_ROWS: dict[str, str] = {
    "row_login_missing": "Falta el usuario.",
    "row_password_missing": "Falta la contraseña.",
    "row_unreadable": "Tiene signos que no se pueden usar, o más de 256 letras.",
    "row_ambiguous": "Tiene más «:» que las demás líneas. Si la contraseña lleva «:», separa los "
    "datos con «|» o tabulador.",
    "row_service_missing": "Falta el servicio.",
    "row_service_unknown": "Ese servicio no existe.",
    "row_plan_unknown": "{service} no tiene ese plan.",
    "row_plan_elsewhere": "Ese plan es de otro servicio, no de {service}.",
    "row_label_long": "El nombre del perfil no es válido o pasa de 60 letras.",
    "row_many_profiles": "{service} permite hasta {most} perfiles por cuenta.",
    "row_pin_alone": "Tiene PIN pero no dice de qué perfil.",
    "row_pin_digits": "El PIN solo lleva números.",
    "row_pin_long": "El PIN puede tener hasta 12 números.",
    "row_date": "La fecha no es válida. Escríbela como 2026-12-31 o 31/12/2026.",
    "row_cost": "El costo no es válido. Escríbelo como 120.50.",
    "row_password_differs": "La contraseña no es la misma que en la línea {first}.",
    "row_plan_differs": "El plan no es el mismo que en la línea {first}.",
    "row_paid_until_differs": "La fecha de pago no es la misma que en la línea {first}.",
    "row_cost_differs": "El costo no es el mismo que en la línea {first}.",
    "row_twice": "Repite lo que ya está en la línea {first}.",
    "row_login_taken": "Ya hay una cuenta de ese servicio con el mismo usuario.",
    "row_held_back": "Se queda fuera porque la línea {first}, de la misma cuenta, tiene un error.",
}
IMPORT_COLUMNS: dict[str, str] = {
    "service": "Servicio",
    "plan": "Plan dedicado",
    "login": "Usuario",
    "password": "Contraseña",
    "profile": "Perfil",
    "pin": "PIN",
    "paid_until": "Pagado hasta",
    "cost": "Costo",
}

ORDER_STATES: dict[str, str] = {
    "pending": "en preparación",
    "pending_payment": "pendiente de pago",
    "paid": "pagado",
    "processing": "en proceso",
    "delivered": "entregado",
    "cancelled": "cancelado",
}

# How the money of an order stands.
PAYMENT_STATES: dict[str, str] = {
    "unpaid": "Sin pago",
    "partial": "Pago parcial",
    "paid": "Pagado",
    "overpaid": "Pago de más",
    "refunded": "Devuelto",
}

PAYMENT_SOURCES: dict[str, str] = {
    "manual": "A mano",
    "receipt": "Comprobante",
    "statement": "Estado de cuenta",
    "notice": "Aviso del banco",
    "provider": "Tarjeta",
    "credit": "Saldo a favor",
}
PAYMENT_KINDS: dict[str, str] = {
    "full": "Completo",
    "partial": "Parcial",
    "over": "De más",
    "late": "Tardío",
    "duplicate": "Duplicado",
}
# How money left an order or reached a customer's credit.
MONEY_CAUSES: dict[str, str] = {
    "transfer": "Por transferencia",
    "cash": "En efectivo",
    "card": "A su tarjeta",
    "overpayment": "Pago de más",
    "duplicate": "Pago duplicado",
    "late": "Pago tardío",
    "refund": "Devolución",
    "returned": "Saldo que vuelve",
    "gift": "Regalo de la tienda",
    "used": "Pago de un pedido",
    "paid_out": "Devuelto en dinero",
}
RECEIPT_STATES: dict[str, str] = {
    "waiting": "en revisión",
    "accepted": "aceptado",
    "rejected": "rechazado",
    "asked_again": "se pidió otro",
    "superseded": "ya no hizo falta",
}

CLAIM_KINDS: dict[str, str] = {
    "wrong_password": "La contraseña no funciona",
    "profile_taken": "Alguien más usa mi perfil",
    "screen_limit": "Dice que hay demasiadas pantallas",
    "account_down": "La cuenta no abre o está suspendida",
    "other": "Otro problema",
}
CLAIM_OVER = "La suscripción terminó con este reporte abierto."

TIMELINE: dict[str, str] = {
    "drafted": "Pedido preparado por la tienda",
    "placed": "Pedido realizado",
    "payment_confirmed": "Pago confirmado por {amount}",
    "payment_taken_back": "Se retiró un pago de {amount} registrado por error",
    "payment_partial": "Pago parcial de {amount}; faltan {missing}",
    "payment_duplicate": "Otro pago de {amount} registrado después de pagado",
    "payment_late": "Pago de {amount} recibido después del vencimiento",
    "revived": "Pedido reactivado por pago recibido",
    "credited": "{amount} pasaron a saldo a favor",
    "refunded": "Devolución de {amount}",
    "card_refund": "Devolución de {amount} a la tarjeta en camino",
    "card_disputed": "El pago con tarjeta de {amount} está en disputa",
    "card_dispute_over": "Terminó la disputa del pago con tarjeta de {amount}",
    "receipt_sent": "Comprobante enviado",
    "receipt_rejected": "Comprobante rechazado: {reason}",
    "receipt_again": "Pedimos otro comprobante: {reason}",
    "hold_extended": "Apartado hasta el {ends}",
    "payment_reminded": "Recordatorio de pago mandado",
    "assigned": "Accesos asignados: {units}",
    "waiting_stock": "En espera de stock: {plans}",
    "delivered": "Accesos entregados",
    "cancelled": "Pedido cancelado: {reason}",
    "expired": "El tiempo para pagar terminó",
    "renewed": "Suscripción de {service} renovada hasta el {ends}",
    "confirmed": "El cliente confirmó que su acceso de {service} funciona",
    "resent": "Aviso mandado otra vez por {channel}",
    "access_released": "Terminó el acceso de {service}",
    "claim_reported": "Problema reportado con {service}: {problem}",
    "claim_solved": "Reporte de {service} resuelto",
    "claim_rejected": "Reporte de {service} revisado",
    "replaced": "Acceso nuevo de {service}; la fecha de término no cambia",
    "rotated": "Cambió la contraseña de {service}",
    "pin_rotated": "Cambió el PIN de {service}",
    "login_corrected": "Cambió el usuario de {service}",
}

# How a refused form names the fields that somebody else changed.
CATALOG_FIELDS: dict[str, str] = {
    "name": "nombre",
    "slug": "dirección",
    "category": "categoría",
    "description": "descripción",
    "color": "color",
    "max_profiles": "perfiles por cuenta",
    "terms": "condiciones",
    "instructions": "instrucciones",
    "price": "precio",
    "active": "venta",
    "archived": "archivo",
}

TICKET_STATES: dict[str, str] = {
    "open": "abierto",
    "waiting_customer": "en espera del cliente",
    "solved": "resuelto",
    "closed": "cerrado",
}
TICKET_PRIORITIES: dict[str, str] = {
    "low": "Baja",
    "normal": "Normal",
    "high": "Alta",
    "urgent": "Urgente",
}
# What happened to a ticket, after the name of who did it.
TICKET_EVENTS: dict[str, str] = {
    "": "escribió",
    "note": "dejó una nota interna",
    "taken": "lo tomó",
    "assigned": "lo asignó a {body}",
    "unassigned": "lo dejó sin asignar",
    "priority": "cambió la prioridad a {body}",
    "solved": "lo dio por resuelto",
    "closed": "lo cerró",
    "reopened": "lo reabrió",
}

CHANNELS: dict[str, str] = {
    "sms": "SMS",
    "whatsapp": "WhatsApp",
    "email": "Correo",
    "web": "Panel",
}
MESSAGE_STATES: dict[str, str] = {
    "queued": "En cola",
    "sent": "Enviado",
    "delivered": "Entregado",
    "read": "Leído",
    "confirmed": "Confirmado",
    "failed": "Falló",
}
