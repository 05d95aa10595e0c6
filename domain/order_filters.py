"""What staff look for among orders, as an address says it, and as conditions of a statement."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from domain import order_endings
from domain.order_sorts import BY_TIME
from domain.payments import reference_of
from domain.texts import PAYMENT_STATES
from infra.clock import MEXICO

LONGEST_SEARCH = 60
FEWEST_DIGITS, MOST_DIGITS = 4, 9
FOLLOWED = "seguimiento"
IN_REVIEW = "en-revision"
TABS: dict[str, tuple[str, ...]] = {
    "todos": ("pending", "pending_payment", "paid", "processing", "delivered", "cancelled"),
    "por-confirmar": ("pending_payment",),
    IN_REVIEW: ("pending_payment", "cancelled"),  # the clock may have ended it
    "en-proceso": ("paid", "processing"),
    "entregados": ("delivered",),
    "cancelados": ("cancelled",),
    "borradores": ("pending",),
    FOLLOWED: ("pending", "pending_payment", "paid", "processing", "delivered", "cancelled"),
}
DELIVERIES = ("espera", "entregado", "fallo", "confirmado")
CHANNELS = ("whatsapp", "email", "web")
ORDERS = ("nuevos", "antiguos", "espera", "total")
MONEY = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters of an address; what it does not say, or says wrong, filters nothing."""

    tab: str = "todos"
    q: str = ""
    payment: str = ""
    delivery: str = ""
    service: str = ""
    channel: str = ""
    since: date | None = None
    until: date | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    order: str = ""

    @classmethod
    def of(cls, said: Mapping[str, str]) -> Wanted:
        tab = said.get("tab", "")
        return cls(
            tab=tab if tab in TABS else "todos",
            q=_writable(said.get("q", ""))[:LONGEST_SEARCH].strip(),
            payment=_among(said.get("pago"), PAYMENT_STATES),
            delivery=_among(said.get("entrega"), DELIVERIES),
            service=_writable(said.get("servicio", ""))[:60],
            channel=_among(said.get("canal"), CHANNELS),
            since=_day(said.get("desde")),
            until=_day(said.get("hasta")),
            least=_money(said.get("minimo")),
            most=_money(said.get("maximo")),
            order=_among(said.get("orden"), ORDERS),
        )

    def said(self) -> dict[str, str]:
        """As an address says it."""
        return {
            "tab": "" if self.tab == "todos" else self.tab,
            "q": self.q,
            "pago": self.payment,
            "entrega": self.delivery,
            "servicio": self.service,
            "canal": self.channel,
            "desde": str(self.since or ""),
            "hasta": str(self.until or ""),
            "minimo": "" if self.least is None else str(self.least),
            "maximo": "" if self.most is None else str(self.most),
            "orden": self.order,
        }

    @property
    def sorted(self) -> str:
        """What is to be followed up comes by its day unless another order is asked for."""
        return self.order or ("seguimiento" if self.tab == FOLLOWED else "nuevos")

    @property
    def states(self) -> list[str]:
        states = TABS[self.tab]
        if self.delivery == "espera":
            return [state for state in states if state == "processing"]
        if self.delivery:
            return [state for state in states if state == "delivered"]
        return list(states)

    @property
    def payments(self) -> list[str]:
        return [self.payment] if self.payment else list(PAYMENT_STATES)

    @property
    def narrow(self) -> bool:
        """Whether orders of some states are left out."""
        return len(self.states) < len(TABS["todos"]) or bool(self.payment)

    @property
    def filters(self) -> int:
        """How many there are beside the tab, the search and the order."""
        kept = self.said()
        return sum(bool(kept[name]) for name in kept if name not in {"tab", "q", "orden"})


@dataclass(slots=True)
class Conditions:
    """`probes` select the ids that pass one filter alone, where an index knows them."""

    clauses: list[str] = field(default_factory=list[str])
    probes: list[str] = field(default_factory=list[str])
    values: dict[str, Any] = field(default_factory=dict[str, Any])

    def add(self, clause: str, probe: str = "", **values: Any) -> None:
        self.clauses.append(clause)
        self.probes += [probe] if probe else []
        self.values |= values


