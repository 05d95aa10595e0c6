"""When a reminder goes out: so many days around the last day, and never at night."""

from __future__ import annotations

from datetime import date, timedelta

from infra.clock import local, now, today
from infra.settings import settings


def offsets() -> tuple[int, int, int, int]:
    """From how many days around the end each reminder is the one, until the next takes over."""
    rule = settings()
    return (-rule.reminder_first, -rule.reminder_second, 0, rule.reminder_after)


def quiet() -> bool:
    """Whether people sleep now; hours are local, and `quiet_from` may lie after midnight."""
    begins, ends, hour = settings().quiet_from, settings().quiet_until, local(now()).hour
    if begins <= ends:
        return begins <= hour < ends
    return hour >= begins or hour < ends


def window() -> list[date]:
    """The ends that a reminder may be about today, the one longest ago first."""
    span = range(-settings().grace_days, 1 + settings().reminder_first)
    return [today() + timedelta(days=ahead) for ahead in span]


def occasion(ends_on: date) -> str | None:
    """The name, among messages, of the one reminder that such an end is due today, if any.

    Once for each subscription, end and offset.
    """
    gone = (today() - ends_on).days
    if not -settings().reminder_first <= gone <= settings().grace_days:
        return None
    return f"ends:{ends_on}:{max(offset for offset in offsets() if offset <= gone)}"


def offset_of(said: str) -> int | None:
    """How far from the end the reminder of this occasion is; None when somebody asked for it."""
    day, _, offset = said.removeprefix("ends:").partition(":")
    return int(offset) if said.startswith("ends:") and day else None
