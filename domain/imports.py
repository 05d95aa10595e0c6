"""Stock from a file: looked at first, then imported, and undone while nothing of it was used.

The content waits sealed and is read again when it is imported: what the shop got since the preview
counts. `domain.import_runs` does the importing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import import_files
from domain.actors import Actor
from domain.errors import Conflict, InvalidInput, NotFound
from domain.import_columns import fits, propose, signature
from domain.import_content import examine, keep, keep_issues, open_rows
from domain.import_files import Row
from domain.import_rows import Incoming, Issue
from domain.import_runs import LEASE
from domain.records import audit, tell
from domain.sql import fetch, fetch_one, run, scalar
from infra.queue import defer
from models.imports import ImportMode

SLICE = 2000
SAMPLE = 4
LONGEST_NAME = 120


async def stage(
    session: AsyncSession,
    actor: Actor,
    *,
    content: bytes,
    file_name: str = "",
    service_id: int | None = None,
) -> int:
    """Keep a file sealed and say what is in it; nothing is in stock yet. The batch's id.

    Raises `InvalidInput` (`file`) for what nobody can read.
    """
    actor.require_staff()
    sheet = await asyncio.to_thread(import_files.read, content)
    columns = max(len(sheet.header), *(len(row.cells) for row in sheet.rows))
    batch_id = int(
        await scalar(
            session,
            """INSERT INTO import_batches (file_name, header, columns, signature, rows, staff_id)
               VALUES (%(name)s, %(header)s, %(columns)s, %(signature)s, %(rows)s, %(staff)s)
               RETURNING id""",
            name="".join(c for c in file_name if c.isprintable())[:LONGEST_NAME],
            header=Jsonb(sheet.header),
            columns=columns,
            signature=signature(sheet.header),
            rows=len(sheet.rows),
            staff=actor.id,
        )
    )
    await keep(session, batch_id, sheet.rows)
    mapping = await _remembered(session, sheet.header, columns) or propose(sheet.header)
    mapping = {name: column for name, column in mapping.items() if column < columns}
    await _look(session, batch_id, mapping, service_id, sheet.rows)
    return batch_id


async def remap(
    session: AsyncSession,
    actor: Actor,
    *,
    batch_id: int,
    mapping: Mapping[str, int],
    service_id: int | None,
) -> None:
    """Read the same file with other columns or another service.

    Raises `InvalidInput` (`mapping`, `service`), `Conflict` when it has been imported or is gone.
    """
    actor.require_staff()
    batch = await _open(session, batch_id)
    if not fits(mapping, batch.columns):
        raise InvalidInput({"mapping": "import_columns"})
    rows = await open_rows(session, batch_id)
    await _look(session, batch_id, dict(mapping), service_id, rows)
    await tell(session, f"import:{batch_id}")


async def start(session: AsyncSession, actor: Actor, *, batch_id: int, mode: ImportMode) -> None:
    """Let a worker import it: `all` refuses a file with bad rows, `good` leaves them out.

    Raises `Conflict` when there is nothing good to import, or the batch is not open.
    """
    actor.require_staff()
    batch = await _open(session, batch_id)
    if not batch.good or (batch.status == "preview" and batch.error):
        raise Conflict("import_no_good")
    if batch.bad and mode is ImportMode.ALL:
        raise Conflict("import_bad_rows")
    await run(
        session,
        """UPDATE import_batches SET status = 'running', mode = %(mode)s, done = 0, error = '',
               attempts = 0, staff_id = %(staff)s, started_at = now(), finished_at = NULL,
               lease_until = now() + make_interval(secs => %(lease)s)
           WHERE id = %(id)s""",
        mode=mode,
        staff=actor.id,
        lease=LEASE,
        id=batch_id,
    )
    await audit(
        session,
        actor,
        "import.start",
        "import",
        batch_id,
        mode=mode,
        rows=batch.rows,
        bad=batch.bad,
    )
    await defer(session, "imports.run", batch_id=batch_id)
    await tell(session, f"import:{batch_id}")


async def undo(session: AsyncSession, actor: Actor, *, batch_id: int) -> int:
    """Take back what a batch brought while nothing of it was used; the accounts removed.

    Raises `Conflict` (`import_not_undone`), which says what was sold, held or changed since.
    """
    actor.require_staff()
    batch = await fetch_one(
        session, "SELECT * FROM import_batches WHERE id = %(id)s FOR UPDATE", id=batch_id
    )
    if batch is None:
        raise NotFound
    if batch.status != "done":
        raise Conflict("import_state")
    accounts = await fetch(
        session,
        "SELECT id FROM accounts WHERE batch_id = %(id)s ORDER BY id FOR UPDATE",
        id=batch_id,
    )
    ids = [account.id for account in accounts]
    await run(
        session,
        "SELECT id FROM profiles WHERE account_id = ANY(%(ids)s) ORDER BY id FOR UPDATE",
        ids=ids,
    )
    used = await fetch_one(session, USED, ids=ids)
    assert used is not None  # noqa: S101  # an aggregate always has one row
    why = [
        one if count == 1 else many.format(n=count)
        for count, one, many in (
            (used.sold, "una de sus cuentas ya se vendió", "{n} de sus cuentas ya se vendieron"),
            (used.held, "un pedido apartó una cuenta", "{n} cuentas están apartadas por pedidos"),
            (used.changed, "una cuenta cambió después", "{n} cuentas cambiaron después"),
        )
        if count
    ]
    if why:
        raise Conflict("import_not_undone", why="; ".join(why))
    for at in range(0, len(ids), SLICE):
        part = ids[at : at + SLICE]
        await run(session, "DELETE FROM profiles WHERE account_id = ANY(%(ids)s)", ids=part)
        await run(session, "DELETE FROM accounts WHERE id = ANY(%(ids)s)", ids=part)
    await run(
        session,
        "UPDATE import_batches SET status = 'undone', finished_at = now() WHERE id = %(id)s",
        id=batch_id,
    )
    await audit(session, actor, "import.undo", "import", batch_id, accounts=len(ids))
    await tell(session, f"import:{batch_id}", "inventory")
    return len(ids)


# Looking at a secret changes nothing; every other entry about an account or a profile does.
USED = """
WITH places AS (SELECT * FROM profiles WHERE account_id = ANY(%(ids)s)),
sold AS (
    SELECT DISTINCT p.account_id FROM places p WHERE p.status = 'assigned'
        OR EXISTS (SELECT 1 FROM assignments a WHERE a.profile_id = p.id)
        OR EXISTS (SELECT 1 FROM replacements r WHERE p.id IN (r.from_profile_id, r.to_profile_id))
        OR EXISTS (SELECT 1 FROM claims c WHERE c.profile_id = p.id)
        OR EXISTS (SELECT 1 FROM credential_views v WHERE v.profile_id = p.id)),
