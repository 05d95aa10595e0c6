"""A copy of everything the shop knows about a customer, for that customer (the law's *acceso*).

No secret of an account is in it, no cost, and nothing of anybody else. It is read piece by piece,
so that however much it is, it fits in memory.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.records import audit
from domain.sql import fetch
from infra.database import reading

PAGE = 200

# Each part has an `id` to go on from.
PARTS = {
    "perfil": """SELECT c.id, c.phone AS celular, c.name AS nombre, c.email AS correo,
            c.delivery_preference AS entrega_por, c.reminders AS recordatorios,
            c.created_at AS cliente_desde FROM customers c
        WHERE c.id = %(customer)s AND c.id > %(after)s""",
    "celulares_anteriores": """SELECT f.id, f.phone AS celular, f.at AS hasta
        FROM former_phones f WHERE f.customer_id = %(customer)s AND f.id > %(after)s""",
    "pedidos": """SELECT o.id, o.id AS pedido, o.status AS estado, o.total,
            o.discount AS descuento,
            o.created_at AS realizado, o.paid_at AS pagado, o.delivered_at AS entregado,
            o.cancelled_at AS cancelado, o.cancel_reason AS motivo,
            (SELECT jsonb_agg(jsonb_build_object('servicio', i.service_name, 'plan', i.plan_name,
                    'cantidad', i.quantity, 'precio', i.unit_price::text) ORDER BY i.id)
             FROM order_items i WHERE i.order_id = o.id) AS articulos
        FROM orders o WHERE o.customer_id = %(customer)s AND o.expires_at IS NOT NULL
          AND o.id > %(after)s""",
    "pagos": """SELECT p.id, p.order_id AS pedido, p.amount AS monto, p.reference AS referencia,
            p.tracking_key AS clave_de_rastreo, p.bank AS banco, p.paid_on AS fecha
        FROM payments p JOIN orders o ON o.id = p.order_id
        WHERE o.customer_id = %(customer)s AND p.id > %(after)s""",
    "devoluciones": """SELECT r.id, r.order_id AS pedido, r.amount AS monto, r.method AS por,
            r.reason AS motivo, r.reference AS referencia, r.refunded_on AS fecha
        FROM refunds r WHERE r.customer_id = %(customer)s AND r.id > %(after)s""",
    "cupones": """SELECT u.id, c.code AS cupon, u.order_id AS pedido, u.amount AS descuento,
            u.used_at AS fecha
        FROM coupon_uses u JOIN coupons c ON c.id = u.coupon_id
        WHERE u.customer_id = %(customer)s AND u.id > %(after)s""",
    "saldo_a_favor": """SELECT e.id, e.amount AS monto, e.cause AS causa, e.order_id AS pedido,
            e.created_at AS fecha
        FROM credit_entries e WHERE e.customer_id = %(customer)s AND e.id > %(after)s""",
    "comprobantes": """SELECT r.id, r.order_id AS pedido, r.tracking_key AS clave_de_rastreo,
            r.bank AS banco, r.paid_on AS fecha, r.status AS estado, r.reason AS motivo,
            r.created_at AS enviado
        FROM receipts r WHERE r.customer_id = %(customer)s AND r.id > %(after)s""",
    "movimientos_del_banco": """SELECT l.id, l.order_id AS pedido, l.booked_on AS fecha,
            l.amount AS monto, l.concept AS concepto, l.payer AS quien_pago
        FROM statement_lines l JOIN orders o ON o.id = l.order_id
        WHERE o.customer_id = %(customer)s AND l.payment_id IS NOT NULL AND l.id > %(after)s""",
    "suscripciones": """SELECT a.id, i.order_id AS pedido, i.service_name AS servicio,
            i.plan_name AS plan, p.label AS perfil, a.starts_on AS empieza, a.ends_on AS termina,
            a.released_at AS liberada
        FROM assignments a JOIN order_items i ON i.id = a.order_item_id
        JOIN profiles p ON p.id = a.profile_id
        WHERE a.customer_id = %(customer)s AND a.id > %(after)s""",
    "reportes": """SELECT c.id, c.kind AS problema, c.details AS detalles, c.status AS estado,
            c.answer AS respuesta, c.created_at AS enviado, c.closed_at AS atendido
        FROM claims c WHERE c.customer_id = %(customer)s AND c.id > %(after)s""",
    "tickets": """SELECT t.id, t.id AS ticket, t.subject AS asunto, t.status AS estado,
            t.created_at AS abierto,
            (SELECT jsonb_agg(jsonb_build_object('de', CASE e.actor_kind
                    WHEN 'customer' THEN 'cliente' ELSE 'tienda' END,
                    'texto', e.body, 'fecha', e.at) ORDER BY e.id)
             FROM ticket_entries e
             WHERE e.ticket_id = t.id AND NOT e.internal AND e.body <> '') AS mensajes
        FROM tickets t WHERE t.customer_id = %(customer)s AND t.id > %(after)s""",
    "mensajes": """SELECT m.number AS id, m.kind AS tipo, m.channel AS canal,
            m.to_address AS enviado_a, m.status AS estado, m.created_at AS fecha
        FROM messages m WHERE m.customer_id = %(customer)s AND m.number > %(after)s""",
    "carrito": """SELECT i.id, s.name AS servicio, p.name AS plan, i.quantity AS cantidad
        FROM cart_items i JOIN carts c ON c.id = i.cart_id JOIN plans p ON p.id = i.plan_id
        JOIN services s ON s.id = p.service_id
        WHERE c.customer_id = %(customer)s AND i.id > %(after)s""",
    "avisos_de_stock": """SELECT r.id, s.name AS servicio, p.name AS plan, r.created_at AS pedido
        FROM restock_requests r JOIN plans p ON p.id = r.plan_id
        JOIN services s ON s.id = p.service_id
        WHERE r.customer_id = %(customer)s AND r.id > %(after)s""",
    "sesiones": """SELECT row_number() OVER (ORDER BY l.created_at, l.id) AS id,
            l.created_at AS inicio, l.expires_at AS vence, l.revoked_at AS cerrada
        FROM login_sessions l WHERE l.customer_id = %(customer)s
        OFFSET %(after)s""",
    "solicitudes_de_borrado": """SELECT e.id, e.asked_at AS pedida, e.closed_at AS cerrada
        FROM erasure_requests e WHERE e.customer_id = %(customer)s AND e.id > %(after)s""",
}


async def begin(session: AsyncSession, actor: Actor) -> None:
    """Write down that the copy is taken, before its first piece leaves."""
    await audit(session, actor, "customer.download", "customer", actor.customer_id())


async def rows(actor: Actor) -> AsyncGenerator[tuple[str, list[dict[str, Any]]]]:
    """Pieces of the parts, in order; no connection is held while a slow line takes one."""
    for part, statement in PARTS.items():
        after: int = 0
        while True:
            async with reading() as session:
                found = await fetch(
                    session,
                    f"{statement} ORDER BY id LIMIT {PAGE}"
                    if part != "sesiones"
                    else f"{statement} LIMIT {PAGE}",
                    customer=actor.customer_id(),
                    after=after,
                )
            yield part, [_shown(row) for row in found]
            if len(found) < PAGE:
                break
            after = found[-1].id


def _shown(row: Any) -> dict[str, Any]:
    shown = row._asdict()
    del shown["id"]
    return shown
