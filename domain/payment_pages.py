"""Every payment on record, newest first: filtered, searched by what is written on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.sql import fetch_as
from models.payments import PaymentKind, PaymentSource

PAGE = 25
LONGEST = 60
LONGEST_NUMBER = 9
SOURCES = tuple(str(source) for source in PaymentSource)
KINDS = tuple(str(kind) for kind in PaymentKind)
# Of such an order some money has no destination: `ledger.STANDING` says so.
LOOSE = """CASE o.status WHEN 'cancelled' THEN o.payment_status IN ('partial', 'paid', 'overpaid')
    ELSE o.payment_status = 'overpaid' END"""


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """`loose` is what the whole order has without a destination. Money in MXN."""

    id: int
    order_id: int
    customer_name: str
    customer_phone: str
    amount: Decimal
    kind: str
    source: str
    bank: str
    reference: str
    tracking_key: str
    paid_on: date
    created_at: datetime
    who: str
    loose: Decimal


@dataclass(frozen=True, slots=True)
class Filters:
    """`q` is a reference, a tracking key or an order's number, whole; empty filters nothing."""

    since: date | None = None
    until: date | None = None
    source: str = ""
    kind: str = ""
    bank: str = ""
    amount: Decimal | None = None
    loose: bool = False
    q: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Filters:
        """Those of an address; what nobody could mean filters nothing."""
        return cls(
            since=_day(said.get("desde")),
            until=_day(said.get("hasta")),
            source=said.get("fuente", "") if said.get("fuente") in SOURCES else "",
            kind=said.get("tipo", "") if said.get("tipo") in KINDS else "",
            bank=_text(said.get("banco")),
            amount=_amount(said.get("monto")),
            loose=said.get("sin-destino") == "1",
            q=_text(said.get("q")),
        )

    def said(self) -> dict[str, str]:
        """As an address says it."""
        return {
            "desde": str(self.since or ""),
            "hasta": str(self.until or ""),
            "fuente": self.source,
            "tipo": self.kind,
            "banco": self.bank,
            "monto": str(self.amount or ""),
            "sin-destino": "1" if self.loose else "",
            "q": self.q,
        }


def _text(said: str | None) -> str:
    plain = (said or "").replace("\x00", "").encode(errors="ignore").decode().strip()
    return plain if len(plain) <= LONGEST else ""


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said or "")
    except ValueError:
        return None


def _amount(said: str | None) -> Decimal | None:
    try:
        found = Decimal((said or "").replace(",", "").replace("$", "").strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 < found < 10**10 else None


async def payment_list(
    session: AsyncSession,
    actor: Actor,
    filters: Filters,
    *,
    before: int | None = None,
    limit: int = PAGE,
) -> list[PaymentLine]:
    """The newest first; the next page starts `before` the last id."""
    actor.require_staff()
    where, values = _where(filters)
    return await fetch_as(
        session,
        PaymentLine,
        f"""{LINE} WHERE p.id < %(before)s AND {where} ORDER BY p.id DESC LIMIT %(limit)s""",
        before=before or 2**63 - 1,
        limit=limit,
        **values,
    )


LINE = f"""SELECT p.id, p.order_id, c.name AS customer_name, c.phone AS customer_phone, p.amount,
       p.kind, p.source, p.bank, p.reference, p.tracking_key, p.paid_on, p.created_at,
       coalesce(u.username, '') AS who,
       CASE WHEN {LOOSE} THEN (SELECT m.loose FROM order_money m WHERE m.order_id = o.id)
            ELSE 0 END AS loose
FROM payments p JOIN orders o ON o.id = p.order_id JOIN customers c ON c.id = o.customer_id
LEFT JOIN staff_users u ON p.actor_kind = 'staff' AND u.id = p.actor_id"""  # noqa: S608  # constants


def _where(filters: Filters) -> tuple[str, dict[str, Any]]:
    """Conditions made of constants, and what fills them."""
    q = filters.q.upper()
    asked: tuple[tuple[object, str, dict[str, Any]], ...] = (
        (filters.since, "p.paid_on >= %(since)s", {"since": filters.since}),
        (filters.until, "p.paid_on <= %(until)s", {"until": filters.until}),
        (filters.source, "p.source = %(source)s", {"source": filters.source}),
        (filters.kind, "p.kind = %(kind)s", {"kind": filters.kind}),
        (filters.bank, "position(upper(%(bank)s) IN upper(p.bank)) > 0", {"bank": filters.bank}),
        (filters.amount, "p.amount = %(amount)s", {"amount": filters.amount}),
        (filters.loose, LOOSE, {}),
        (
            q,
            """(upper(p.reference) = %(q)s OR (p.tracking_key <> '' AND p.tracking_key = %(q)s)
                OR p.order_id = %(number)s)""",
            {"q": q, "number": _number(q)},
        ),
    )
    parts, values = ["true"], dict[str, Any]()
    for wanted, condition, value in asked:
        if wanted:
            parts.append(condition)
            values |= value
    return " AND ".join(parts), values


def _number(q: str) -> int | None:
    digits = q.removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None  # noqa: PLR2004
