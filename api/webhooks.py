"""The owner's programs that want to hear of what happens: to whom, of what, and how it went.

Nothing is sent from here: the worker does, to public addresses only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Response
from pydantic import Field
from sqlmodel.ext.asyncio.session import AsyncSession

from api import routing
from api.access import owner_for
from api.once import Once
from api.paging import Items, Paged
from api.schemas import Answer, Body, Flag, Id, Told
from domain import webhook_deliveries, webhooks
from domain.actors import Actor
from domain.webhook_deliveries import DeliveryLine
from domain.webhook_events import EVENTS
from domain.webhooks import LONGEST_DESCRIPTION, LONGEST_URL
from infra.database import reading, unit_of_work

router = routing.router("/webhooks", "webhooks")

Reader = Annotated[Actor, Depends(owner_for("webhooks:read"))]
Writer = Annotated[Actor, Depends(owner_for("webhooks:write"))]
Kind = Annotated[str, Field(json_schema_extra={"enum": [*EVENTS]})]


class Webhook(Answer):
    """`disabled_reason` is `owner`, `failing` or `gone`; `former_until` is until when two sign."""

    id: int
    url: str
    description: str
    events: list[str]
    active: bool
    disabled_reason: str
    failing_since: datetime | None
    former_until: datetime | None
    created_at: datetime
    waiting: int
    last_delivered_at: datetime | None


class NewWebhook(Told, Webhook):
    """`secret` is in the first answer only: a repetition of the request does not tell it again."""

    for_some = frozenset({"secret"})

    secret: str | None = None


class WebhookIn(Body):
    url: str = Field(max_length=LONGEST_URL)
    events: list[Kind]
    description: str = Field(default="", max_length=LONGEST_DESCRIPTION)


class WebhookChange(WebhookIn):
    """One that is not `active` is sent nothing, and hears nothing of what happens meanwhile."""

    active: Flag


class WebhookSecret(Answer):
    """`former_until` is until when the secret before it signs, too."""

    secret: str
    former_until: datetime | None


class WebhookDelivery(Answer):
    """`body` is what is sent, letter by letter; `answer` how what the receiver said begins.

    `error` says why the last attempt was none: `address` (not a public one), `unreachable`,
    `timeout`, `tls`, `redirect` or `status`. `next_attempt_at` is of those that wait.
    """

    id: int
    event_id: UUID
    type: str
    happened_at: datetime
    state: Literal["waiting", "delivered", "failed"]
    attempts: int
    last_attempt_at: datetime | None
    next_attempt_at: datetime | None
    last_status: int | None
    error: str
    body: str
    answer: str


@router.get("", summary="The programs that are told what happens")
async def all_webhooks(actor: Reader, page: Paged) -> Items[Webhook]:
    async with reading() as session:
        return page.among(await webhooks.hooks(session, actor), Webhook.model_validate)


@router.post("", status_code=201, summary="Tell a program what happens")
async def add(body: WebhookIn, actor: Writer, once: Once, response: Response) -> NewWebhook:
    """The one answer that tells its secret. Never to be kept: `Cache-Control: no-store`."""
    response.headers["Cache-Control"] = "no-store"
    secrets: list[str] = []  # beside the answer, which is kept for a repetition

    async def work(session: AsyncSession) -> NewWebhook:
        made = await webhooks.create(session, actor, **body.model_dump())
        secrets.append(made.secret.disclose())
        return NewWebhook.model_validate(await webhooks.hook(session, actor, hook_id=made.id))

    answer = await once(actor, body, NewWebhook, work)
    return answer.model_copy(update={"secret": secrets[0]}) if secrets else answer


@router.put("/{webhook_id:int}", summary="Change what a program is told, or switch it on or off")
async def change(webhook_id: Id, body: WebhookChange, actor: Writer) -> Webhook:
    """Switched on again, what waited goes out at once, with three days ahead of it."""
    async with unit_of_work() as session:
        await webhooks.change(
            session, actor, hook_id=webhook_id, **body.model_dump(exclude={"active"})
        )
        turn = webhooks.enable if body.active else webhooks.disable
        await turn(session, actor, hook_id=webhook_id)
        return Webhook.model_validate(await webhooks.hook(session, actor, hook_id=webhook_id))


@router.delete("/{webhook_id:int}", status_code=204, summary="Tell a program nothing any more")
async def remove(webhook_id: Id, actor: Writer) -> None:
    """With the record of its deliveries."""
    async with unit_of_work() as session:
        await webhooks.remove(session, actor, hook_id=webhook_id)


@router.post("/{webhook_id:int}/secreto", summary="Another secret in place of this one")
async def rotate(webhook_id: Id, actor: Writer, response: Response) -> WebhookSecret:
    """Both sign for a day. Never to be kept: `Cache-Control: no-store`."""
    response.headers["Cache-Control"] = "no-store"
    async with unit_of_work() as session:
        secret = await webhooks.rotate(session, actor, hook_id=webhook_id)
        line = await webhooks.hook(session, actor, hook_id=webhook_id)
    return WebhookSecret(secret=secret.disclose(), former_until=line.former_until)


@router.post("/{webhook_id:int}/probar", status_code=204, summary="Send an event for trying")
async def send_test(webhook_id: Id, actor: Writer) -> None:
    """A `webhook.test`, whatever it wants to hear of. 409 where it is switched off."""
    async with unit_of_work() as session:
        await webhook_deliveries.send_test(session, actor, hook_id=webhook_id)


@router.get("/{webhook_id:int}/entregas", summary="What was sent and how it went, newest first")
async def deliveries(webhook_id: Id, actor: Reader, page: Paged) -> Items[WebhookDelivery]:
    """Of the last thirty days."""
    async with reading() as session:
        rows = await webhook_deliveries.deliveries(
            session, actor, hook_id=webhook_id, before=page.before, limit=page.asked
        )
    return page.of(rows, _delivery)


@router.post("/{webhook_id:int}/entregas/{delivery_id:int}/reenviar", summary="Send one once more")
async def send_again(webhook_id: Id, delivery_id: Id, actor: Writer) -> WebhookDelivery:
    """With the id it had, before all that waits of its object. 409 where it is switched off."""
    async with unit_of_work() as session:
        line = await webhook_deliveries.send_again(
            session, actor, hook_id=webhook_id, delivery_id=delivery_id
        )
    return _delivery(line)


def _delivery(line: DeliveryLine) -> WebhookDelivery:
    shown = WebhookDelivery.model_validate(line)
    if shown.state != "waiting":
        shown.next_attempt_at = None
    return shown
