"""The kind of route every router of the API is made of."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response, params
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

UNSUPPORTED = 415


class JsonRoute(APIRoute):
    """A body is JSON and says so: a form of another site's page can send anything else (415)."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        if self.body_field is None or isinstance(self.body_field.field_info, params.Form):
            return answer

        async def checked(request: Request) -> Response:
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind != "application/json" and not (kind == "" and not await request.body()):
                raise HTTPException(UNSUPPORTED)
            return await answer(request)

        return checked


def router(prefix: str, tag: str) -> APIRouter:
    return APIRouter(prefix=prefix, tags=[tag], route_class=JsonRoute)
