"""What the log says: each action as a sentence, its object, and what changed from what to what.

A new action needs one line in `ACTIONS`; without it the log shows its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from domain.texts import ORDER_STATES, pesos

Change = Mapping[str, Any]

# The part of an action before its dot, by the group that the filter offers.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pedidos": (
        "Pedidos y pagos",
        ("order", "payment", "credit", "receipt", "statement", "notice", "card"),
    ),
    "accesos": ("Accesos y garantías", ("assignment", "credential", "claim")),
    "inventario": ("Inventario", ("account", "profile", "import", "stock")),
    "catalogo": ("Catálogo", ("service", "plan", "coupon")),
    "clientes": ("Clientes y soporte", ("customer", "phone", "ticket", "contact", "reply")),
    "mensajes": ("Mensajes", ("message", "template")),
    "equipo": ("Equipo y sesiones", ("staff", "session", "sessions", "api_key")),
    "ajustes": ("Ajustes", ("setting", "bank")),
    "integraciones": ("Integraciones", ("webhook",)),
    "exportaciones": ("Exportaciones", ("list",)),
}

ACTIONS: dict[str, str] = {
    "account.add": "agregó una cuenta",
    "account.add_profiles": "agregó perfiles a una cuenta",
    "account.correct_login": "corrigió el usuario de una cuenta",
    "account.edit": "editó una cuenta",
    "account.reveal": "vio un dato de acceso de una cuenta",
    "account.reveal_version": "vio un dato de acceso anterior de una cuenta",
    "account.rotate": "cambió la contraseña de una cuenta",
    "account.status": "cambió el estado de una cuenta",
    "account.supplier_renewal": "registró el pago de una cuenta al proveedor",
    "api_key.create": "creó una llave de API",
    "api_key.revoke": "anuló una llave de API",
    "assignment.release": "liberó un acceso",
    "assignment.remind": "recordó un vencimiento",
    "assignment.renew": "renovó un acceso",
    "assignment.replace": "reemplazó un acceso",
    "bank.add": "agregó una cuenta bancaria",
    "bank.change": "cambió una cuenta bancaria",
    "bank.default": "eligió la cuenta bancaria que reciben los pedidos",
    "bank.remove": "quitó una cuenta bancaria",
    "card.checkout": "abrió el pago con tarjeta de un pedido",
    "card.dispute_over": "supo que terminó la disputa de un pago con tarjeta",
    "card.disputed": "supo que un cliente disputa su pago con tarjeta",
    "card.ignored": "no contó un pago con tarjeta",
    "card.notice": "recibió un aviso de Mercado Pago",
    "card.notice_refused": "rechazó un aviso de Mercado Pago",
    "card.notice_repeated": "recibió otro aviso del mismo pago con tarjeta",
    "card.refund": "pidió devolver dinero a una tarjeta",
    "card.refund_dropped": "desistió de devolver dinero a una tarjeta",
    "card.refund_failed": "no pudo devolver dinero a una tarjeta",
    "card.returned": "supo que Mercado Pago devolvió dinero",
    "claim.close": "cerró un reporte",
    "claim.report": "reportó un problema",
    "contact.answer": "atendió un mensaje de contacto",
    "contact.ticket": "abrió un ticket desde un mensaje de contacto",
    "credential.reveal": "vio los datos de un acceso",
    "coupon.create": "creó un cupón",
    "coupon.change": "cambió un cupón",
    "coupon.use": "usó un cupón",
    "credit.add": "pasó dinero de un pedido a saldo a favor",
    "credit.give": "regaló saldo a favor",
    "credit.pay_out": "devolvió saldo a favor",
    "customer.block": "bloqueó a un cliente",
    "customer.create": "dio de alta a un cliente",
    "customer.download": "descargó sus datos",
    "customer.erase": "borró los datos de un cliente",
    "customer.erasure_ask": "pidió que borren sus datos",
    "customer.erasure_withdraw": "retiró su petición de borrar sus datos",
    "customer.merge": "unió dos clientes",
    "customer.phone": "cambió el celular de un cliente",
    "customer.reminders": "cambió sus recordatorios",
    "customer.sign_in": "entró con su celular",
    "customer.unblock": "desbloqueó a un cliente",
    "customer.update": "cambió los datos de un cliente",
    "import.discard": "descartó una importación",
    "import.done": "terminó una importación",
    "import.start": "importó cuentas",
    "import.undo": "deshizo una importación",
    "list.export": "exportó una lista",
    "message.resend": "reenvió un mensaje",
    "message.retry": "reintentó un mensaje",
    "message.test": "mandó un mensaje de prueba",
    "notice.refuse": "rechazó un aviso del banco",
    "notice.repeat": "recibió otra vez un aviso del banco",
    "notice.take": "recibió un aviso del banco",
    "order.assign": "entregó un pedido",
    "order.cancelled": "canceló un pedido",
    "order.change_draft": "cambió el borrador de un pedido",
    "order.draft": "preparó el borrador de un pedido",
    "order.extend_hold": "dio más tiempo para pagar un pedido",
    "order.notes": "cambió las notas de un pedido",
    "order.remind_to_pay": "recordó el pago de un pedido",
    "order.expired": "dejó vencer un pedido sin pago",
    "order.place": "hizo un pedido",
    "order.revive": "reactivó un pedido vencido",
    "payment.confirm": "confirmó un pago",
    "payment.take_back": "retiró un pago registrado por error",
    "payment.refund": "registró una devolución",
    "phone.unlock": "desbloqueó un celular",
    "plan.archived": "archivó un plan",
    "plan.brought_back": "recuperó un plan",
    "plan.changed": "cambió un plan",
    "plan.created": "agregó un plan",
    "plan.deleted": "borró un plan",
    "plan.low_stock": "cambió el aviso de poco stock de un plan",
    "profile.edit": "editó un perfil",
    "profile.mark_rotated": "marcó un perfil como rotado",
    "profile.reveal": "vio el PIN de un perfil",
    "profile.rotate_pin": "cambió el PIN de un perfil",
    "receipt.accepted": "aceptó un comprobante",
    "receipt.asked_again": "pidió otro comprobante",
    "receipt.rejected": "rechazó un comprobante",
    "receipt.send": "envió un comprobante",
    "reply.add": "guardó una respuesta",
    "reply.change": "cambió una respuesta guardada",
    "reply.remove": "quitó una respuesta guardada",
    "service.archived": "archivó un servicio",
    "service.brought_back": "recuperó un servicio",
    "service.changed": "cambió un servicio",
    "service.created": "agregó un servicio",
    "service.deleted": "borró un servicio",
    "service.moved": "movió un servicio en la tienda",
    "service.rotation": "cambió si un servicio rota sus perfiles",
    "session.end": "cerró una sesión",
    "sessions.end": "cerró todas las sesiones",
    "setting.change": "cambió un ajuste",
    "staff.accept": "aceptó su invitación",
    "staff.alert_addresses": "cambió dónde recibe avisos",
    "staff.change_password": "cambió su contraseña",
    "staff.change_role": "cambió el rol de una persona",
    "staff.create": "creó un usuario",
    "staff.disable": "desactivó a una persona",
    "staff.enable": "reactivó a una persona",
    "staff.invite": "invitó a una persona",
    "staff.invite_again": "volvió a invitar a una persona",
    "staff.recover": "devolvió el acceso a una persona",
    "staff.recovery_code": "entró con un código de recuperación",
    "staff.recovery_codes": "generó códigos de recuperación",
    "staff.second_factor_off": "quitó su segundo paso",
    "staff.second_factor_on": "activó su segundo paso",
    "staff.second_factor_removed": "quitó el segundo paso a una persona",
    "staff.sign_in": "entró a la administración",
    "statement.apply": "aplicó un estado de cuenta",
    "statement.assign": "asignó un movimiento a un pedido",
    "statement.discard": "descartó un estado de cuenta",
    "statement.ignore": "ignoró un movimiento",
    "statement.import": "subió un estado de cuenta",
    "statement.restore": "recuperó un movimiento ignorado",
    "statement.undo": "deshizo un estado de cuenta",
    "stock.export": "exportó el inventario",
    "stock.export_secrets": "exportó el inventario con sus datos de acceso",
    "template.save": "guardó el texto de un mensaje",
    "webhook.change": "cambió una integración",
    "webhook.create": "agregó una integración",
    "webhook.disable": "apagó una integración",
    "webhook.enable": "encendió una integración",
    "webhook.remove": "borró una integración",
    "webhook.resend": "reenvió un aviso de una integración",
    "webhook.rotate": "cambió el secreto de una integración",
    "webhook.test": "probó una integración",
    "ticket.answer": "respondió un ticket",
    "ticket.assign": "asignó un ticket",
    "ticket.move": "cambió el estado de un ticket",
    "ticket.open": "abrió un ticket",
    "ticket.priority": "cambió la prioridad de un ticket",
}

OBJECTS: dict[str, str] = {
    "account": "Cuenta {id}",
    "assignment": "Acceso {id}",
    "api_key": "Llave de API {id}",
    "bank_account": "Cuenta bancaria {id}",
    "card_notice": "Aviso de Mercado Pago",
    "card_payment": "Pago {id} de Mercado Pago",
    "claim": "Reporte {id}",
    "contact": "Mensaje de contacto {id}",
    "coupon": "Cupón {id}",
    "customer": "Cliente {id}",
    "import": "Importación {id}",
    "list": "Lista de {id}",
    "message": "Mensaje",
    "notice": "Aviso del banco",
    "order": "Pedido #{id}",
    "phone": "Celular {id}",
    "plan": "Plan {id}",
    "profile": "Perfil {id}",
    "receipt": "Comprobante {id}",
    "reply": "Respuesta guardada {id}",
    "service": "Servicio {id}",
    "session": "Sesión",
    "setting": "Ajuste {id}",
    "staff": "Usuario {id}",
    "statement": "Estado de cuenta {id}",
    "stock": "Inventario",
    "template": "Texto «{id}»",
    "ticket": "Ticket {id}",
    "webhook": "Integración {id}",
}
# Those a person can ask for by number.
NUMBERED = (
    "order",
    "customer",
    "account",
    "profile",
    "claim",
    "assignment",
    "import",
    "staff",
    "statement",
)

LABELS: dict[str, str] = {
    "account": "Cuenta",
    "accounts": "Cuentas",
    "address": "Dirección",
    "amount": "Monto",
    "automatic": "Automático",
    "bad": "Renglones con error",
    "bank": "Banco",
    "category": "Categoría",
    "cause": "Causa",
    "channel": "Canal",
    "clabe": "CLABE",
    "claim": "Reporte",
    "color": "Color",
    "changed": "Datos",
    "cost": "Costo",
    "coupon": "Cupón",
    "count": "Perfiles",
    "description": "Descripción",
    "ended": "Sesiones cerradas",
    "error": "Error",
    "events": "Avisos",
    "filters": "Filtros",
    "format": "Formato",
    "freed": "Perfiles liberados",
    "holder": "Titular",
    "instructions": "Instrucciones",
    "is_new": "Cliente nuevo",
    "items": "Productos",
    "kind": "Tipo",
    "kept": "Sin deshacer",
    "label": "Nombre",
    "line": "Renglón",
    "list_price": "Precio tachado",
    "margin": "Ganancia",
    "max_profiles": "Perfiles por cuenta",
    "merged": "Cliente unido",
    "mode": "Modo",
    "name": "Nombre",
    "notes": "Notas",
    "order": "Pedido",
    "paid_until": "Pagada hasta",
    "plan_id": "Plan",
    "price": "Precio",
    "profile": "Perfil",
    "profiles": "Perfiles",
    "reason": "Motivo",
    "reference": "Referencia",
    "result": "Resultado",
    "released": "Acceso retirado",
    "role": "Rol",
    "rows": "Renglones",
    "service": "Servicio",
    "slug": "Dirección",
    "solved": "Resuelto",
    "staff": "Usuario",
    "status": "Estado",
    "steps": "Pasos",
    "terms": "Condiciones",
    "ticket": "Ticket",
    "title": "Título",
    "total": "Total",
    "told": "Avisos enviados",
    "url": "Dirección",
    "username": "Usuario",
    "version": "Versión",
    "wanted": "Quiere recordatorios",
    "what": "Dato",
}
# What `before` and `after` are of.
TURNED = {
    "account.status": "Estado",
    "assignment.renew": "Vence",
    "assignment.replace": "Perfil",
    "order.cancelled": "Estado",
    "order.expired": "Estado",
    "order.revive": "Estado",
    "payment.confirm": "Estado del pedido",
    "plan.low_stock": "Avisar con",
    "service.rotation": "Rota sus perfiles",
    "reply.change": "Título",
    "service.moved": "Lugar",
    "staff.change_role": "Rol",
    "ticket.assign": "Lo atiende",
    "ticket.move": "Estado",
    "ticket.priority": "Prioridad",
}
WORDS: dict[str, str] = {
    **{state: name.capitalize() for state, name in ORDER_STATES.items()},
    "active": "Activa",
    "maintenance": "En mantenimiento",
    "down": "Caída",
    "retired": "Retirada",
    "operator": "Operador",
    "owner": "Dueño",
    "lapsed": "Terminó su tiempo",
    "failing": "No respondió en tres días",
    "gone": "Dijo que ya no existe",
    "full": "Completo",
    "partial": "Parcial",
    "over": "De más",
    "late": "Tarde",
    "duplicate": "Repetido",
    "card_amount": "No tiene monto",
    "card_currency": "No es en pesos mexicanos",
    "card_reference": "No es de ningún pedido",
    "card_signature": "No lo firmó Mercado Pago",
    "card_test": "Es un pago de prueba",
    "card_time": "Es de hace rato",
    "card_unknown": "Mercado Pago no lo conoce",
    "overpayment": "Pago de más",
    "refund": "Devolución",
    "returned": "Saldo que vuelve",
    "gift": "Regalo",
    "login": "Usuario",
    "password": "Contraseña",
    "solved": "Resuelto",
    "rejected": "Rechazado",
    "email": "Correo",
    "name": "Nombre",
    "delivery_preference": "Cómo recibe sus accesos",
    "bitacora": "bitácora",
    "cobros": "pagos",
    "csv": "CSV",
    "xlsx": "Excel (XLSX)",
}
MONEY = frozenset({"amount", "cost", "price", "margin", "total"})
# The rules write no secret here. Should one ever slip, it does not reach a screen or a file.
HIDDEN = frozenset({"password", "pin", "code", "token", "secret", "login"})
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Line:
    """What changed; `before` is empty for what only belongs to the action."""

    label: str
    before: str
    after: str


def sentence(action: str) -> str:
    return ACTIONS.get(action, f"hizo «{action}»")


def named(object_type: str, object_id: str) -> str:
    shown = WORDS.get(object_id, object_id) if object_type == "list" else object_id
    return OBJECTS.get(object_type, f"{object_type} {{id}}").format(id=shown)


def lines(action: str, change: Change) -> list[Line]:
    """What the entry says that changed, first what turned into what."""
    if isinstance(change.get("before"), dict) or isinstance(change.get("after"), dict):
        change = _by_field(change)
    told: list[Line] = []
    what = TURNED.get(action, "Valor")
    if "before" in change and "after" in change:
        told.append(Line(what, said("before", change["before"]), said("after", change["after"])))
    elif "before" in change:
        told.append(Line(f"{what}, antes", "", said("before", change["before"])))
    elif "after" in change:
        told.append(Line(what, "", said("after", change["after"])))
    for key, value in change.items():
        if key in {"before", "after"} or value in (None, "", [], {}):
            continue
        label = LABELS.get(key, key.replace("_", " ").capitalize())
        if key in HIDDEN:
            told.append(Line(label, "", "oculto"))
        elif _is_turn(value):
            told.append(Line(label, said(key, value[0]), said(key, value[1])))
        else:
            told.append(Line(label, "", said(key, value)))
    return told


def _by_field(change: Change) -> dict[str, Any]:
    """An object as it was and is, as one turn for each of its fields that changed."""
    was: dict[str, Any] = change.get("before") or {}
    now: dict[str, Any] = change.get("after") or {}
    rest = {key: value for key, value in change.items() if key not in {"before", "after"}}
    if not was or not now:
        return {**was, **now, **rest}
    turns = {key: [was.get(key), now.get(key)] for key in {**was, **now}}
    return {**{key: turn for key, turn in turns.items() if turn[0] != turn[1]}, **rest}


def _is_turn(value: Any) -> bool:
    """Edits are written as `[before, after]`; a list of names of fields is no turn."""
    pair = cast("list[Any]", value) if isinstance(value, list) else []
    return len(pair) == 2 and not all(str(one) in WORDS for one in pair)  # noqa: PLR2004


def said(key: str, value: Any) -> str:
    """One value as people read it: pesos, days, words of states."""
    for told in (_plain, _money, _day):
        if (text := told(key, value)) is not None:
            return text[:LONGEST]
    return WORDS.get(str(value), str(value))[:LONGEST]


def _plain(key: str, value: Any) -> str | None:
    if value is None or value == "":
        return "nada"
    if isinstance(value, bool):
        return "Sí" if value else "No"
    if isinstance(value, list):
        return ", ".join(said(key, one) for one in cast("list[Any]", value)) or "nada"
    if isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return ", ".join(f"{name}: {said(name, one)}" for name, one in pairs) or "nada"
    return None


def _money(key: str, value: Any) -> str | None:
    if key not in MONEY:
        return None
    try:
        return pesos(Decimal(str(value)))
    except InvalidOperation:
        return None


def _day(_key: str, value: Any) -> str | None:
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}" if isinstance(value, str) else None
    except ValueError:
        return None
