"""The links in messages: `/m/<token>` leads to the sign-in, and from there to what it is about."""

from __future__ import annotations

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from domain import message_links
from infra.database import DatabaseDownError, unit_of_work

LONGEST = 80


async def follow(request: Request) -> Response:
    """Only a person's browser uses a link up: what draws previews of links does not navigate."""
    token = request.path_params["token"]
    where = None
    if request.headers.get("sec-fetch-mode") == "navigate" and len(token) <= LONGEST:
        try:
            async with unit_of_work() as session:
                where = await message_links.follow(session, token)
        except DatabaseDownError:
            where = None
    answer = RedirectResponse(_door(where), 303)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _door(where: str | None) -> str:
    if where is None:
        return "/ingresar"
    door = "/admin/ingresar" if where.startswith("/admin") else "/ingresar"
    return f"{door}?next={quote(where, safe='')}"
