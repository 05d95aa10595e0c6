"""Mercado Pago's Checkout Pro through its official client, in threads of their own.

Its client waits for each answer, knows one address and tries again by itself. Here every question
is asked once, off the event loop and for a time that is known; jobs ask again.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false
# Mercado Pago's types are in no source of its own; it ships no stubs.

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import requests
from mercadopago import SDK, MercadoPagoError
from mercadopago.config import RequestOptions
from mercadopago.http import HttpClient

from infra.payments.mercadopago_answers import payment_of, refund_of, refusal, rows_of
from infra.payments.shapes import (
    CURRENCY,
    CardProviderError,
    CheckoutWanted,
    ProviderPayment,
    ProviderRefund,
)
from infra.settings import Settings

log = logging.getLogger(__name__)
API = "https://api.mercadopago.com"
OF_THEIRS = (".mercadopago.com.mx", ".mercadopago.com")
OK, REDIRECT = 200, 300
NOT_FOUND = ("mercadopago_404", "mercadopago_2000")
PAGE, MOST = 50, 1000  # payments asked at once, and in all
# The button says "card": what is paid in days at a counter keeps no profile free.
NOT_CARDS = ("ticket", "atm", "bank_transfer")

# Below ERROR it writes whole addresses, and payments are asked by number.
logging.getLogger("urllib3.connectionpool").setLevel(logging.ERROR)


class _Http(HttpClient):
    """Their client with another address, if the owner names one, and without tries of its own."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/") or API

    def request(self, method: str, url: str, **named: Any) -> dict[str, Any]:  # type: ignore[override]
        for ours in ("maxretries", "retry_on", "backoff_factor"):
            named.pop(ours, None)
        with requests.Session() as session:
            session.trust_env = False  # neither a proxy nor passwords of this machine
            answer = session.request(
                method, self._base + url.removeprefix(API), allow_redirects=False, **named
            )
        return {"status": answer.status_code, "response": _json(answer)}


class MercadoPago:
    def __init__(self, read: Settings) -> None:
        self._seconds = read.mercadopago_timeout_seconds
        self._token = read.mercadopago_access_token
        self._nearby = read.mercadopago_api_url
        self._sdk = SDK(
            self._token, http_client=_Http(read.mercadopago_api_url), request_options=self._with()
        )

    def _with(self, key: str = "") -> RequestOptions:
        return RequestOptions(
            access_token=self._token,
            connection_timeout=float(self._seconds),
            custom_headers={"x-idempotency-key": key} if key else None,
        )

    async def open_checkout(self, wanted: CheckoutWanted) -> str:
        said = _preference(wanted)
        options = self._with(wanted.reference)
        made = await self._ask(lambda: self._sdk.preference().create(said, options))
        return self._safe(made.get("init_point") if isinstance(made, dict) else None)

    async def payment(self, number: str) -> ProviderPayment | None:
        try:
            found = await self._ask(lambda: self._sdk.payment().get(number))
        except CardProviderError as error:
            if error.code in NOT_FOUND:
                return None
            raise
        return payment_of(found)

    async def payments_of(self, reference: str) -> list[ProviderPayment]:
        return await self._search({"external_reference": reference})

    async def changed_since(self, since: datetime) -> list[ProviderPayment]:
        begin = since.isoformat(timespec="milliseconds")
        return await self._search(
            {"range": "date_last_updated", "begin_date": begin, "end_date": "NOW"}
        )

    async def give_back(self, number: str, amount: Decimal, key: str) -> ProviderRefund:
        """Always with its amount: without one Mercado Pago gives all back."""
        options, said = self._with(key), {"amount": float(amount)}
        made = await self._ask(lambda: self._sdk.refund().create(number, said, options))
        return refund_of(made)

    async def _search(self, filters: dict[str, str]) -> list[ProviderPayment]:
        found: list[ProviderPayment] = []
        order = {"sort": "date_created", "criteria": "desc", "limit": str(PAGE)}
        for offset in range(0, MOST, PAGE):
            asked = filters | order | {"offset": str(offset)}
            rows = rows_of(await self._ask(lambda asked=asked: self._sdk.payment().search(asked)))
            found += [one for row in rows if (one := _readable(row)) is not None]
            if len(rows) < PAGE:
                break
        return found

    async def _ask(self, question: Callable[[], Any]) -> Any:
        work = asyncio.get_running_loop().run_in_executor(_threads(), _once, question)
        try:
            answer = await asyncio.wait_for(asyncio.shield(work), 2 * self._seconds)
        except TimeoutError:
            answer = "timeout"
        if isinstance(answer, str):
            raise CardProviderError(answer)
        if OK <= answer["status"] < REDIRECT and answer["response"] is not None:
            return answer["response"]
        raise refusal(answer["status"], answer["response"])

    def _safe(self, address: object) -> str:
        """Customers are sent to Mercado Pago and nowhere else."""
        parts = urlsplit(address if isinstance(address, str) else "")
        host = parts.hostname or ""
        theirs = parts.scheme == "https" and f".{host}".endswith(OF_THEIRS)
        if not theirs and not (self._nearby and host == urlsplit(self._nearby).hostname):
            raise CardProviderError("unclear")
        return parts.geturl()


def _readable(row: object) -> ProviderPayment | None:
    """One that nobody can read hides no other."""
    try:
        return payment_of(row)
    except CardProviderError:
        log.warning("cards: a payment in Mercado Pago's list cannot be read")
        return None


def _once(question: Callable[[], Any]) -> Any:
    """What their client raises quotes addresses, so of it a code is kept and no cause."""
    try:
        return question()
    except requests.Timeout:
        return "timeout"
    except (OSError, requests.RequestException):
        return "unreachable"
    except (MercadoPagoError, ValueError, TypeError):
        return "unclear"


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Of their own, so that a slow provider keeps no password from being checked."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="cards")


def _json(answer: requests.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _preference(wanted: CheckoutWanted) -> dict[str, Any]:
    """Nothing of the customer's: who they are is between them and Mercado Pago."""
    comes_back = {
        how: f"{wanted.back}?tarjeta={said}"
        for how, said in (("success", "lista"), ("pending", "espera"), ("failure", "no"))
    }
    said: dict[str, Any] = {
        "items": [
            {
                "id": str(wanted.order_id),
                "title": wanted.title,
                "quantity": 1,
                "currency_id": CURRENCY,
                "unit_price": float(wanted.amount),
            }
        ],
        "external_reference": wanted.reference,
        "back_urls": comes_back,
        "payment_methods": {"excluded_payment_types": [{"id": kind} for kind in NOT_CARDS]},
        "expires": True,
        "expiration_date_to": wanted.expires_at.isoformat(timespec="milliseconds"),
    }
    if wanted.back.startswith("https://"):  # they refuse it for any other address
        said["auto_return"] = "approved"
    return said
