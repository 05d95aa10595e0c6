"""Why a message did not go out, as a code: never a number, an address or a text of it."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime

from infra.clock import now

LONGEST_PAUSE = 3600.0
DIGITS = 9  # more than that many seconds is for ever


class NotSentError(Exception):
    """`code` is stable and is all that the error says; `domain.texts` has the sentence.

    `final` says that trying again cannot help; `retry_in` how many seconds the provider asked to
    be left alone; `provider_fault` that the trouble is the provider's or our account's there, so
    that it would meet the next message too.
    """

    def __init__(
        self,
        code: str,
        *,
        final: bool = False,
        retry_in: float | None = None,
        provider_fault: bool = False,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.final = final
        self.retry_in = retry_in
        self.provider_fault = provider_fault


def pause(retry_after: str | None) -> float | None:
    """The seconds of a `Retry-After` header, written as such or as a date; an hour at most."""
    text = (retry_after or "").strip()
    if text.isascii() and text.isdecimal():
        return min(float(text[: DIGITS + 1]), LONGEST_PAUSE)
    try:
        when = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    if when.tzinfo is None:  # written as -0000
        when = when.replace(tzinfo=UTC)
    return min(max((when - now()).total_seconds(), 0.0), LONGEST_PAUSE)
