"""The two forms a page posts: a ticket becomes the session cookie, and the cookie goes away.

They answer with a redirect to a full page load, because the socket keeps the headers of its
handshake: only a new page speaks with the new cookie.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse

from api.access import require_own_page
from domain import principals, sessions
from domain.errors import Unauthenticated
from infra import browser, clock
from infra.database import reading, unit_of_work
from infra.settings import settings

router = APIRouter(prefix="/auth/session", include_in_schema=False)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@router.post("")
async def enter(
    request: Request,
    ticket: Annotated[str, Form(max_length=200)],
    next_path: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> RedirectResponse:
    """A ticket that is spent or late leads back to the door it was for."""
    require_own_page(request)
    where = browser.local_path(next_path)
    try:
        async with unit_of_work() as session:
            token = await sessions.redeem_ticket(session, ticket)
            await _end_earlier(request)
            person = await principals.find(session, token)
    except Unauthenticated:
        door = "/admin/ingresar" if where.startswith("/admin") else "/ingresar"
        return RedirectResponse(door, 303)
    answer = RedirectResponse(where, 303)
    if person is not None:
        _set(answer, token, person.expires_at)
    return answer


@router.post("/end")
async def leave(request: Request) -> RedirectResponse:
    require_own_page(request)
    await _end_earlier(request)
    answer = RedirectResponse("/", 303)
    _set(answer, "", EPOCH)
    return answer


async def _end_earlier(request: Request) -> None:
    """A browser holds one session; the one it held before ends with it."""
    cookies = "; ".join(request.headers.getlist("cookie"))
    token = browser.read_cookie(cookies, browser.session_cookie())
    if not token:
        return
    address = browser.address_hash(request.client.host if request.client else "")
    async with reading() as session:
        person = await principals.find(session, token)
    if person is not None:
        async with unit_of_work() as session:
            await sessions.revoke(session, person.actor(address_hash=address))


def _set(answer: RedirectResponse, token: str, expires_at: datetime) -> None:
    answer.set_cookie(
        browser.session_cookie(),
        token,
        max_age=max(0, int((expires_at - clock.now()).total_seconds())),
        path="/",
        httponly=True,
        secure=settings().https,
        samesite="lax",
    )