held AS (
    SELECT DISTINCT account_id FROM places WHERE reserved_until > now()),
changed AS (
    SELECT a.id FROM accounts a WHERE a.id = ANY(%(ids)s) AND (
        a.status <> 'active' OR a.credential_version > 1
        OR EXISTS (SELECT 1 FROM supplier_renewals r WHERE r.account_id = a.id)
        OR EXISTS (SELECT 1 FROM credential_versions v WHERE v.account_id = a.id)
        OR EXISTS (SELECT 1 FROM places p WHERE p.account_id = a.id
                   AND (p.pin_version > 1 OR p.status NOT IN ('free', 'assigned')))
        OR EXISTS (SELECT 1 FROM audit_entries e WHERE e.object_type = 'account'
                   AND e.object_id = a.id::text AND e.action NOT LIKE '%%reveal%%')
        OR EXISTS (SELECT 1 FROM places p JOIN audit_entries e ON e.object_type = 'profile'
                   AND e.object_id = p.id::text AND e.action NOT LIKE '%%reveal%%'
                   WHERE p.account_id = a.id))
        AND a.id NOT IN (SELECT account_id FROM sold))
SELECT (SELECT count(*) FROM sold) AS sold, (SELECT count(*) FROM held) AS held,
       (SELECT count(*) FROM changed) AS changed"""


async def discard(session: AsyncSession, actor: Actor, *, batch_id: int) -> None:
    """Forget a file that was not imported."""
    actor.require_staff()
    await _open(session, batch_id)
    await run(session, "DELETE FROM import_batches WHERE id = %(id)s", id=batch_id)
    await audit(session, actor, "import.discard", "import", batch_id)


async def sweep(session: AsyncSession) -> None:
    """Previews that nobody finished within a day, and the content of what failed."""
    await run(
        session,
        """DELETE FROM import_batches
           WHERE status = 'preview' AND created_at < now() - interval '1 day'""",
    )
    await run(
        session,
        """WITH late AS (
               UPDATE import_batches SET sample = '[]'
               WHERE status = 'failed' AND finished_at < now() - interval '1 day' RETURNING id)
           DELETE FROM import_chunks WHERE batch_id IN (SELECT id FROM late)""",
    )


async def _open(session: AsyncSession, batch_id: int) -> Any:
    """The batch, locked, while it may still be changed."""
    batch = await fetch_one(
        session, "SELECT * FROM import_batches WHERE id = %(id)s FOR UPDATE", id=batch_id
    )
    if batch is None:
        raise NotFound
    if batch.status not in {"preview", "failed"}:
        raise Conflict("import_state")
    return batch


async def _remembered(
    session: AsyncSession, header: Sequence[str], columns: int
) -> dict[str, int] | None:
    """How the last imported file with this header was read."""
    if not header:
        return None
    found = await scalar(
        session,
        """SELECT mapping FROM import_batches
           WHERE signature = %(signature)s AND status IN ('done', 'undone')
           ORDER BY id DESC LIMIT 1""",
        signature=signature(header),
    )
    return found if found and fits(found, columns) else None


async def _look(
    session: AsyncSession,
    batch_id: int,
    mapping: dict[str, int],
    service_id: int | None,
    rows: Sequence[Row],
) -> None:
    """Write the preview: what would come in, what would not and why, and what is lacking."""
    good: list[Incoming] = []
    issues: list[Issue] = []
    lacks = ""
    if not {"login", "password"} <= set(mapping):
        lacks = "import_mapping"
    else:
        found = await examine(session, mapping, service_id, rows)
        if "service" not in mapping and found.service is None:
            lacks = "import_service"
        else:
            good, issues = found.settle(), found.issues
            service_id = found.service.id if found.service else None
    await keep_issues(session, batch_id, issues)
    await run(
        session,
        """UPDATE import_batches SET status = 'preview', mapping = %(mapping)s,
               service_id = (SELECT id FROM services WHERE id = %(service)s),
               error = %(lacks)s, good = %(good)s, bad = %(bad)s, accounts = %(accounts)s,
               sample = %(sample)s
           WHERE id = %(id)s""",
        id=batch_id,
        mapping=Jsonb(mapping),
        service=None if lacks == "import_service" else service_id,
        lacks=lacks,
        good=sum(len(account.lines) for account in good),
        bad=len({issue.line for issue in issues}),
        accounts=len(good),
        sample=Jsonb([_masked(account) for account in good[:SAMPLE]]),
    )


def _masked(account: Incoming) -> dict[str, Any]:
    name, at, domain = account.login.disclose().partition("@")
    return {
        "line": account.line,
        "service_id": account.service_id,
        "plan_id": account.plan_id,
        "login": f"{name[:2]}•••{at}{domain}" if at else f"{name[:2]}•••",
        "profiles": [profile.label for profile in account.profiles],
        "pins": sum(profile.pin is not None for profile in account.profiles),
        "paid_until": account.paid_until.isoformat() if account.paid_until else "",
        "cost": str(account.cost) if account.cost is not None else "",
    }
