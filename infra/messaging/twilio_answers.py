"""What Twilio's answers mean: one of success, and the reasons for all the others.

Twilio's client throws the headers of a refusal away, and `Retry-After` with them, and tells every
address it asks to the log, the customer's number included. So each answer is judged here, where it
still is whole.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false
# Twilio's types stand in its sources; it ships no stubs.

from __future__ import annotations

import json
import logging
from typing import Any, cast

from requests.exceptions import Timeout
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response

from infra.messaging.errors import NotSentError, pause

OK, REDIRECT, REFUSED, TOO_MANY, BROKEN = 200, 300, 400, 429, 500
ACCOUNT = frozenset({401, 403, 404})  # not let in, or our account's own address is unknown
OWN_CODES = range(10_000, 100_000)
OF_A_MESSAGE = (21, 30, 63)  # thousands of the codes that speak of a message, its number or sender
# Codes of a message that are the account's trouble or its limits all the same.
TROUBLE = frozenset({10001, 20003, 20005, 20404, 20429, 21611, 30001, 30002, 30022, 63018})

# Below ERROR it writes whole addresses, and the list is asked by number.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class TwilioAnswers(TwilioHttpClient):
    """Gives Twilio's client only what succeeded; raises `NotSentError` for the rest."""

    def request(self, *arguments: Any, **named: Any) -> Response:
        try:
            answer = super().request(*arguments, **named)
        except Timeout:
            code = "timeout"
        except OSError:  # what Requests raises quotes the address
            code = "unreachable"
        else:
            said = _object(answer)
            if OK <= answer.status_code < REDIRECT and said is not None:
                return answer
            raise refusal(answer, said or {})
        raise NotSentError(code, provider_fault=True)

    def log_request(self, kwargs: dict[str, Any]) -> None:
        """Says nothing: the client would write the address and its query."""

    def log_response(self, status_code: int, response: Any) -> None:
        """Says nothing, as above."""


def refusal(answer: Response, said: dict[str, Any]) -> NotSentError:
    """A refused account, a limit and a broken Twilio can pass; a refused message is final."""
    status, code = answer.status_code, _own_code(said)
    of_it = (
        REFUSED <= status < BROKEN
        and status != TOO_MANY
        and code not in TROUBLE
        and (status not in ACCOUNT or code // 1000 in OF_A_MESSAGE)
    )
    return NotSentError(
        f"twilio_{code}" if code else _without_code(status),
        final=of_it,
        retry_in=pause((answer.headers or {}).get("Retry-After")),
        provider_fault=not of_it,
    )


def _without_code(status: int) -> str:
    if status < REFUSED:
        return "unclear"
    if status == TOO_MANY:
        return "busy"
    return "unreachable" if status >= BROKEN else f"twilio_{status}"


def _object(answer: Response) -> dict[str, Any] | None:
    try:
        said = json.loads(answer.text)
    except ValueError:
        return None
    return cast("dict[str, Any]", said) if isinstance(said, dict) else None


def _own_code(said: dict[str, Any]) -> int:
    code = said.get("code")
    return code if isinstance(code, int) and code in OWN_CODES else 0
