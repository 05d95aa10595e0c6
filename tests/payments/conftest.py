"""A shop that takes cards, at a Mercado Pago of its own."""

from __future__ import annotations

import importlib
from collections.abc import Generator
from typing import Any

import pytest

from tests.fixtures import Shop
from tests.payments.fake_mercadopago import FakeMercadoPago, fake_mercadopago


@pytest.fixture
def mercadopago(shop: Shop) -> Generator[FakeMercadoPago]:
    with fake_mercadopago() as fake:
        shop.configure(**fake.settings(), mercadopago_timeout_seconds=5)
        yield fake


@pytest.fixture
def cards(shop: Shop) -> Any:
    """The jobs. Importing them asks for the shop's database."""
    del shop
    return importlib.import_module("jobs.cards")
