"""Whoever changes the log behind the shop's back is found, and where; nobody waits to write it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

import psycopg
import pytest

from cuenty_app.audit import anchors_of, report
from domain import audit_chain
from domain.actors import SYSTEM
from domain.audit_chain import Finding, Head
from domain.records import audit
from domain.sql import fetch, run, scalar
from infra import audit_anchors
from infra.database import reading, unit_of_work
from infra.queue import psycopg_dsn
from tests.fixtures import Shop

pytestmark = pytest.mark.usefixtures("shop")
WRITTEN = 12
OFF = "SET session_replication_role = replica"  # what a superuser does about triggers


async def write(count: int = WRITTEN, action: str = "plan.low_stock") -> None:
    for number in range(count):
        async with unit_of_work() as session:
            await audit(session, SYSTEM, action, "plan", number, before=number, after=number + 1)


async def link() -> int:
    async with unit_of_work() as session:
        return await audit_chain.link(session)


async def findings(anchors: Iterable[Head] = ()) -> list[Finding]:
    async with reading() as session:
        return (await audit_chain.verify(session, list(anchors))).findings


async def head() -> Head:
    async with reading() as session:
        return await audit_chain.head(session)


def tamper(*statements: str) -> None:
    """As the database's superuser, past every trigger."""
    with psycopg.connect(psycopg_dsn(), autocommit=True) as connection:
        for statement in (OFF, *statements):
            connection.execute(statement.encode())


def named(found: Iterable[Finding]) -> list[tuple[str, int, int]]:
    return [(one.kind, one.chain_no, one.entry_id) for one in found]


async def test_what_is_written_is_linked_in_turn_and_holds() -> None:
    await write()
    async with reading() as session:
        before = await audit_chain.verify(session)
    assert (before.waiting, before.head, before.findings) == (WRITTEN, Head(0, ""), [])
    assert await link() == WRITTEN
    assert await link() == 0
    async with reading() as session:
        after = await audit_chain.verify(session)
        links = await fetch(session, "SELECT chain_no, entry_id FROM audit_links ORDER BY 1")
    assert (after.waiting, after.head.chain_no, after.findings) == (0, WRITTEN, [])
    assert [(row.chain_no, row.entry_id) for row in links] == [
        (n, n) for n in range(1, WRITTEN + 1)
    ]


async def test_an_entry_committed_late_is_linked_late_and_leaves_no_gap() -> None:
    async with unit_of_work() as slow:
        await audit(slow, SYSTEM, "import.done", "import", 1)
        await write(3)
        assert await link() == 3
    assert await link() == 1
    async with reading() as session:
        order = [row.entry_id for row in await fetch(session, "SELECT * FROM audit_links")]
    assert order == [2, 3, 4, 1]
    assert await findings() == []


async def test_nobody_who_writes_an_entry_waits_for_another_or_for_the_chain() -> None:
    await write()
    async with unit_of_work() as chaining:
        await audit_chain.link(chaining)
        async with unit_of_work() as one, unit_of_work() as other:
            await run(one, "SET LOCAL lock_timeout = '1s'")
            await run(other, "SET LOCAL lock_timeout = '1s'")
            await audit(one, SYSTEM, "x.one", "plan", 1)
            await audit(other, SYSTEM, "x.other", "plan", 2)
    assert await link() == 2
    assert await findings() == []


async def test_two_workers_that_link_at_once_make_one_chain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(audit_chain, "AT_ONCE", 3)
    await write()
    done = await asyncio.gather(*(link() for _ in range(4)))
    assert sum(done) == WRITTEN
    assert await findings() == []


CHANGE = "UPDATE audit_entries SET change = '{\"after\": 9}' WHERE id = 5"
REMOVE = "DELETE FROM audit_entries WHERE id = 5"
BACKDATE = "UPDATE audit_entries SET at = at - interval '1 hour' WHERE id = 7"
INSERT = """INSERT INTO audit_entries (id, actor_kind, action, object_type, object_id)
    OVERRIDING SYSTEM VALUE VALUES (900, 'system', 'x.forged', 'plan', '1')"""
LINK_IT = """INSERT INTO audit_links (chain_no, entry_id, digest, hash)
    SELECT 5, e.id, cuenty_audit_digest(e), sha256(p.hash || cuenty_audit_digest(e))
    FROM audit_entries e, audit_links p WHERE e.id = 900 AND p.chain_no = 4"""
MAKE_ROOM = "UPDATE audit_links SET chain_no = chain_no + 1000 WHERE chain_no >= 5"
CUT = (
    "DELETE FROM audit_entries WHERE id > 9",
    "DELETE FROM audit_links WHERE chain_no > 9",
    "DELETE FROM audit_seals WHERE chain_no > 9",
)
CLOSE_UP = "UPDATE audit_links SET chain_no = chain_no - 999 WHERE chain_no >= 1000"


