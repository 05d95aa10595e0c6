"""What a message says: its template filled with what is so at the moment it is first sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import texts
from domain.alerts import sentence as alert_sentence
from domain.message_links import link_to
from domain.message_templates import current, render
from domain.message_texts import TEST_MESSAGE
from domain.reminder_times import offset_of
from domain.shop_settings import credentials_in_messages
from domain.sql import fetch_one
from infra.settings import settings
from infra.vault import Place, Secret, ring

WITH_ACCESS = frozenset({"delivered", "rotated", "replaced"})


@dataclass(frozen=True, slots=True)
class Said:
    """A message in words. `content_variables` fill the approved template named by `content_sid`."""

    subject: str
    body: Secret
    content_sid: str
    content_variables: Mapping[str, str]


def template_name(message: Any) -> str:
    """A reminder has a text of its own for each distance from the end.

    The days may have been set anew since it was written: what counts is the nearest.
    """
    if message.kind != "reminder":
        return str(message.kind)
    offset = offset_of(message.occasion) or 0
    if offset >= 0:
        return "lapsed" if offset else "reminder_0"
    return "reminder_1" if -offset <= settings().reminder_second else "reminder_5"


async def said_by(session: AsyncSession, message: Any) -> Said:
    """Write a message from its row.

    Raises `VaultError` when a sealed text does not open.
    """
    if message.kind == "test":
        return _plain(TEST_MESSAGE.format(shop=settings().shop_name))
    if message.body_sealed is not None and message.kind == "login_code":
        return Said("", _opened(message), "", {})
    template = await current(session, template_name(message))
    values = await _values(session, message)
    filled = render(template, values)
    body = _opened(message) if message.body_sealed is not None else Secret(filled.body)
    return Said(filled.subject, body, template.content_sid, filled.content_variables)


def _plain(text: str) -> Said:
    return Said(settings().shop_name, Secret(text), "", {})


def _opened(message: Any) -> Secret:
    return ring().unseal(message.body_sealed, Place("messages", "body_sealed", message.id))


async def _values(session: AsyncSession, message: Any) -> dict[str, str]:
    facts: Any = await fetch_one(
        session,
        FACTS,
        assignment=message.assignment_id,
        order=message.order_id,
        occasion=message.occasion,
        customer=message.customer_id,
    )
    return {
        "shop": settings().shop_name,
        "name": facts.name,
        "order": str(message.order_id or ""),
        "total": _pesos(facts.due),
        "received": _pesos(facts.received),
        "payment": facts.payment,
        "service": facts.service,
        "when": texts.end_of(facts.ends_on) if facts.ends_on else "",
        "link": link_to(message.id),
        "access": await _access(session, message),
        "what": alert_sentence(facts.alert, facts.data) if facts.alert else "",
    }


def _pesos(amount: Decimal | None) -> str:
    return texts.pesos(amount) if amount is not None else ""


FACTS = """SELECT coalesce(c.name, '') AS name,
       coalesce(i.service_name, s.name, (SELECT string_agg(DISTINCT n.service_name, ', ')
           FROM order_items n WHERE n.order_id = o.id), '') AS service,
       a.ends_on, o.total - coalesce(paid.received, 0) AS due,
       coalesce(paid.received, 0) AS received,
       coalesce(o.instructions ->> 'bank' || ' · CLABE ' || (o.instructions ->> 'clabe'), '')
           AS payment,
       coalesce(l.kind, '') AS alert, coalesce(l.data, '{}') AS data
FROM (SELECT 1) AS one
LEFT JOIN alerts l ON 'alert:' || l.id = %(occasion)s
LEFT JOIN assignments a ON a.id = %(assignment)s
LEFT JOIN order_items i ON i.id = a.order_item_id
LEFT JOIN orders o ON o.id = %(order)s
LEFT JOIN LATERAL (SELECT sum(p.amount) AS received FROM payments p
                   WHERE p.order_id = o.id) AS paid ON true
LEFT JOIN plans p ON 'plan:' || p.id = %(occasion)s
LEFT JOIN services s ON s.id = p.service_id
LEFT JOIN customers c ON c.id = %(customer)s"""


async def _access(session: AsyncSession, message: Any) -> str:
    """The credential itself, where the owner wants it in messages; otherwise nothing."""
    if message.kind not in WITH_ACCESS or message.channel == "web":
        return ""
    if not await credentials_in_messages(session):
        return ""
    held: Any = await fetch_one(
        session,
        """SELECT c.id AS account_id, c.login_sealed, c.password_sealed, p.id AS profile_id,
                  p.label, p.pin_sealed
           FROM assignments a JOIN profiles p ON p.id = a.profile_id
           JOIN accounts c ON c.id = p.account_id
           WHERE a.id = %(id)s AND a.released_at IS NULL""",
        id=message.assignment_id,
    )
    if held is None:
        return ""
    keys = ring()
    login = keys.unseal(held.login_sealed, Place("accounts", "login_sealed", held.account_id))
    password = keys.unseal(
        held.password_sealed, Place("accounts", "password_sealed", held.account_id)
    )
    lines = [
        f"Usuario: {login.disclose()}",
        f"Contraseña: {password.disclose()}",
        f"Perfil: {held.label}",
    ]
    if held.pin_sealed:
        pin = keys.unseal(held.pin_sealed, Place("profiles", "pin_sealed", held.profile_id))
        lines.append(f"PIN: {pin.disclose()}")
    return "\n" + "\n".join(lines)
