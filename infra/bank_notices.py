"""Notices of payments that a bank's bridge signs as standard-webhooks says.

https://github.com/standard-webhooks/standard-webhooks: id, time and body under HMAC-SHA256, within
five minutes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from infra.settings import settings

TOLERANCE = timedelta(minutes=5)
LONGEST_ID = 200


def configured() -> bool:
    return bool(settings().bank_notice_secrets)


def refused(headers: Mapping[str, str], body: bytes) -> str:
    """Why this is not to be believed: `time` or `signature`; empty when it is.

    With several secrets any of them will do, so that one can take the other's place.
    """
    if len(headers.get("webhook-id", "")) > LONGEST_ID:
        return "signature"
    for secret in settings().bank_notice_secrets:
        try:
            Webhook(secret).verify(body, dict(headers), json_parse=False)
        except (WebhookVerificationError, ValueError):  # ValueError: no base64, no UTF-8
            continue
        return ""
    return "time" if _old(headers.get("webhook-timestamp", "")) else "signature"


def _old(written: str) -> bool:
    try:
        said = datetime.fromtimestamp(int(written), UTC)
    except (ValueError, OverflowError, OSError):
        return False
    return abs(datetime.now(UTC) - said) > TOLERANCE
