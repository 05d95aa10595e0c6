"""What became of an action, as a page shows it: a notice, and a sentence beside each field.

    async with told(self):
        name = forms.text(form.get("name"), "name", longest=120)
        async with unit_of_work() as session:
            profile = await customers.update_profile(session, actor(), name=name)
        self.profile = profile

The block parses, calls, and assigns last; whatever refuses ends it and fills `errors` and `notice`.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Protocol

import psycopg
import reflex as rx
from reflex_base.event import EventSpec
from sqlalchemy.exc import DBAPIError

from domain.errors import DomainError, InvalidInput
from domain.texts import REFUSALS
from infra.database import DatabaseDownError
from infra.logs import Sparing

log = logging.getLogger(__name__)

# Reflex's toast would bring its library to every page for this one sentence.
SHOW_NOTICE = """(() => {
  document.getElementById("cu-failed")?.remove();
  const said = document.createElement("div");
  Object.assign(said, { id: "cu-failed", className: "cu-offline" });
  said.append(Object.assign(document.createElement("p"), { textContent: %s }));
  said.setAttribute("role", "alert");
  document.body.append(said);
  setTimeout(() => said.remove(), 8000);
})()"""
LONGEST_REPORT = 300
QUOTED = re.compile(r"""(["'`]).*?(\1|$)""")


class Outcomes(rx.State, mixin=True):
    """To be mixed into a State whose handlers use `told`."""

    errors: dict[str, str] = {}  # noqa: RUF012  # Reflex copies defaults for each tab
    notice: str = ""


class _Told(Protocol):
    errors: dict[str, str]
    notice: str


@asynccontextmanager
async def told(state: _Told) -> AsyncGenerator[None]:
    """Turn a refusal into `state.errors` and `state.notice`; both are empty after success."""
    state.errors, state.notice = {}, ""
    try:
        yield
    except InvalidInput as refusal:
        state.errors, state.notice = refusal.fields, refusal.message
    except DomainError as refusal:
        state.notice = refusal.message
    except DatabaseDownError:
        state.notice = REFUSALS["unavailable"]
    except (DBAPIError, psycopg.Error) as error:
        if not _busy(error):
            raise
        state.notice = REFUSALS["unavailable"]


def _busy(error: BaseException) -> bool:
    """A lock or a statement that took too long: nothing was kept, trying again is right."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(
        cause,
        psycopg.errors.LockNotAvailable
        | psycopg.errors.QueryCanceled
        | psycopg.errors.DeadlockDetected,
    )


def on_backend_exception(exception: Exception) -> EventSpec:
    """Log the kind and the place, never the message, which may quote what was typed."""
    trace = exception.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "nowhere"
    log.error("event failed: %s at %s", type(exception).__name__, place)
    return rx.call_script(SHOW_NOTICE % json.dumps(REFUSALS["unavailable"]))


_reports = Sparing(20)


def on_frontend_exception(exception: Exception) -> None:
    if _reports.may_write():
        said = "".join(c if c.isprintable() else " " for c in str(exception)[:LONGEST_REPORT])
        said = QUOTED.sub("…", said)  # a script's error may quote what was on the page
        log.warning("a browser reports: %s", said)
