"""What customers report under the warranty, from the first word to the answer.

With `replace_every_days` set, a report that another access would end is replaced at once, by
nobody's hand: once in that many days per subscription, while paid time is left and stock exists,
and not while somebody is already mending the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import orders, replacements
from domain.actors import SYSTEM, Actor
from domain.errors import Conflict, InvalidInput, NotFound
from domain.records import audit, note, raise_alert, tell
from domain.sql import fetch_one, scalar
from domain.texts import CLAIM_KINDS
from infra.clock import today
from infra.settings import settings

LONGEST = 500
REPLACEABLE = frozenset({"wrong_password", "profile_taken", "screen_limit", "account_down"})
SEVERAL = 2  # customers who say that one account is down


@dataclass(frozen=True, slots=True)
class Reported:
    claim_id: int
    replaced: bool


async def report(
    session: AsyncSession, actor: Actor, *, assignment_id: int, kind: str, details: str = ""
) -> Reported:
    """The customer says what is wrong with their live subscription.

    Raises `NotFound` for another's, `Conflict`: `access_ended`, `claim_open` when it is reported
    already; `InvalidInput`.
    """
    customer_id = actor.customer_id()
    wrong: dict[str, str] = {}
    if kind not in CLAIM_KINDS:
        wrong["kind"] = "claim_kind"
    details = details.strip()
    if len(details) > LONGEST:
        wrong["details"] = "text_long"
    if wrong:
        raise InvalidInput(wrong)
    unit = await replacements.lock_unit(session, actor, assignment_id)
    held = next(row for row in unit if row.id == assignment_id)
    try:
        claim_id = int(
            await scalar(
                session,
                """INSERT INTO claims (assignment_id, customer_id, profile_id, kind, details)
                   VALUES (%(id)s, %(customer)s, %(profile)s, %(kind)s, %(details)s)
                   RETURNING id""",
                id=assignment_id,
                customer=customer_id,
                profile=held.profile_id,
                kind=kind,
                details=details,
            )
        )
    except psycopg.errors.UniqueViolation as error:
        raise Conflict("claim_open") from error
    facts: Any = await fetch_one(
        session,
        """SELECT i.service_name, c.id AS account_id, c.status AS account_status
           FROM order_items i, profiles p JOIN accounts c ON c.id = p.account_id
           WHERE i.id = %(item)s AND p.id = %(profile)s""",
        item=held.order_item_id,
        profile=held.profile_id,
    )
    await note(
        session,
        actor,
        held.order_id,
        "claim_reported",
        service=facts.service_name,
        problem=CLAIM_KINDS[kind],
    )
    await audit(session, actor, "claim.report", "claim", claim_id, kind=kind)
    await tell(session, "claims", f"order:{held.order_id}")
    if kind == "account_down":
        await _warn_of(session, facts.account_id)
    replaced = (
        kind in REPLACEABLE
        and facts.account_status != "maintenance"
        and held.ends_on >= today()
        and await _replace_at_once(session, [row.id for row in unit], assignment_id, claim_id)
    )
    return Reported(claim_id, replaced)


async def _warn_of(session: AsyncSession, account_id: int) -> None:
    said = await scalar(
        session,
        """SELECT count(DISTINCT c.customer_id) FROM claims c JOIN profiles p ON p.id = c.profile_id
           WHERE p.account_id = %(account)s AND c.status = 'open' AND c.kind = 'account_down'""",
        account=account_id,
    )
    if said >= SEVERAL:
        await raise_alert(session, f"account_reports:{account_id}")


async def _replace_at_once(
    session: AsyncSession, unit_ids: list[int], assignment_id: int, claim_id: int
) -> bool:
    days = settings().replace_every_days
    if not days or await scalar(
        session,
        """SELECT 1 FROM replacements WHERE assignment_id = ANY(%(unit)s) AND automatic
             AND at > now() - make_interval(days => %(days)s) LIMIT 1""",
        unit=unit_ids,
        days=days,
    ):
        return False
    try:
        await replacements.replace(
            session, SYSTEM, assignment_id=assignment_id, claim_id=claim_id, automatic=True
        )
    except Conflict as refusal:
        if refusal.code != "no_replacement":
            raise
        return False
    return True


async def close(
    session: AsyncSession, actor: Actor, *, claim_id: int, status: str, answer: str = ""
) -> None:
    """End a claim as `solved` or `rejected`; the customer reads the answer on their card.

    Raises `NotFound`, `Conflict` (`claim_closed`), `InvalidInput`: a rejection needs its answer.
    """
    actor.require_staff()
    answer = answer.strip()
    if status not in {"solved", "rejected"}:
        raise InvalidInput({"status": "value_invalid"})
    if len(answer) > LONGEST:
        raise InvalidInput({"answer": "text_long"})
    if status == "rejected" and not answer:
        raise InvalidInput({"answer": "answer_required"})
    claim = await fetch_one(
        session,
        """SELECT c.assignment_id, i.order_id, i.service_name FROM claims c
           JOIN assignments a ON a.id = c.assignment_id
           JOIN order_items i ON i.id = a.order_item_id WHERE c.id = %(id)s""",
        id=claim_id,
    )
    if claim is None:
        raise NotFound
    await orders.lock(session, actor, claim.order_id)
    if not await scalar(
        session,
        "SELECT 1 FROM claims WHERE id = %(id)s AND status = 'open' FOR UPDATE",
        id=claim_id,
    ):
        raise Conflict("claim_closed")
    await replacements.settle_claims(session, actor, [claim.assignment_id], status, answer)
    await note(session, actor, claim.order_id, f"claim_{status}", service=claim.service_name)
    await audit(session, actor, "claim.close", "claim", claim_id, status=status)
    await tell(session, f"order:{claim.order_id}")
