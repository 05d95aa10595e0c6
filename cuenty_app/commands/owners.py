"""`cuenty owner …`: the ways into a shop for who stands before its machine."""

from __future__ import annotations

import asyncio

import click

from cuenty_app.commands.database import database, upgrade
from infra.settings import settings


@click.group()
def owner() -> None:
    """The people who own the shop."""


@owner.command()
@click.argument("username")
@click.password_option()
def create(username: str, password: str) -> None:
    """Create an owner; the password is asked, never written on the command line."""
    with database() as url:
        upgrade(url)
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
        upgrade(url)
        link = asyncio.run(_recover_owner(username))
    click.echo(f"Open this within three days to set a new password for {username}:\n{link}")


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