def conditions(wanted: Wanted) -> Conditions:
    asked = Conditions()
    if wanted.q:
        _search(asked, wanted.q)
    if wanted.tab == FOLLOWED:
        asked.add(
            "o.follow_up_on IS NOT NULL",
            "SELECT o.id FROM orders o WHERE o.follow_up_on IS NOT NULL",
        )
    if wanted.tab == IN_REVIEW:
        asked.add(
            order_endings.IN_REVIEW,
            "SELECT r.order_id AS id FROM receipts r WHERE r.status = 'waiting'",
        )
    if wanted.delivery in _DELIVERED:
        asked.add(*_DELIVERED[wanted.delivery])
    if wanted.service:
        asked.add(
            """EXISTS (SELECT FROM order_items i JOIN services s ON s.id = i.service_id
                       WHERE i.order_id = o.id AND s.slug = %(service)s)""",
            """SELECT i.order_id AS id FROM order_items i WHERE i.service_id =
                   (SELECT id FROM services WHERE slug = %(service)s)""",
            service=wanted.service,
        )
    if wanted.channel:
        asked.add("o.delivery_preference = %(channel)s", channel=wanted.channel)
    _days(asked, wanted)
    _amounts(asked, wanted)
    return asked


_DELIVERED = {
    "espera": (
        """EXISTS (SELECT FROM order_items i
                   WHERE i.order_id = o.id AND i.fulfilment = 'waiting_stock')""",
        "SELECT i.order_id AS id FROM order_items i WHERE i.fulfilment = 'waiting_stock'",
    ),
    "fallo": (
        """EXISTS (SELECT FROM messages m WHERE m.order_id = o.id AND m.kind = 'delivered'
                   AND m.status = 'failed')
           AND NOT EXISTS (SELECT FROM messages m WHERE m.order_id = o.id AND m.kind = 'delivered'
                   AND m.channel <> 'web' AND m.status IN ('sent', 'delivered', 'read'))""",
        """SELECT m.order_id AS id FROM messages m
           WHERE m.status = 'failed' AND m.kind = 'delivered' AND m.order_id IS NOT NULL""",
    ),
    "confirmado": (
        """EXISTS (SELECT FROM messages m WHERE m.order_id = o.id AND m.kind = 'delivered'
                   AND m.status = 'confirmed')""",
        """SELECT m.order_id AS id FROM messages m
           WHERE m.status = 'confirmed' AND m.kind = 'delivered' AND m.order_id IS NOT NULL""",
    ),
}


def _days(asked: Conditions, wanted: Wanted) -> None:
    """Days of Mexico City, the last one whole. Written twice: as it is, and as the index has it."""
    if wanted.since is None and wanted.until is None:
        return
    since = _begins(wanted.since or date(2000, 1, 1))
    until = _begins((wanted.until or date(9000, 1, 1)) + timedelta(days=1))
    placed = "date_trunc('second', o.created_at AT TIME ZONE 'UTC')"
    inside = f"{placed} >= %(since)s AND {placed} < %(until)s"
    by_time = wanted.sorted in BY_TIME  # then it is a part of the index that is walked
    asked.add(
        inside,
        ""
        if by_time
        else """SELECT o.id FROM orders o
           WHERE o.created_at >= %(since_at)s AND o.created_at < %(until_at)s""",
        since=since.astimezone(UTC).replace(tzinfo=None),
        until=until.astimezone(UTC).replace(tzinfo=None),
        since_at=since,
        until_at=until,
    )


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), MEXICO)


def _amounts(asked: Conditions, wanted: Wanted) -> None:
    if wanted.least is None and wanted.most is None:
        return
    between = "o.total BETWEEN %(least)s AND %(most)s"
    asked.add(
        between,
        f"""SELECT found.id FROM unnest(%(states)s::text[]) AS s(status)
            CROSS JOIN unnest(%(payments)s::text[]) AS p(status)
            CROSS JOIN LATERAL (
                SELECT o.id FROM orders o
                WHERE o.status = s.status AND o.payment_status = p.status AND {between}
                LIMIT %(few)s) AS found""",  # noqa: S608  # constants
        least=wanted.least or Decimal(0),
        most=wanted.most if wanted.most is not None else Decimal(10**9),
    )


