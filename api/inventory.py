"""The stock: accounts with their profiles. Secrets go in, and come out by `revelar` only."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Depends, Query, Request, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.once import Once
from api.paging import Items, Paged
from api.schemas import HIGHEST, Amount, Answer, Body, Id, IsoDay, Money, RowId, Told
from domain import account_pages, inventory, inventory_commands, inventory_pages
from domain.actors import Actor
from domain.errors import InvalidInput
from domain.import_batches import IssueLine
from domain.import_files import MOST_BYTES
from domain.inventory_rows import NewProfile
from domain.texts import IMPORT_ROWS
from infra.database import reading, unit_of_work
from infra.vault import Secret

router = routing.router("/inventario", "inventory")

Reader = Annotated[Actor, Depends(staff_for("inventory:read"))]
Writer = Annotated[Actor, Depends(staff_for("inventory:write"))]
Opener = Annotated[Actor, Depends(staff_for("inventory:reveal"))]
Status = Literal["active", "maintenance", "down", "retired"]
Text = Annotated[str, Field(max_length=1000)]
Hidden = Annotated[str, Field(max_length=256)]
CSV = """servicio,usuario,contraseña,perfil,pin,pagado hasta
Netflix,tienda@correo.mx,la-de-la-cuenta,Perfil 1,1234,2027-01-31
"""


class AccountLine(Answer):
    id: int
    service_name: str
    plan_name: str
    status: Status
    paid_until: date | None
    profiles: int
    free: int
    held: int
    to_rotate: int


class AccountProfile(Answer):
    """`order_id` and `ends_on` are its holder's."""

    id: int
    label: str
    status: Literal["free", "assigned", "rotate", "disabled"]
    has_pin: bool
    order_id: int | None
    ends_on: date | None


class Account(Told):
    for_some = frozenset({"cost"})

    id: int
    service_id: int
    service_name: str
    plan_id: int | None
    plan_name: str
    status: Status
    paid_until: date | None
    notes: str
    profiles: list[AccountProfile]
    cost: Money | None = None


class ProfileIn(Body):
    label: str = Field(max_length=60)
    pin: str | None = Field(default=None, max_length=12)


class NewAccount(Body):
    service_id: RowId
    plan_id: RowId | None = None
    login: Hidden
    password: Hidden
    paid_until: IsoDay | None = None
    cost: Amount | None = None
    notes: Text = ""
    profiles: list[ProfileIn] = Field(min_length=1, max_length=20)


class AccountChange(Body):
    """What is not named stays. `down` and `retired` need a `reason`."""

    plan_id: RowId | None = None
    paid_until: IsoDay | None = None
    cost: Amount | None = None
    notes: Text = ""
    login: Hidden | None = None
    password: Hidden | None = None
    status: Status | None = None
    reason: str = Field(default="", max_length=200)


class ProfilePin(Answer):
    profile_id: int
    pin: str


class AccountAccess(Answer):
    login: str
    password: str
    pins: list[ProfilePin]


class ImportFault(Answer):
    line: int
    field: str
    code: str
    detail: str


class StockImport(Answer):
    """`id` names the import that was begun; a dry run begins none."""

    id: int | None
    status: Literal["preview", "running"]
    rows: int
    good: int
    bad: int
    accounts: int
    errors: list[ImportFault]


@router.get("", summary="Accounts, newest first")
async def search(
    actor: Reader,
    page: Paged,
    status: Status | None = None,
    service_id: Annotated[int | None, Query(ge=1, le=HIGHEST)] = None,
    q: Annotated[str, Query(max_length=256, description="A number, or a whole login.")] = "",
) -> Items[AccountLine]:
    async with reading() as session:
        if q.strip():
            rows = await inventory_pages.find(session, actor, q)
        else:
            rows = await inventory_pages.account_list(
                session,
                actor,
                status=status,
                service_id=service_id,
                before=page.before,
                limit=page.asked,
            )
    return page.of(rows, AccountLine.model_validate)


