"""The two forms a page posts: a ticket becomes the session cookie, and the cookie goes away.

They answer with a redirect to a full page load, because the socket keeps the headers of its
handshake: only a new page speaks with the new cookie.
"""

from __future__ import annotations

from datetime import UTC, datetime
from html import escape
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api.access import require_own_page, where_used
from domain import principals, sessions
from domain.errors import Unauthenticated
from domain.texts import REFUSALS
from infra import browser, clock
from infra.database import DatabaseDownError, reading, unit_of_work
from infra.settings import settings

router = APIRouter(prefix="/auth/session", include_in_schema=False)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TRY_AGAIN = """<!doctype html><html lang="es-MX"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Intenta de nuevo · {shop}</title>
<main><p role="alert">{said}</p><p><a href="{back}">Volver a intentar</a></p></main></html>"""


@router.post("")
async def enter(
    request: Request,
    ticket: Annotated[str, Form(max_length=200)],
    next_path: Annotated[str, Form(alias="next", max_length=2000)] = "/",
) -> Response:
    """A ticket that is spent or late leads back to the door it was for."""
    require_own_page(request)
    where = browser.local_path(next_path)
    try:
        async with unit_of_work() as session:
            token = await sessions.redeem_ticket(session, ticket, **where_used(request))
            await _end_earlier(request)
            person = await principals.find(session, token)
    except Unauthenticated:
        return RedirectResponse(_door(where), 303)
    except DatabaseDownError:
        return _try_again(_door(where))
    answer = RedirectResponse(where, 303)
    if person is not None:
        _set(answer, token, person.expires_at)
    return answer


@router.post("/end")
async def leave(request: Request) -> Response:
    require_own_page(request)
    try:
        await _end_earlier(request)
    except DatabaseDownError:
        return _try_again("/")
    answer = RedirectResponse("/", 303)
    _set(answer, "", EPOCH)
    return answer


def _door(where: str) -> str:
    return "/admin/ingresar" if where.startswith("/admin") else "/ingresar"


def _try_again(back: str) -> HTMLResponse:
    """What a form is answered with is shown as it is; a reload sends the same form again."""
    shop = escape(settings().shop_name)
    page = TRY_AGAIN.format(shop=shop, said=REFUSALS["unavailable"], back=back)
    return HTMLResponse(page, 503)


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
