"""B2, B3, B8, C7: every route of the running shop, called by everybody with each kind of proof."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator
from typing import Any, Literal
from uuid import UUID

import httpx
import pytest

from infra import browser
from tests.architecture.matrix import routes_matrix
from tests.browser.backdoor import GUESTS, fresh_phone, inside, token_of
from tests.browser.conftest import Served

MATRIX = routes_matrix()
EVERYBODY = (*GUESTS, "customer", "operator", "owner")
MAY = {
    "anyone": set(EVERYBODY),
    "signed in": {"customer", "operator", "owner"},
    "customer": {"customer"},
    "staff": {"operator", "owner"},
    "owner": {"owner"},
}
SAFE = {"GET", "HEAD"}
Proof = Literal["bearer", "cookie", "cookie of a foreign page", "cookie without a page"]
PROOFS: tuple[Proof, ...] = (
    "bearer",
    "cookie",
    "cookie of a foreign page",
    "cookie without a page",
)


@pytest.fixture
async def program(served: Served) -> AsyncGenerator[httpx.AsyncClient]:
    async with inside(served), httpx.AsyncClient(base_url=served.origin, timeout=30) as client:
        yield client


def proof_of(proof: Proof, token: str, origin: str) -> dict[str, str]:
    if proof == "bearer":
        return {"Authorization": f"Bearer {token}"} if token else {}
    carried = f"{browser.visitor_cookie()}={browser.new_visitor()}"
    if token:
        carried += f"; {browser.session_cookie()}={token}"
    pages = {"cookie": origin, "cookie of a foreign page": "https://tienda.example"}
    return {"Cookie": carried} | ({"Origin": pages[proof]} if proof in pages else {})


def at(path: str) -> str:
    """Where a route is asked: rows are named by a number that nobody has."""
    path = re.sub(r"\{\w+:uuid\}", str(UUID(int=1)), path)
    return re.sub(r"\{\w+:int\}", "999999999", path)


def body(rule: dict[str, Any]) -> dict[str, Any]:
    phone = fresh_phone()
    given = {kind: dict(rule[kind]) for kind in ("json", "form") if kind in rule}
    for fields in given.values():
        fields.update({k: phone for k, v in fields.items() if v == "{phone}"})
    if "form" in given:
        given["data"] = given.pop("form")
    return given


def expected(method: str, rule: dict[str, Any], who: str, proof: Proof) -> int:
    """What the matrix means for this visitor with this proof."""
    asks = rule.get("asks") or rule["who"] != "anyone"
    if proof == "bearer":
        if rule.get("own_page"):
            return 403
        if asks and who in {"forged", "revoked"}:
            return 401
    elif proof != "cookie" and method not in SAFE and (asks or rule.get("own_page")):
        return 403
    if who in MAY[rule["who"]]:
        return int(rule["status"])
    return 401 if who in GUESTS else 403


@pytest.mark.parametrize("proof", PROOFS)
@pytest.mark.parametrize("route", sorted(MATRIX))
async def test_a_route_answers_only_whom_the_matrix_names(
    served: Served, program: httpx.AsyncClient, route: str, proof: Proof
) -> None:
    method, _, path = route.partition(" ")
    rule = MATRIX[route]
    got, meant = {}, {}
    for who in EVERYBODY:
        headers = proof_of(proof, await token_of(who), served.origin)
        answer = await program.request(method, at(path), headers=headers, **body(rule))
        got[who], meant[who] = answer.status_code, expected(method, rule, who, proof)
        if path.startswith("/api/auth") or path == "/health":
            assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "set-cookie" not in answer.headers or rule.get("own_page")
    assert got == meant


@pytest.mark.parametrize("path", sorted({route.partition(" ")[2] for route in MATRIX}))
async def test_a_method_that_is_not_in_the_matrix_is_not_taken(
    program: httpx.AsyncClient, path: str
) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        if f"{method} {path}" not in MATRIX:
            answer = await program.request(method, at(path))
            assert answer.status_code == 405, method


@pytest.mark.parametrize("path", ["/_upload", "/_all_routes", "/auth-codespace", "/api/nada"])
async def test_what_a_framework_might_bring_along_is_not_there(
    program: httpx.AsyncClient, path: str
) -> None:
    for method in ("GET", "POST"):
        assert (await program.request(method, path)).status_code in {404, 405}


async def test_the_socket_speaks_no_plain_http(program: httpx.AsyncClient) -> None:
    """Polling would pass the check of the Origin by."""
    where = "/_event/?EIO=4&transport=polling"
    for method in ("GET", "POST"):
        assert (await program.request(method, where)).status_code == 400


async def test_a_token_that_was_signed_out_is_refused_at_once(program: httpx.AsyncClient) -> None:
    for who, way_out, room in (
        ("customer", "/api/auth/user/logout", "/api/auth/user/logout"),
        ("customer", "/api/auth/user/logout", "/api/auth/user/profile"),
        ("owner", "/api/auth/logout", "/api/auth/logout"),
    ):
        headers = {"Authorization": f"Bearer {await token_of(who)}"}
        assert (await program.post(way_out, headers=headers)).status_code == 204
        method = "GET" if room.endswith("profile") else "POST"
        assert (await program.request(method, room, headers=headers)).status_code == 401
