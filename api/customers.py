"""Customers as staff know them: found, read, noted about, kept out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Depends, Query
from pydantic import Field

from api import routing
from api.access import staff_for
from api.order_schemas import Preference
from api.paging import Items, Paged
from api.schemas import Answer, Body, Flag, Id, Money
from domain import customer_changes, customer_pages
from domain.actors import Actor
from domain.customer_changes import LONGEST_NOTES
from domain.customer_pages import LONGEST_SEARCH
from domain.customers import LONGEST_EMAIL, LONGEST_NAME
from infra.database import reading, unit_of_work

router = routing.router("/usuarios", "customers")

Reader = Annotated[Actor, Depends(staff_for("customers:read"))]
Writer = Annotated[Actor, Depends(staff_for("customers:write"))]
Only = Literal["subscribed", "never_bought", "blocked", "to_erase"]
TABS = {
    "subscribed": "con-suscripcion",
    "never_bought": "sin-compra",
    "blocked": "bloqueados",
    "to_erase": "por-borrar",
    None: "todos",
}


class CustomerLine(Answer):
    """`spent` is what was paid and not cancelled; `live` counts subscriptions.

    `asked_at` is when they asked to be erased.
    """

    id: int
    phone: str
    name: str
    email: str
    blocked: bool
    orders: int
    spent: Money
    currency: str = "MXN"
    last_purchase: datetime | None
    live: int
    asked_at: datetime | None


class Customer(CustomerLine):
    delivery_preference: Preference
    notes: str
    created_at: datetime
    blocked_at: datetime | None
    erased_at: datetime | None


class CustomerChange(Body):
    """What is not named stays."""

    name: str | None = Field(default=None, max_length=LONGEST_NAME)
    email: str | None = Field(default=None, max_length=LONGEST_EMAIL)
    delivery_preference: Preference | None = None
    notes: str | None = Field(default=None, max_length=LONGEST_NOTES)
    blocked: Flag | None = None


@router.get("", summary="Customers, newest first")
async def search(
    actor: Reader,
    page: Paged,
    only: Only | None = None,
    q: Annotated[
        str,
        Query(
            max_length=LONGEST_SEARCH,
            description="The end of a phone, the start of an e-mail, or words of a name.",
        ),
    ] = "",
) -> Items[CustomerLine]:
    async with reading() as session:
        rows = await customer_pages.customers(
            session, actor, tab=TABS[only], q=q, before=page.before, limit=page.asked
        )
    return page.of(rows, CustomerLine.model_validate)


@router.get("/{customer_id:int}", summary="One customer")
async def read(customer_id: Id, actor: Reader) -> Customer:
    async with reading() as session:
        return Customer.model_validate(
            await customer_pages.customer(session, actor, customer_id=customer_id)
        )


@router.put("/{customer_id:int}", summary="Change a customer, or keep one out")
async def change(customer_id: Id, body: CustomerChange, actor: Writer) -> Customer:
    """One who is `blocked` is signed out everywhere at once, and cannot come in or buy."""
    sent = body.model_dump(exclude_none=True)
    blocked = sent.pop("blocked", None)
    async with unit_of_work() as session:
        if sent:
            await customer_changes.edit(session, actor, customer_id=customer_id, **sent)
        if blocked is not None:
            turn = customer_changes.block if blocked else customer_changes.unblock
            await turn(session, actor, customer_id=customer_id)
        return Customer.model_validate(
            await customer_pages.customer(session, actor, customer_id=customer_id)
        )
