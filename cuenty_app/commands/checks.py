"""Commands that change nothing and fail where something does not add up."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from cuenty_app.commands.database import database

if TYPE_CHECKING:
    from cuenty_app.simulation.scenario import Scenario


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(*, as_json: bool) -> None:
    """List every disagreement in the shop; it fails while there is any. It changes nothing."""
    with database():
        report, healthy = asyncio.run(_examine(as_json=as_json))
    click.echo(report)
    sys.exit(0 if healthy else 1)


@click.command()
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


@click.group()
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
