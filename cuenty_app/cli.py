"""The command `cuenty`: each subcommand is one sentence of the manual.

Without `DATABASE_URL`, a command starts or joins the embedded database, and puts its address into
the environment before anything that reads it is imported, child processes included.
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import signal
import sys
import time

import click

from cuenty_app.commands.checks import audit, doctor, simulate
from cuenty_app.commands.database import database, db, migrate, upgrade
from cuenty_app.commands.owners import owner
from infra.embedded import EmbeddedServerError
from infra.settings import SettingsError, settings


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def cuenty() -> None:
    """A self-hosted shop that sells streaming subscriptions."""


for elsewhere in (migrate, db, doctor, simulate, audit, owner):
    cuenty.add_command(elsewhere)


@cuenty.command()
def run() -> None:
    """Migrate, seed the demo, build the pages if needed, and serve."""
    from cuenty_app import server  # noqa: PLC0415  # commands start fast: each imports its own

    server.check_port()
    with database() as url:
        upgrade(url)
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
        upgrade(url)
        _seed(demo_orders=demo)


@cuenty.command(name="secrets")
def print_secrets() -> None:
    """Print fresh secrets for a production environment."""
    click.echo(f"CUENTY_KEYS=k1:{base64.b64encode(secrets.token_bytes(32)).decode()}")
    click.echo(f"CUENTY_JWT_SECRET={secrets.token_hex(32)}")
    click.echo(f"CUENTY_PEPPER={secrets.token_hex(32)}")


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


if __name__ == "__main__":
    main()
