"""The shelves as anybody reads them; what is not on sale is not there, and cost is nowhere."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Literal

from fastapi import Query, Request, Response

from api import freshness, routing
from api.paging import Items, Page, Paged
from api.schemas import HIGHEST, Answer, Id, Money
from domain import shelf
from domain.catalog import PlanOnSale, ServiceOnSale
from domain.errors import NotFound

services = routing.router("/servicios", "catalog")
plans = routing.router("/planes", "catalog")

Shelves = tuple[ServiceOnSale, ...]
KEPT = 8  # answers that differ by their page


class PublicPlan(Answer):
    """`available` is counted up to 21."""

    id: int
    service_id: int
    service_name: str
    name: str
    duration_months: int
    capacity: Literal["profile", "full_account"]
    sale_price: Money
    currency: str = "MXN"
    available: int


class PublicService(Answer):
    id: int
    slug: str
    name: str
    category: str
    description: str
    color: str
    max_profiles: int
    terms: str
    instructions: str
    available: int
    plans: list[PublicPlan]


@services.get(
    "/activos", summary="Services on sale, with their plans", response_model=Items[PublicService]
)
async def services_on_sale(request: Request, page: Paged) -> Response:
    return freshness.answer(request, _services(await shelf.services(), page))


@services.get("/{service_id:int}", summary="One service on sale", response_model=PublicService)
async def service_on_sale(request: Request, service_id: Id) -> Response:
    for found in await shelf.services():
        if found.id == service_id:
            return freshness.answer(request, freshness.written(_service(found)))
    raise NotFound


@plans.get("/activos", summary="Plans on sale", response_model=Items[PublicPlan])
async def plans_on_sale(
    request: Request,
    page: Paged,
    service_id: Annotated[int | None, Query(ge=1, le=HIGHEST)] = None,
) -> Response:
    return freshness.answer(request, _plans(await shelf.services(), page, service_id))


@plans.get("/{plan_id:int}", summary="One plan on sale", response_model=PublicPlan)
async def plan_on_sale(request: Request, plan_id: Id) -> Response:
    for found in _all_plans(await shelf.services()):
        if found.id == plan_id:
            return freshness.answer(request, freshness.written(_plan(found)))
    raise NotFound


# Shelves that read as before are the same objects: what was written of them need not be again.
@lru_cache(KEPT)
def _services(shelves: Shelves, page: Page) -> freshness.Written:
    return freshness.written(page.among(shelves, _service))


@lru_cache(KEPT)
def _plans(shelves: Shelves, page: Page, service_id: int | None) -> freshness.Written:
    found = [p for p in _all_plans(shelves) if service_id in {None, p.service_id}]
    return freshness.written(page.among(found, _plan))


def _all_plans(shelves: Shelves) -> list[PlanOnSale]:
    return [plan for service in shelves for plan in service.plans]


def _plan(found: PlanOnSale) -> PublicPlan:
    return PublicPlan.model_validate(found)


def _service(found: ServiceOnSale) -> PublicService:
    return PublicService.model_validate(found)