@router.post("", status_code=201, summary="Add an account with its profiles", responses={404: {}})
async def add(body: NewAccount, actor: Writer, once: Once) -> Account:
    async def work(session: AsyncSession) -> Account:
        account_id = await inventory.add_account(
            session,
            actor,
            service_id=body.service_id,
            login=Secret(body.login),
            password=Secret(body.password),
            profiles=[NewProfile(p.label, Secret(p.pin) if p.pin else None) for p in body.profiles],
            plan_id=body.plan_id,
            paid_until=body.paid_until,
            cost=body.cost,
            notes=body.notes,
        )
        return await account_of(session, actor, account_id)

    return await once(actor, body, Account, work)


@router.post(
    "/importar",
    summary="Add accounts from a CSV",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"text/csv": {"schema": {}, "example": CSV}},
        }
    },
)
async def take_file(
    request: Request,
    actor: Writer,
    once: Once,
    dry_run: Annotated[bool, Query(description="Only say what is in it.")] = False,
    service_id: Annotated[int | None, Query(ge=1, le=HIGHEST)] = None,
) -> StockImport:
    """The whole file or nothing; it is imported in the background."""
    content = await request.body()
    if len(content) > MOST_BYTES:
        raise InvalidInput({"file": "import_large"})

    async def work(session: AsyncSession) -> StockImport:
        batch, faults = await inventory_commands.take_file(
            session, actor, content=content, service_id=service_id, dry_run=dry_run
        )
        return StockImport(
            id=None if dry_run else batch.id,
            status="preview" if dry_run else "running",
            rows=batch.rows,
            good=batch.good,
            bad=batch.bad,
            accounts=batch.accounts,
            errors=[_fault(fault) for fault in faults],
        )

    return await once(actor, content.hex(), StockImport, work)


def _fault(found: IssueLine) -> ImportFault:
    detail = IMPORT_ROWS[found.code].format(**found.data)
    return ImportFault(line=found.line, field=found.field, code=found.code, detail=detail)


@router.get("/{account_id:int}", summary="One account, without its secrets")
async def read(account_id: Id, actor: Reader) -> Account:
    async with reading() as session:
        return await account_of(session, actor, account_id)


@router.put("/{account_id:int}", summary="Change an account")
async def change(account_id: Id, body: AccountChange, actor: Writer) -> Account:
    """A new password is told to who holds a profile of it."""
    fields: dict[str, Any] = {name: getattr(body, name) for name in body.model_fields_set}
    if fields.get("cost", 0) is None or fields.get("notes", "") is None:
        raise InvalidInput({"cost": "value_required"})
    async with unit_of_work() as session:
        await inventory_commands.change(session, actor, account_id=account_id, fields=fields)
        return await account_of(session, actor, account_id)


@router.delete("/{account_id:int}", status_code=204, summary="Retire an account for good")
async def retire(
    account_id: Id,
    actor: Writer,
    reason: Annotated[str, Query(max_length=200)] = "Retirada por un programa",
) -> None:
    """409 while somebody holds a profile of it. Its history stays."""
    async with unit_of_work() as session:
        await inventory.set_status(
            session, actor, account_id=account_id, status="retired", reason=reason
        )


@router.post("/{account_id:int}/revelar", summary="Open the secrets of an account")
async def open_account(account_id: Id, actor: Opener, response: Response) -> AccountAccess:
    """Each is put on record as opened. Never to be kept: `Cache-Control: no-store`."""
    response.headers["Cache-Control"] = "no-store"
    async with unit_of_work() as session:
        opened = await inventory_commands.open_account(session, actor, account_id=account_id)
    return AccountAccess(
        login=opened.login.disclose(),
        password=opened.password.disclose(),
        pins=[
            ProfilePin(profile_id=profile_id, pin=pin.disclose())
            for profile_id, pin in opened.pins.items()
        ],
    )


async def account_of(session: AsyncSession, actor: Actor, account_id: int) -> Account:
    found = await account_pages.account_page(session, actor, account_id=account_id)
    return Account.model_validate(found)