@pytest.mark.parametrize(
    ("done", "found"),
    [
        ((CHANGE,), [("changed", 5, 5)]),
        ((BACKDATE,), [("changed", 7, 7)]),
        (("UPDATE audit_entries SET address_hash = 'x' WHERE id = 7",), [("changed", 7, 7)]),
        ((REMOVE,), [("removed", 5, 5)]),
        ((REMOVE, "DELETE FROM audit_links WHERE chain_no = 5"), [("removed", 5, 0)]),
        (
            ("DELETE FROM audit_entries WHERE id IN (5, 6)",
             "DELETE FROM audit_links WHERE chain_no IN (5, 6)"),
            [("removed", 5, 0)],
        ),
        (
            (REMOVE, "DELETE FROM audit_links WHERE chain_no = 5",
             "UPDATE audit_links SET chain_no = chain_no + 1000 WHERE chain_no > 5",
             "UPDATE audit_links SET chain_no = chain_no - 1001 WHERE chain_no > 1000"),
            [("unfit", 5, 6), ("truncated", 12, 0)],
        ),
        ((INSERT,), [("inserted", 0, 900)]),
        ((INSERT, MAKE_ROOM, CLOSE_UP, LINK_IT), [("unfit", 6, 5), ("rewritten", 12, 0)]),
        (
            ("UPDATE audit_links SET chain_no = 1000 WHERE chain_no = 5",
             "UPDATE audit_links SET chain_no = 5 WHERE chain_no = 6",
             "UPDATE audit_links SET chain_no = 6 WHERE chain_no = 1000"),
            [("unfit", 5, 6), ("unfit", 6, 5), ("unfit", 7, 7)],
        ),
        (CUT[:2], [("truncated", 12, 0)]),
        (("UPDATE audit_seals SET hash = '\\x00'",), [("seal", 12, 0)]),
    ],
)  # fmt: skip
async def test_each_way_of_tampering_is_found_where_it_was_done(
    done: tuple[str, ...], found: list[tuple[str, int, int]]
) -> None:
    await write()
    await link()
    assert await findings() == []
    tamper(*done)
    assert named(await findings()) == found


async def test_a_chain_made_anew_after_a_change_betrays_itself_by_its_seals() -> None:
    await write(4)
    await link()
    await write(4)
    await link()
    tamper(
        CHANGE,
        """UPDATE audit_links l SET digest = cuenty_audit_digest(e)
           FROM audit_entries e WHERE e.id = l.entry_id""",
        *(
            f"""UPDATE audit_links l SET hash = sha256(p.hash || l.digest)
                FROM audit_links p WHERE p.chain_no = {no - 1} AND l.chain_no = {no}"""  # noqa: S608
            for no in range(5, 9)
        ),
    )
    assert named(await findings()) == [("rewritten", 8, 0)]


async def test_an_end_cut_off_with_its_seals_is_missed_by_an_anchor_from_outside() -> None:
    await write()
    await link()
    anchor = await head()
    tamper(*CUT)
    assert await findings() == [], "honestly: without an anchor nothing tells"
    assert named(await findings([anchor])) == [("truncated", 12, 0)]
    await write(6)
    await link()
    assert named(await findings([anchor])) == [("rewritten", 12, 0)]


async def test_what_waits_to_be_linked_is_watched_too() -> None:
    await write()
    tamper("DELETE FROM audit_entries WHERE id = 3", CHANGE)
    assert named(await findings()) == [("removed", 0, 3), ("changed", 0, 5)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_links SET hash = ''",
        "DELETE FROM audit_links",
        "TRUNCATE audit_links",
        "UPDATE audit_seals SET seal = ''",
        "DELETE FROM audit_seals",
        "TRUNCATE audit_seals",
        "UPDATE audit_tail SET digest = ''",
        "DELETE FROM audit_tail",
        "TRUNCATE audit_tail",
    ],
)
async def test_the_chain_refuses_to_be_written_by_hand(statement: str) -> None:
    await write()
    await link()
    await write()
    with pytest.raises(psycopg.errors.RaiseException):
        async with unit_of_work() as session:
            await run(session, statement)


async def test_the_day_s_check_raises_an_alert_and_keeps_no_anchor_of_what_is_broken(
    shop: Shop,
) -> None:
    del shop
    from jobs import audit as jobs  # noqa: PLC0415  # its queue wants the shop's database

    await write()
    await jobs.link(0)
    await jobs.verify(0)
    [anchor] = anchors_of(())
    assert anchor == await head()
    tamper(*CUT)
    await jobs.verify(0)
    assert [Head(*one) for one in audit_anchors.kept()] == [anchor]
    assert await value("SELECT count(*) FROM alerts WHERE closed_at IS NULL") == 1


async def test_the_report_names_what_happened_and_ends_with_an_anchor_to_keep() -> None:
    await write()
    await link()
    tamper(REMOVE)
    async with reading() as session:
        said = report(await audit_chain.verify(session)).splitlines()
    top = await head()
    assert said[0] == "Bitácora: 12 anotaciones en la cadena, 0 por entrar."
    assert "  - Se borró la anotación 5 (eslabón 5)." in said
    assert said[-1] == f"Cabeza: 12:{top.hash}"
    assert anchors_of([f"12:{top.hash}"]) == [top]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)
