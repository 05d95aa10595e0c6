"""How fast one address may ask: a bucket that fills again by the second."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from functools import lru_cache

from starlette.types import ASGIApp, Receive, Scope, Send

from api.errors import on_refusal
from domain.errors import TooManyRequests
from infra import browser
from infra.settings import settings

MOST_KNOWN = 20_000
# Signed by their senders, who come from few addresses and repeat what was refused.
FREE = ("/api/webhooks/entrada/",)
FOUND = "cuenty.rates"  # where what stands before finds the bucket


def name_of(client: tuple[str, int] | None) -> str:
    return _hashed(client[0] if client else "")


@lru_cache(MOST_KNOWN)
def _hashed(address: str) -> str:
    return browser.address_hash(address)


class Bucket:
    """Holds a minute's worth of requests for each name."""

    def __init__(self, a_minute: int) -> None:
        self.most = float(a_minute)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str, now: float) -> float:
        """0 when the request may pass, else the seconds until one may."""
        left, since = self._left.get(name, (self.most, now))
        left = min(self.most, left + (now - since) * self.most / 60)
        if left < 1:
            return (1 - left) * 60 / self.most
        self._left[name] = (left - 1, now)
        self._left.move_to_end(name)
        while len(self._left) > MOST_KNOWN:
            self._left.popitem(last=False)
        return 0.0


class Rates:
    """Around the API. Each process counts for itself; what matters is counted in the database."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.bucket = Bucket(settings().api_per_minute)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["path"].startswith(FREE):
            scope.get(FOUND, {})["bucket"] = self.bucket
            wait = self.bucket.take(name_of(scope.get("client")), time.monotonic())
            if wait:
                refusal = TooManyRequests("too_many_requests", retry_in=math.ceil(wait))
                await (await on_refusal(None, refusal))(scope, receive, send)
                return
        await self.app(scope, receive, send)
