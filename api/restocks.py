"""«Avísame cuando haya»: the sold-out plans of which a customer wants to hear."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import CustomerActor
from api.once import Once
from api.schemas import Answer, Body, Id, RowId
from domain import restocks
from domain.actors import Actor
from infra.database import reading, unit_of_work

router = routing.router("/avisos-de-stock", "catalog")


class RestockWish(Body):
    plan_id: RowId


class RestockWishes(Answer):
    plan_ids: list[int]


@router.get("", summary="The plans the customer waits for")
async def mine(actor: CustomerActor) -> RestockWishes:
    async with reading() as session:
        return await _wishes(session, actor)


@router.post("", status_code=201, summary="Hear of it once a plan is back", responses={404: {}})
async def ask(body: RestockWish, actor: CustomerActor, once: Once) -> RestockWishes:
    """Asking again changes nothing. 409 `in_stock` where there is no need to wait."""

    async def work(session: AsyncSession) -> RestockWishes:
        await restocks.ask(session, actor, plan_id=body.plan_id)
        return await _wishes(session, actor)

    return await once(actor, body, RestockWishes, work)


@router.delete("/{plan_id:int}", status_code=204, summary="Hear of a plan no more")
async def forget(plan_id: Id, actor: CustomerActor) -> None:
    async with unit_of_work() as session:
        await restocks.cancel(session, actor, plan_id=plan_id)


async def _wishes(session: AsyncSession, actor: Actor) -> RestockWishes:
    return RestockWishes(plan_ids=sorted(await restocks.open_for(session, actor)))
