"""How long a provider asks to be left alone, in both ways of writing it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from infra import clock
from infra.messaging.errors import pause

NOON = datetime(2026, 1, 15, 18, tzinfo=UTC)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("0", 0),
        ("17", 17),
        (" 17 ", 17),
        ("3600", 3600),
        ("3601", 3600),
        ("9" * 5000, 3600),
        (None, None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("Thu, 99 Foo", None),
    ],
)
def test_seconds_are_at_most_an_hour(written: str | None, seconds: float | None) -> None:
    assert pause(written) == seconds


@pytest.mark.parametrize(
    ("later", "seconds"),
    [(timedelta(seconds=90), 90), (timedelta(days=1), 3600), (-timedelta(1), 0)],
)
def test_a_date_is_the_time_until_then(later: timedelta, seconds: float) -> None:
    with clock.told_by(lambda: NOON):
        assert pause(format_datetime(NOON + later, usegmt=True)) == seconds
        assert pause((NOON + later).strftime("%a, %d %b %Y %H:%M:%S -0000")) == seconds
