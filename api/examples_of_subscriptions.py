"""Examples of what customers hold, and of what they do with it."""

from __future__ import annotations

from typing import Any

from api.examples_of_people import AT

REPORT = {"status": "open", "at": AT, "answer": ""}
HELD = {
    "id": 61,
    "order_id": 123,
    "service_name": "Netflix",
    "plan_name": "1 mes",
    "capacity": "profile",
    "profile": "Perfil 1",
    "starts_on": "2026-11-21",
    "ends_on": "2026-12-20",
    "kept_until": "2026-12-23",
    "instructions": "Entra con el usuario y elige tu perfil.",
    "terms": "Un dispositivo por perfil.",
    "leads": True,
    "renewal_order": None,
    "changed": "",
    "confirmed": True,
    "report": None,
}

OF_SUBSCRIPTIONS: dict[str, dict[str, Any]] = {
    "Subscription": HELD,
    "SubscriptionReport": REPORT,
    "SubscriptionAccess": {
        "subscription_id": 61,
        "service_name": "Netflix",
        "login": "tienda@correo.mx",
        "password": "la-del-perfil",
        "profile": "Perfil 1",
        "pin": "1234",
        "ends_on": "2026-12-20",
    },
    "RenewalOffer": {
        "plan_id": 1,
        "name": "1 mes",
        "duration_months": 1,
        "sale_price": "150.00",
        "currency": "MXN",
        "ends_on": "2027-01-20",
        "same_plan": True,
    },
    "Renewal": {"plan_id": 1, "seen_total": "150.00"},
    "NewReport": {"kind": "wrong_password", "details": "Desde ayer me pide otra."},
    "Reported": {"replaced": False, "subscription": {**HELD, "report": REPORT}},
    "Cancelling": {"reason": "Me equivoqué de plan"},
    "ToldReceipt": {
        "tracking_key": "MBAN01002611210000123",
        "bank": "BBVA",
        "paid_on": "2026-11-21",
        "amount": "150.00",
    },
    "ReceiptSent": {"id": 17},
    "RestockWish": {"plan_id": 1},
    "RestockWishes": {"plan_ids": [1]},
    "Erasure": {"asked_at": AT},
    "Items_Subscription_": {"items": [HELD], "next_cursor": None},
}
