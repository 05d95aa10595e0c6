"""The whole catalog, on sale or not: read by staff, changed by the owner. Cost is the owner's."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import catalog
from api.access import owner_for, staff_for
from api.once import Once
from api.paging import Items, Paged
from api.schemas import HIGHEST, Amount, Answer, Body, Flag, Id, Money, RowId, SignedAmount, Told
from domain import catalog_changes, catalog_records, plans, services
from domain.actors import Actor
from domain.catalog_records import PlanRecord, ServiceRecord
from domain.prices import Money as Prices
from domain.services import ServiceSheet
from infra.database import reading, unit_of_work

Reader = Annotated[Actor, Depends(staff_for("catalog:read"))]
Writer = Annotated[Actor, Depends(staff_for("catalog:write"))]
Owner = Annotated[Actor, Depends(owner_for("catalog:write"))]
Text = Annotated[str, Field(max_length=4000)]


class Service(Answer):
    id: int
    slug: str
    name: str
    category: str
    description: str
    color: str
    max_profiles: int
    terms: str
    instructions: str
    position: int
    active: bool
    archived: bool


class ServiceIn(Body):
    """Without a slug, the name's: «Prime Video» is at `prime-video`."""

    name: str = Field(max_length=80)
    slug: str | None = Field(default=None, max_length=60)
    category: str = Field(max_length=40)
    max_profiles: int = Field(ge=1, le=20, strict=True)
    description: Text = ""
    terms: Text = ""
    instructions: Text = ""
    color: str = Field(default="#334155", max_length=7)
    position: int | None = Field(default=None, ge=0, le=100_000, strict=True)
    active: Flag = True

    def sheet(self) -> ServiceSheet:
        return ServiceSheet(
            name=self.name,
            slug=self.slug if self.slug is not None else catalog_records.slug_of(self.name),
            category=self.category,
            max_profiles=self.max_profiles,
            color=self.color,
            description=self.description,
            terms=self.terms,
            instructions=self.instructions,
        )


class Plan(Told):
    for_some = frozenset({"cost", "margin"})

    id: int
    service_id: int
    service_name: str
    name: str
    duration_months: int
    capacity: Literal["profile", "full_account"]
    sale_price: Money
    currency: str = "MXN"
    available: int
    active: bool
    archived: bool
    cost: Money | None = None
    margin: Money | None = None


class PlanIn(Body):
    """`sale_price` is `cost` and `margin` together. A margin below zero sells at a loss."""

    service_id: RowId
    name: str = Field(max_length=60)
    duration_months: int = Field(ge=1, le=36, strict=True)
    capacity: Literal["profile", "full_account"] = "profile"
    cost: Amount
    margin: SignedAmount
    active: Flag = True


class PlanChange(Body):
    """How long a plan lasts and what it gives never changes: another duration is another plan."""

    name: str = Field(max_length=60)
    cost: Amount
    margin: SignedAmount
    active: Flag = True


@catalog.services.get("", summary="Every service, on sale or not")
async def all_services(
    actor: Reader,
    page: Paged,
    archived: bool | None = None,
    q: Annotated[str, Query(max_length=80)] = "",
) -> Items[Service]:
    async with reading() as session:
        found = await catalog_records.services(session, actor, search=q, archived=archived)
    return page.among(found, _service)


@catalog.services.post("", status_code=201, summary="Add a service")
async def add_service(body: ServiceIn, actor: Owner, once: Once) -> Service:
    async def work(session: AsyncSession) -> Service:
        made = await services.create(session, actor, body.sheet())
        await catalog_records.arrange(
            session, actor, service_id=made, position=body.position, active=body.active
        )
        return await _service_of(session, actor, made)

    return await once(actor, body, Service, work)


@catalog.services.put("/{service_id:int}", summary="Change a service")
async def change_service(service_id: Id, body: ServiceIn, actor: Writer) -> Service:
    """The texts are for all staff; the slug and the profiles of an account are the owner's."""
    async with unit_of_work() as session:
        before = await catalog_records.service(session, actor, service_id=service_id)
        sheet = body.sheet()
        if body.slug is None:
            sheet = catalog_records.keeping_slug(sheet, before.slug)
        await services.edit(
            session, actor, service_id=service_id, version=before.version, sheet=sheet
        )
        await catalog_records.arrange(
            session, actor, service_id=service_id, position=body.position, active=body.active
        )
        return await _service_of(session, actor, service_id)


@catalog.services.delete("/{service_id:int}", status_code=204, summary="Take a service away")
async def withdraw_service(service_id: Id, actor: Owner) -> None:
    """One that was ever sold is archived: its orders and figures stay."""
    async with unit_of_work() as session:
        await catalog_changes.withdraw(session, actor, "service", service_id)


@catalog.plans.get("", summary="Every plan, on sale or not")
async def all_plans(
    actor: Reader,
    page: Paged,
    service_id: Annotated[int | None, Query(ge=1, le=HIGHEST)] = None,
) -> Items[Plan]:
    async with reading() as session:
        found = await catalog_records.plans(session, actor, service_id=service_id)
    return page.among(found, _plan)


@catalog.plans.post("", status_code=201, summary="Add a plan", responses={404: {}})
async def add_plan(body: PlanIn, actor: Owner, once: Once) -> Plan:
    async def work(session: AsyncSession) -> Plan:
        made = await plans.create(
            session,
            actor,
            service_id=body.service_id,
            name=body.name,
            duration_months=body.duration_months,
            capacity=body.capacity,
            money=Prices(body.cost, body.margin),
            active=body.active,
        )
        return _plan(await catalog_records.plan(session, actor, plan_id=made))

    return await once(actor, body, Plan, work)


@catalog.plans.put("/{plan_id:int}", summary="Change a plan")
async def change_plan(plan_id: Id, body: PlanChange, actor: Owner) -> Plan:
    """Orders already placed keep their price. A price that is struck through stays struck."""
    async with unit_of_work() as session:
        before = await catalog_records.plan(session, actor, plan_id=plan_id)
        await plans.edit(
            session,
            actor,
            plan_id=plan_id,
            version=before.version,
            name=body.name,
            money=Prices(
                body.cost, body.margin, _still_struck(before.list_price, body.cost + body.margin)
            ),
        )
        await catalog_changes.set_active(session, actor, "plan", plan_id, active=body.active)
        return _plan(await catalog_records.plan(session, actor, plan_id=plan_id))


def _still_struck(list_price: Decimal | None, sale: Decimal) -> Decimal | None:
    return list_price if list_price is not None and list_price > sale else None


@catalog.plans.delete("/{plan_id:int}", status_code=204, summary="Take a plan away")
async def withdraw_plan(plan_id: Id, actor: Owner) -> None:
    """One that was ever sold is archived."""
    async with unit_of_work() as session:
        await catalog_changes.withdraw(session, actor, "plan", plan_id)


async def _service_of(session: AsyncSession, actor: Actor, service_id: int) -> Service:
    return _service(await catalog_records.service(session, actor, service_id=service_id))


def _service(found: ServiceRecord) -> Service:
    return Service.model_validate(found)


def _plan(found: PlanRecord) -> Plan:
    return Plan.model_validate(found)
