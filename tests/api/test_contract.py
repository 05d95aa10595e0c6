"""The API is what it promised, its description what it is, and no answer says too much."""

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from api.app import build_api
from api.examples import EXAMPLES
from infra.settings import PROJECT
from tests.architecture.matrix import routes_matrix
from tests.fixtures import Shop

PROMISED = tomllib.loads((Path(__file__).parent / "contract.toml").read_text(encoding="utf-8"))
# Secrets, and what only the database needs; each leaves in the schemas named and nowhere else.
SECRET = {
    "login": {"AccountAccess", "Access", "SubscriptionAccess", "NewAccount", "AccountChange"},
    "password": {
        *("AccountAccess", "Access", "SubscriptionAccess", "NewAccount", "AccountChange"),
        "Login",
    },
    "secret": {"NewWebhook", "WebhookSecret"},
    "pin": {"ProfilePin", "Access", "SubscriptionAccess", "ProfileIn", "NewPin"},
    "cost": {
        *("Order", "Plan", "PlanIn", "PlanChange", "Account", "NewAccount", "AccountChange"),
        "SupplierPayment",
    },
    "total_cost": {"Statistics"},
    "margin": {"Plan", "PlanIn", "PlanChange"},
    "profit": {"Order", "Day", "OfService", "Statistics"},
    "account_id": set(),
    "assignment_id": set(),
    "customer_id": set(),
    "session_id": set(),
    "unit_cost": set(),
}


@pytest.fixture
def described(shop: Shop) -> dict[str, Any]:  # noqa: ARG001  # its settings
    return description()


@cache
def description() -> dict[str, Any]:
    return build_api().openapi()


def plain(route: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", route)


def test_every_row_that_was_promised_is_there() -> None:
    there = {plain(route) for route in routes_matrix()}
    assert [row for row in PROMISED["rows"] if plain(row) not in there] == []


def test_a_row_that_waits_is_not_there_yet() -> None:
    there = {plain(route) for route in routes_matrix()}
    assert [row for row in PROMISED["later"] if plain(row) in there] == []


def test_every_operation_says_how_it_may_be_refused_and_shows_an_example(
    described: dict[str, Any],
) -> None:
    assert described["openapi"].startswith("3.1")
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            where = f"{method} {path}"
            assert operation["summary"], where
            assert {"429", "500"} <= operation["responses"].keys(), where
            guarded = {"401", "403"} <= operation["responses"].keys()
            assert guarded == ("security" in operation), where
    assert set(described["components"]["schemas"]) - {"Problem"} == set(EXAMPLES)
    for name in ("/productos", "/ordenes", "/cuentas"):
        assert described["paths"][name]["get"]["deprecated"]


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_example_is_what_its_schema_says(described: dict[str, Any], name: str) -> None:
    schema = {"$ref": f"#/components/schemas/{name}", "components": described["components"]}
    Draft202012Validator(schema).validate(EXAMPLES[name])
    unknown = set(EXAMPLES[name]) - set(described["components"]["schemas"][name]["properties"])
    assert not unknown


def test_every_refusal_in_the_description_is_a_problem(described: dict[str, Any]) -> None:
    schema = {"$ref": "#/components/schemas/Problem", "components": described["components"]}
    for answer in described["components"]["responses"].values():
        [content] = answer["content"].values()
        Draft202012Validator(schema).validate(content["example"])


def test_no_schema_has_a_field_that_is_not_for_its_reader(described: dict[str, Any]) -> None:
    for name, schema in described["components"]["schemas"].items():
        for field in schema.get("properties", {}):
            assert not field.endswith(("_hash", "_sealed")), f"{name}.{field}"
            assert name in SECRET.get(field, {name}), f"{name}.{field}"


def test_the_written_description_is_the_running_one(described: dict[str, Any]) -> None:
    written = (PROJECT / "docs" / "openapi.json").read_text(encoding="utf-8")
    assert json.loads(written) == described


async def test_the_page_of_the_description_loads_from_this_host_under_a_strict_policy(
    program: httpx.AsyncClient,
) -> None:
    page = await program.get("/api/docs")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe-inline" not in next(p for p in policy.split("; ") if "script-src" in p)
    assert "set-cookie" not in page.headers
    loaded = list(addresses(page.text))
    assert len(loaded) == 4
    for address in loaded:
        assert address.startswith("/")
        if address.startswith("/api"):
            asset = await program.get(address)
            assert asset.status_code == 200
            assert asset.headers["cache-control"].startswith("public")
    assert (await program.get("/api/docs/assets/core.py")).status_code == 404


def addresses(html: str) -> Iterator[str]:
    for found in re.finditer(r'(?:src|href)="([^"]+)"', html):
        yield found[1]


async def test_the_description_is_for_everybody(program: httpx.AsyncClient) -> None:
    answer = await program.get("/api/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["title"] == "Cuenty"
    links = (await program.get("/api")).json()["links"]
    for link in links.values():
        assert (await program.get(link)).status_code in {200, 503}
