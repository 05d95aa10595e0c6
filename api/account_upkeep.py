"""Accounts kept in order: who holds them, more profiles, other names; and files taken back."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Depends
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.inventory import Account, ProfileIn, account_of
from api.once import Once
from api.paging import Items, Paged
from api.schemas import Answer, Body, Id
from domain import account_pages, import_batches, imports, inventory, replacements
from domain.actors import Actor
from domain.import_batches import Batch
from domain.inventory_rows import NewProfile
from infra.database import reading, unit_of_work
from infra.vault import Secret

router = routing.router("/inventario", "inventory")

Reader = Annotated[Actor, Depends(staff_for("inventory:read"))]
Writer = Annotated[Actor, Depends(staff_for("inventory:write"))]


class AccountHolder(Answer):
    """One profile, or the `profiles` of a whole account, in the order in which stock is given.

    `POST /api/suscripciones/{subscription_id}/reemplazar` gives another access.
    """

    subscription_id: int
    order_id: int
    customer_name: str
    customer_phone: str
    plan_name: str
    profile: str
    profiles: int
    ends_on: date
    reported: bool


class NewProfiles(Body):
    profiles: list[ProfileIn] = Field(min_length=1, max_length=20)


class ProfileName(Body):
    label: str = Field(max_length=60)


class ImportBatch(Answer):
    """A file of accounts. `done` of its `accounts` are in; `error` is a stable code, or empty."""

    id: int
    status: Literal["preview", "running", "done", "failed", "undone"]
    file_name: str
    rows: int
    good: int
    bad: int
    accounts: int
    done: int
    error: str
    who: str
    created_at: datetime
    finished_at: datetime | None


@router.get("/{account_id:int}/clientes", summary="Who holds an account now")
async def holders(account_id: Id, actor: Reader) -> list[AccountHolder]:
    async with reading() as session:
        await account_pages.account_page(session, actor, account_id=account_id)
        found = await replacements.holders_of(session, actor, account_id=account_id)
    return [_holder(one) for one in found]


@router.post("/{account_id:int}/perfiles", status_code=201, summary="Add profiles to an account")
async def add_profiles(account_id: Id, body: NewProfiles, actor: Writer, once: Once) -> Account:
    """Up to what its service allows: 409 `profiles_limit`."""
    profiles = [NewProfile(p.label, Secret(p.pin) if p.pin else None) for p in body.profiles]

    async def work(session: AsyncSession) -> Account:
        await inventory.add_profiles(session, actor, account_id=account_id, profiles=profiles)
        return await account_of(session, actor, account_id)

    return await once(actor, body, Account, work)


@router.put("/perfiles/{profile_id:int}", status_code=204, summary="Name a profile anew")
async def rename_profile(profile_id: Id, body: ProfileName, actor: Writer) -> None:
    async with unit_of_work() as session:
        await inventory.edit_profile(session, actor, profile_id=profile_id, label=body.label)


@router.get("/importaciones", summary="Files of accounts, newest first")
async def files(actor: Reader, page: Paged) -> Items[ImportBatch]:
    async with reading() as session:
        rows = await import_batches.batches(session, actor, before=page.before, limit=page.asked)
    return page.of(rows, _batch)


@router.get("/importaciones/{batch_id:int}", summary="How far a file of accounts is")
async def file(batch_id: Id, actor: Reader) -> ImportBatch:
    async with reading() as session:
        return _batch(await import_batches.batch(session, actor, batch_id=batch_id))


@router.post("/importaciones/{batch_id:int}/deshacer", summary="Take back what a file brought")
async def undo(batch_id: Id, actor: Writer, once: Once) -> ImportBatch:
    """While nothing of it was sold, held or changed: 409 `import_not_undone` says what was."""

    async def work(session: AsyncSession) -> ImportBatch:
        await imports.undo(session, actor, batch_id=batch_id)
        return _batch(await import_batches.batch(session, actor, batch_id=batch_id))

    return await once(actor, "", ImportBatch, work)


def _holder(one: replacements.Holder) -> AccountHolder:
    named = {"subscription_id": one.assignment_id, "profile": one.profile_label}
    return AccountHolder.model_validate({**asdict(one), **named})


def _batch(found: Batch) -> ImportBatch:
    return ImportBatch.model_validate({**asdict(found), "who": found.staff_name})
