"""The log as the owner reads it: filters, order, words, and no index left unused."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain import log_pages, log_texts, sessions
from domain.actors import SYSTEM, Actor
from domain.errors import Forbidden
from domain.log_pages import Entry, Wanted
from domain.log_texts import Line
from domain.records import audit
from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from tests.builders import as_customer, as_staff, make_customer, make_staff

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def owner() -> Actor:
    return as_staff(await make_staff("owner", username="rosa"))


async def write(actor: Actor, action: str, kind: str = "order", number: object = 1) -> None:
    async with unit_of_work() as session:
        await audit(session, actor, action, kind, number)


async def read(owner: Actor, **asked: Any) -> list[Entry]:
    before, limit = asked.pop("before", None), asked.pop("limit", 25)
    async with reading() as session:
        return await log_pages.entries(session, owner, Wanted.of(asked), before=before, limit=limit)


async def actions(owner: Actor, **asked: Any) -> list[str]:
    return [one.action for one in await read(owner, **asked)]


async def test_each_filter_shows_what_it_names_and_they_hold_together(owner: Actor) -> None:
    ana = as_customer(await make_customer(name="Ana"))
    await write(owner, "payment.confirm", "order", 7)
    await write(ana, "credential.reveal", "assignment", 3)
    await write(SYSTEM, "order.expired", "order", 8)
    await write(owner, "staff.sign_in", "staff", owner.id)
    everything = ["staff.sign_in", "order.expired", "credential.reveal", "payment.confirm"]
    assert await actions(owner) == everything
    me = str(owner.id)
    assert await actions(owner, persona=me) == ["staff.sign_in", "payment.confirm"]
    assert await actions(owner, persona="clientes") == ["credential.reveal"]
    assert await actions(owner, persona="sistema") == ["order.expired"]
    assert await actions(owner, grupo="pedidos") == ["order.expired", "payment.confirm"]
    assert await actions(owner, objeto="order", numero="#7") == ["payment.confirm"]
    assert await actions(owner, persona=me, grupo="pedidos") == ["payment.confirm"]
    assert await actions(owner, persona="clientes", grupo="pedidos") == []


async def test_an_address_somebody_mangled_filters_by_what_is_left_of_it(owner: Actor) -> None:
    await write(owner, "payment.confirm")
    for asked in (
        {"persona": "²", "grupo": "x", "objeto": "order"},
        {"objeto": "x", "numero": "1"},
        {"objeto": "order", "numero": "1; DROP TABLE orders"},
        {"desde": "ayer", "hasta": "0001-01-01"},
        {"persona": "9" * 40},
    ):
        assert await actions(owner, **asked) == ["payment.confirm"], asked


async def test_days_are_mexico_s_and_both_count(owner: Actor) -> None:
    async with unit_of_work() as session:
        for moment in ("2026-03-01T05:59:59Z", "2026-03-01T06:00:00Z", "2026-03-02T05:59:59Z"):
            await run(
                session,
                """INSERT INTO audit_entries (at, actor_kind, action, object_type, object_id)
                   VALUES (%(at)s, 'system', %(said)s, 'order', '1')""",
                at=moment,
                said=moment,
            )
    day = {"desde": "2026-03-01", "hasta": "2026-03-01"}
    assert await actions(owner, **day) == ["2026-03-02T05:59:59Z", "2026-03-01T06:00:00Z"]
    assert Wanted.of(day).address()["hasta"] == "2026-03-01"
    assert Wanted.of(day).since == date(2026, 3, 1)


async def test_pages_follow_each_other_while_new_entries_come(owner: Actor) -> None:
    for number in range(7):
        await write(owner, "payment.confirm", "order", number)
    first = await read(owner, limit=3)
    await write(owner, "payment.confirm", "order", 99)
    second = await read(owner, before=first[-1].id, limit=3)
    assert [one.object_id for one in (*first, *second)] == ["6", "5", "4", "3", "2", "1"]


async def test_an_entry_names_its_person_device_and_object() -> None:
    member = await make_staff("owner", username="luz")
    async with unit_of_work() as session:
        opened = await sessions.open_for_staff(session, member.id or 0)
        await sessions.describe(session, opened, device="Chrome en Mac", near="187.190.x.x")
    luz = as_staff(member, session_id=opened, address_hash="ab" * 32)
    await write(luz, "staff.sign_in", "staff", member.id)
    [one] = await read(luz)
    assert (one.actor_name, one.device, one.near) == ("luz", "Chrome en Mac", "187.190.x.x")
    assert (one.object_name, one.address_hash) == ("luz", "ab" * 32)


@pytest.mark.parametrize("role", ["operator", "customer", "system"])
async def test_only_an_owner_reads_it(role: str) -> None:
    who = {
        "operator": as_staff(await make_staff()),
        "customer": as_customer(await make_customer()),
        "system": SYSTEM,
    }[role]
    with pytest.raises(Forbidden):
        await read(who)
    with pytest.raises(Forbidden):
        async with reading() as session:
            await log_pages.people(session, who)


@pytest.mark.parametrize(
    ("action", "change", "told"),
    [
        ("order.cancelled", {"before": "pending_payment", "after": "cancelled", "reason": "Ya no"},
         [Line("Estado", "Pendiente de pago", "Cancelado"), Line("Motivo", "", "Ya no")]),
        ("account.edit", {"cost": ["80", "95.50"], "paid_until": [None, "2026-12-31"]},
         [Line("Costo", "$80.00 MXN", "$95.50 MXN"), Line("Pagada hasta", "nada", "31/12/2026")]),
        ("service.rotation", {"before": False, "after": True},
         [Line("Rota sus perfiles", "No", "Sí")]),
        ("customer.update", {"changed": ["name", "email"]}, [Line("Datos", "", "Nombre, Correo")]),
        ("x.y", {"password": "no debe verse", "odd_thing": 3},
         [Line("Password", "", "oculto"), Line("Odd thing", "", "3")]),
        ("list.export", {"filters": {"tab": "por-confirmar"}, "reason": None},
         [Line("Filtros", "", "tab: por-confirmar")]),
    ],
)  # fmt: skip
async def test_what_changed_is_said_from_what_to_what(
    action: str, change: dict[str, Any], told: list[Line]
) -> None:
    assert log_texts.lines(action, change) == told


def test_every_action_of_the_rules_has_its_sentence_and_its_group() -> None:
    written = "\n".join(path.read_text() for path in Path("domain").glob("*.py"))
    found = set(re.findall(r"""audit\(\s*session,\s*\w+,\s*"([a-z_.]+)",""", written))
    found |= {"order.cancelled", "order.expired", "order.place", "order.assign"}
    assert len(found) > 40
    assert sorted(found - log_texts.ACTIONS.keys()) == []
    grouped = {subject for _, subjects in log_texts.GROUPS.values() for subject in subjects}
    assert sorted({action.partition(".")[0] for action in found} - grouped) == []


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"persona": "1"},
        {"persona": "clientes"},
        {"persona": "sistema"},
        {"grupo": "inventario"},
        {"objeto": "order", "numero": "5"},
        {"desde": "2026-03-01", "hasta": "2026-03-02"},
    ],
)
async def test_no_filter_reads_the_log_through_or_sorts_it(
    owner: Actor, asked: dict[str, str]
) -> None:
    del owner
    async with unit_of_work() as session:
        await run(session, MANY)
        await run(session, "ANALYZE audit_entries")
        statement, values = log_pages.asked(Wanted.of(asked), 19_000)
        plan = await fetch(session, f"EXPLAIN {statement}", **values, limit=26)
    lines = "\n".join(row[0] for row in plan)
    assert "Seq Scan on audit_entries" not in lines, lines


MANY = """INSERT INTO audit_entries (at, actor_kind, actor_id, action, object_type, object_id)
SELECT now() - n * interval '1 minute',
       (ARRAY['customer', 'staff', 'staff'])[1 + n %% 3], n %% 3,
       (ARRAY['order.cancelled', 'account.edit', 'staff.sign_in'])[1 + n %% 3], 'order',
       (n %% 4000)::text
FROM generate_series(1, 20000) n"""
