"""Examples of what the owner's programs are told, and of how that is set up."""

from __future__ import annotations

from typing import Any

from api.examples_of_people import AT

SECRET = "whsec_bm8tZXMtdW4tc2VjcmV0by1lcy11bi1lamVtcGxvISE="  # noqa: S105  # of nobody's
WANTED = {
    "url": "https://mi-programa.mx/avisos",
    "events": ["order.paid", "order.delivered"],
    "description": "Contabilidad",
}
WEBHOOK = {
    **WANTED,
    "id": 4,
    "active": True,
    "disabled_reason": "",
    "failing_since": None,
    "former_until": None,
    "created_at": AT,
    "waiting": 0,
    "last_delivered_at": AT,
}
DELIVERY = {
    "id": 812,
    "event_id": "0c7f4f0e-5a0e-4d39-9b8e-0c1a4f3d2b6a",
    "type": "order.paid",
    "happened_at": AT,
    "state": "delivered",
    "attempts": 1,
    "last_attempt_at": AT,
    "next_attempt_at": None,
    "last_status": 200,
    "error": "",
    "body": '{"type":"order.paid","timestamp":"2026-11-21T16:00:00.000Z","data":{"order_id":123,'
    '"customer_id":7,"status":"paid","total":"150.00","currency":"MXN"}}',
    "answer": "ok",
}

OF_WEBHOOKS: dict[str, dict[str, Any]] = {
    "Webhook": WEBHOOK,
    "NewWebhook": {**WEBHOOK, "last_delivered_at": None, "secret": SECRET},
    "WebhookIn": WANTED,
    "WebhookChange": {**WANTED, "active": True},
    "WebhookSecret": {"secret": SECRET, "former_until": "2026-11-22T16:00:00Z"},
    "WebhookDelivery": DELIVERY,
    "Items_Webhook_": {"items": [WEBHOOK], "next_cursor": None},
    "Items_WebhookDelivery_": {"items": [DELIVERY], "next_cursor": "djE6ODEy"},
}
