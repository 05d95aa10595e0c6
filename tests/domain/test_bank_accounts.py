"""The bank accounts: a real CLABE, one default, and orders that keep what they were told."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

import models
from domain import bank_accounts
from domain.bank_accounts import BankAccount, BankDetails
from domain.errors import Conflict, Forbidden, InvalidInput
from domain.sql import fetch, scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    place_order,
)
from tests.fixtures import Shop

BBVA, STP = "012180001234567899", "646180157000000004"


@pytest.fixture
async def owner(shop: Shop) -> models.StaffUser:
    del shop
    return await make_staff("owner")


def details(**values: Any) -> BankDetails:
    return BankDetails(
        **{"holder": "Rosa", "clabe": BBVA, "account": "", "bank": "", "steps": ("Paga",), **values}
    )


async def add(by: models.StaffUser, **values: Any) -> int:
    async with unit_of_work() as session:
        return await bank_accounts.add(session, as_staff(by), details(**values))


async def known(owner: models.StaffUser) -> list[BankAccount]:
    async with reading() as session:
        return await bank_accounts.bank_accounts(session, as_staff(owner))


@pytest.mark.parametrize(
    ("clabe", "code"),
    [
        ("012345678901234567", "revisa los dígitos"),
        ("012180001234567890", "revisa los dígitos"),
        ("999180001234567899", "de ningún banco"),
        ("01218000123456789", "18 dígitos"),
        ("", "18 dígitos"),
        ("01218000123456789x", "18 dígitos"),
        ("٠١٢١٨٠٠٠١٢٣٤٥٦٧٨٩٩", "18 dígitos"),
    ],
)
async def test_a_clabe_is_believed_only_when_it_adds_up(
    owner: models.StaffUser, clabe: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        await add(owner, clabe=clabe)
    assert code in refusal.value.fields["clabe"]


async def test_a_clabe_names_its_bank_and_may_be_typed_in_groups(
    owner: models.StaffUser,
) -> None:
    await add(owner, clabe=f"{STP[:3]} {STP[3:6]} {STP[6:17]}-{STP[17:]}", account="0123 4567")
    [bank] = await known(owner)
    assert (bank.bank, bank.clabe, bank.account) == ("STP", STP, "01234567")


async def test_the_first_real_account_takes_the_sample_s_place(owner: models.StaffUser) -> None:
    await make_bank(is_sample=True, clabe="012345678901234567")
    first = await add(owner)
    second = await add(owner, clabe=STP)
    assert [(one.id, one.is_default) for one in await known(owner) if not one.is_sample] == [
        (first, True),
        (second, False),
    ]


async def test_changing_a_sample_makes_it_real(owner: models.StaffUser) -> None:
    sample = await make_bank(is_sample=True)
    async with unit_of_work() as session:
        await bank_accounts.change(
            session, as_staff(owner), account_id=sample.id or 0, details=details()
        )
    [bank] = await known(owner)
    assert (bank.is_sample, bank.is_default, bank.clabe) == (False, True, BBVA)
    async with reading() as session:
        [entry] = await fetch(
            session, "SELECT change FROM audit_entries WHERE action LIKE 'bank.%%'"
        )
    assert entry.change["before"]["clabe"] == sample.clabe
    assert entry.change["after"]["clabe"] == BBVA


async def test_a_sample_is_never_chosen_and_the_default_never_removed(
    owner: models.StaffUser,
) -> None:
    real = await add(owner)
    sample = await make_bank(is_sample=True, is_default=False)
    with pytest.raises(Conflict):
        async with unit_of_work() as session:
            await bank_accounts.make_default(session, as_staff(owner), account_id=sample.id or 0)
    with pytest.raises(Conflict):
        async with unit_of_work() as session:
            await bank_accounts.remove(session, as_staff(owner), account_id=real)
    async with unit_of_work() as session:
        await bank_accounts.remove(session, as_staff(owner), account_id=sample.id or 0)
    assert [one.id for one in await known(owner)] == [real]


async def test_of_two_defaults_chosen_at_once_one_stays(owner: models.StaffUser) -> None:
    ids = [await add(owner, clabe=clabe) for clabe in (BBVA, STP)]

    async def choose(account_id: int) -> None:
        async with unit_of_work() as session:
            await bank_accounts.make_default(session, as_staff(owner), account_id=account_id)

    await asyncio.gather(*(choose(one) for one in ids * 4))
    assert sum(one.is_default for one in await known(owner)) == 1


async def told_to(order_id: int) -> str:
    async with reading() as session:
        return str(
            await scalar(
                session, "SELECT instructions->>'clabe' FROM orders WHERE id = %(id)s", id=order_id
            )
        )


async def test_an_order_keeps_the_account_it_was_placed_with(owner: models.StaffUser) -> None:
    ana, plan = await make_customer(), await make_plan()
    await make_account(plan.service_id)
    first = await add(owner)
    before = await place_order(ana, plan)
    second = await add(owner, clabe=STP)
    async with unit_of_work() as session:
        await bank_accounts.make_default(session, as_staff(owner), account_id=second)
        await bank_accounts.remove(session, as_staff(owner), account_id=first)
    after = await place_order(ana, plan)
    assert (await told_to(before.id), await told_to(after.id)) == (BBVA, STP)


async def test_an_operator_sees_no_bank_account(owner: models.StaffUser) -> None:
    real = await add(owner)
    olga = as_staff(await make_staff())
    for ask in (
        lambda s: bank_accounts.bank_accounts(s, olga),
        lambda s: bank_accounts.add(s, olga, details(clabe=STP)),
        lambda s: bank_accounts.change(s, olga, account_id=real, details=details()),
        lambda s: bank_accounts.make_default(s, olga, account_id=real),
        lambda s: bank_accounts.remove(s, olga, account_id=real),
    ):
        with pytest.raises(Forbidden):
            async with unit_of_work() as session:
                await ask(session)


async def told_banks(*prices: int) -> list[str]:
    """The banks that one order of each price was told."""
    banks = []
    for price in prices:
        plan = await make_plan(cost=Decimal(price), margin=Decimal(0))
        await make_account(plan.service_id)
        placed = await place_order(await make_customer(), plan)
        async with reading() as session:
            told = "SELECT instructions ->> 'bank' FROM orders WHERE id = %(id)s"
            banks.append(await scalar(session, told, id=placed.id))
    return banks


async def test_orders_are_told_the_account_that_takes_their_amount(
    owner: models.StaffUser, shop: Shop
) -> None:
    await add(owner, bank="Principal")
    await add(owner, bank="Chicos", clabe=STP, most=Decimal("199.99"))
    shop.configure(bank_rule="amount")
    assert await told_banks(150, 500) == ["Chicos", "Principal"]
    shop.configure(bank_rule="default")
    assert await told_banks(150) == ["Principal"]


async def test_accounts_take_turns(owner: models.StaffUser, shop: Shop) -> None:
    await make_bank(is_sample=True, bank="Ejemplo", is_default=False)
    await add(owner, bank="Uno")
    await add(owner, bank="Dos", clabe=STP)
    shop.configure(bank_rule="turns")
    assert await told_banks(*[150] * 5) == ["Uno", "Dos", "Uno", "Dos", "Uno"]


async def test_amounts_have_two_ends_in_their_order(owner: models.StaffUser) -> None:
    with pytest.raises(InvalidInput) as refused:
        await add(owner, least=Decimal(200), most=Decimal(100))
    assert set(refused.value.fields) == {"most"}
    await add(owner, least=Decimal(200))
    [account] = await known(owner)
    assert (account.least, account.most) == (Decimal(200), Decimal("9999999.99"))
