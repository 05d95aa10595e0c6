"""One embedded PostgreSQL for the whole test session, and cheap fresh databases on it."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Generator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from infra.embedded import EmbeddedServer

MEMORY, ENOUGH = Path("/dev/shm"), 4 << 30  # noqa: S108  # a folder of one's own is made in it


@contextlib.contextmanager
def private_folder() -> Generator[Path]:
    """A short path, since a socket's may have 107 bytes, in memory where there is plenty.

    On a disk a copy of a database takes twenty times as long. Root's server runs as another user,
    who may pass through this folder but not list it.
    """
    roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH
    folder = Path(tempfile.mkdtemp(prefix="cuenty-", dir=MEMORY if roomy else None))
    if os.geteuid() == 0:
        folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Generator[str]:
    """The URL of a server this session may create databases on.

    Its own embedded one, or the server of `CUENTY_TEST_DATABASE_URL`.
    """
    if given := os.environ.get("CUENTY_TEST_DATABASE_URL"):
        yield given
        return
    with private_folder() as folder, EmbeddedServer(folder / "shop", durable=False) as url:
        yield url


@contextlib.contextmanager
def fresh_database(server: str, template: str = "template0") -> Generator[str]:
    """The URL of a new database copied from `template`, dropped afterwards, sessions and all.

    A template must have no open session; copying one takes some 20 ms.
    """
    name = f"test_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        create = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        connection.execute(create.format(sql.Identifier(name), sql.Identifier(template)))
        try:
            yield database_url(server, name)
        finally:
            drop = sql.SQL("DROP DATABASE {} WITH (FORCE)")
            connection.execute(drop.format(sql.Identifier(name)))


def database_url(server: str, name: str) -> str:
    """The same server, another database."""
    return make_url(server).set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def empty_database(postgres: str) -> Generator[str]:
    """The URL of a database of this test's own, with nothing in it."""
    with fresh_database(postgres) as url:
        yield url


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tests log what was typed, lone surrogates too, and no worker can hand those on."""
    report = yield
    report.sections = [
        (name, text.encode(errors="replace").decode()) for name, text in report.sections
    ]
    return report


pytest_plugins = ["tests.fixtures"]  # the shop of each test, made on the server above
