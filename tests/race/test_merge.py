"""A merge and an order of the one that goes, at the same time: no order is left behind or lost."""

from __future__ import annotations

import asyncio

import pytest

import models
from domain import carts, orders
from domain import customer_merges as merges
from domain.errors import DomainError
from domain.sql import fetch, scalar
from infra.database import reading, unit_of_work
from tests.builders import (
    as_customer,
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
)

WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


async def two_with_a_cart() -> tuple[models.Customer, models.Customer]:
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    stays, goes = await make_customer(), await make_customer()
    async with unit_of_work() as session:
        await carts.add(session, as_customer(goes), plan_id=plan.id or 0)
    return stays, goes


async def until_somebody_waits() -> None:
    waits = 0
    while not waits:
        async with reading() as session:
            waits = await scalar(session, WAITING)


async def merge(stays: models.Customer, goes: models.Customer) -> str:
    owner = as_staff(await make_staff("owner"))
    named = {"stays_id": stays.id or 0, "goes_id": goes.id or 0}
    try:
        async with reading() as session:
            seen = (await merges.preview(session, owner, **named)).moving
        async with unit_of_work() as session:
            await merges.merge(session, owner, **named, seen=seen)
    except DomainError as refusal:
        return refusal.code
    return "merged"


async def owners_of_orders() -> list[int]:
    async with reading() as session:
        rows = await fetch(session, "SELECT customer_id FROM orders ORDER BY id")
    return [row.customer_id for row in rows]


@pytest.mark.usefixtures("shop")
async def test_an_order_on_its_way_is_waited_for_and_seen() -> None:
    stays, goes = await two_with_a_cart()
    async with unit_of_work() as session:
        await orders.place(session, as_customer(goes))
        late = asyncio.create_task(merge(stays, goes))
        await until_somebody_waits()
    assert await late == "merge_changed"
    assert await merge(stays, goes) == "merged"
    assert await owners_of_orders() == [stays.id]


@pytest.mark.usefixtures("shop")
async def test_an_order_that_comes_after_the_merge_began_belongs_to_nobody() -> None:
    stays, goes = await two_with_a_cart()
    owner = as_staff(await make_staff("owner"))
    named = {"stays_id": stays.id or 0, "goes_id": goes.id or 0}

    async def order() -> str:
        try:
            async with unit_of_work() as session:
                await orders.place(session, as_customer(goes))
        except DomainError as refusal:
            return refusal.code
        return "placed"

    async with unit_of_work() as session:
        seen = (await merges.preview(session, owner, **named)).moving
        await merges.merge(session, owner, **named, seen=seen)
        late = asyncio.create_task(order())
        await until_somebody_waits()
    assert await late in {"buyer_blocked", "cart_empty"}
    assert await owners_of_orders() == []


@pytest.mark.usefixtures("shop")
async def test_two_merges_of_the_same_two_in_opposite_directions_leave_one() -> None:
    stays, goes = await two_with_a_cart()
    said = await asyncio.gather(merge(stays, goes), merge(goes, stays))
    assert sorted(said) == ["merged", "not_found"]
