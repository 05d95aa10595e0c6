"""The command `cuenty`: each subcommand is one sentence of the manual.

Without `DATABASE_URL`, a command starts or joins the embedded database, and puts its address into
the environment before anything that reads it is imported, child processes included.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from infra.embedded import EmbeddedServer, EmbeddedServerError
from infra.embedded_engine import programs
from infra.settings import SettingsError, settings

if TYPE_CHECKING:
    from cuenty_app.simulation.scenario import Scenario


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


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cuenty() -> None:
    """A self-hosted shop that sells streaming subscriptions."""


@cuenty.command()
def run() -> None:
    """Migrate, seed the demo, build the pages if needed, and serve."""
    from cuenty_app import server  # noqa: PLC0415  # commands start fast: each imports its own

    server.check_port()
    with database() as url:
        _migrate(url)
        if settings().demo:
            _seed(demo_orders=False)
        _build()
        server.serve()


@cuenty.command()
def serve() -> None:
    """Serve a migrated and built shop."""
    from cuenty_app import server  # noqa: PLC0415

    with database():
        server.serve()


@cuenty.command()
def worker() -> None:
    """Run queued jobs in a process of their own."""
    with database():
        from cuenty_app.worker import run as work  # noqa: PLC0415

        work()


@cuenty.command()
def build() -> None:
    """Build the pages if a source changed."""
    _build()


@cuenty.command()
@click.option("--check", is_flag=True, help="Prove on a throw-away database that models match.")
def migrate(*, check: bool) -> None:
    """Bring the database to the newest schema."""
    if check:
        _check_drift()
        return
    with database() as url:
        _migrate(url)


@cuenty.command()
@click.option("--check", is_flag=True, help="Only say whether docs/openapi.json is up to date.")
def openapi(*, check: bool) -> None:
    """Write the description of the API, docs/openapi.json."""
    from api.app import build_api  # noqa: PLC0415
    from infra.settings import PROJECT  # noqa: PLC0415

    file = PROJECT / "docs" / "openapi.json"
    described = json.dumps(build_api().openapi(), indent=1, ensure_ascii=False) + "\n"
    if not check:
        file.write_text(described, encoding="utf-8")
    elif file.read_text(encoding="utf-8") != described:
        raise click.ClickException("docs/openapi.json is not what the API is: run cuenty openapi")


@cuenty.command()
@click.option("--demo", is_flag=True, help="Also demo orders in every state.")
def seed(*, demo: bool) -> None:
    """Put the services and plans a new shop starts with."""
    with database() as url:
        _migrate(url)
        _seed(demo_orders=demo)


@cuenty.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(*, as_json: bool) -> None:
    """List every disagreement in the shop; it fails while there is any. It changes nothing."""
    with database():
        report, healthy = asyncio.run(_examine(as_json=as_json))
    click.echo(report)
    sys.exit(0 if healthy else 1)


@cuenty.command()
@click.option("--days", default=365, show_default=True, type=click.IntRange(1, 3650))
@click.option("--customers", default=200, show_default=True, type=click.IntRange(1))
@click.option("--accounts", default=60, show_default=True, type=click.IntRange(1))
@click.option("--seed", "number", default=1, show_default=True, help="Another one, another year.")
@click.option(
    "--downtime",
    "downtimes",
    multiple=True,
    metavar="FROM-DAYS",
    help="No worker from that day on, for so many: 146-14, the default of a year. 0-0 for none.",
)
def simulate(
    *, days: int, customers: int, accounts: int, number: int, downtimes: tuple[str, ...]
) -> None:
    """Live through a year of a made-up shop and report what does not add up.

    It runs on a database of its own, thrown away afterwards, under the rules set for this shop:
    days of grace, quiet hours, hours of hold. It fails when anything is found.
    """
    from cuenty_app.simulation.scenario import (  # noqa: PLC0415
        Downtime,
        Scenario,
        usual_downtime,
    )

    try:
        given = [Downtime(*map(int, written.split("-"))) for written in downtimes]
    except (TypeError, ValueError) as error:
        raise click.BadParameter("write FROM-DAYS, such as 146-14") from error
    scenario = Scenario(days, customers, accounts, number, tuple(given or [usual_downtime(days)]))
    report, healthy = _simulate(scenario)
    click.echo(report)
    sys.exit(0 if healthy else 1)


@cuenty.command(name="secrets")
def print_secrets() -> None:
    """Print fresh secrets for a production environment."""
    click.echo(f"CUENTY_KEYS=k1:{base64.b64encode(secrets.token_bytes(32)).decode()}")
    click.echo(f"CUENTY_JWT_SECRET={secrets.token_hex(32)}")
    click.echo(f"CUENTY_PEPPER={secrets.token_hex(32)}")


@cuenty.group()
def owner() -> None:
    """The people who own the shop."""


@owner.command()
@click.argument("username")
@click.password_option()
def create(username: str, password: str) -> None:
    """Create an owner; the password is asked, never written on the command line."""
    with database() as url:
        _migrate(url)
        asyncio.run(_create_owner(username, password))
    click.echo(f"{username} can sign in at {settings().origin}/admin/ingresar")


@owner.command()
@click.argument("username")
def recover(username: str) -> None:
    """Let a locked-out owner back in, and print a link that works once.

    For a lost authenticator or password, or an owner disabled by mistake: the second factor goes,
    every session ends, and the link sets a new password.
    """
    with database() as url:
        _migrate(url)
        link = asyncio.run(_recover_owner(username))
    click.echo(f"Open this within three days to set a new password for {username}:\n{link}")


@cuenty.group()
def audit() -> None:
    """The log of who did what."""


@audit.command()
@click.option(
    "--anchor",
    "anchors",
    multiple=True,
    metavar="NUMBER:HASH",
    help="A head of the chain that you kept elsewhere; the last line printed here is one.",
)
def verify(*, anchors: tuple[str, ...]) -> None:
    """Check that nobody changed the log. It fails when somebody did; it changes nothing."""
    from cuenty_app.audit import anchors_of, verified  # noqa: PLC0415

    given = anchors_of(anchors)
    with database():
        report, sound = asyncio.run(verified(given))
    click.echo(report)
    sys.exit(0 if sound else 1)


@cuenty.group()
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


def main() -> None:
    """Errors the person can act on are one line; SIGTERM leaves through every `with`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    from cuenty_app.frontend import FrontendError  # noqa: PLC0415
    from cuenty_app.server import ServingError  # noqa: PLC0415
    from domain.errors import DomainError  # noqa: PLC0415

    try:
        cuenty()
    except (EmbeddedServerError, FrontendError, ServingError, SettingsError) as error:
        click.echo(f"cuenty: {error}", err=True)
        sys.exit(1)
    except DomainError as refusal:
        fields: dict[str, str] = getattr(refusal, "fields", {})
        click.echo(f"cuenty: {' '.join([refusal.message, *fields.values()])}", err=True)
        sys.exit(1)


