"""Links in messages: signed, used once, and leading no further than to the sign-in.

Whoever a message is forwarded to, or whoever reads it on a locked screen, gets a page of the shop
and has to sign in like everybody. The token is the message's number and a keyed hash of it, so
every attempt to send a message writes the same link and nothing has to be stored to make one.
"""

from __future__ import annotations

import base64
import binascii
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch_one, run
from domain.ticket_notices import ticket_of
from infra.settings import settings
from infra.vault import keyed_hash, same

LIFE_DAYS = 30
MARK = 16  # hex digits of the keyed hash: 64 bits, guessed online only

PATHS = {
    "order_placed": "/pedido/{order}",
    "payment_partial": "/pedido/{order}",
    "payment_rejected": "/pedido/{order}",
    "receipt_again": "/pedido/{order}",
    "payment_due": "/pedido/{order}",
    "waiting_stock": "/pedido/{order}",
    "delivered": "/mis-cuentas",
    "rotated": "/mis-cuentas",
    "replaced": "/mis-cuentas",
    "reminder": "/mis-cuentas",
    "renewed": "/mis-cuentas",
    "back_in_stock": "/servicio/{slug}",
    "ticket_reply": "/soporte/{ticket}",
    "staff_ticket": "/admin/soporte/{ticket}",
    "staff_contact": "/admin/soporte?tab=contacto",
    "staff_order": "/admin/pedidos/{order}",
    "staff_receipt": "/admin/pagos",
    "staff_alert": "/admin",
}


def link_to(message_id: UUID) -> str:
    return f"{settings().origin}/m/{token_of(message_id)}"


def token_of(message_id: UUID) -> str:
    return base64.urlsafe_b64encode(message_id.bytes).decode().rstrip("=") + _mark(message_id)


def _mark(message_id: UUID) -> str:
    return keyed_hash("message-link", message_id.hex)[:MARK]


def _message_of(token: str) -> UUID | None:
    written, mark = token[:-MARK], token[-MARK:]
    try:
        message_id = UUID(bytes=base64.urlsafe_b64decode(written + "=="))
    except (ValueError, binascii.Error):
        return None
    return message_id if mark.isascii() and same(mark, _mark(message_id)) else None


async def follow(session: AsyncSession, token: str) -> str | None:
    """Where the link leads the first time; None when it is forged, old or used.

    Following it means that the message was read.
    """
    message_id = _message_of(token)
    if message_id is None:
        return None
    row = await fetch_one(
        session,
        """SELECT m.kind, m.order_id, m.occasion, s.slug FROM messages m
           LEFT JOIN plans p ON 'plan:' || p.id = m.occasion
           LEFT JOIN services s ON s.id = p.service_id
           WHERE m.id = %(id)s AND m.created_at > now() - make_interval(days => %(days)s)""",
        id=message_id,
        days=LIFE_DAYS,
    )
    if row is None or row.kind not in PATHS:
        return None
    first = await run(
        session,
        "INSERT INTO message_links (message_id) VALUES (%(id)s) ON CONFLICT DO NOTHING",
        id=message_id,
    )
    if not first:
        return None
    return PATHS[row.kind].format(order=row.order_id, slug=row.slug, ticket=ticket_of(row.occasion))
