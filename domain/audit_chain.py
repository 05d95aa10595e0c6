"""The log as a hash chain: link what was written, seal the head, find what somebody changed.

Writers never wait here: an entry stands in `audit_tail` from its own transaction on, and `link`
gives it its place soon after. Why, and what cannot be found, is in docs/decisions/0010.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.sql import fetch, fetch_one, run, scalar
from infra.vault import keyed_hash, same

AT_ONCE = 2_000  # links of one transaction: a fraction of a second
STEP = 20_000  # rows that one statement of a verification reads
MOST = 100  # findings told; as many means that there may be more


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain goes and its last hash, in hex. Kept elsewhere, it is an anchor."""

    chain_no: int
    hash: str


@dataclass(frozen=True, slots=True)
class Finding:
    """`entry_id` and `chain_no` are 0 where none can be named."""

    kind: str
    said: str
    chain_no: int = 0
    entry_id: int = 0


@dataclass(slots=True)
class Verification:
    """`waiting` entries are written and not linked yet; the oldest since `waiting_since`."""

    head: Head
    waiting: int
    waiting_since: datetime | None
    anchors: int
    findings: list[Finding] = field(default_factory=list[Finding])


async def link(session: AsyncSession) -> int:
    """Link up to `AT_ONCE` waiting entries and seal the new head; how many there were."""
    linked = int(await scalar(session, "SELECT cuenty_chain_audit(%(most)s)", most=AT_ONCE))
    if linked:
        top = await head(session)
        await run(
            session,
            """INSERT INTO audit_seals (chain_no, hash, seal)
               VALUES (%(no)s, decode(%(hash)s, 'hex'), %(seal)s) ON CONFLICT DO NOTHING""",
            no=top.chain_no,
            hash=top.hash,
            seal=_seal(top),
        )
    return linked


async def head(session: AsyncSession) -> Head:
    row = await fetch_one(
        session,
        """SELECT chain_no, encode(hash, 'hex') AS hash FROM audit_links
           ORDER BY chain_no DESC LIMIT 1""",
    )
    return Head(row.chain_no, row.hash) if row else Head(0, "")


def _seal(top: Head) -> str:
    return keyed_hash("audit", f"{top.chain_no}:{top.hash}")


async def verify(session: AsyncSession, anchors: Sequence[Head] = ()) -> Verification:
    """Read the whole chain, its tail and its seals; it changes nothing.

    `anchors` are heads that were kept outside of this database. Each statement reads a stretch, so
    that any length fits in memory and no reader stands in anybody's way.
    """
    top = await head(session)
    tail: Any = await fetch_one(
        session,
        """SELECT count(*) AS n, min(e.at) AS since
           FROM audit_tail t LEFT JOIN audit_entries e ON e.id = t.entry_id""",
    )
    done = Verification(top, tail.n, tail.since, len(anchors))
    for look in (_links(session, top), _tail(session), _outside(session), _seals(session)):
        async for finding in look:
            done.findings.append(finding)
            if len(done.findings) >= MOST:
                return done
    for anchor in anchors:
        if said := await _against(session, anchor, "ancla guardada fuera de la base"):
            done.findings.append(said)
    return done


BROKEN = """
SELECT l.chain_no, l.entry_id, e.id IS NULL AS removed,
       e.id IS NOT NULL AND cuenty_audit_digest(e) <> l.digest AS changed,
       (SELECT max(b.chain_no) FROM audit_links b WHERE b.chain_no < l.chain_no) AS last_before,
       (l.chain_no = 1 OR p.chain_no IS NOT NULL)
           AND l.hash <> sha256(coalesce(p.hash, '') || l.digest) AS unfit
FROM audit_links l LEFT JOIN audit_links p ON p.chain_no = l.chain_no - 1
LEFT JOIN audit_entries e ON e.id = l.entry_id
WHERE l.chain_no BETWEEN %(first)s AND %(last)s
  AND (e.id IS NULL OR cuenty_audit_digest(e) <> l.digest
       OR (p.chain_no IS NULL AND l.chain_no <> 1)
       OR l.hash <> sha256(coalesce(p.hash, '') || l.digest))
ORDER BY l.chain_no LIMIT %(most)s"""


async def _links(session: AsyncSession, top: Head) -> AsyncGenerator[Finding]:
    for first in range(1, top.chain_no + 1, STEP):
        last = min(first + STEP - 1, top.chain_no)
        for row in await fetch(session, BROKEN, first=first, last=last, most=MOST):
            for finding in _broken(row):
                yield finding