def _migrate(url: str) -> None:
    from infra.schema import upgrade  # noqa: PLC0415

    upgrade(url)


def _seed(*, demo_orders: bool) -> None:
    import seed as seeds  # noqa: PLC0415

    asyncio.run(seeds.seed(demo_orders=demo_orders))


def _build() -> None:
    from cuenty_app import frontend  # noqa: PLC0415

    if frontend.is_current():
        return
    click.echo("Building the pages; this takes about half a minute …")
    began = time.monotonic()
    frontend.build()
    click.echo(f"Pages built in {time.monotonic() - began:.0f} s.")


def _check_drift() -> None:
    from infra.schema import drift, upgrade  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="cuenty-") as folder:
        if os.geteuid() == 0:
            Path(folder).chmod(0o711)  # root's server runs as another user
        with EmbeddedServer(Path(folder) / "shop", durable=False) as url:
            upgrade(url)
            differences = drift(url)
    for difference in differences:
        click.echo(f"the models and the migrations differ: {difference}", err=True)
    sys.exit(1 if differences else 0)


async def _examine(*, as_json: bool) -> tuple[str, bool]:
    from domain import shop_settings  # noqa: PLC0415
    from domain.doctor import examine, report  # noqa: PLC0415
    from infra import database as databases  # noqa: PLC0415

    await shop_settings.refresh()
    async with databases.reading() as session:
        found = await examine(session)
    await databases.close()
    if as_json:
        return json.dumps(
            [{**asdict(one), "sentence": one.sentence} for one in found], default=str
        ), not found
    return report(found), not found


def _simulate(scenario: Scenario) -> tuple[str, bool]:
    import uvloop  # noqa: PLC0415

    from cuenty_app.simulation.throwaway import throwaway_shop  # noqa: PLC0415

    with throwaway_shop() as clock:
        from cuenty_app.simulation import findings, year  # noqa: PLC0415  # jobs want a database
        from cuenty_app.simulation.report import report  # noqa: PLC0415
        from infra import database as databases  # noqa: PLC0415

        async def live() -> tuple[str, bool]:
            lived = await year.live(scenario, clock, lambda said: click.echo(said, err=True))
            async with databases.reading() as session:
                checks = await findings.check(session, lived)
            await databases.close()
            return report(lived, checks), not findings.any_found(checks)

        return uvloop.run(live())


async def _create_owner(username: str, password: str) -> None:
    from domain.staff import create_owner  # noqa: PLC0415
    from infra import database as databases  # noqa: PLC0415

    async with databases.unit_of_work() as session:
        await create_owner(session, username=username, password=password)
    await databases.close()


async def _recover_owner(username: str) -> str:
    from domain.team import recover  # noqa: PLC0415
    from infra import database as databases  # noqa: PLC0415

    async with databases.unit_of_work() as session:
        invitation = await recover(session, username=username)
    await databases.close()
    return invitation.link.disclose()


if __name__ == "__main__":
    main()
