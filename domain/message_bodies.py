"""What a message says: its template filled with what is so at the moment it is first sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import texts
from domain.alerts import sentence as alert_sentence
from domain.message_links import link_to
from domain.message_templates import Template, current, render
from domain.message_texts import TEST_MESSAGE
from domain.reminder_times import offset_of
from domain.shop_settings import credentials_in_messages
from domain.sql import fetch, fetch_one
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
    """Write a message from its row. Raises `VaultError` when a sealed text does not open."""
    return await Writer(session, [message]).write(message)


class Writer:
    """Writes the messages of one transaction: what they have in common is asked for once."""

    def __init__(self, session: AsyncSession, messages: Sequence[Any]) -> None:
        self._session = session
        self._ids = [message.id for message in messages]
        self._facts: dict[UUID, Any] = {}
        self._templates: dict[str, Template] = {}
        self._with_access: bool | None = None

    async def write(self, message: Any) -> Said:
        """Raises `VaultError` when a sealed text does not open."""
        if message.kind == "test":
            return _plain(TEST_MESSAGE.format(shop=settings().shop_name))
        name = template_name(message)
        if name not in self._templates:
            self._templates[name] = await current(self._session, name)
        template = self._templates[name]
        filled = render(template, await self._values(message))
        body = Secret(filled.body)
        if message.body_sealed is not None:
            body = _opened(message, "body_sealed")
        return Said(filled.subject, body, template.content_sid, filled.content_variables)

    async def _values(self, message: Any) -> dict[str, str]:
        if not self._facts:
            rows = await fetch(self._session, FACTS, ids=self._ids)
            self._facts = {row.id: row for row in rows}
        facts = self._facts[message.id]
        return {
            "shop": settings().shop_name,
            "code": _opened(message, "code_sealed").disclose() if message.code_sealed else "",
            "name": facts.name,
            "order": str(message.order_id or ""),
            "total": _pesos(facts.due),
            "received": _pesos(facts.received),
            "payment": facts.payment,
            "service": facts.service,
            "when": texts.end_of(facts.ends_on) if facts.ends_on else "",
            "link": link_to(message.id),
            "access": await self._access(message),
            "ticket": str(facts.ticket or ""),
            "subject": facts.subject,
            "reason": facts.reason.rstrip("."),
            "what": alert_sentence(facts.alert, facts.data) if facts.alert else "",
        }

    async def _access(self, message: Any) -> str:
        """The credential itself, where the owner wants it in messages; otherwise nothing."""
        if message.kind not in WITH_ACCESS or message.channel == "web":
            return ""
        if self._with_access is None:
            self._with_access = await credentials_in_messages(self._session)
        return await _access(self._session, message) if self._with_access else ""


def _plain(text: str) -> Said:
    return Said(settings().shop_name, Secret(text), "", {})


def _opened(message: Any, column: str) -> Secret:
    return ring().unseal(getattr(message, column), Place("messages", column, message.id))


def _pesos(amount: Decimal | None) -> str:
    return texts.pesos(amount) if amount is not None else ""


FACTS = """SELECT m.id, coalesce(c.name, nullif(w.name, ''), w.phone, '') AS name,
       t.id AS ticket, coalesce(t.subject, '') AS subject,
       coalesce(i.service_name, s.name, (SELECT string_agg(DISTINCT n.service_name, ', ')
           FROM order_items n WHERE n.order_id = o.id), '') AS service,
       a.ends_on, o.total - coalesce(paid.received, 0) AS due,
       coalesce(paid.received, 0) AS received,
       coalesce(o.instructions ->> 'bank' || ' · CLABE ' || (o.instructions ->> 'clabe'), '')
           AS payment,
       coalesce(e.reason, '') AS reason,
       coalesce(l.kind, '') AS alert, coalesce(l.data, '{}') AS data
FROM messages m
LEFT JOIN alerts l ON 'alert:' || l.id = m.occasion
LEFT JOIN receipts e ON 'receipt:' || e.id = m.occasion
LEFT JOIN tickets t ON t.id = CASE WHEN m.occasion LIKE 'ticket:%%'
    THEN split_part(m.occasion, ':', 2)::bigint END
LEFT JOIN customers w ON w.id = t.customer_id
LEFT JOIN assignments a ON a.id = m.assignment_id
LEFT JOIN order_items i ON i.id = a.order_item_id
LEFT JOIN orders o ON o.id = m.order_id
LEFT JOIN LATERAL (SELECT sum(p.amount) AS received FROM payments p
                   WHERE p.order_id = o.id) AS paid ON true
LEFT JOIN plans p ON 'plan:' || p.id = m.occasion
LEFT JOIN services s ON s.id = p.service_id
LEFT JOIN customers c ON c.id = m.customer_id
WHERE m.id = ANY(%(ids)s)"""


async def _access(session: AsyncSession, message: Any) -> str:
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
