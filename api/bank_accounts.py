"""The accounts customers pay into, for the owner in person: no key decides where the money goes."""

from __future__ import annotations

from typing import Literal

from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import OwnerActor
from api.bank import BankChange, BankInstructions
from api.once import Once
from api.paging import Items, Paged
from api.schemas import Amount, Answer, Body, Id, Money
from domain import bank_accounts, shop_settings
from domain.actors import Actor
from domain.bank_accounts import BankDetails
from domain.errors import NotFound
from infra.database import reading, unit_of_work
from infra.settings import settings

router = routing.router("/cuentas-bancarias", "payments")


class BankAccount(BankInstructions):
    """New orders are told the `is_default` one, unless the rule is another.

    By amount, those from `least` to `most` are told this one. A sample one is told to nobody.
    """

    id: int
    is_sample: bool
    is_default: bool
    least: Money | None
    most: Money | None


class BankAccountIn(BankChange):
    """An end of the amounts that is left open is the smallest or the largest there is."""

    least: Amount | None = None
    most: Amount | None = None


class BankRule(Body):
    """Which account an order is told: the default one, by its amount, or each in turn."""

    rule: Literal["default", "amount", "turns"]


class BankRuleKept(Answer):
    rule: Literal["default", "amount", "turns"]


@router.get("", summary="The accounts customers pay into, the default one first")
async def all_accounts(actor: OwnerActor, page: Paged) -> Items[BankAccount]:
    async with reading() as session:
        found = await bank_accounts.bank_accounts(session, actor)
    return page.among(found, BankAccount.model_validate)


@router.post("", status_code=201, summary="Add an account")
async def add(body: BankAccountIn, actor: OwnerActor, once: Once) -> BankAccount:
    """The first real one takes the place of a sample as the default."""

    async def work(session: AsyncSession) -> BankAccount:
        made = await bank_accounts.add(session, actor, _details(body))
        return await _account(session, actor, made)

    return await once(actor, body, BankAccount, work)


@router.put("/{account_id:int}", summary="Change an account")
async def change(account_id: Id, body: BankAccountIn, actor: OwnerActor) -> BankAccount:
    """Orders placed keep what they were told."""
    async with unit_of_work() as session:
        await bank_accounts.change(session, actor, account_id=account_id, details=_details(body))
        return await _account(session, actor, account_id)


@router.put("/{account_id:int}/principal", summary="Make an account the default one")
async def make_default(account_id: Id, actor: OwnerActor) -> BankAccount:
    """409 `bank_sample` for one that nobody can pay into."""
    async with unit_of_work() as session:
        await bank_accounts.make_default(session, actor, account_id=account_id)
        return await _account(session, actor, account_id)


@router.delete("/{account_id:int}", status_code=204, summary="Remove an account")
async def remove(account_id: Id, actor: OwnerActor) -> None:
    """409 `bank_default` for the default one."""
    async with unit_of_work() as session:
        await bank_accounts.remove(session, actor, account_id=account_id)


@router.get("/regla", summary="Which account new orders are told")
async def rule(actor: OwnerActor) -> BankRuleKept:
    del actor
    return BankRuleKept(rule=settings().bank_rule)


@router.put("/regla", summary="Choose which account new orders are told")
async def choose_rule(body: BankRule, actor: OwnerActor) -> BankRuleKept:
    async with unit_of_work() as session:
        await shop_settings.change(session, actor, {"bank_rule": body.rule})
    return BankRuleKept(rule=body.rule)


async def _account(session: AsyncSession, actor: Actor, account_id: int) -> BankAccount:
    for account in await bank_accounts.bank_accounts(session, actor):
        if account.id == account_id:
            return BankAccount.model_validate(account)
    raise NotFound


def _details(body: BankAccountIn) -> BankDetails:
    return BankDetails(
        holder=body.holder,
        clabe=body.clabe,
        account=body.account,
        bank=body.bank,
        steps=tuple(body.steps),
        least=body.least,
        most=body.most,
    )
