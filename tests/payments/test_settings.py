"""Cards are set up whole or not at all, with real money in a shop and none in a demo."""

from __future__ import annotations

import pytest

from infra.settings import SettingsError, settings
from tests.fixtures import Shop

LOOPBACK = "http://127.0.0.1:9"
PRODUCTION = {"env": "production", "public_url": "https://mitienda.mx"}


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"mercadopago_access_token": "TEST-1"}, "CUENTY_MERCADOPAGO_WEBHOOK_SECRET"),
        ({"mercadopago_webhook_secret": "s"}, "CUENTY_MERCADOPAGO_ACCESS_TOKEN"),
        (
            {"mercadopago_access_token": "APP_USR-1", "mercadopago_webhook_secret": "s"},
            "the demo takes one of",
        ),
        (
            {
                **PRODUCTION,
                "mercadopago_access_token": "TEST-1",
                "mercadopago_webhook_secret": "s",
            },
            "real money only",
        ),
        ({**PRODUCTION, "mercadopago_access_token": "APP_USR-1"}, "both of them or neither"),
        ({"mercadopago_api_url": "http://mitienda.mx"}, "CUENTY_MERCADOPAGO_API_URL"),
        ({"mercadopago_api_url": "nonsense"}, "CUENTY_MERCADOPAGO_API_URL"),
    ],
)
def test_what_is_half_or_wrong_does_not_start_and_quotes_no_secret(
    shop: Shop, values: dict[str, str], named: str
) -> None:
    shop.configure(**values)
    with pytest.raises(SettingsError, match=named) as refusal:
        settings()
    assert "APP_USR" not in str(refusal.value)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"mercadopago_access_token": "TEST-1", "mercadopago_webhook_secret": "s"},
        {
            "mercadopago_access_token": "APP_USR-1",
            "mercadopago_webhook_secret": "s",
            "mercadopago_api_url": LOOPBACK,
        },
        {
            **PRODUCTION,
            "mercadopago_access_token": "APP_USR-1",
            "mercadopago_webhook_secret": "s",
        },
    ],
)
def test_control_what_is_whole_starts(shop: Shop, values: dict[str, str]) -> None:
    shop.configure(**values)
    assert settings().mercadopago_access_token == values.get("mercadopago_access_token", "")
