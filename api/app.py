"""The HTTP side of the shop: `/health`, and everything below `/api`.

`/api` is an application of its own inside the shell, so that a path it does not know or a method
it does not take is answered with a problem, not with a page. Routers use paths without `/api`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from uuid import UUID

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount, Route

from api import (
    account_upkeep,
    auth,
    bank,
    bank_accounts,
    bank_notices,
    bank_statements,
    browser_session,
    callbacks,
    card_notices,
    cart,
    cash,
    catalog_admin,
    claims,
    contact,
    coupons,
    credit,
    customer_data,
    customer_records,
    customers,
    documentation,
    earlier,
    errors,
    expirations,
    exports,
    imports,
    inventory,
    links,
    log,
    messages,
    openapi,
    order_money,
    order_work,
    orders,
    own_orders,
    payments,
    rates,
    receipts,
    restocks,
    rotations,
    sales,
    statements,
    subscriptions,
    tickets,
    webhooks,
)
from api.schemas import Answer
from domain import demo
from domain.sql import scalar
from infra.database import reading
from infra.settings import settings

HEALTH_WITHIN = 2.0
WORKER_LATE = 90  # seconds without a heartbeat
VERSION = version("cuenty")


def create_api(*routers: APIRouter) -> Starlette:
    """The shell for `rx.App(api_transformer=…)`; `routers` are the rest of the shop's."""
    api = build_api(routers)
    return Starlette(
        routes=[
            Route("/health", health, methods=["GET"]),
            Route("/api", about, methods=["GET"]),
            Route("/m/{token}", links.follow, methods=["GET"]),
            Mount("/api", api),
        ]
    )


def build_api(routers: Sequence[APIRouter] = ()) -> FastAPI:
    api = FastAPI(
        title=openapi.TITLE,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        redirect_slashes=False,
        swagger_ui_oauth2_redirect_url=None,
    )
    errors.install(api)
    api.add_middleware(rates.Rates)
    api.add_middleware(
        CORSMiddleware,
        allow_origins=settings().api_origins,
        allow_methods=["GET", "POST", "PUT", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-None-Match"],
        expose_headers=["ETag", "Idempotent-Replayed", "Retry-After", "X-Request-Id"],
        max_age=600,
    )
    for router in (
        auth.router,
        catalog_admin.catalog.services,
        catalog_admin.catalog.plans,
        cart.router,
        orders.router,
        order_money.router,
        order_work.router,
        own_orders.router,
        sales.desk,
        sales.router,
        subscriptions.router,
        claims.units,
        claims.router,
        restocks.router,
        coupons.router,
        credit.mine,
        credit.router,
        payments.router,
        bank_statements.router,
        cash.router,
        expirations.router,
        expirations.supplier,
        inventory.router,
        account_upkeep.router,
        rotations.router,
        bank.router,
        bank_accounts.router,
        tickets.router,
        contact.router,
        customers.router,
        customer_records.router,
        messages.router,
        log.router,
        webhooks.router,
        earlier.router,
        browser_session.router,
        bank_notices.router,
        card_notices.router,
        callbacks.router,
        customer_data.router,
        customer_data.erasure,
        exports.router,
        imports.router,
        receipts.router,
        statements.router,
        documentation.router,
        demo_router,
        *routers,
    ):
        api.include_router(router)
    openapi.describe(api)
    return api


async def about(_: Request) -> JSONResponse:
    links = {"docs": "/api/docs", "openapi": "/api/openapi.json", "health": "/health"}
    return JSONResponse({"name": settings().shop_name, "version": VERSION, "links": links})


async def health(_: Request) -> JSONResponse:
    """503 only when nothing can be sold; a late worker is said, and sells on."""
    try:
        async with asyncio.timeout(HEALTH_WITHIN), reading() as session:
            beat = await scalar(
                session,
                """SELECT coalesce(max(last_heartbeat) > now() - make_interval(secs => %(late)s),
                                   false) FROM procrastinate_workers""",
                late=WORKER_LATE,
            )
    except Exception:  # noqa: BLE001  # whatever it is, the shop cannot reach its data
        body = {"status": "down", "database": "down", "worker": "unknown", "version": VERSION}
        return JSONResponse(body, 503)
    worker = "ok" if beat else "late"
    status = "ok" if beat else "degraded"
    return JSONResponse({"status": status, "database": "ok", "worker": worker, "version": VERSION})


demo_router = APIRouter(prefix="/demo", include_in_schema=False)


class KeptMessage(Answer):
    id: UUID
    channel: str
    to: str
    body: str
    created_at: datetime


@demo_router.get("/messages")
async def kept_messages(to: str = "") -> list[KeptMessage]:
    async with reading() as session:
        found = await demo.messages(session, to=to[:300].replace("\x00", ""))
    return [KeptMessage.model_validate(message) for message in found]
