"""Queued messages go out: leased, sent, marked; what was left behind is picked up again."""

from __future__ import annotations

import logging
import time
from collections import defaultdict, deque
from uuid import UUID

from domain import message_leases, message_sending
from domain.message_leases import Outgoing
from domain.message_sending import Failure
from infra.database import DatabaseDownError, reading, unit_of_work
from infra.messaging.channels import channel_for
from infra.messaging.errors import NotSentError
from infra.messaging.html import as_html
from infra.messaging.letters import Letter
from infra.messaging.reach import callback_url, providers, usable
from infra.queue import queue, take_along
from infra.vault import Secret

log = logging.getLogger(__name__)

# What one sender takes at once, and after how many seconds it gives back what is left of it, so
# that neither a lease ends under it nor a code waits behind slow answers.
TOGETHER, LONGEST = 50, 5
RETRYING = 50  # seconds; the next one starts after a minute


@queue().task(name="messages.send")
async def send(message_id: str) -> None:
    """Send one message if it is still to be sent, and with it those whose turn is next.

    Twice is harmless: the lease is one sender's.
    """
    try:
        outgoing = await _leased(UUID(message_id), others=TOGETHER - 1)
    except DatabaseDownError:
        raise
    except Exception as error:  # noqa: BLE001  # one that cannot be written holds up no other
        log.warning("messages: taking several ended by %s", type(error).__name__)
        outgoing = await _leased(UUID(message_id))
    await _deliver(outgoing)


async def _leased(message_id: UUID, *, others: int = 0) -> list[Outgoing]:
    async with unit_of_work() as session:
        jobs = await take_along(session, "messages.send", others) if others else []
        ids = [message_id, *(UUID(job["message_id"]) for job in jobs)]
        return await message_leases.lease(session, ids, providers(), usable())


async def _deliver(outgoing: list[Outgoing]) -> None:
    """One after the other. What a slow or sick provider leaves no time for is given back."""
    left, until = deque(outgoing), time.monotonic() + LONGEST
    ended: list[tuple[Outgoing, str | Failure]] = []
    try:
        while left and not (ended and (time.monotonic() > until or _is_ill(ended[-1][1]))):
            ended.append((one := left.popleft(), await _carry(one)))
    finally:
        if ended or left:
            await _write_down(ended, [one.id for one in left])


def _is_ill(end: str | Failure) -> bool:
    return isinstance(end, Failure) and end.provider_fault


async def _write_down(ended: list[tuple[Outgoing, str | Failure]], left: list[UUID]) -> None:
    sent: defaultdict[str, dict[UUID, str]] = defaultdict(dict)
    async with unit_of_work() as session:
        for outgoing, end in ended:
            if isinstance(end, Failure):
                await message_sending.mark_failed(
                    session, outgoing.id, end, provider=outgoing.provider, usable=usable()
                )
            else:
                sent[outgoing.provider][outgoing.id] = end
        for provider, taken in sent.items():
            await message_sending.mark_sent(session, taken, provider)
        if left:
            await message_leases.give_back(session, left)


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
    """What no sender holds any more: all of it, if its provider is well and a minute is enough."""
    del timestamp
    until = time.monotonic() + RETRYING
    while time.monotonic() < until:
        async with reading() as session:
            waiting = await message_sending.stranded(session, providers())
        if not await _send_again(waiting):
            return


async def _send_again(waiting: list[UUID]) -> int:
    """How many could be taken. After one that crashes its sender they go one by one."""
    taken, left, together = 0, waiting, TOGETHER
    while left:
        try:
            async with unit_of_work() as session:
                outgoing = await message_leases.lease(
                    session, left[:together], providers(), usable()
                )
            await _deliver(outgoing)
        except DatabaseDownError:
            raise
        except Exception as error:  # noqa: BLE001  # its attempt is counted, the next goes out
            log.warning("messages: a send ended by %s", type(error).__name__)
            left, together = left[1:] if together == 1 else left, 1
            continue
        taken += len(outgoing)
        seen = {left[0], *(one.id for one in outgoing)}
        left = [message_id for message_id in left if message_id not in seen]
    return taken
