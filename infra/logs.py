"""What may stand in a log: kinds and places, never what somebody typed or carries.

Reflex quotes the payload and the cookie of events it cannot place, and database errors quote the
values of a statement. A record is cleaned when it is made, so no handler ever sees the rest.
"""

from __future__ import annotations

import logging
import re
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any

from infra import requests

HIDDEN = "[hidden]"
# Where the messages of Reflex and Socket.IO begin to quote.
QUOTES = re.compile(
    r"(Event data|event data|with value|entry for|but received|\[parameters|DETAIL|"
    r"Received (?:event|request|packet)|Sending packet|disconnected client)(?:.*)",
    re.DOTALL,
)
PATTERNS = (
    (re.compile(r"eyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), HIDDEN),
    (re.compile(r"([?&](?:token|ticket|code|key)=)[^&\s\"']+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (re.compile(r"((?:__Host-)?cuenty_(?:session|visitor)=)[^;,\s\"']+"), rf"\1{HIDDEN}"),
    (re.compile(r"(\b(?:Bearer|Basic)\s+)[^\s\"',]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    (
        re.compile(
            r"((?:password|passwd|contraseña|secret|token|ticket|code|código|pin|cookie|login|clabe|"
            r"authorization|current|new)[\"']?\s*[:=]\s*)(\"[^\"]*\"|'[^']*'|[^\s,;&})\]]+)",
            re.IGNORECASE,
        ),
        rf"\1{HIDDEN}",
    ),
    (re.compile(r"postgres(?:ql)?(?:\+\w+)?://[^\s\"']+"), HIDDEN),
)
LOUD = ("reflex", "reflex_base", "engineio", "socketio", "asyncio", "granian", "uvicorn")


class Sparing:
    """Says how often strangers may make us write: so many lines a minute, and no more."""

    def __init__(self, lines_a_minute: int) -> None:
        self._most = lines_a_minute
        self._minute = self._count = 0

    def may_write(self) -> bool:
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute, self._count = minute, 0
        self._count += 1
        return self._count <= self._most


def clean(text: str, *, quotes: bool = False) -> str:
    """The text without secrets; with `quotes`, also without anything a library quotes."""
    if quotes:
        text = QUOTES.sub(lambda found: f"{found[1]} {HIDDEN}", text)
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text


def places(
    kind: type[BaseException],
    error: BaseException | None,
    trace: TracebackType | None,
    *,
    brief: bool = False,
) -> str:
    """A traceback of kinds and places; messages are left out, for they quote values.

    `brief` keeps the last place of each: libraries trace every broken packet a stranger sends.
    """
    limit = -1 if brief else None
    chain: list[str] = []
    while True:
        chain.append("".join(traceback.format_tb(trace, limit)) + kind.__name__)
        if error is None:
            break
        earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if earlier is None:
            break
        error, kind, trace = earlier, type(earlier), earlier.__traceback__
    return "\nafter\n".join(chain)


def quiet() -> None:
    """Clean every record of this process from now on; calling it again changes nothing."""
    make = logging.getLogRecordFactory()
    if getattr(make, "cleans", False):
        return
    logging.setLogRecordFactory(_cleaning(make))
    for name in ("engineio", "socketio"):  # at INFO they write whole packets
        logging.getLogger(name).setLevel(logging.WARNING)


def _cleaning(make: Callable[..., logging.LogRecord]) -> Callable[..., logging.LogRecord]:
    def made(*arguments: Any, **named: Any) -> logging.LogRecord:
        record = make(*arguments, **named)
        try:
            said = record.getMessage()
        except (TypeError, ValueError):  # a template and arguments that do not fit
            said = str(record.msg)
        foreign = record.name.partition(".")[0] in LOUD
        number = requests.current()
        said = f"[{number}] {said}" if number and not foreign else said
        record.msg = clean(said, quotes=foreign)
        record.args = None
        if record.exc_info and record.exc_info[0] is not None:
            record.exc_text = places(*record.exc_info, brief=foreign)
            record.exc_info = None
        return record

    made.cleans = True  # type: ignore[attr-defined]
    return made
