"""The number of the request at hand, so that an answer and what was logged about it are found."""

from __future__ import annotations

import re
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

FIT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{7,63}")

_current: ContextVar[str] = ContextVar("cuenty_request", default="")


def current() -> str:
    """Nothing outside of a request, such as in a job."""
    return _current.get()


def number_for(asked: str | None) -> str:
    return asked if asked and FIT.fullmatch(asked) else uuid4().hex


@contextmanager
def numbered(asked: str | None) -> Generator[str]:
    """Keep the number the client or a proxy gave, when it is fit for a log; else a new one."""
    number = number_for(asked)
    token = _current.set(number)
    try:
        yield number
    finally:
        _current.reset(token)
