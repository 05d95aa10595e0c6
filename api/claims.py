"""What customers reported under the warranty, and what the staff does about it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import Depends
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import staff_for
from api.once import Once
from api.paging import Items, Paged
from api.schemas import Answer, Body, Id, RowId
from domain import claim_pages, replacements
from domain import claims as rules
from domain.actors import Actor
from domain.claim_pages import ClaimLine, PastUnit
from domain.claims import LONGEST
from infra.database import reading, unit_of_work

router = routing.router("/reportes", "subscriptions")
units = routing.router("/suscripciones/{subscription_id:int}", "subscriptions")

Reader = Annotated[Actor, Depends(staff_for("subscriptions:read"))]
Writer = Annotated[Actor, Depends(staff_for("subscriptions:write"))]


class Claim(Answer):
    """`account` is its number in the inventory, and `reports` how many of it are open.

    `ended`: the subscription is over.
    """

    id: int
    kind: str
    details: str
    status: Literal["open", "replaced", "solved", "rejected"]
    answer: str
    created_at: datetime
    closed_at: datetime | None
    subscription_id: int
    order_id: int
    service_name: str
    plan_name: str
    profile: str
    ends_on: date
    ended: bool
    customer_name: str
    customer_phone: str
    account: int
    account_status: str
    reports: int


class Replacement(Answer):
    """From which account of the inventory to which; `automatic` was nobody's hand."""

    at: datetime
    from_account: int
    from_profile: str
    to_account: int
    to_profile: str
    automatic: bool
    who: str


class EarlierClaim(Answer):
    id: int
    kind: str
    status: str
    answer: str
    created_at: datetime


class ClaimToDecide(Answer):
    """`seen_at`: its holder opened the access they report."""

    claim: Claim
    seen_at: datetime | None
    replacements: list[Replacement]
    earlier: list[EarlierClaim]


class Decision(Body):
    """The customer reads the answer; a rejection needs one."""

    answer: str = Field(default="", max_length=LONGEST)


class Replacing(Body):
    """`account` is where it is now: 409 `replaced_since` once it is elsewhere."""

    account: RowId | None = None


@router.get("", summary="Reports: the open ones first come first, the closed ones newest first")
async def queue(
    actor: Reader, page: Paged, status: Literal["open", "closed"] = "open"
) -> Items[Claim]:
    async with reading() as session:
        rows = (
            await claim_pages.open_claims(session, actor, after=page.before, limit=page.asked)
            if status == "open"
            else await claim_pages.closed_claims(
                session, actor, before=page.before, limit=page.asked
            )
        )
    return page.of(rows, _claim)


@router.get("/{claim_id:int}", summary="One report, with what happened before")
async def read(claim_id: Id, actor: Reader) -> ClaimToDecide:
    async with reading() as session:
        return await _page(session, actor, claim_id)


@router.post("/{claim_id:int}/reemplazar", summary="Answer a report by another access")
async def replace(claim_id: Id, actor: Writer, once: Once) -> ClaimToDecide:
    """The customer is told, and their last day stays. 409 `no_replacement`, `claim_closed`."""

    async def work(session: AsyncSession) -> ClaimToDecide:
        found = await claim_pages.claim_page(session, actor, claim_id=claim_id)
        await replacements.replace(
            session, actor, assignment_id=found.line.assignment_id, claim_id=claim_id
        )
        return await _page(session, actor, claim_id)

    return await once(actor, "", ClaimToDecide, work)


@router.post("/{claim_id:int}/resolver", summary="Answer a report: it is solved")
async def solve(claim_id: Id, body: Decision, actor: Writer, once: Once) -> ClaimToDecide:
    return await _close(claim_id, body, actor, once, "solved")


@router.post("/{claim_id:int}/rechazar", summary="Answer a report: it is not the shop's fault")
async def reject(claim_id: Id, body: Decision, actor: Writer, once: Once) -> ClaimToDecide:
    return await _close(claim_id, body, actor, once, "rejected")


@units.post("/reemplazar", status_code=204, summary="Give a subscription another access")
async def replace_unit(subscription_id: Id, body: Replacing, actor: Writer) -> None:
    """Without a report. The customer is told, and their last day stays. 409 `no_replacement`."""
    async with unit_of_work() as session:
        await replacements.replace(
            session, actor, assignment_id=subscription_id, from_account=body.account
        )


async def _close(
    claim_id: int, body: Decision, actor: Actor, once: Once, status: str
) -> ClaimToDecide:
    async def work(session: AsyncSession) -> ClaimToDecide:
        await rules.close(session, actor, claim_id=claim_id, status=status, answer=body.answer)
        return await _page(session, actor, claim_id)

    return await once(actor, body, ClaimToDecide, work)


async def _page(session: AsyncSession, actor: Actor, claim_id: int) -> ClaimToDecide:
    found = await claim_pages.claim_page(session, actor, claim_id=claim_id)
    return ClaimToDecide(
        claim=_claim(found.line),
        seen_at=found.seen_at,
        replacements=[_replacement(one) for one in found.replacements],
        earlier=[EarlierClaim.model_validate(one) for one in found.earlier],
    )


def _claim(line: ClaimLine) -> Claim:
    named = {"subscription_id": line.assignment_id, "account": line.account_id}
    return Claim.model_validate({**asdict(line), **named, "profile": line.profile_label})


def _replacement(past: PastUnit) -> Replacement:
    return Replacement(
        at=past.at,
        from_account=past.from_account_id,
        from_profile=past.from_label,
        to_account=past.to_account_id,
        to_profile=past.to_label,
        automatic=past.automatic,
        who=past.actor_name,
    )
