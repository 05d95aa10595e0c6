"""Whether a notice comes from Mercado Pago: its signature, as their own client checks it.

It signs the payment's number, the request's and the time, but not the body, so that nothing else of
a notice is believed: the payment itself is asked for.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from infra.clock import now
from infra.settings import settings

TOLERANCE = timedelta(minutes=5)
MILLISECONDS = 10**11  # they wrote `ts` in seconds, then in these; no second is so late


def configured() -> bool:
    return bool(settings().mercadopago_webhook_secret)


def refused(headers: Mapping[str, str], number: str) -> str:
    """Why this is not to be believed: `time` or `signature`; empty when it is."""
    from mercadopago.webhook.validator import (  # noqa: PLC0415  # heavy; not all need it
        InvalidWebhookSignatureError,
        WebhookSignatureValidator,
    )

    signature = headers.get("x-signature", "")
    try:
        WebhookSignatureValidator.validate(
            signature,
            headers.get("x-request-id"),
            number.lower(),
            settings().mercadopago_webhook_secret,
        )
    except (InvalidWebhookSignatureError, TypeError, ValueError):  # TypeError: not ASCII
        return "signature"
    return "time" if _old(signature) else ""


def _old(signature: str) -> bool:
    """Their client takes `ts` for seconds; real notices have it in milliseconds as well."""
    written = [part.strip()[3:] for part in signature.split(",") if part.strip()[:3] == "ts="]
    try:
        said = int(written[-1])
    except (ValueError, IndexError):
        return True
    seconds = said / 1000 if said >= MILLISECONDS else said
    return abs(now().timestamp() - seconds) > TOLERANCE.total_seconds()
