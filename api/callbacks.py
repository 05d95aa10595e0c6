"""What providers report of messages: signed, in any order, as often as they like."""

from __future__ import annotations

import re
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from domain import message_receipts
from domain.errors import Forbidden
from infra.database import unit_of_work
from infra.messaging.callbacks import signed
from infra.messaging.reach import CALLBACK_PATH, usable
from infra.settings import settings

router = APIRouter(prefix="/webhooks/entrada", tags=["webhooks"])

# As Twilio publishes them; what is signed and looks different is no news of a message.
SID, ERROR = re.compile(r"(SM|MM)[0-9a-fA-F]{32}"), re.compile(r"[0-9]{5,6}")

# What Twilio calls a message's states, in ours; those on the way to "sent" say nothing new.
STATES = {
    "sent": "sent",
    "delivered": "delivered",
    "read": "read",
    "undelivered": "failed",
    "failed": "failed",
    "canceled": "failed",
}


@router.post("/twilio", status_code=204, responses={403: {}})
async def twilio(
    request: Request, message: Annotated[str, Query(alias="mensaje")] = ""
) -> Response:
    """A status callback. 403 unless Twilio signed it; whatever else it says is answered 204."""
    form = await request.form(max_files=0, max_fields=100)
    fields = [(name, value) for name, value in form.multi_items() if isinstance(value, str)]
    query = f"?{request.url.query}" if request.url.query else ""
    url = f"{settings().origin}{CALLBACK_PATH}{query}"
    if not signed(url, fields, request.headers.get("x-twilio-signature")):
        raise Forbidden
    said = dict(fields)
    status = STATES.get(said.get("MessageStatus", ""))
    provider_id = said.get("MessageSid", "")
    message_id = _number(message)
    if message_id is None or status is None or not SID.fullmatch(provider_id):
        return Response(status_code=204)
    code = said.get("ErrorCode", "")
    reason = f"twilio_{code if ERROR.fullmatch(code) else 'undelivered'}"
    async with unit_of_work() as session:
        await message_receipts.report(
            session,
            message_id=message_id,
            provider_id=provider_id,
            status=status,
            code=reason if status == "failed" else "",
            usable=usable(),
        )
    return Response(status_code=204)


def _number(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
