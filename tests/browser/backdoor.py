"""The served shop's database from this process: `tests.builders` fill it, tokens work in it."""

from __future__ import annotations

import base64
import itertools
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from domain import sessions
from infra import database
from infra.database import unit_of_work
from tests.browser.conftest import Served
from tests.builders import make_customer, make_staff, sign_in_customer, sign_in_staff
from tests.fixtures import ENVIRONMENT
from tests.fixtures import _forget as forget

GUESTS = ("anonymous", "forged", "revoked")
_phones = itertools.count(1)


@asynccontextmanager
async def inside(served: Served) -> AsyncGenerator[None]:
    """`unit_of_work()` and `reading()` are the served shop's as long as this lasts."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "DATABASE_URL": served.database}.items():
            patch.setenv(name, value)
        patch.setenv("PORT", served.origin.rpartition(":")[2])
        forget()
        yield
        await database.close()
    forget()


def fresh_phone() -> str:
    """A phone that no other test of the session writes to."""
    return f"+5233{10_000_000 + next(_phones)}"


async def token_of(who: str) -> str:
    """A new session of this kind of visitor: what its cookie carries."""
    if who == "anonymous":
        return ""
    if who in {"operator", "owner"}:
        return await sign_in_staff(await make_staff(who))
    token = await sign_in_customer(await make_customer(fresh_phone()))
    if who == "forged":
        return forge(token)
    if who == "revoked":
        await end(token)
    return token


def forge(token: str) -> str:
    """The same claims under a signature that is not the shop's."""
    claims, _, signature = token.rpartition(".")
    turned = bytes(255 - byte for byte in base64.urlsafe_b64decode(signature + "=="))
    return f"{claims}.{base64.urlsafe_b64encode(turned).decode().rstrip('=')}"


async def end(token: str) -> None:
    """End the session behind a token, as signing out elsewhere does."""
    async with unit_of_work() as session:
        found = await sessions.find(session, token)
        assert found is not None
        await sessions.revoke(session, found.actor())
