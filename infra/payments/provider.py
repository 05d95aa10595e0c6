"""The one interface a provider of card payments has, and the choice of one."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Protocol

from infra.payments.shapes import (
    CardProviderError,
    CheckoutWanted,
    ProviderPayment,
    ProviderRefund,
)
from infra.settings import Settings, settings


class CardProvider(Protocol):
    """Every method raises `CardProviderError`."""

    async def open_checkout(self, wanted: CheckoutWanted) -> str:
        """The address of a page of the provider's. The same reference again opens no other."""
        ...

    async def payment(self, number: str) -> ProviderPayment | None:
        """None where the provider knows of none."""
        ...

    async def payments_of(self, reference: str) -> list[ProviderPayment]: ...

    async def changed_since(self, since: datetime) -> list[ProviderPayment]: ...

    async def give_back(self, number: str, amount: Decimal, key: str) -> ProviderRefund:
        """The same key again gives nothing more back."""
        ...


def configured() -> bool:
    return bool(settings().mercadopago_access_token)


def card_provider() -> CardProvider:
    """As the settings of this moment have it. Raises `CardProviderError` where they have none."""
    if not configured():
        raise CardProviderError("not_configured")
    return _made(settings())  # pyright: ignore[reportArgumentType]  # frozen: it has a hash


@lru_cache(maxsize=4)
def _made(read: Settings) -> CardProvider:
    from infra.payments.mercadopago import MercadoPago  # noqa: PLC0415  # heavy; not all need it

    return MercadoPago(read)
