"""One request to an address that somebody typed: signed, short, and to public places only.

`requests-hardened` resolves a name once, refuses every address that is not public and connects to
the very one it looked at, so that no name can lead into the shop's own network. Redirects, which
could, are not followed.
"""

# pyright: reportMissingTypeStubs=false
from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING

from infra import clock
from infra.settings import settings
from infra.vault import Secret

if TYPE_CHECKING:
    from requests import Response
    from requests_hardened.client import HTTPSession

CONNECT, READ = 5, 10  # seconds
WHOLE = 20  # a receiver that answers letter by letter is not listened to any longer
LONGEST_ANSWER = 2000
AGENT = "Cuenty-Webhooks/1"
OK, REDIRECT, REFUSED = 200, 300, 400


@dataclass(frozen=True, slots=True)
class Answered:
    """`error` is empty for an answer of 2xx; else it says why the attempt counts as none."""

    status: int | None = None
    text: str = ""
    error: str = ""


def signed(event_id: str, body: str, secrets: Sequence[Secret]) -> dict[str, str]:
    """The headers of the standard; a signature for each secret, dated now."""
    from standardwebhooks import Webhook  # noqa: PLC0415  # loaded by who sends, not by idle ones

    at = clock.now().astimezone(UTC)  # the library takes any for that
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(
            Webhook(secret.disclose()).sign(event_id, at, body) for secret in secrets
        ),
    }


async def post(url: str, event_id: str, body: str, secrets: Sequence[Secret]) -> Answered:
    """Never raises: whatever goes wrong is an answer of its own."""
    headers = {
        **signed(event_id, body, secrets),
        "Content-Type": "application/json",
        "User-Agent": AGENT,
    }
    work = asyncio.get_running_loop().run_in_executor(_threads(), _post, url, headers, body)
    try:
        return await asyncio.wait_for(asyncio.shield(work), WHOLE)
    except TimeoutError:
        return Answered(error="timeout")


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Of their own, so that no slow receiver keeps a password from being checked."""
    return ThreadPoolExecutor(max_workers=16, thread_name_prefix="webhooks")


def _session() -> HTTPSession:
    from requests_hardened import Config, Manager  # noqa: PLC0415  # as above

    session = Manager(
        Config(
            ip_filter_enable=True,
            ip_filter_allow_loopback_ips=settings().webhooks_to_loopback,
            never_redirect=True,
            default_timeout=(CONNECT, READ),
        )
    ).get_session()
    session.trust_env = False  # neither a proxy nor passwords of this machine
    return session


def _post(url: str, headers: dict[str, str], body: str) -> Answered:
    import requests  # noqa: PLC0415  # as above
    from requests_hardened.ip_filter import InvalidIPAddress  # noqa: PLC0415

    try:
        with (
            _session() as session,
            session.post(url, data=body.encode(), headers=headers, stream=True) as response,
        ):
            return _answered(response)
    except InvalidIPAddress:
        return Answered(error="address")
    except requests.exceptions.SSLError:
        return Answered(error="tls")
    except requests.Timeout:
        return Answered(error="timeout")
    except (requests.RequestException, OSError, ValueError):
        return Answered(error="unreachable")


def _answered(response: Response) -> Answered:
    status = response.status_code
    if OK <= status < REDIRECT:
        error = ""
    elif REDIRECT <= status < REFUSED:
        error = "redirect"
    else:
        error = "status"
    return Answered(status, _beginning(response), error)


def _beginning(response: Response) -> str:
    """What it says, as far as it is worth keeping; that it said yes counts without it, too."""
    until, read = time.monotonic() + READ, b""
    try:
        while len(read) < LONGEST_ANSWER and time.monotonic() < until:
            some = response.raw.read1(LONGEST_ANSWER - len(read), decode_content=True)
            if not some:
                break
            read += some
    except Exception:  # noqa: BLE001  # urllib3 and zlib have many ways to fail at this
        return read.decode(errors="replace")
    return read.decode(errors="replace")
