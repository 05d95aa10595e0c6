"""The owner's coupons: made, changed, looked through. One that was used keeps its code for ever."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.amounts import is_amount
from domain.coupons import written
from domain.errors import Forbidden, InvalidInput, NotFound
from domain.records import audit
from domain.sql import fetch, fetch_as, fetch_one, run, scalar

CODE = re.compile(r"[A-Z0-9-]{3,20}")
MOST = 200
MOST_USES = 50
HIGHEST = 10**6
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CouponTerms:
    """What a coupon says. One of `percent` and `amount`; at most one of service and plan."""

    percent: Decimal | None = None
    amount: Decimal | None = None
    service_id: int | None = None
    plan_id: int | None = None
    minimum: Decimal = ZERO
    limit_total: int | None = None
    limit_each: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    active: bool = True


@dataclass(frozen=True, slots=True)
class CouponLine:
    """`scope` names the service or plan it is for; `saved` is what it has taken off until now."""

    id: int
    code: str
    percent: Decimal | None
    amount: Decimal | None
    service_id: int | None
    plan_id: int | None
    scope: str
    minimum: Decimal
    limit_total: int | None
    limit_each: int | None
    from_on: date | None
    until_on: date | None
    active: bool
    uses: int
    saved: Decimal


@dataclass(frozen=True, slots=True)
class Use:
    id: int
    order_id: int
    customer_name: str
    amount: Decimal
    used_at: datetime
    returned: bool


async def coupon_list(session: AsyncSession, actor: Actor) -> list[CouponLine]:
    """Those that count first, the newest of them at the top. Raises `Forbidden`."""
    _only_the_owner(actor)
    listed = f"{LINE} ORDER BY k.active DESC, k.id DESC LIMIT {MOST}"
    return await fetch_as(session, CouponLine, listed)


async def coupon(session: AsyncSession, actor: Actor, *, coupon_id: int) -> CouponLine:
    """Raises `Forbidden`, `NotFound`."""
    _only_the_owner(actor)
    found = await fetch_as(session, CouponLine, f"{LINE} WHERE k.id = %(id)s", id=coupon_id)
    if not found:
        raise NotFound
    return found[0]


LINE = """SELECT k.id, k.code, k.percent, k.amount, k.service_id, k.plan_id,
       coalesce(s.name, ps.name || ' ' || p.name, '') AS scope, k.minimum,
       k.limit_total, k.limit_each, k.from_on, k.until_on, k.active, k.uses,
       (SELECT coalesce(sum(u.amount), 0) FROM coupon_uses u
        WHERE u.coupon_id = k.id AND u.returned_at IS NULL) AS saved
