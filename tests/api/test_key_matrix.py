"""B3 for programs: every route, called with keys that fit, that do not, and that are over.

The rows are those of `tests/architecture/routes.toml`.
"""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from domain import api_keys
from domain.sql import run
from infra import clock
from infra.database import unit_of_work
from tests.api.people import bearer, key, of_key
from tests.architecture.matrix import routes_matrix
from tests.builders import make_bank

ROUTES = {
    route: rule
    for route, rule in routes_matrix().items()
    if rule["who"] != "anyone" or rule.get("asks")
}
BY_SCOPE = {route: rule for route, rule in ROUTES.items() if "scope" in rule}
UNKNOWN = "999999999"


async def called(
    program: httpx.AsyncClient, route: str, rule: dict[str, Any], headers: dict[str, str]
) -> int:
    method, _, path = route.partition(" ")
    given = {"json": rule["json"]} if "json" in rule else {}
    if "form" in rule:
        given = {"data": rule["form"]}
    where = re.sub(r"\{\w+:uuid\}", str(UUID(int=1)), path)
    where = re.sub(r"\{\w+:int\}", UNKNOWN, where)
    answer = await program.request(method, where, headers=headers, **given)  # type: ignore[arg-type]
    return answer.status_code


def test_a_scope_is_one_that_a_key_can_have() -> None:
    assert {rule["scope"] for rule in BY_SCOPE.values()} == set(api_keys.SCOPES)


async def test_a_key_with_the_scope_of_a_route_is_let_in(program: httpx.AsyncClient) -> None:
    await make_bank()
    for route, rule in BY_SCOPE.items():
        who = await of_key(rule["scope"], role="owner")
        assert await called(program, route, rule, who) == rule["status"], route


async def test_a_key_with_every_other_scope_is_not(program: httpx.AsyncClient) -> None:
    for route, rule in BY_SCOPE.items():
        others = sorted(set(api_keys.SCOPES) - {rule["scope"]})
        who = await of_key(*others, role="owner")
        assert await called(program, route, rule, who) == 403, route


async def test_a_key_of_an_operators_role_is_no_owner(program: httpx.AsyncClient) -> None:
    who = await of_key(*api_keys.SCOPES)
    for route, rule in BY_SCOPE.items():
        if rule["who"] == "owner":
            assert await called(program, route, rule, who) == 403, route


async def test_no_key_is_let_in_where_no_scope_is_named(program: httpx.AsyncClient) -> None:
    whole = await of_key(*api_keys.SCOPES, role="owner")
    for route, rule in ROUTES.items():
        if "scope" not in rule and rule["who"] != "anyone":
            assert await called(program, route, rule, whole) == 403, route


@pytest.mark.parametrize("ended", ["expired", "revoked", "forged"])
async def test_a_key_that_is_over_opens_nothing(program: httpx.AsyncClient, ended: str) -> None:
    made = await key(api_keys.SCOPES, role="owner")
    text = made.key.disclose()
    if ended == "forged":
        text = text[:-4] + "AAAA"
    else:
        column = {"expired": "expires_at", "revoked": "revoked_at"}[ended]
        async with unit_of_work() as session:
            await run(
                session,
                f"UPDATE api_keys SET {column} = %(at)s",  # noqa: S608  # our own names
                at=clock.now() - timedelta(seconds=1),
            )
    for route, rule in ROUTES.items():
        assert await called(program, route, rule, bearer(text)) == 401, route
