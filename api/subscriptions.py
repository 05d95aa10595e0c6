"""What a customer may use today: seen, opened, confirmed, renewed, and reported when it fails."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Literal

from fastapi import Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import CustomerActor
from api.once import Once
from api.order_schemas import Order
from api.paging import Items, Paged
from api.schemas import Amount, Answer, Body, Id, Money, RowId
from domain import claim_pages, claims, credentials, message_receipts, my_accounts, order_records
from domain import renewals as rules
from domain.actors import Actor
from domain.claim_pages import CardNews
from domain.claims import LONGEST
from domain.errors import NotFound
from domain.my_accounts import Subscription as Held
from infra.database import reading, unit_of_work

router = routing.router("/suscripciones", "subscriptions")

Problem = Literal["wrong_password", "profile_taken", "screen_limit", "account_down", "other"]


class SubscriptionReport(Answer):
    """`open` waits for an answer; `replaced` stands until the new access was opened."""

    status: Literal["open", "replaced", "solved", "rejected"]
    at: datetime | None
    answer: str


class Subscription(Answer):
    """`ends_on` is the last paid day; until `kept_until` the profile waits for its renewal.

    `leads` is false for the profiles of a whole account that are renewed with its first one.
    `renewal_order` waits for the payment that renews it. `changed` is what became new since it was
    last opened, and `confirmed` is what its holder said of the access in force: it works.
    """

    id: int
    order_id: int
    service_name: str
    plan_name: str
    capacity: Literal["profile", "full_account"]
    profile: str
    starts_on: date
    ends_on: date
    kept_until: date
    instructions: str
    terms: str
    leads: bool
    renewal_order: int | None
    changed: Literal["", "replaced", "password", "pin"]
    confirmed: bool
    report: SubscriptionReport | None


class SubscriptionAccess(Answer):
    subscription_id: int
    service_name: str
    login: str
    password: str
    profile: str
    pin: str | None
    ends_on: date


class RenewalOffer(Answer):
    """A plan to renew with. `same_plan` is the one it has."""

    plan_id: int
    name: str
    duration_months: int
    sale_price: Money
    currency: str = "MXN"
    ends_on: date
    same_plan: bool


class Renewal(Body):
    """With `seen_total`, refused (409 `price_changed`) once it costs something else."""

    plan_id: RowId
    seen_total: Amount | None = None


class NewReport(Body):
    kind: Problem
    details: str = Field(default="", max_length=LONGEST)


class Reported(Answer):
    """`replaced`: there is another access already; open it."""

    replaced: bool
    subscription: Subscription


@router.get("", summary="The customer's own subscriptions, the first to end first")
async def mine(actor: CustomerActor, page: Paged) -> Items[Subscription]:
    async with reading() as session:
        news = await claim_pages.of_customer(session, actor)
        held = await my_accounts.held_by(session, actor)
    return page.among(held, lambda one: _shown(one, news.get(one.id)))


@router.get("/{subscription_id:int}", summary="One of the customer's own subscriptions")
async def read(subscription_id: Id, actor: CustomerActor) -> Subscription:
    async with reading() as session:
        return await _subscription(session, actor, subscription_id)


@router.post("/{subscription_id:int}/revelar", summary="Open the access of a subscription")
async def open_access(
    subscription_id: Id, actor: CustomerActor, response: Response
) -> SubscriptionAccess:
    """It is put on record as opened. Never to be kept: `Cache-Control: no-store`."""
    response.headers["Cache-Control"] = "no-store"
    async with unit_of_work() as session:
        opened = await credentials.reveal(session, actor, assignment_id=subscription_id)
    return SubscriptionAccess(
        subscription_id=opened.assignment_id,
        service_name=opened.service_name,
        login=opened.login.disclose(),
        password=opened.password.disclose(),
        profile=opened.profile_label,
        pin=opened.pin.disclose() if opened.pin else None,
        ends_on=opened.ends_on,
    )


@router.post("/{subscription_id:int}/confirmar", summary="Say that the access in force works")
async def confirm(subscription_id: Id, actor: CustomerActor) -> Subscription:
    """Twice is once."""
    async with unit_of_work() as session:
        await message_receipts.confirm(session, actor, assignment_id=subscription_id)
        return await _subscription(session, actor, subscription_id)


@router.get(
    "/{subscription_id:int}/renovaciones",
    summary="What it can be renewed with",
    responses={409: {}},
)
async def offers(subscription_id: Id, actor: CustomerActor) -> list[RenewalOffer]:
    async with reading() as session:
        found = await rules.options(session, actor, assignment_id=subscription_id)
    return [RenewalOffer.model_validate(one) for one in found]


@router.post("/{subscription_id:int}/renovar", status_code=201, summary="Order more time for it")
async def renew(subscription_id: Id, body: Renewal, actor: CustomerActor, once: Once) -> Order:
    """The same profile, longer, once the order is paid.

    409 `renewal_pending` names the `order` that waits for its payment already.
    """

    async def work(session: AsyncSession) -> Order:
        placed = await rules.place(
            session,
            actor,
            assignment_id=subscription_id,
            plan_id=body.plan_id,
            seen_total=body.seen_total,
        )
        return Order.model_validate(await order_records.record(session, actor, order_id=placed.id))

    return await once(actor, body, Order, work)


@router.post("/{subscription_id:int}/reportes", status_code=201, summary="Report what is wrong")
async def report(
    subscription_id: Id, body: NewReport, actor: CustomerActor, once: Once
) -> Reported:
    """One at a time: 409 `claim_open` while the last one waits for its answer."""

    async def work(session: AsyncSession) -> Reported:
        done = await claims.report(
            session, actor, assignment_id=subscription_id, kind=body.kind, details=body.details
        )
        shown = await _subscription(session, actor, subscription_id)
        return Reported(replaced=done.replaced, subscription=shown)

    return await once(actor, body, Reported, work)


async def _subscription(session: AsyncSession, actor: Actor, wanted: int) -> Subscription:
    for held in await my_accounts.held_by(session, actor):
        if held.id == wanted:
            news = await claim_pages.of_customer(session, actor)
            return _shown(held, news.get(wanted))
    raise NotFound


def _shown(held: Held, news: CardNews | None) -> Subscription:
    known = {**asdict(held), "profile": held.profile_label}
    return Subscription.model_validate({**known, "report": _report(news) if news else None})


def _report(news: CardNews) -> SubscriptionReport:
    at = news.reported_at or news.replaced_at
    status = "open" if news.reported_at else "replaced" if at else news.status
    return SubscriptionReport.model_validate({"status": status, "at": at, "answer": news.answer})
