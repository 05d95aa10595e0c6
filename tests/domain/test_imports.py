"""Stock from files: what is read, what is refused and why, and that it comes in once or not."""

from __future__ import annotations

import asyncio
import importlib
import io
import zipfile
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

import models
from domain import import_runs, imports
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput
from domain.import_columns import propose
from domain.import_files import MOST_ROWS, Row, read
from domain.inventory import login_hash
from domain.sql import fetch, run, scalar
from domain.texts import IMPORT_ROWS
from infra.database import reading, unit_of_work
from infra.vault import Place, Secret, ring
from models.imports import ImportMode
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_service,
    make_staff,
    pay,
    place_order,
)
from tests.fixtures import Shop

LINE = "cuenta{n}@correo.mx:clave-{n}:Perfil 1:0042"


@pytest.fixture
async def operator(shop: Shop) -> Actor:
    del shop
    return as_staff(await make_staff())


@pytest.fixture
async def netflix(shop: Shop) -> models.Service:
    del shop
    return await make_service(name="Netflix", slug="netflix", max_profiles=5)


@pytest.fixture
def jobs(shop: Shop) -> Any:
    del shop
    return importlib.import_module("jobs.imports")


async def stage(actor: Actor, text: str | bytes, service: models.Service | None = None) -> int:
    content = text.encode() if isinstance(text, str) else text
    async with unit_of_work() as session:
        return await imports.stage(
            session,
            actor,
            content=content,
            file_name="stock.csv",
            service_id=service.id if service else None,
        )


async def start(actor: Actor, batch: int, mode: ImportMode = ImportMode.ALL) -> None:
    async with unit_of_work() as session:
        await imports.start(session, actor, batch_id=batch, mode=mode)


async def found(batch: int) -> Any:
    async with reading() as session:
        rows = await fetch(session, "SELECT * FROM import_batches WHERE id = %(id)s", id=batch)
    return rows[0] if rows else None


async def issues(batch: int) -> list[tuple[int, str, str]]:
    async with reading() as session:
        rows = await fetch(
            session, "SELECT * FROM import_errors WHERE batch_id = %(id)s ORDER BY id", id=batch
        )
    for row in rows:
        assert IMPORT_ROWS[row.code].format(**row.data)
    return [(row.line, row.field, row.code) for row in rows]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def stock() -> list[tuple[str, str, list[tuple[str, str | None]]]]:
    """Login, password, and the profiles with their PINs, opened."""
    async with reading() as session:
        accounts = await fetch(session, "SELECT * FROM accounts ORDER BY id")
        profiles = await fetch(session, "SELECT * FROM profiles ORDER BY account_id, position")

    def opened(row: Any, table: str, column: str) -> str:
        return ring().unseal(getattr(row, column), Place(table, column, row.id)).disclose()

    return [
        (
            opened(a, "accounts", "login_sealed"),
            opened(a, "accounts", "password_sealed"),
            [
                (p.label, opened(p, "profiles", "pin_sealed") if p.pin_sealed else None)
                for p in profiles
                if p.account_id == a.id
            ],
        )
        for a in accounts
    ]


