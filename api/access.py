"""Who asks, over HTTP: a bearer token, or the browser's cookie with proof of the page it is on.

    @router.get("/cart")
    async def read(actor: CustomerActor) -> Cart: …

Routes declare `Anyone`, `SignedInActor`, or `PersonActor`, `CustomerActor`, `StaffActor` or
`OwnerActor`, which no program with a key passes; `staff_for("orders:read")` and its kin also let
keys with that scope in.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from domain import api_keys, devices, principals
from domain.actors import Actor
from domain.errors import Forbidden, Unauthenticated
from infra import browser
from infra.database import reading
from infra.settings import settings

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

bearer = HTTPBearer(auto_error=False, description="A token, or a key of the owner.")
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


async def anyone(request: Request, credentials: Credentials) -> Actor:
    """A token that is no good is refused even where nobody needs one."""
    address = browser.address_hash(request.client.host if request.client else "")
    if "authorization" in request.headers:
        token = credentials.credentials if credentials else ""
        find = _program if token.startswith(api_keys.PREFIX) else _resolve
        actor = await find(token, None, address)
        if actor is None:
            raise Unauthenticated
        return actor
    cookies = "; ".join(request.headers.getlist("cookie"))
    visitor = browser.visitor_hash(cookies)
    token = browser.read_cookie(cookies, browser.session_cookie())
    if request.method not in SAFE and (visitor or token):
        require_own_page(request)
    actor = await _resolve(token, visitor, address) if token else None
    return actor or Actor(kind="guest", visitor_hash=visitor, address_hash=address)


async def _resolve(token: str, visitor: str | None, address: str) -> Actor | None:
    async with reading() as session:
        return await principals.resolve(session, token, visitor_hash=visitor, address_hash=address)


def where_used(request: Request) -> dict[str, str]:
    """What a session's holder will recognise it by, for `sessions.describe`."""
    address = request.client.host if request.client else ""
    return {
        "device": devices.device(request.headers.get("user-agent", "")),
        "near": devices.address_hint(address),
    }


async def _program(key: str, _: None, address: str) -> Actor | None:
    """Keys come in the header only: no browser carries one."""
    async with reading() as session:
        return await api_keys.resolve(session, key, address_hash=address)


def require_own_page(request: Request) -> None:
    """Cookies travel with requests other sites make; the Origin tells whose page it was.

    Raises `Forbidden`, also for a browser that says neither Origin nor Sec-Fetch-Site.
    """
    origin = request.headers.get("origin")
    if origin is not None:
        if origin not in settings().origins:
            raise Forbidden("other_origin")
    elif request.headers.get("sec-fetch-site") != "same-origin":
        raise Forbidden("other_origin")


Anyone = Annotated[Actor, Depends(anyone)]


async def signed_in(actor: Anyone) -> Actor:
    if actor.kind == "guest":
        raise Unauthenticated
    return actor


SignedInActor = Annotated[Actor, Depends(signed_in)]


async def person(actor: SignedInActor) -> Actor:
    """A customer, whose rows the domain then checks, or staff themselves."""
    if actor.key_id is not None:
        raise Forbidden
    return actor


async def customer(actor: SignedInActor) -> Actor:
    if actor.kind != "customer":
        raise Forbidden
    return actor


async def staff(actor: SignedInActor) -> Actor:
    if not actor.staff or actor.key_id is not None:
        raise Forbidden
    return actor


async def owner(actor: SignedInActor) -> Actor:
    if not actor.owner or actor.key_id is not None:
        raise Forbidden
    return actor


Check = Callable[[Actor], Awaitable[Actor]]


def staff_for(scope: str) -> Check:
    """Staff, and keys with this scope."""

    async def allowed(actor: SignedInActor) -> Actor:
        if not actor.staff:
            raise Forbidden
        if not actor.may(scope):
            raise Forbidden("scope_missing", scope=scope)
        return actor

    return allowed


def owner_for(scope: str) -> Check:
    """The owner, and keys of the owner's role with this scope."""
    of_staff = staff_for(scope)

    async def allowed(actor: SignedInActor) -> Actor:
        if not (await of_staff(actor)).owner:
            raise Forbidden
        return actor

    return allowed


def customer_or_staff_for(scope: str) -> Check:
    """A customer, whose rows the domain then checks, or staff and keys with this scope."""

    async def allowed(actor: SignedInActor) -> Actor:
        if actor.staff and not actor.may(scope):
            raise Forbidden("scope_missing", scope=scope)
        return actor

    return allowed


PersonActor = Annotated[Actor, Depends(person)]
CustomerActor = Annotated[Actor, Depends(customer)]
StaffActor = Annotated[Actor, Depends(staff)]
OwnerActor = Annotated[Actor, Depends(owner)]
