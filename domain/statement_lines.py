"""Movements become a statement's lines, each matched, and no movement becomes two.

A movement's fingerprint is unique over the shop: what an earlier statement brought is left out, so
that importing a file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch, run
from domain.statement_clues import payer_key
from domain.statement_facts import Candidate, Verdict
from domain.statement_matching import match
from domain.statement_movements import Movement
from domain.statement_pictures import picture
from models.statements import StatementKind

WIDTHS = {"concept": 400, "reference": 40, "tracking_key": 30, "payer": 120}


async def add(
    session: AsyncSession,
    statement_id: int,
    movements: Sequence[Movement],
    fingerprints: Sequence[str],
    kind: StatementKind = StatementKind.FILE,
) -> list[int]:
    """The new lines' ids; what an earlier statement had brought gets none."""
    rows = await fetch(
        session,
        """SELECT fingerprint FROM statement_lines
           WHERE fingerprint = ANY(%(prints)s) AND taken_back_at IS NULL""",
        prints=list(fingerprints),
    )
    known = {row.fingerprint for row in rows}
    fresh = [
        (movement, mark)
        for movement, mark in zip(movements, fingerprints, strict=True)
        if mark not in known
    ]
    new = [movement for movement, _ in fresh]
    verdicts = match(new, await picture(session, new, kind), statement_id)
    inserted = await fetch(
        session,
        INSERT,
        statement=statement_id,
        lines=[movement.line for movement in new],
        days=[movement.booked_on for movement in new],
        amounts=[movement.amount for movement in new],
        concepts=[_cut(movement.concept, "concept") for movement in new],
        references=[_cut(movement.reference, "reference") for movement in new],
        keys=[_cut(movement.tracking_key, "tracking_key").upper() for movement in new],
        payers=[_cut(movement.payer, "payer") for movement in new],
        payer_keys=[payer_key(movement.payer) for movement in new],
        balances=[movement.balance for movement in new],
        prints=[mark for _, mark in fresh],
        **verdict_values(verdicts),
    )
    return [row.id for row in inserted]


INSERT = """
INSERT INTO statement_lines (statement_id, line, booked_on, amount, concept, reference,
    tracking_key, payer, payer_key, balance, fingerprint, result, sure, why, candidates, order_id)
SELECT %(statement)s, u.* FROM unnest(%(lines)s::int[], %(days)s::date[], %(amounts)s::numeric[],
    %(concepts)s::text[], %(references)s::text[], %(keys)s::text[], %(payers)s::text[],
    %(payer_keys)s::text[], %(balances)s::numeric[], %(prints)s::text[], %(results)s::text[],
    %(sure)s::bool[], %(why)s::jsonb[], %(candidates)s::jsonb[], %(orders)s::bigint[]) AS u
ON CONFLICT (fingerprint) WHERE taken_back_at IS NULL DO NOTHING RETURNING id"""


async def look_again(session: AsyncSession, statement_id: int, kind: StatementKind) -> int:
    """Match anew what nobody has decided: orders and payments came since; how many are sure now."""
    rows = await fetch(
        session,
        """SELECT id, line, booked_on, amount, concept, reference, tracking_key, payer, balance
           FROM statement_lines
           WHERE statement_id = %(id)s AND payment_id IS NULL AND decided_at IS NULL
             AND taken_back_at IS NULL AND amount > 0 ORDER BY id FOR UPDATE""",
        id=statement_id,
    )
    movements = [
        Movement(
            row.line,
            row.booked_on,
            row.amount,
            row.concept,
            row.reference,
            row.tracking_key,
            row.payer,
            row.balance,
        )
        for row in rows
    ]
    verdicts = match(movements, await picture(session, movements, kind), statement_id)
    await run(
        session,
        """UPDATE statement_lines l SET result = u.result, sure = u.sure, why = u.why,
               candidates = u.candidates, order_id = u.order_id
           FROM unnest(%(ids)s::bigint[], %(results)s::text[], %(sure)s::bool[], %(why)s::jsonb[],
                       %(candidates)s::jsonb[], %(orders)s::bigint[])
               AS u(id, result, sure, why, candidates, order_id)
           WHERE l.id = u.id""",
        ids=[row.id for row in rows],
        **verdict_values(verdicts),
    )
    return sum(verdict.sure for verdict in verdicts)


def verdict_values(verdicts: Sequence[Verdict]) -> dict[str, list[object]]:
    return {
        "results": [verdict.result.value for verdict in verdicts],
        "sure": [verdict.sure for verdict in verdicts],
        "why": [Jsonb(verdict.why) for verdict in verdicts],
        "candidates": [Jsonb(candidates_kept(verdict.candidates)) for verdict in verdicts],
        "orders": [verdict.order_id for verdict in verdicts],
    }


def candidates_kept(candidates: Sequence[Candidate]) -> list[dict[str, object]]:
    return [{"order": one.order_id, "why": list(one.why)} for one in candidates]


def _cut(text: str, name: str) -> str:
    return "".join(c for c in text if c.isprintable()).strip()[: WIDTHS[name]]
