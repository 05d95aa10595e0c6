"""SMS and WhatsApp through Twilio's official client, in a thread, with a timeout."""

# pyright: reportMissingTypeStubs=false
# Twilio's types stand in its sources; it ships no stubs.

from __future__ import annotations

import asyncio

from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from infra.messaging.errors import NotSentError
from infra.settings import Settings
from infra.vault import Secret

TEMPORARY = 500
TOO_MANY = 429


class TwilioMessages:
    def __init__(self, configured: Settings) -> None:
        self._client = Client(
            configured.twilio_account_sid,
            configured.twilio_auth_token,
            http_client=TwilioHttpClient(timeout=configured.twilio_timeout_seconds),
        )
        self._from = {
            "sms": configured.twilio_sms_from,
            "whatsapp": f"whatsapp:{configured.twilio_whatsapp_from}",
        }

    async def send(self, *, channel: str, to: str, body: Secret) -> str:
        sender = self._from.get(channel, "")
        if not sender.removeprefix("whatsapp:"):
            raise NotSentError(f"no hay remitente configurado para {channel}", final=True)
        target = f"whatsapp:{to}" if channel == "whatsapp" else to
        try:
            sent = await asyncio.to_thread(
                self._client.messages.create, to=target, from_=sender, body=body.disclose()
            )
        except (TwilioRestException, TwilioServiceException) as error:  # the older form, the newer
            again = error.status >= TEMPORARY or error.status == TOO_MANY
            raise NotSentError(f"Twilio {error.code or error.status}", final=not again) from error
        except OSError as error:
            raise NotSentError(f"Twilio no respondió ({type(error).__name__})") from error
        return sent.sid or ""
