"""What cannot arrive on one channel goes out on another, once; the panel has it in any case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import uuid4

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.records import raise_alert
from domain.sql import fetch_one, run, scalar
from infra.queue import defer
from infra.vault import Place, VaultError, ring

# Whom WhatsApp does not know under their number it may know under the older form, with a 1.
UNKNOWN_TO_WHATSAPP = frozenset({"twilio_63003", "twilio_63024", "twilio_21211", "twilio_21614"})
MEXICAN = 13  # +52 and ten digits
ORDER: dict[str, Sequence[str]] = {
    "whatsapp": ("email", "sms"),
    "email": ("whatsapp", "sms"),
    "sms": ("whatsapp", "email"),
}


async def go_on(session: AsyncSession, failed: Any, code: str, usable: Collection[str]) -> None:
    """A message failed for good: try the older form of its number, or another channel, or say so.

    `failed` is its row, `usable` are the channels that have a provider.
    """
    if await _try_older_form(session, failed, code):
        return
    first = failed.fallback_of is None and failed.kind != "test"  # which tries this channel alone
    if first and await _on_another_channel(session, failed, usable):
        return
    if failed.kind not in {"login_code", "test", "staff_alert"}:
        await raise_alert(session, "messages_failing")


async def _try_older_form(session: AsyncSession, failed: Any, code: str) -> bool:
    to = failed.to_address
    fits = failed.channel == "whatsapp" and code in UNKNOWN_TO_WHATSAPP
    if not fits or not to.startswith("+52") or len(to) != MEXICAN:
        return False
    await run(
        session,
        """UPDATE messages SET status = 'queued', to_address = %(older)s, error_code = '',
               not_before = NULL, leased_until = NULL, updated_at = now()
           WHERE id = %(id)s""",
        id=failed.id,
        older=f"+521{to[3:]}",
    )
    await run(
        session,
        "DELETE FROM message_events WHERE message_id = %(id)s AND status IN ('sent', 'failed')",
        id=failed.id,
    )
    await defer(session, "messages.send", message_id=str(failed.id))
    return True


async def _on_another_channel(session: AsyncSession, failed: Any, usable: Collection[str]) -> bool:
    reach = await fetch_one(
        session,
        r"""SELECT coalesce(c.phone,
                           regexp_replace(m.to_address, '^\+521(\d{10})$', '+52\1')) AS sms,
                  coalesce(nullif(c.whatsapp, ''), c.phone, nullif(s.whatsapp, ''),
                           CASE WHEN m.channel = 'sms' THEN m.to_address END, '') AS whatsapp,
                  coalesce(nullif(c.email, ''), nullif(s.email, ''), '') AS email
           FROM messages m LEFT JOIN customers c ON c.id = m.customer_id
           LEFT JOIN staff_users s ON s.id = m.staff_id WHERE m.id = %(id)s""",
        id=failed.id,
    )
    for channel in ORDER.get(failed.channel, ()):
        to = getattr(reach, channel)
        phone = channel != "email"
        if channel not in usable or not to or phone != to.startswith("+"):
            continue
        if failed.kind == "login_code" and not phone:
            continue  # a code proves the phone
        return await _write(session, failed, channel, to)
    return False


async def _write(session: AsyncSession, failed: Any, channel: str, to: str) -> bool:
    """The same message once more, on this channel; False when the channel has it already."""
    message_id = uuid4()
    sealed = None
    if failed.code_sealed is not None:
        try:
            code = ring().unseal(failed.code_sealed, Place("messages", "code_sealed", failed.id))
        except VaultError:  # it is lost
            return False
        sealed = ring().seal(code, Place("messages", "code_sealed", message_id))
    made = await scalar(
        session,
        """INSERT INTO messages (id, customer_id, staff_id, order_id, assignment_id,
                                 credential_version, occasion, channel, kind, to_address,
                                 code_sealed, fallback_of, created_at)
           SELECT %(new)s, customer_id, staff_id, order_id, assignment_id, credential_version,
                  occasion, %(channel)s, kind, %(to)s, %(code)s, id,
                  CASE kind WHEN 'login_code' THEN created_at ELSE now() END
           FROM messages WHERE id = %(id)s ON CONFLICT DO NOTHING RETURNING 1""",
        new=message_id,
        id=failed.id,
        channel=channel,
        to=to,
        code=sealed,
    )
    if made is None:
        return False
    urgent = failed.kind == "login_code"
    await defer(session, "messages.send", message_id=str(message_id), urgent=urgent)
    return True
