"""F1, F2, F6: whatever is sent to whichever route, the answer is one of ours and never a 5xx.

What is sent comes of the description: each example with one field spoiled, each parameter spoiled.
"""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.app import build_api
from api.examples import EXAMPLES
from domain import shelf
from tests.api.people import of_customer, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, place_order
from tests.fixtures import Shop

SPOILED: list[Any] = [
    *(None, True, [], {}, [[]], {"$ne": 1}, 0, -1, 1.5, 10**18, 2**63, 10**400, "", " ", "\x00"),
    *("' OR ''='", "1; DROP TABLE orders", "\u202e", "x" * 5_000, "NaN", "1e400", "٣", "-0.00"),
    *("2026-02-30", "0000-01-01", "9999-12-31", "<script>", "../../etc/passwd", "%s", "{0}"),
]
WRITTEN = ["", "0", "-1", "x", str(2**63), "9" * 400, "'", "%2e%2e", "٣", "null", "1e3"]
WRITTEN += ["9999-12-31", "0001-01-01", "true", "all"]


class Operation:
    def __init__(self, path: str, method: str, said: dict[str, Any]) -> None:
        self.path, self.method = path, method.upper()
        self.parameters = said.get("parameters", [])
        content = said.get("requestBody", {}).get("content", {})
        name = content.get("application/json", {}).get("schema", {}).get("$ref", "")
        self.body: dict[str, Any] | None = EXAMPLES.get(name.rpartition("/")[2])

    def requests(self) -> Iterator[dict[str, Any]]:
        for body in self._bodies():
            yield {"url": self._at("1"), "json": body}
        for parameter in self.parameters:
            for value in WRITTEN:
                if parameter["in"] == "query":
                    yield {"url": self._at("1"), "params": {parameter["name"]: value}}
                elif parameter["in"] == "path" and value:
                    yield {"url": self._at(value)}

    def _at(self, value: str) -> str:
        names = [p["name"] for p in self.parameters if p["in"] == "path"]
        path = self.path
        for name in names:
            path = path.replace("{" + name + "}", value)
        return f"/api{path}"

    def _bodies(self) -> Iterator[Any]:
        if self.body is None:
            return
        yield from SPOILED
        for field in self.body:
            for value in SPOILED:
                yield {**self.body, field: value}
        yield {**self.body, "unknown": 1}


def operations() -> list[Operation]:
    return [
        Operation(path, method, said)
        for path, methods in build_api().openapi()["paths"].items()
        for method, said in methods.items()
        if not path.startswith("/auth") or path.endswith("/profile")
    ]


@pytest.mark.parametrize("role", ["customer", "owner"])
async def test_nothing_that_is_sent_breaks_a_route(
    program: httpx.AsyncClient, shop: Shop, role: str
) -> None:
    shop.configure(api_per_minute=10**6)
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await make_customer()
    await place_order(ana, plan)
    who = await of_customer(ana) if role == "customer" else await of_staff("owner")
    sent, broken = 0, []
    for operation in operations():
        for request in operation.requests():
            answer = await program.request(operation.method, headers=who, **request)
            sent += 1
            refused = answer.status_code >= 400
            kind = answer.headers.get("content-type", "")
            failed = answer.status_code >= 500 and answer.status_code != 501  # not set up
            if failed or (refused and kind != "application/problem+json"):
                broken.append((operation.method, request, answer.status_code, answer.text[:200]))
    assert sent > 1_000
    assert broken == []


async def test_control_a_route_that_breaks_is_found(
    program: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> None:
        raise RuntimeError

    monkeypatch.setattr(shelf, "services", broken)
    assert (await program.get("/api/planes/activos")).status_code == 500