def _broken(row: Any) -> list[Finding]:
    no, entry, before = row.chain_no, row.entry_id, row.last_before or 0
    found: list[Finding] = []
    if no - before > 1:
        lost = f"{before + 1}" if before + 1 == no - 1 else f"{before + 1} a {no - 1}"
        said = f"Se quitó de la cadena: eslabón {lost}, con lo que anotaba."
        found.append(Finding("removed", said, before + 1))
    elif row.unfit:
        said = (
            f"El eslabón {no} (anotación {entry}) no sigue al anterior: "
            "ahí se insertó, se quitó o se cambió de orden."
        )
        found.append(Finding("unfit", said, no, entry))
    for kind, verb in (("removed", "borró"), ("changed", "cambió")):
        if getattr(row, kind):
            said = f"Se {verb} la anotación {entry} (eslabón {no})."
            found.append(Finding(kind, said, no, entry))
    return found


async def _tail(session: AsyncSession) -> AsyncGenerator[Finding]:
    rows = await fetch(
        session,
        """SELECT t.entry_id, e.id IS NULL AS removed
           FROM audit_tail t LEFT JOIN audit_entries e ON e.id = t.entry_id
           WHERE e.id IS NULL OR cuenty_audit_digest(e) <> t.digest
           ORDER BY t.entry_id LIMIT %(most)s""",
        most=MOST,
    )
    for row in rows:
        what = "borró" if row.removed else "cambió"
        yield Finding(
            "removed" if row.removed else "changed",
            f"Se {what} la anotación {row.entry_id}, que esperaba su eslabón.",
            entry_id=row.entry_id,
        )


async def _outside(session: AsyncSession) -> AsyncGenerator[Finding]:
    """Entries nobody linked and nobody is going to: written around the trigger."""
    after, most = 0, int(await scalar(session, "SELECT coalesce(max(id), 0) FROM audit_entries"))
    while after < most:
        rows = await fetch(
            session,
            """SELECT e.id FROM audit_entries e WHERE e.id > %(after)s AND e.id <= %(until)s
                 AND NOT EXISTS (SELECT 1 FROM audit_links l WHERE l.entry_id = e.id)
                 AND NOT EXISTS (SELECT 1 FROM audit_tail t WHERE t.entry_id = e.id)
               ORDER BY e.id LIMIT %(most)s""",
            after=after,
            until=after + STEP,
            most=MOST,
        )
        for row in rows:
            yield Finding(
                "inserted",
                f"La anotación {row.id} se insertó por fuera de la cadena.",
                entry_id=row.id,
            )
        after += STEP


async def _seals(session: AsyncSession) -> AsyncGenerator[Finding]:
    """Only the first that does not fit: what follows a rewritten link is rewritten, too."""
    after = 0
    while True:
        rows = await fetch(
            session,
            """SELECT s.chain_no, encode(s.hash, 'hex') AS hash, s.seal,
                      encode(l.hash, 'hex') AS linked
               FROM audit_seals s LEFT JOIN audit_links l ON l.chain_no = s.chain_no
               WHERE s.chain_no > %(after)s ORDER BY s.chain_no LIMIT %(step)s""",
            after=after,
            step=STEP,
        )
        for row in rows:
            sealed = Head(row.chain_no, row.hash)
            if not same(row.seal, _seal(sealed)):
                said = f"El sello del eslabón {row.chain_no} es falso o de otra clave."
                yield Finding("seal", said, row.chain_no)
                return
            if row.linked != row.hash:
                yield _differs(sealed, row.linked, "sello")
                return
        if len(rows) < STEP:
            return
        after = rows[-1].chain_no


async def _against(session: AsyncSession, anchor: Head, what: str) -> Finding | None:
    if not anchor.chain_no:
        return None
    linked = await scalar(
        session,
        "SELECT encode(hash, 'hex') FROM audit_links WHERE chain_no = %(no)s",
        no=anchor.chain_no,
    )
    return None if linked == anchor.hash else _differs(anchor, linked, what)


def _differs(known: Head, linked: str | None, what: str) -> Finding:
    no = known.chain_no
    if linked is None:
        said = f"La cadena llegaba al eslabón {no} ({what}) y ya no: se cortó su final."
        return Finding("truncated", said, no)
    said = f"El eslabón {no} no es el que conocía el {what}: algo hasta ahí se escribió de nuevo."
    return Finding("rewritten", said, no)
