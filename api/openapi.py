"""The API described for programs: what FastAPI knows of the routes, and what it does not.

Every refusal is a problem with a stable code, which FastAPI cannot see; examples are in
`api.examples`. The description in `docs/openapi.json` is compared with this one by `make check`.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from api import access
from api.errors import CODES
from api.examples import EXAMPLES
from domain.texts import REFUSALS

TITLE = "Cuenty"
ABOUT = """Everything a customer or the staff can do on the pages, by the same rules.

Money is a string with two decimals, in MXN; instants are UTC. Lists are paged: pass `next_cursor`
as `cursor`. A POST with an `Idempotency-Key` is carried out once. Every refusal is an
`application/problem+json` whose `code` does not change."""
METHODS = ("get", "post", "put", "delete")
WITH_A_BODY = ("post", "put")
TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}
# By a secret that the shop may not have.
SIGNED = ("/webhooks/entrada/banco", "/webhooks/entrada/mercadopago")
SAID = {409: "order_state", 500: "unavailable"}  # where a status has no code of its own
PROBLEM: dict[str, Any] = {
    "type": "object",
    "description": "RFC 9457. `code` is stable; `detail` is Spanish, for people.",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:cuenty:not_found"]},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "object",
            "description": "What is wrong, by field.",
            "additionalProperties": {"type": "string"},
        },
        "plan_ids": {
            "type": "array",
            "description": "With `out_of_stock` and `sale_short`: the plans that are short.",
            "items": {"type": "integer"},
        },
        "order": {
            "type": "integer",
            "description": "With `renewal_pending` and `renewed_by`: the order that is in the way.",
        },
    },
}


def describe(api: FastAPI) -> None:
    """Let the application answer with this description."""

    def described() -> dict[str, Any]:
        if api.openapi_schema is None:
            api.openapi_schema = description(api)
        return api.openapi_schema

    api.openapi = described  # type: ignore[method-assign]


def description(api: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=TITLE,
        version=api.version,
        summary="The shop, for programs",
        description=ABOUT,
        routes=api.routes,
    )
    made["servers"] = [{"url": "/api"}]
    schemas = made["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for name, schema in schemas.items():
        schema["examples"] = [EXAMPLES[name]]
    schemas["Problem"] = PROBLEM
    made["components"]["responses"] = {_name(status): _answer(status) for status in TITLES}
    for route in iter_route_contexts(api.routes):
        path = route.path_format or ""
        operations = made["paths"].get(path, {})
        for method in METHODS:
            if method.upper() in (route.methods or ()) and method in operations:
                _refusals(path, method, operations[method])
                _who(route.original_route, operations[method])
                _without_nul(operations[method])
    return made


def _without_nul(operation: dict[str, Any]) -> None:
    """The edge refuses a NUL anywhere in an address, which no route says of its own words."""
    for parameter in operation.get("parameters", ()):
        schema = parameter["schema"]
        for text in (schema, *schema.get("anyOf", ())):
            if text.get("type") == "string" and not text.keys() & {"enum", "format", "pattern"}:
                text["pattern"] = r"^[^\u0000]*$"


def _who(route: Any, operation: dict[str, Any]) -> None:
    """Where anybody may ask, a token is welcome and not needed."""
    if (
        "security" in operation
        and isinstance(route, APIRoute)
        and not _calls(route.dependant, access.signed_in)
    ):
        operation["security"].append({})


def _calls(dependant: Dependant, wanted: Any) -> bool:
    return dependant.call is wanted or any(_calls(d, wanted) for d in dependant.dependencies)


def _refusals(path: str, method: str, operation: dict[str, Any]) -> None:
    """The statuses an operation may be refused with: its own, and those of its kind."""
    statuses = {429, 500, 503}
    statuses |= {int(status) for status in operation["responses"] if int(status) in TITLES}
    if "security" in operation:
        statuses |= {401, 403}
    if path in SIGNED:
        statuses |= {403, 501}
    if "{" in path:
        statuses.add(404)
    if method != "get":
        statuses.add(409)
    if method in WITH_A_BODY:
        statuses |= {413, 415}
    if "parameters" in operation or "requestBody" in operation:
        statuses |= {400, 422}
    else:
        statuses.discard(422)
    for status in sorted(statuses):
        operation["responses"][str(status)] = {"$ref": f"#/components/responses/{_name(status)}"}


def _name(status: int) -> str:
    return TITLES[status].replace(" ", "")


def _answer(status: int) -> dict[str, Any]:
    code = SAID.get(status) or CODES[status]
    detail = REFUSALS[code].format(status="entregado")
    example: dict[str, Any] = {
        "type": f"urn:cuenty:{code}",
        "title": TITLES[status],
        "status": status,
        "detail": detail,
        "code": code,
    }
    if code == "invalid_input":
        example["errors"] = {"quantity": REFUSALS["quantity_invalid"]}
    answer: dict[str, Any] = {
        "description": TITLES[status],
        "content": {
            "application/problem+json": {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": example,
            }
        },
    }
    if status in {429, 503}:
        answer["headers"] = {
            "Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}
        }
    return answer
