"""A batch is imported: in one transaction, whole or not at all, whoever is killed on the way.

While it runs, its row is not locked, so that its progress can be written beside it; an advisory
lock keeps a second run out. A run that was lost is begun again when its lease has passed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.import_content import CHUNK, examine, keep_issues, open_rows
from domain.import_rows import Incoming, Issue
from domain.records import audit, tell
from domain.sql import come_back_point, fetch, fetch_one, run, scalar
from infra.vault import Place, ring
from models.imports import ImportMode

LEASE = 60
MOST_ATTEMPTS = 5

Progress = Callable[[int], Awaitable[None]]


async def take(session: AsyncSession, batch_id: int) -> bool:
    """Count an attempt and hold the lease for it; after too many the batch has failed."""
    batch = await fetch_one(
        session,
        """UPDATE import_batches SET attempts = attempts + 1, done = 0,
               lease_until = now() + make_interval(secs => %(lease)s)
           WHERE id = %(id)s AND status = 'running' RETURNING attempts""",
        id=batch_id,
        lease=LEASE,
    )
    if batch is None:
        return False
    if batch.attempts > MOST_ATTEMPTS:
        await _end(session, batch_id, "failed", error="import_interrupted")
        return False
    return True


async def carry_out(session: AsyncSession, *, batch_id: int, progress: Progress) -> set[int]:
    """Import a running batch, whole or not at all; the services that got stock.

    Does nothing when it is not running any more, or somebody else is at it. `progress` gets the
    rows done so far, to be written by another transaction.
    """
    alone = "SELECT pg_try_advisory_xact_lock(hashtextextended('import', %(id)s))"
    if not await scalar(session, alone, id=batch_id):
        return set()
    batch = await fetch_one(
        session,
        "SELECT * FROM import_batches WHERE id = %(id)s AND status = 'running'",
        id=batch_id,
    )
    if batch is None:
        return set()
    found = await examine(
        session, batch.mapping, batch.service_id, await open_rows(session, batch_id)
    )
    good = found.settle()
    whole = batch.mode == ImportMode.ALL
    issues = found.issues
    if not good or (issues and whole):
        await _fail(session, batch, issues, good)
        return set()
    back = await come_back_point(session)
    raced = await insert(session, batch_id, good, progress)
    if raced:
        issues = [*issues, *(_taken(account) for account in raced)]
        good = [account for account in good if account not in raced]
    if not good or (raced and whole):
        await back()
        await _fail(session, batch, issues, good)
        return set()
    await keep_issues(session, batch_id, issues)
    actor = Actor(kind="staff", id=batch.staff_id)
    await audit(session, actor, "import.done", "import", batch_id, accounts=len(good))
    await _end(session, batch_id, "done", good=good, issues=issues)
    return {account.service_id for account in good}


async def report(session: AsyncSession, batch_id: int, done: int) -> None:
    """Write how far a run got, and hold its lease a while longer."""
    await run(
        session,
        """UPDATE import_batches SET done = %(done)s,
               lease_until = now() + make_interval(secs => %(lease)s)
           WHERE id = %(id)s AND status = 'running'""",
        done=done,
        lease=LEASE,
        id=batch_id,
    )
    await tell(session, f"import:{batch_id}")


async def stranded(session: AsyncSession) -> list[int]:
    """Batches whose runner has not been heard of for too long."""
    rows = await fetch(
        session,
        """SELECT id FROM import_batches WHERE status = 'running' AND lease_until < now()
           ORDER BY id LIMIT 20""",
    )
    return [row.id for row in rows]


async def insert(
    session: AsyncSession, batch_id: int, accounts: Sequence[Incoming], progress: Progress
) -> list[Incoming]:
    """Write the accounts in slices; those come back whose login somebody else has just added."""
    raced: list[Incoming] = []
    done = 0
    for at in range(0, len(accounts), CHUNK):
        part = accounts[at : at + CHUNK]
        raced += await _insert_slice(session, batch_id, part)
        done += sum(len(account.lines) for account in part)
        await progress(done)
    return raced


async def _insert_slice(
    session: AsyncSession, batch_id: int, part: Sequence[Incoming]
) -> list[Incoming]:
    accounts = await _new_ids(session, "accounts", len(part))
    profiles = await _new_ids(session, "profiles", sum(len(a.profiles) for a in part))
    sealed = await asyncio.to_thread(_seal, part, accounts, profiles)
    rows = await fetch(
        session,
        INSERT_ACCOUNTS,
        ids=accounts,
        services=[account.service_id for account in part],
        plans=[account.plan_id for account in part],
        logins=sealed.logins,
        hashes=[account.login_hash for account in part],
        passwords=sealed.passwords,
        days=[account.paid_until for account in part],
        costs=[account.cost or Decimal(0) for account in part],
        batch=batch_id,
    )
    await run(
        session,
        INSERT_PROFILES,
        ids=profiles,
        accounts=sealed.owners,
        positions=sealed.positions,
        labels=[profile.label for account in part for profile in account.profiles],
        pins=sealed.pins,
    )
    kept = {row.id for row in rows}
    return [account for row_id, account in zip(accounts, part, strict=True) if row_id not in kept]


# A login somebody added since the batch was looked at is left out here, and so are its profiles.
INSERT_ACCOUNTS = """
INSERT INTO accounts (id, service_id, plan_id, login_sealed, login_hash, password_sealed,
                      paid_until, cost, batch_id)