# The words as `ix_customers_name_words` has them.
_WORDS = "to_tsvector('simple'::regconfig, translate(lower(c.name), 'áéíóúüñ', 'aeiouun'))"
# Of one order; asked by EXISTS, PostgreSQL would first gather everybody who fits.
_BUYER = "(SELECT {} FROM customers c WHERE c.id = o.customer_id)"
_BOUGHT = "SELECT o.id FROM customers c JOIN orders o ON o.customer_id = c.id WHERE {}"


def _search(asked: Conditions, q: str) -> None:
    """A number, a payment's reference or tracking key, the end of a phone, or words of a name.

    Each is said twice: of one order, and as the orders it leads to.
    """
    digits = "".join(ch for ch in q if ch in "0123456789")  # «²» is a digit too, and no number
    words = re.findall(r"[^\W_]+", q.lower().translate(str.maketrans("áéíóúüñ", "aeiouun")))
    named = bool(re.search(r"[^\W\d_]", q))
    clauses = [
        """EXISTS (SELECT FROM payments p WHERE p.order_id = o.id
                   AND (upper(p.reference) = %(paid)s OR p.tracking_key = %(paid)s))"""
    ]
    found = [
        "SELECT p.order_id AS id FROM payments p WHERE upper(p.reference) = %(paid)s",
        """SELECT p.order_id AS id FROM payments p
           WHERE p.tracking_key <> '' AND p.tracking_key = %(paid)s""",
    ]
    if numbers := [] if named else _numbers(digits):
        clauses.append("o.id = ANY(%(numbers)s)")
        found.append("SELECT o.id FROM orders o WHERE o.id = ANY(%(numbers)s)")
        asked.values["numbers"] = numbers
    of_buyer = ""
    if not named and len(digits) >= FEWEST_DIGITS:
        of_buyer = "reverse(c.phone) ~>=~ %(end)s AND reverse(c.phone) ~<~ %(past_end)s"
        asked.values |= _range(digits[-10:][::-1])
    elif named and words:
        of_buyer = f"{_WORDS} @@ to_tsquery('simple', %(words)s)"
        asked.values["words"] = " & ".join(f"{word}:*" for word in words)
    if of_buyer:
        clauses.append(_BUYER.format(of_buyer))
        found.append(_BOUGHT.format(of_buyer))
    asked.add(
        f"({' OR '.join(clauses)})",
        f"SELECT id FROM ({' UNION ALL '.join(found)}) AS matching",  # noqa: S608  # constants
        paid=q.upper(),
    )


def _range(start: str) -> dict[str, str]:
    """All that begins so, as the index has it: LIKE would read every row in a plan made ahead."""
    return {"end": start, "past_end": start[:-1] + chr(ord(start[-1]) + 1)}


def _numbers(digits: str) -> list[int]:
    """The order of that number, and the one whose reference for SPEI it is."""
    numbers = [int(digits)] if 0 < len(digits) <= MOST_DIGITS else []
    if len(digits) == 7 and reference_of(int(digits[:6])) == digits:  # noqa: PLR2004  # as SPEI has it
        numbers.append(int(digits[:6]))
    return numbers


def _among(said: str | None, known: Collection[str]) -> str:
    return said if said and said in known else ""


def _writable(said: str) -> str:
    """An address may carry what nothing can write: half a character, or a zero byte."""
    return said.encode(errors="replace").decode().replace("\0", "")


def _day(said: str | None) -> date | None:
    try:
        day = date.fromisoformat(said or "")
    except ValueError:
        return None
    return day if 2000 <= day.year < 9000 else None  # noqa: PLR2004  # years a clock can have


def _money(said: str | None) -> Decimal | None:
    typed = (said or "").replace("$", "").replace(",", "").strip()
    try:
        return Decimal(typed) if MONEY.fullmatch(typed) else None
    except InvalidOperation:
        return None