FROM coupons k LEFT JOIN services s ON s.id = k.service_id
LEFT JOIN plans p ON p.id = k.plan_id LEFT JOIN services ps ON ps.id = p.service_id"""


async def uses(
    session: AsyncSession,
    actor: Actor,
    *,
    coupon_id: int,
    before: int | None = None,
    limit: int = MOST_USES,
) -> list[Use]:
    """The latest first; the next page starts `before` the last id."""
    _only_the_owner(actor)
    return await fetch_as(
        session,
        Use,
        """SELECT u.id, u.order_id, c.name AS customer_name, u.amount, u.used_at,
                  u.returned_at IS NOT NULL AS returned
           FROM coupon_uses u JOIN customers c ON c.id = u.customer_id
           WHERE u.coupon_id = %(id)s AND u.id < %(before)s ORDER BY u.id DESC LIMIT %(limit)s""",
        id=coupon_id,
        before=before or 2**63 - 1,
        limit=limit,
    )


async def scopes(session: AsyncSession, actor: Actor) -> list[tuple[str, str]]:
    """What a coupon may be for: `s1` is a service, `p1` a plan, with their names."""
    _only_the_owner(actor)
    rows = await fetch(
        session,
        """SELECT 's' || s.id AS key, s.name AS said, s.position, s.id AS service, 0 AS plan
           FROM services s WHERE s.archived_at IS NULL
           UNION ALL SELECT 'p' || p.id, s.name || ' · ' || p.name, s.position, s.id, p.id
           FROM plans p JOIN services s ON s.id = p.service_id
           WHERE p.archived_at IS NULL AND s.archived_at IS NULL
           ORDER BY 3, 4, 5 LIMIT 400""",
    )
    return [(row.key, row.said) for row in rows]


async def create(session: AsyncSession, actor: Actor, *, code: str, terms: CouponTerms) -> int:
    """Raises `Forbidden`, `InvalidInput` with every field that is wrong."""
    _only_the_owner(actor)
    code, wrong = written(code), _wrong(terms)
    if not CODE.fullmatch(code):
        wrong["code"] = "coupon_code"
    elif await scalar(session, "SELECT 1 FROM coupons WHERE code = %(code)s", code=code):
        wrong["code"] = "coupon_taken"
    if wrong:
        raise InvalidInput(wrong)
    try:
        made = await scalar(
            session,
            """INSERT INTO coupons (code, percent, amount, service_id, plan_id, minimum,
                   limit_total, limit_each, from_on, until_on, active)
               VALUES (%(code)s, %(percent)s, %(amount)s, %(service)s, %(plan)s, %(minimum)s,
                   %(total)s, %(each)s, %(from)s, %(until)s, %(active)s) RETURNING id""",
            code=code,
            **_values(terms),
        )
    except psycopg.errors.UniqueViolation as error:
        raise InvalidInput({"code": "coupon_taken"}) from error
    except psycopg.errors.ForeignKeyViolation as error:
        raise InvalidInput({"scope": "value_invalid"}) from error
    await audit(session, actor, "coupon.create", "coupon", code, after=_told(terms))
    return int(made)


async def change(
    session: AsyncSession, actor: Actor, *, coupon_id: int, terms: CouponTerms
) -> None:
    """Orders placed before keep what they had. Raises as `create`, and `NotFound`."""
    _only_the_owner(actor)
    before: Any = await fetch_one(
        session, "SELECT * FROM coupons WHERE id = %(id)s FOR UPDATE", id=coupon_id
    )
    if before is None:
        raise NotFound
    wrong = _wrong(terms)
    if terms.limit_total is not None and terms.limit_total < before.uses:
        wrong["limit_total"] = f"Ya se usó {before.uses} veces: no puede ser menos."
    if wrong:
        raise InvalidInput(wrong)
    try:
        await run(
            session,
            """UPDATE coupons SET percent = %(percent)s, amount = %(amount)s,
                   service_id = %(service)s, plan_id = %(plan)s, minimum = %(minimum)s,
                   limit_total = %(total)s, limit_each = %(each)s, from_on = %(from)s,
                   until_on = %(until)s, active = %(active)s WHERE id = %(id)s""",
            id=coupon_id,
            **_values(terms),
        )
    except psycopg.errors.ForeignKeyViolation as error:
        raise InvalidInput({"scope": "value_invalid"}) from error
    was = CouponTerms(**{name: getattr(before, name) for name in CouponTerms.__slots__})
    await audit(
        session,
        actor,
        "coupon.change",
        "coupon",
        before.code,
        before=_told(was),
        after=_told(terms),
    )


def _only_the_owner(actor: Actor) -> None:
    if not actor.owner:
        raise Forbidden


def _wrong(terms: CouponTerms) -> dict[str, str]:
    """Each field that is wrong, with its code."""
    wrong: dict[str, str] = {}
    if terms.percent is not None and terms.amount is None:
        if not is_amount(terms.percent) or terms.percent > 100:  # noqa: PLR2004
            wrong["value"] = "coupon_percent"
    elif terms.percent is not None or not _fits(terms.amount or ZERO):
        wrong["value"] = "amount_invalid"
    if terms.minimum and not _fits(terms.minimum):
        wrong["minimum"] = "amount_invalid"
    if terms.service_id is not None and terms.plan_id is not None:
        wrong["scope"] = "value_invalid"
    for name in ("limit_total", "limit_each"):
        limit = getattr(terms, name)
        if limit is not None and not 1 <= limit <= HIGHEST:
            wrong[name] = "coupon_limit"
    if terms.from_on and terms.until_on and terms.until_on < terms.from_on:
        wrong["until_on"] = "coupon_dates"
    return wrong


def _fits(amount: Decimal) -> bool:
    return is_amount(amount) and amount <= HIGHEST


def _values(terms: CouponTerms) -> dict[str, Any]:
    return {
        "percent": terms.percent,
        "amount": terms.amount,
        "service": terms.service_id,
        "plan": terms.plan_id,
        "minimum": terms.minimum,
        "total": terms.limit_total,
        "each": terms.limit_each,
        "from": terms.from_on,
        "until": terms.until_on,
        "active": terms.active,
    }


def _told(terms: CouponTerms) -> dict[str, Any]:
    """As the log keeps it: what is not said is not there."""
    found = {name: getattr(terms, name) for name in CouponTerms.__slots__}
    return {
        name: value if isinstance(value, bool | int) else str(value)
        for name, value in found.items()
        if value is not None
    }
