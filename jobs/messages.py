"""Queued messages go out: leased, sent, marked; what was left behind is picked up again."""

from __future__ import annotations

import logging
from uuid import UUID

from domain import message_sending
from domain.message_sending import Failure, Outgoing
from infra.database import DatabaseDownError, reading, unit_of_work
from infra.messaging.channels import channel_for
from infra.messaging.errors import NotSentError
from infra.messaging.html import as_html
from infra.messaging.letters import Letter
from infra.messaging.reach import callback_url, providers, usable
from infra.queue import queue
from infra.vault import Secret

log = logging.getLogger(__name__)


@queue().task(name="messages.send")
async def send(message_id: str) -> None:
    """Send one message if it is still to be sent. Twice is harmless: the lease is one sender's."""
    async with unit_of_work() as session:
        outgoing = await message_sending.lease(session, UUID(message_id), providers(), usable())
    if outgoing is None:
        return
    taken = await _carry(outgoing)
    async with unit_of_work() as session:
        if isinstance(taken, Failure):
            await message_sending.mark_failed(
                session, outgoing.id, taken, provider=outgoing.provider, usable=usable()
            )
        else:
            await message_sending.mark_sent(session, outgoing.id, taken, outgoing.provider)


async def _carry(outgoing: Outgoing) -> str | Failure:
    """The provider's id for it. Where nobody knows how an attempt ended, ask before sending."""
    carrier, letter = channel_for(outgoing.channel), _letter(outgoing)
    asking = outgoing.in_doubt_since is not None
    try:
        if outgoing.in_doubt_since is not None:
            found = await carrier.find(letter, since=outgoing.in_doubt_since, known=outgoing.known)
            if found is not None:
                return found
        asking = False
        return await carrier.send(letter)
    except NotSentError as error:
        return Failure(
            error.code,
            final=error.final,
            retry_in=error.retry_in,
            provider_fault=error.provider_fault,
            asking=asking,
        )


def _letter(outgoing: Outgoing) -> Letter:
    text = outgoing.body.disclose()
    return Letter(
        id=outgoing.id,
        channel=outgoing.channel,
        to=outgoing.to,
        body=outgoing.body,
        subject=outgoing.subject,
        html=Secret(as_html(text)) if outgoing.channel == "email" else None,
        content_sid=outgoing.content_sid,
        content_variables=outgoing.content_variables,
        callback_url=callback_url(outgoing.id),
    )


@queue().periodic(cron="* * * * *")
@queue().task(name="messages.retry", lock="messages.retry")
async def retry(timestamp: int) -> None:
    """What no sender holds any more. One that crashes its sender does not stop the others."""
    del timestamp
    async with reading() as session:
        waiting = await message_sending.stranded(session, providers())
    for message_id in waiting:
        try:
            await send(str(message_id))
        except DatabaseDownError:
            raise
        except Exception as error:  # noqa: BLE001  # its attempt is counted, the next goes out
            log.warning("messages: a send ended by %s", type(error).__name__)
