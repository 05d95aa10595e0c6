"""A request with a key is carried out once, however often and however closely it is repeated.

The answer is kept by the very transaction that did the work: after a crash there is either both
or neither. A refusal keeps nothing, because nothing was done. Answers that hold a secret must not
be kept.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict, InvalidInput
from domain.sql import fetch_one, run, scalar
from infra.vault import keyed_hash

LIVES_HOURS = 24
LOCK = 0x1DE0  # of those that are being carried out


async def once(
    session: AsyncSession,
    actor: Actor,
    *,
    key: str,
    request: str,
    work: Callable[[], Awaitable[Any]],
) -> tuple[Any, bool]:
    """The answer of `work`, and whether it was on record already.

    Raises `Conflict` (`idempotency_running`), and `InvalidInput` when the same key came with
    another request.
    """
    holder = _holder(actor)
    hashed = keyed_hash("idempotency-key", key)
    asked = keyed_hash("idempotent-request", request)
    free = await scalar(
        session,
        "SELECT pg_try_advisory_xact_lock(%(lock)s, hashtext(%(name)s))",
        lock=LOCK,
        name=holder + hashed,
    )
    if not free:
        raise Conflict("idempotency_running")
    known = await fetch_one(
        session,
        """SELECT request_hash, answer FROM idempotent_answers
           WHERE holder = %(holder)s AND key_hash = %(key)s AND expires_at > now()""",
        holder=holder,
        key=hashed,
    )
    if known is not None:
        if known.request_hash != asked:
            raise InvalidInput({"Idempotency-Key": "idempotency_reused"})
        return known.answer, True
    answer = await work()
    await run(
        session,
        """INSERT INTO idempotent_answers (holder, key_hash, request_hash, answer, expires_at)
           VALUES (%(holder)s, %(key)s, %(asked)s, %(answer)s,
                   now() + make_interval(hours => %(hours)s))
           ON CONFLICT (holder, key_hash) DO UPDATE SET request_hash = excluded.request_hash,
               answer = excluded.answer, expires_at = excluded.expires_at""",
        holder=holder,
        key=hashed,
        asked=asked,
        answer=Jsonb(answer),
        hours=LIVES_HOURS,
    )
    return answer, False


def _holder(actor: Actor) -> str:
    """Whose key it is: of guests, who have no number, those of one address share theirs."""
    if actor.key_id:
        return f"key:{actor.key_id}"
    return f"{actor.kind}:{actor.id or actor.address_hash[:32]}"


async def sweep(session: AsyncSession) -> None:
    await run(session, "DELETE FROM idempotent_answers WHERE expires_at < now()")