SELECT u.*, %(batch)s FROM unnest(%(ids)s::bigint[], %(services)s::bigint[], %(plans)s::bigint[],
    %(logins)s::bytea[], %(hashes)s::text[], %(passwords)s::bytea[], %(days)s::date[],
    %(costs)s::numeric[]) AS u
ON CONFLICT (service_id, login_hash) DO NOTHING RETURNING id"""

INSERT_PROFILES = """
INSERT INTO profiles (id, account_id, position, label, pin_sealed)
SELECT u.* FROM unnest(%(ids)s::bigint[], %(accounts)s::bigint[], %(positions)s::int[],
    %(labels)s::text[], %(pins)s::bytea[]) AS u(id, account_id, position, label, pin)
JOIN accounts a ON a.id = u.account_id"""


async def _new_ids(session: AsyncSession, table: str, count: int) -> list[int]:
    rows = await fetch(
        session,
        """SELECT nextval(pg_get_serial_sequence(%(table)s, 'id')) AS id
           FROM generate_series(1, %(count)s)""",
        table=table,
        count=count,
    )
    return [row.id for row in rows]


@dataclass(slots=True)
class _Sealed:
    logins: list[bytes]
    passwords: list[bytes]
    owners: list[int]
    positions: list[int]
    pins: list[bytes | None]


def _seal(part: Sequence[Incoming], accounts: Sequence[int], profiles: Sequence[int]) -> _Sealed:
    """Some thousand seals a slice: away from the event loop."""
    keys, done = ring(), _Sealed([], [], [], [], [])
    following = iter(profiles)
    for row_id, account in zip(accounts, part, strict=True):
        assert account.password is not None  # noqa: S101  # settled accounts have one
        done.logins.append(keys.seal(account.login, Place("accounts", "login_sealed", row_id)))
        done.passwords.append(
            keys.seal(account.password, Place("accounts", "password_sealed", row_id))
        )
        for position, profile in enumerate(account.profiles, 1):
            place = Place("profiles", "pin_sealed", next(following))
            done.owners.append(row_id)
            done.positions.append(position)
            done.pins.append(keys.seal(profile.pin, place) if profile.pin else None)
    return done


def _taken(account: Incoming) -> Issue:
    return Issue(account.line, "login", "row_login_taken")


async def _fail(
    session: AsyncSession, batch: Any, issues: Sequence[Issue], good: Sequence[Incoming]
) -> None:
    await keep_issues(session, batch.id, issues)
    await _end(session, batch.id, "failed", error="import_changed", good=good, issues=issues)


async def _end(
    session: AsyncSession,
    batch_id: int,
    status: str,
    *,
    error: str = "",
    good: Sequence[Incoming] | None = None,
    issues: Sequence[Issue] = (),
) -> None:
    """The secrets of a file that came in are kept in one place only: in the accounts."""
    await run(
        session,
        """UPDATE import_batches SET status = %(status)s::text, error = %(error)s,
               lease_until = NULL, finished_at = now(), good = coalesce(%(good)s::int, good),
               bad = CASE WHEN %(good)s::int IS NULL THEN bad ELSE %(bad)s END,
               done = CASE %(status)s::text WHEN 'done' THEN %(good)s::int ELSE 0 END,
               accounts = coalesce(%(accounts)s::int, accounts),
               sample = CASE %(status)s::text WHEN 'done' THEN '[]' ELSE sample END
           WHERE id = %(id)s""",
        status=status,
        error=error,
        good=None if good is None else sum(len(account.lines) for account in good),
        bad=len({issue.line for issue in issues}),
        accounts=None if good is None else len(good),
        id=batch_id,
    )
    if status == "done":
        await run(session, "DELETE FROM import_chunks WHERE batch_id = %(id)s", id=batch_id)
        await tell(session, "inventory")
    await tell(session, f"import:{batch_id}")
