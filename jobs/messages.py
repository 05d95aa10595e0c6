"""Queued messages go out: leased, sent, marked; what was left behind is picked up again."""

from __future__ import annotations

import logging
from uuid import UUID

from domain import messages
from infra.database import DatabaseDownError, reading, unit_of_work
from infra.messaging.channels import channel_for
from infra.messaging.errors import NotSentError
from infra.messaging.html import as_html
from infra.messaging.letters import Letter
from infra.queue import queue
from infra.settings import settings
from infra.vault import Secret

log = logging.getLogger(__name__)


@queue().task(name="messages.send")
async def send(message_id: str) -> None:
    """Send one message if it is still to be sent. Twice is harmless: the lease is one sender's."""
    async with unit_of_work() as session:
        outgoing = await messages.lease(session, UUID(message_id))
    if outgoing is None:
        return
    try:
        provider_id = await _carry(outgoing)
    except NotSentError as error:
        async with unit_of_work() as session:
            await messages.mark_failed(
                session, outgoing.id, error.code, final=error.final, retry_in=error.retry_in
            )
        return
    async with unit_of_work() as session:
        await messages.mark_sent(session, outgoing.id, provider_id)


async def _carry(outgoing: messages.Outgoing) -> str:
    """The provider's id for it. After an attempt nobody knows the end of, ask before sending."""
    carrier, text = channel_for(outgoing.channel), outgoing.body.disclose()
    letter = Letter(
        id=outgoing.id,
        channel=outgoing.channel,
        to=outgoing.to,
        body=outgoing.body,
        subject=f"Aviso de {settings().shop_name}",
        html=Secret(as_html(text)) if outgoing.channel == "email" else None,
    )
    if outgoing.tried_since is not None:
        found = await carrier.find(letter, since=outgoing.tried_since, known=outgoing.known)
        if found is not None:
            return found
    return await carrier.send(letter)


@queue().periodic(cron="* * * * *")
@queue().task(name="messages.retry", lock="messages.retry")
async def retry(timestamp: int) -> None:
    """What no sender holds any more. One that crashes its sender does not stop the others."""
    del timestamp
    async with unit_of_work() as session:
        await messages.give_up(session)
    async with reading() as session:
        waiting = await messages.stranded(session)
    for message_id in waiting:
        try:
            await send(str(message_id))
        except DatabaseDownError:
            raise
        except Exception as error:  # noqa: BLE001  # its attempt is counted, the next goes out
            log.warning("messages: a send ended by %s", type(error).__name__)
