"""Refusals as programs read them: RFC 9457 `application/problem+json` with a stable code."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from functools import lru_cache
from http import HTTPStatus
from typing import Any

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from domain.errors import DomainError, InvalidInput, TooManyRequests
from domain.texts import REFUSALS
from infra.database import DatabaseDownError

log = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    415: "unsupported_media_type",
    422: "invalid_input",
    429: "too_many_requests",
    501: "not_configured",
    503: "unavailable",
}
# What a refusal knows that a program can act on.
TOLD = {
    "out_of_stock": "plan_ids",
    "sale_short": "plan_ids",
    "renewal_pending": "order",
    "renewed_by": "order",
}
FIELD_CODES = {"missing": "value_required", "extra_forbidden": "field_unknown"}


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    errors: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    body: dict[str, Any] = {
        "type": f"urn:cuenty:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
    }
    if errors:
        body["errors"] = dict(errors)
    body |= more or {}
    extra = dict(headers or {})
    if status == HTTPStatus.UNAUTHORIZED:
        extra.setdefault("WWW-Authenticate", "Bearer")
    return JSONResponse(body, status, extra, media_type="application/problem+json")


def unavailable(status: int = 503) -> JSONResponse:
    retry = {"Retry-After": "5"} if status == HTTPStatus.SERVICE_UNAVAILABLE else {}
    return problem(status, "unavailable", REFUSALS["unavailable"], headers=retry)


async def on_refusal(_: Request | None, refusal: Exception) -> JSONResponse:
    assert isinstance(refusal, DomainError)  # noqa: S101  # registered for this kind
    errors = refusal.fields if isinstance(refusal, InvalidInput) else None
    headers = (
        {"Retry-After": str(refusal.retry_in)} if isinstance(refusal, TooManyRequests) else None
    )
    known = TOLD.get(refusal.code, "")
    more = {known: refusal.data[known]} if known in refusal.data else {}
    return problem(
        refusal.status, refusal.code, refusal.message, errors=errors, more=more, headers=headers
    )


async def on_invalid_request(_: Request, error: Exception) -> JSONResponse:
    """Name the fields; what was sent is not repeated."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    fields = {}
    for found in error.errors():
        place = [str(part) for part in found["loc"] if part not in {"body", "query", "path"}]
        said = REFUSALS[FIELD_CODES.get(found["type"], "value_invalid")]
        fields[".".join(place)[:100] or "body"] = said
    return problem(422, "invalid_input", REFUSALS["invalid_input"], errors=fields)


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    code = CODES.get(error.status_code, "error")
    detail = REFUSALS.get(code, HTTPStatus(error.status_code).phrase)
    headers = error.headers
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(sorted(_methods(request)))}
    return problem(error.status_code, code, detail, headers=headers)


def _methods(request: Request) -> set[str]:
    """All that this path takes; the first of its routes knows only its own."""
    path = request.url.path.removeprefix(request.scope.get("root_path", ""))
    taken: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path and _shape(route.path).fullmatch(path):
            taken |= route.methods
    return taken


@lru_cache
def _shape(path: str) -> re.Pattern[str]:
    return compile_path(path)[0]


async def on_database_error(_: Request, error: Exception) -> JSONResponse:
    """Down or too slow: 503 and nothing kept. Anything else is our mistake: 500."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    passing = psycopg.errors.LockNotAvailable | psycopg.errors.QueryCanceled
    if isinstance(error, DatabaseDownError) or isinstance(
        cause, passing | psycopg.errors.DeadlockDetected
    ):
        return unavailable()
    raise error


def install(api: FastAPI) -> None:
    api.add_exception_handler(DomainError, on_refusal)
    api.add_exception_handler(RequestValidationError, on_invalid_request)
    api.add_exception_handler(HTTPException, on_http_error)
    for kind in (DatabaseDownError, DBAPIError, psycopg.Error):
        api.add_exception_handler(kind, on_database_error)
    api.add_middleware(Unexpected)


class Unexpected:
    """Answers what nobody foresaw, without a word about what it was."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def watch(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self.app(scope, receive, watch)
        except Exception:
            log.exception("api: %s failed", scope.get("path", ""))
            if not started:
                await unavailable(500)(scope, receive, send)
