"""The shop's database, for the time of a command; `cuenty migrate` and `cuenty db …`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import click

from infra.embedded import EmbeddedServer
from infra.embedded_engine import programs
from infra.settings import settings


@contextmanager
def database() -> Generator[str]:
    """The shop's database for the time of one command."""
    if given := settings().database_url:
        yield given
        return
    with EmbeddedServer(settings().data_dir) as url:
        os.environ["DATABASE_URL"] = url
        settings.cache_clear()
        yield url


def upgrade(url: str) -> None:
    """Bring the database at the address to the newest schema."""
    from infra import schema  # noqa: PLC0415  # commands start fast: each imports its own

    schema.upgrade(url)


@click.command()
@click.option("--check", is_flag=True, help="Prove on a throw-away database that models match.")
def migrate(*, check: bool) -> None:
    """Bring the database to the newest schema."""
    if check:
        _check_drift()
        return
    with database() as url:
        upgrade(url)


@click.group()
def db() -> None:
    """The database by hand."""


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1)
def shell(arguments: tuple[str, ...]) -> None:
    """Open psql, the one that comes with the embedded database."""
    with database() as url:
        done = _program("psql", url, *arguments)
    sys.exit(done)


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def dump(file: Path) -> None:
    """Write a backup, which may be done while the shop sells. Keep CUENTY_KEYS elsewhere."""
    file.touch(mode=0o600)
    with database() as url:
        done = _program("pg_dump", "--format=custom", f"--file={file}", url)
    sys.exit(done)


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Bring a backup into an empty database, whole or not at all."""
    with database() as url:
        done = _program(
            "pg_restore", "--no-owner", "--single-transaction", f"--dbname={url}", str(file)
        )
    sys.exit(done)


def _program(name: str, *arguments: str) -> int:
    """Run one of PostgreSQL's programs that come with the embedded database."""
    command = [str(programs() / name), *arguments]
    return subprocess.run(command, check=False).returncode  # noqa: S603  # the owner's own files


def _check_drift() -> None:
    from infra.schema import drift  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="cuenty-") as folder:
        if os.geteuid() == 0:
            Path(folder).chmod(0o711)  # root's server runs as another user
        with EmbeddedServer(Path(folder) / "shop", durable=False) as url:
            upgrade(url)
            differences = drift(url)
    for difference in differences:
        click.echo(f"the models and the migrations differ: {difference}", err=True)
    sys.exit(1 if differences else 0)