def workbook(*rows: tuple[Any, ...], formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for cell, shown in (formats or {}).items():
        sheet[cell].number_format = shown
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("separator", [":", "|", ";", "\t", ","])
def test_lines_are_read_whatever_stands_between_their_parts(separator: str) -> None:
    text = "\n".join(separator.join(("ana@x.mx", "clave", "Sala", "0042")) for _ in range(3))
    assert read(text.encode()).rows[0].cells == ("ana@x.mx", "clave", "Sala", "0042")
    assert propose(()) == {"login": 0, "password": 1, "profile": 2, "pin": 3}


def test_a_password_with_a_colon_is_never_cut_in_the_wrong_place() -> None:
    colons = read(b"a@x.mx:uno:Sala:1\nb@x.mx:d:o:s:Sala:1\nc@x.mx:tres\n").rows
    assert [row.cells for row in colons] == [
        ("a@x.mx", "uno", "Sala", "1"),
        ("b@x.mx:d:o:s:Sala:1",),
        ("c@x.mx", "tres"),
    ]
    assert read(b"b@x.mx|d:o:s|Sala|1\na@x.mx|uno|Sala|1").rows[0].cells[1] == "d:o:s"
    assert read(b"b@x.mx:du:o\na@x.mx:uno\nc@x.mx:tres").rows[0].cells == ("b@x.mx:du:o",)


def test_a_quoted_cell_keeps_its_separator_and_an_open_quote_is_named_with_its_line() -> None:
    sheet = read('usuario,contraseña\na@x.mx,"uno,dos ""tres"""\n'.encode())
    assert sheet.rows == (Row(2, ("a@x.mx", 'uno,dos "tres"')),)
    with pytest.raises(InvalidInput) as refused:
        read(b'usuario,clave\na@x.mx,"uno\nb@x.mx,dos\n')
    assert "línea" in refused.value.fields["file"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_every_usual_encoding_is_read(encoding: str) -> None:
    sheet = read("Usuario;Contraseña\nñandú@x.mx;año\n".encode(encoding))
    assert sheet.header == ("Usuario", "Contraseña")
    assert sheet.rows[0] == Row(2, ("ñandú@x.mx", "año"))


def test_a_workbook_keeps_zeros_and_days_as_they_are_seen() -> None:
    content = workbook(
        ("Correo", "Clave", "Perfil", "PIN", "Vence", "Costo"),
        ("a@x.mx", "uno", "Sala", 42, date(2026, 12, 31), 120.5),
        ("b@x.mx", 12345, "Sala", "0042", 46387, 99.9),
        formats={"D2": "0000"},
    )
    sheet = read(content)
    assert sheet.rows[0].cells == ("a@x.mx", "uno", "Sala", "0042", "2026-12-31", "120.5")
    assert sheet.rows[1].cells == ("b@x.mx", "12345", "Sala", "0042", "46387", "99.9")


def test_what_nobody_can_read_is_refused_in_words() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 70_000_000)
    many = ("a@x.mx:clave\n" * (MOST_ROWS + 1)).encode()
    for content in (
        b"",
        b"\n\n",
        b"\x00\x01\x02" * 50,
        b"PK\x03\x04 no",
        b"\xd0\xcf\x11\xe0 old",
        b"x" * 5_000_001,
        workbook(("Usuario", "Clave")),
        bomb.getvalue(),
        many,
    ):
        with pytest.raises(InvalidInput) as refused:
            read(content)
        assert refused.value.fields["file"].endswith(".")


async def test_a_whole_file_with_names_of_columns_comes_in_as_it_says(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    plan = await make_plan(netflix, name="1 mes")
    spotify = await make_service(name="Spotify", slug="spotify", max_profiles=1)
    batch = await stage(
        operator,
        "Servicio,Plan,Correo,Contraseña,Perfil,PIN,Pagado hasta,Costo\n"
        "netflix,1 MES,ana@x.mx,uno,Sala,0042,2026-12-31,$120.50\n"
        "Netflix,,ANA@x.mx,uno,Cuarto,,31/12/2026,\n"
        "Netflix,,bea@x.mx,dos,,,,\n"
        "Spotify,,cat@x.mx,tres,,0007,46387,99\n",
    )
    assert await issues(batch) == []
    assert (await found(batch)).accounts == 3
    await start(operator, batch)
    await jobs.run(batch)
    assert await stock() == [
        ("ana@x.mx", "uno", [("Sala", "0042"), ("Cuarto", None)]),
        ("bea@x.mx", "dos", [(f"Perfil {n}", None) for n in range(1, 6)]),
        ("cat@x.mx", "tres", [("Perfil 1", "0007")]),
    ]
    async with reading() as session:
        rows = await fetch(session, "SELECT * FROM accounts ORDER BY id")
    assert [row.service_id for row in rows] == [netflix.id, netflix.id, spotify.id]
    assert rows[0].plan_id == plan.id
    assert rows[1].plan_id is None
    assert [row.paid_until for row in rows] == [date(2026, 12, 31), None, date(2026, 12, 31)]
    assert [row.cost for row in rows] == [Decimal("120.50"), Decimal(0), Decimal(99)]
    assert rows[0].login_hash == login_hash(Secret("ana@x.mx"))
    done = await found(batch)
    assert (done.status, done.done, done.accounts) == ("done", 4, 3)
    assert await value("SELECT count(*) FROM import_chunks") == 0


WRONG = [
    ("a@x.mx,,Sala,1,,", "password", "row_password_missing"),
    (",uno,Sala,1,,", "login", "row_login_missing"),
    ("a@x.mx,uno,Sala,12a4,,", "pin", "row_pin_digits"),
    ("a@x.mx,uno,Sala,1234567890123,,", "pin", "row_pin_long"),
    ("a@x.mx,uno,,1234,,", "profile", "row_pin_alone"),
    ("a@x.mx,uno,Sala,1,31/02/2026,", "paid_until", "row_date"),
    ("a@x.mx,uno,Sala,1,pronto,", "paid_until", "row_date"),
    ("a@x.mx,uno,Sala,1,0026-01-01,", "paid_until", "row_date"),
    ('a@x.mx,uno,Sala,1,,"1,5"', "cost", "row_cost"),
    ("a@x.mx,uno,Sala,1,,-5", "cost", "row_cost"),
    (f"a@x.mx,{'x' * 300},Sala,1,,", "password", "row_unreadable"),
    (f"a@x.mx,uno,{'x' * 61},1,,", "profile", "row_label_long"),
]


@pytest.mark.parametrize(("row", "field", "code"), WRONG)
async def test_a_cell_that_cannot_be_read_is_named_with_its_line(
    operator: Actor, netflix: models.Service, row: str, field: str, code: str
) -> None:
    batch = await stage(
        operator, f"correo,clave,perfil,pin,vence,costo\nok@x.mx,uno,,,,\n\n{row}\n", netflix
    )
    assert await issues(batch) == [(4, field, code)]
    assert ((await found(batch)).good, (await found(batch)).bad) == (1, 1)


async def test_services_and_plans_that_do_not_exist_or_do_not_belong_are_named(
    operator: Actor, netflix: models.Service
) -> None:
    await make_plan(netflix, name="1 mes")
    await make_plan(name="Familiar")
    batch = await stage(
        operator,
        "servicio;plan;usuario;clave\nNetflis;;a@x.mx;u\nNetflix;Familiar;b@x.mx;u\n"
        "Netflix;2 meses;c@x.mx;u\n;1 mes;d@x.mx;u\n",
    )
    assert await issues(batch) == [
        (2, "service", "row_service_unknown"),
        (3, "plan", "row_plan_elsewhere"),
        (4, "plan", "row_plan_unknown"),
        (5, "service", "row_service_missing"),
    ]


async def test_rows_of_one_account_must_agree_and_one_wrong_row_holds_the_others_back(
    operator: Actor, netflix: models.Service
) -> None:
    lines = [
        "correo|clave|perfil|pin|vence",
        "a@x.mx|uno|Sala|1|2026-12-31",
        "a@x.mx|otra|Cuarto|1|2026-12-31",
        "b@x.mx|uno|Sala|1|2026-12-31",
        "b@x.mx|uno|Cuarto|1|2027-01-01",
        "c@x.mx|uno|Sala|1|",
        "c@x.mx|uno|sala|1|",
        "C@x.mx |uno||1|",
        *(f"d@x.mx|uno|Perfil {n}|1|" for n in range(6)),
    ]
    batch = await stage(operator, "\n".join(lines), netflix)
    held = [(n, "", "row_held_back") for n in range(9, 14)]
    assert await issues(batch) == [
        (2, "", "row_held_back"),
        (3, "password", "row_password_differs"),
        (4, "", "row_held_back"),
        (5, "paid_until", "row_paid_until_differs"),
        (6, "", "row_held_back"),
        (7, "profile", "row_twice"),
        (8, "profile", "row_pin_alone"),
        *held,
        (14, "profile", "row_many_profiles"),
    ]


async def test_a_row_that_only_repeats_another_is_left_out_and_harms_nothing(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    batch = await stage(operator, "a@x.mx:uno\nb@x.mx:dos\na@x.mx:uno\n", netflix)
    assert await issues(batch) == [(3, "login", "row_twice")]
    await start(operator, batch, ImportMode.GOOD)
    await jobs.run(batch)
    assert [login for login, _, _ in await stock()] == ["a@x.mx", "b@x.mx"]


async def test_logins_the_shop_has_are_found_whatever_their_case(
    operator: Actor, netflix: models.Service
) -> None:
    assert netflix.id is not None
    await make_account(netflix.id, login="ana@x.mx")
    batch = await stage(operator, "ANA@X.MX:uno\nbea@x.mx:dos\n", netflix)
    assert await issues(batch) == [(1, "login", "row_login_taken")]
    elsewhere = await stage(operator, "ana@x.mx:uno\n", await make_service())
    assert await issues(elsewhere) == []


async def test_a_file_with_37_bad_rows_names_each_of_the_37(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    bad = {n * 17 + 5 for n in range(37)}
    lines = [LINE.format(n=n) + ("x" if n in bad else "") for n in range(1, 1001)]
    batch = await stage(operator, "\n".join(lines), netflix)
    assert await issues(batch) == [(n, "pin", "row_pin_digits") for n in sorted(bad)]
    preview = await found(batch)
    assert (preview.good, preview.bad, preview.accounts) == (963, 37, 963)
    with pytest.raises(Conflict, match="import_bad_rows"):
        await start(operator, batch)
    await start(operator, batch, ImportMode.GOOD)
    await jobs.run(batch)
    assert await value("SELECT count(*) FROM accounts") == 963
    assert (await found(batch)).done == 963
    assert len(await issues(batch)) == 37


async def test_the_columns_are_chosen_by_hand_and_remembered_for_the_next_file(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    text = "acceso,clave,quien\nsecreta{n},ana{n}@x.mx,Sala\n"
    header = text.replace("acceso", "usuario")
    batch = await stage(operator, header.format(n=1), netflix)
    assert (await found(batch)).mapping == {"login": 0, "password": 1}
    mapping = {"login": 1, "password": 0, "profile": 2}
    async with unit_of_work() as session:
        await imports.remap(
            session, operator, batch_id=batch, mapping=mapping, service_id=netflix.id
        )
    await start(operator, batch)
    await jobs.run(batch)
    assert await stock() == [("ana1@x.mx", "secreta1", [("Sala", None)])]
    second = await stage(operator, header.format(n=2), netflix)
    assert (await found(second)).mapping == mapping


async def test_columns_that_do_not_exist_or_are_used_twice_are_refused(
    operator: Actor, netflix: models.Service
) -> None:
    batch = await stage(operator, "a@x.mx:uno\n", netflix)
    for mapping in ({"login": 0, "password": 0}, {"login": 0, "password": 9}, {"otro": 1}):
        with pytest.raises(InvalidInput):
            async with unit_of_work() as session:
                await imports.remap(
                    session, operator, batch_id=batch, mapping=mapping, service_id=netflix.id
                )


async def test_without_a_service_or_a_password_column_nothing_starts(operator: Actor) -> None:
    batch = await stage(operator, "a@x.mx:uno\n")
    assert (await found(batch)).error == "import_service"
    with pytest.raises(Conflict, match="import_no_good"):
        await start(operator, batch)
    other = await stage(operator, "correo,perfil\na@x.mx,Sala\n")
    assert (await found(other)).error == "import_mapping"


async def test_only_staff_import(shop: Shop) -> None:
    del shop
    async with unit_of_work() as session:
        for call in (
            imports.stage(session, Actor(kind="customer", id=1), content=b"a:b"),
            imports.start(session, Actor(kind="guest"), batch_id=1, mode=ImportMode.ALL),
            imports.undo(session, Actor(kind="customer", id=1), batch_id=1),
            imports.discard(session, Actor(kind="customer", id=1), batch_id=1),
        ):
            with pytest.raises(Forbidden):
                await call


async def test_nothing_readable_waits_in_the_database(
    operator: Actor, netflix: models.Service
) -> None:
    await stage(operator, "larga@dominio.mx:contrasena-unica\nb@x.mx:otra:Sala:x1\n", netflix)
    dump = await value(
        """SELECT string_agg(x, ' ') FROM (SELECT to_jsonb(b)::text FROM import_batches b
           UNION ALL SELECT encode(sealed, 'escape') FROM import_chunks
           UNION ALL SELECT to_jsonb(e)::text FROM import_errors e) AS all_of_it(x)"""
    )
    assert "la•••@dominio.mx" in dump
    for secret in ("larga@", "contrasena-unica", "otra"):
        assert secret not in dump


async def test_running_a_batch_twice_or_side_by_side_makes_nothing_twice(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    batch = await stage(operator, "\n".join(LINE.format(n=n) for n in range(700)), netflix)
    await start(operator, batch)
    await asyncio.gather(jobs.run(batch), jobs.run(batch))
    await jobs.run(batch)
    assert await value("SELECT count(*) FROM accounts") == 700
    assert await value("SELECT count(*) FROM audit_entries WHERE action = 'import.done'") == 1
    with pytest.raises(Conflict, match="import_state"):
        await start(operator, batch)


@pytest.mark.parametrize("mode", ["all", "good"])
async def test_a_login_added_meanwhile_fails_the_batch_or_only_its_row(
    operator: Actor, netflix: models.Service, jobs: Any, mode: str, monkeypatch: Any
) -> None:
    """Added after the run has looked for duplicates, so that only the constraint knows."""
    assert netflix.id is not None
    batch = await stage(operator, "\n".join(LINE.format(n=n) for n in range(1, 601)), netflix)
    await start(operator, batch, ImportMode(mode))
    really = import_runs.insert

    async def late(*words: Any) -> Any:
        await make_account(netflix.id or 0, login="cuenta550@correo.mx")
        return await really(*words)

    monkeypatch.setattr(import_runs, "insert", late)
    await jobs.run(batch)
    assert await issues(batch) == [(550, "login", "row_login_taken")]
    done = await found(batch)
    if mode == "all":
        assert (done.status, done.error) == ("failed", "import_changed")
        assert await value("SELECT count(*) FROM accounts") == 1
        await start(operator, batch, ImportMode.GOOD)
        monkeypatch.setattr(import_runs, "insert", really)
        await jobs.run(batch)
    assert (await found(batch)).accounts == 599
    assert await value("SELECT count(*) FROM accounts") == 600
    assert await value("SELECT count(*) FROM profiles WHERE label = 'Perfil 1'") == 600


async def test_a_file_taken_while_its_runner_is_gone_is_resumed_once_its_lease_passed(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    batch = await stage(operator, LINE.format(n=1), netflix)
    await start(operator, batch)
    await jobs.resume(0)
    assert (await found(batch)).status == "running", "its lease still runs"
    async with unit_of_work() as session:
        await run(session, "UPDATE import_batches SET lease_until = now() - interval '1 second'")
    await jobs.resume(0)
    assert (await found(batch)).status == "done"


async def test_a_batch_that_breaks_each_time_fails_in_the_end_and_keeps_its_file(
    operator: Actor, netflix: models.Service, jobs: Any, monkeypatch: Any
) -> None:
    batch = await stage(operator, LINE.format(n=1), netflix)
    await start(operator, batch)

    async def broken(*_: Any) -> Any:
        raise OSError

    really = import_runs.insert
    monkeypatch.setattr(import_runs, "insert", broken)
    for _ in range(import_runs.MOST_ATTEMPTS):
        with pytest.raises(Exception):  # noqa: B017, PT011  # whatever it is
            await jobs.run(batch)
    await jobs.run(batch)
    ended = await found(batch)
    assert (ended.status, ended.error) == ("failed", "import_interrupted")
    monkeypatch.setattr(import_runs, "insert", really)
    await start(operator, batch)
    await jobs.run(batch)
    assert (await found(batch)).status == "done"


async def test_an_import_serves_the_orders_that_wait(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    await make_bank()
    plan = await make_plan(netflix)
    assert netflix.id is not None
    account = await make_account(netflix.id, profiles=1)
    order = await place_order(await make_customer(), plan)
    async with unit_of_work() as session:
        await run(session, "UPDATE accounts SET status = 'down' WHERE id = %(id)s", id=account.id)
    await pay(order.id, order.total)
    assert await value("SELECT status FROM orders") == "processing"
    batch = await stage(operator, LINE.format(n=1), netflix)
    await start(operator, batch)
    await jobs.run(batch)
    assert await value("SELECT status FROM orders") == "delivered"


async def test_undoing_takes_everything_back_and_the_same_file_comes_in_again(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    assert netflix.id is not None
    await make_account(netflix.id)
    before = await stock()
    text = "\n".join(LINE.format(n=n) for n in range(50))
    batch = await stage(operator, text, netflix)
    await start(operator, batch)
    await jobs.run(batch)
    async with unit_of_work() as session:
        assert await imports.undo(session, operator, batch_id=batch) == 50
    assert await stock() == before
    assert (await found(batch)).status == "undone"
    assert await value("SELECT count(*) FROM audit_entries WHERE action = 'import.undo'") == 1
    with pytest.raises(Conflict, match="import_state"):
        async with unit_of_work() as session:
            await imports.undo(session, operator, batch_id=batch)
    again = await stage(operator, text, netflix)
    await start(operator, again)
    await jobs.run(again)
    assert len(await stock()) == 51


USES = {
    "apartó": """UPDATE profiles SET reserved_order_id = 1,
                   reserved_until = now() + interval '1 hour' WHERE id = {profile}""",
    "cambió": "UPDATE accounts SET status = 'maintenance' WHERE id = {account}",
    "cambió ": """INSERT INTO audit_entries (actor_kind, action, object_type, object_id)
                    VALUES ('staff', 'account.edit', 'account', '{account}')""",
}


@pytest.mark.parametrize("why", USES)
async def test_what_was_held_or_changed_since_cannot_be_undone(
    operator: Actor, netflix: models.Service, jobs: Any, why: str
) -> None:
    batch = await stage(operator, LINE.format(n=1) + "\n" + LINE.format(n=2), netflix)
    await start(operator, batch)
    await jobs.run(batch)
    async with unit_of_work() as session:
        profile = await fetch(session, "SELECT id, account_id FROM profiles LIMIT 1")
        await run(session, USES[why].format(profile=profile[0].id, account=profile[0].account_id))
    with pytest.raises(Conflict) as refused:
        async with unit_of_work() as session:
            await imports.undo(session, operator, batch_id=batch)
    assert why.strip() in refused.value.message
    assert len(await stock()) == 2


async def test_what_was_sold_cannot_be_undone_even_after_it_was_given_back(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    await make_bank()
    plan = await make_plan(netflix)
    batch = await stage(operator, LINE.format(n=1), netflix)
    await start(operator, batch)
    await jobs.run(batch)
    order = await place_order(await make_customer(), plan)
    await pay(order.id, order.total)
    for given_back in (False, True):
        if given_back:
            async with unit_of_work() as session:
                await run(
                    session,
                    """UPDATE assignments SET released_at = now(), release_reason = 'ended'""",
                )
                await run(session, "UPDATE profiles SET status = 'free'")
        with pytest.raises(Conflict) as refused:
            async with unit_of_work() as session:
                await imports.undo(session, operator, batch_id=batch)
        assert "vendió" in refused.value.message


async def test_a_look_at_a_secret_or_a_hold_that_ran_out_does_not_stop_an_undo(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    batch = await stage(operator, LINE.format(n=1), netflix)
    await start(operator, batch)
    await jobs.run(batch)
    async with unit_of_work() as session:
        account = await scalar(session, "SELECT id FROM accounts")
        await run(
            session,
            """INSERT INTO audit_entries (actor_kind, action, object_type, object_id)
               VALUES ('staff', 'account.reveal', 'account', %(id)s::text)""",
            id=account,
        )
        await run(
            session,
            """UPDATE profiles SET reserved_order_id = 1,
                   reserved_until = now() - interval '1 second'""",
        )
    async with unit_of_work() as session:
        assert await imports.undo(session, operator, batch_id=batch) == 1


async def test_a_preview_that_nobody_finishes_is_forgotten_after_a_day(
    operator: Actor, netflix: models.Service, jobs: Any
) -> None:
    old = await stage(operator, LINE.format(n=1), netflix)
    async with unit_of_work() as session:
        await run(session, "UPDATE import_batches SET created_at = now() - interval '25 hours'")
    new = await stage(operator, LINE.format(n=2), netflix)
    await jobs.sweep(0)
    assert await found(old) is None
    assert (await found(new)).status == "preview"
    assert await value("SELECT count(*) FROM import_chunks") == 1
    async with unit_of_work() as session:
        await imports.discard(session, operator, batch_id=new)
    assert await value("SELECT count(*) FROM import_chunks") == 0
