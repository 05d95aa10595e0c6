"""Profiles whose last holder still knows the secret, and the PIN that makes one safe again."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

from fastapi import Depends, Query
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.once import Once
from api.paging import Items, Paged
from api.schemas import Answer, Body, Id
from domain import expirations
from domain import rotations as rules
from domain.actors import Actor
from domain.rotations import LONGEST_REASON
from infra.database import reading, unit_of_work
from infra.vault import Secret

router = routing.router("/rotaciones", "inventory")

Reader = Annotated[Actor, Depends(staff_for("inventory:read"))]
Writer = Annotated[Actor, Depends(staff_for("inventory:write"))]


class Rotation(Answer):
    """A profile that is sold again once it is safe. `account` is its number in the inventory."""

    profile_id: int
    account: int
    account_status: str
    service_name: str
    profile: str
    held_by: str | None
    since: datetime | None


class Served(Answer):
    """Paid orders that waited for stock and became whole with it."""

    served: int


class NewPin(Body):
    """Null takes the PIN away."""

    pin: str | None = Field(max_length=12)
    reason: str = Field(default="", max_length=LONGEST_REASON)


class Rotated(Answer):
    """`told` holders hear of it; `freed` profiles are sold again, and `served` orders with them."""

    version: int
    told: int
    freed: int
    served: int


@router.get("", summary="Profiles that wait for their rotation")
async def waiting(
    actor: Reader,
    page: Paged,
    service: Annotated[str, Query(max_length=60, description="The slug of one service.")] = "",
) -> Items[Rotation]:
    async with reading() as session:
        rows = await expirations.to_rotate(
            session, actor, service=service, after=page.before, limit=page.asked
        )
    return page.of(rows, _shown)


@router.post("/{profile_id:int}", summary="Say that a profile was made safe elsewhere")
async def mark(profile_id: Id, actor: Writer, once: Once) -> Served:
    """Twice is once. A new password of its account (`PUT /api/inventario/{id}`) does the same."""

    async def work(session: AsyncSession) -> Served:
        served = await rules.mark_rotated(session, actor, profile_id=profile_id)
        return Served(served=served)

    return await once(actor, "", Served, work)


@router.put("/{profile_id:int}/pin", summary="Put another PIN in force")
async def change_pin(profile_id: Id, body: NewPin, actor: Writer) -> Rotated:
    """Who holds the profile is told."""
    async with unit_of_work() as session:
        done = await rules.rotate_pin(
            session,
            actor,
            profile_id=profile_id,
            pin=Secret(body.pin) if body.pin else None,
            reason=body.reason,
        )
    return Rotated(version=done.version, told=len(done.told), freed=done.freed, served=done.served)


def _shown(one: expirations.Rotation) -> Rotation:
    named = {"profile_id": one.id, "account": one.account_id, "profile": one.profile_label}
    return Rotation.model_validate({**asdict(one), **named})
