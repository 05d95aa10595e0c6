"""SMS and WhatsApp through Twilio's official client, in a thread, with a timeout."""

# pyright: reportMissingTypeStubs=false
# Twilio's types stand in its sources; it ships no stubs.

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import TypeVar

from twilio.base.exceptions import TwilioException
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from infra.messaging.errors import NotSentError
from infra.messaging.letters import Letter
from infra.messaging.twilio_answers import TwilioAnswers
from infra.settings import Settings

Told = TypeVar("Told")
SLACK = timedelta(minutes=1)  # between Twilio's clock and ours
PAGE, MOST = 100, 1000  # messages asked at once, and in all
# What a trial account puts before every text.
TRIAL = "Sent from your Twilio trial account - "


class TwilioMessages:
    provider = "twilio"

    def __init__(self, configured: Settings) -> None:
        self._client = Client(
            configured.twilio_account_sid,
            configured.twilio_auth_token,
            http_client=TwilioAnswers(timeout=configured.twilio_timeout_seconds),
        )
        if configured.twilio_api_url:
            self._client.api.base_url = configured.twilio_api_url
        self._limit = 3 * configured.twilio_timeout_seconds  # to connect, to wait, to be read out
        self._from = {
            "sms": configured.twilio_sms_from,
            "whatsapp": configured.twilio_whatsapp_from,
        }

    async def send(self, letter: Letter) -> str:
        """Twilio has it, and says by callbacks what becomes of it.

        After `timeout`, `unreachable` and `unclear` it may have it all the same: `find` tells.
        """
        to, sender = self._ends(letter)
        said = {"to": to, "from_": sender}
        if letter.callback_url:
            said["status_callback"] = letter.callback_url
        if _templated(letter):
            said["content_sid"] = letter.content_sid
            said["content_variables"] = json.dumps(dict(letter.content_variables))
        else:
            said["body"] = letter.body.disclose()
        sent = await self._ask(lambda: self._client.messages.create(**said))
        if not sent.sid:
            raise NotSentError("unclear", provider_fault=True)
        return sent.sid

    async def find(
        self, letter: Letter, *, since: datetime, known: Collection[str] = ()
    ) -> str | None:
        """Look for it in Twilio's own list of messages from us to this address.

        A text is recognised by being the same, word for word. Of a template the list shows what
        it was filled with, not its id, so any message to this person since then counts. Two equal
        texts to one person within the same minutes cannot be told apart but by `known`. A text
        that was redacted at Twilio is not recognised. What Twilio failed to deliver did go: its
        callback says what became of it.

        The list is not narrowed by `DateSent`: what still waits in Twilio's queue has none. When
        its thousand newest messages do not reach back to `since`, nobody can tell.
        """
        to, sender = self._ends(letter)
        return await self._ask(lambda: self._look(letter, to, sender, since - SLACK, known))

    def _look(
        self, letter: Letter, to: str, sender: str, oldest: datetime, known: Collection[str]
    ) -> str | None:
        listed = self._client.messages.list(to=to, from_=sender, page_size=PAGE, limit=MOST)
        for message in listed:
            if message.sid and message.sid not in known and _same(letter, message, oldest):
                return message.sid
        if len(listed) == MOST and not any(_before(message, oldest) for message in listed):
            raise NotSentError("unclear")
        return None

    def _ends(self, letter: Letter) -> tuple[str, str]:
        sender = self._from.get(letter.channel, "")
        if not sender:
            raise NotSentError("no_sender", final=True)
        if letter.channel == "whatsapp":
            return f"whatsapp:{letter.to}", f"whatsapp:{sender}"
        return letter.to, sender

    async def _ask(self, question: Callable[[], Told]) -> Told:
        """What Twilio's client raises quotes numbers, so none of it is kept, not even as cause."""
        try:
            async with asyncio.timeout(self._limit):
                return await asyncio.to_thread(question)
        except TimeoutError:
            code = "timeout"
        except (TwilioException, TypeError, ValueError, LookupError, AttributeError):
            code = "unclear"  # JSON, but not of the shape it has at Twilio
        raise NotSentError(code, provider_fault=True)


def _templated(letter: Letter) -> bool:
    return letter.channel == "whatsapp" and bool(letter.content_sid)


def _before(message: MessageInstance, oldest: datetime) -> bool:
    return message.date_created is None or message.date_created < oldest


def _same(letter: Letter, message: MessageInstance, oldest: datetime) -> bool:
    if _before(message, oldest) or not str(message.direction).startswith("outbound"):
        return False
    text = (message.body or "").removeprefix(TRIAL).strip()
    return _templated(letter) or text == letter.body.disclose().strip()
