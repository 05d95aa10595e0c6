"""One example of each thing the API takes or answers, as `docs/api.md` walks through them."""

from __future__ import annotations

from typing import Any

from api.examples_of_money import OF_MONEY
from api.examples_of_people import AT, BUYER, OF_PEOPLE
from api.examples_of_subscriptions import OF_SUBSCRIPTIONS
from api.examples_of_upkeep import OF_UPKEEP
from api.examples_of_webhooks import OF_WEBHOOKS
from api.examples_of_work import OF_WORK

PLAN = {
    "id": 1,
    "service_id": 1,
    "service_name": "Netflix",
    "name": "1 mes",
    "duration_months": 1,
    "capacity": "profile",
    "sale_price": "150.00",
    "currency": "MXN",
    "available": 12,
}
SERVICE = {
    "id": 1,
    "slug": "netflix",
    "name": "Netflix",
    "category": "video",
    "description": "Series y películas",
    "color": "#e50914",
    "max_profiles": 5,
    "terms": "Un dispositivo por perfil.",
    "instructions": "Entra con el usuario y elige tu perfil.",
}
PROFILE = {
    "id": 7,
    "phone": "+525512345678",
    "name": "Ana",
    "email": "",
    "delivery_preference": "whatsapp",
    "reminders": True,
    "verified": True,
    "credit": "0.00",
}
LINE = {
    "id": 31,
    "plan_id": 1,
    "service_name": "Netflix",
    "plan_name": "1 mes",
    "quantity": 1,
    "unit_price": "150.00",
    "line_total": "150.00",
}
DELIVERY = {"channel": "whatsapp", "status": "delivered", "updated_at": AT}
ITEM = {**LINE, "id": 55, "fulfilment": "delivered", "deliveries": [DELIVERY]}
INSTRUCTIONS = {
    "bank": "BBVA Bancomer",
    "holder": "CUENTY DIGITAL S.A. DE C.V.",
    "clabe": "012345678901234567",
    "account": "0123456789",
    "amount": "150.00",
    "currency": "MXN",
    "concept": "Orden 123",
    "reference": "0001236",
    "steps": ["Realiza la transferencia por el monto exacto"],
    "text": "INSTRUCCIONES DE PAGO - Orden #123\nDatos bancarios:\nBanco: BBVA Bancomer",
}
EVENT = {"at": AT, "event": "placed", "text": "Pedido realizado"}
ORDER = {
    "id": 123,
    "number": 123,
    "status": "delivered",
    "total": "150.00",
    "discount": "0.00",
    "coupon_code": "",
    "missing": "150.00",
    "currency": "MXN",
    "delivery_preference": "whatsapp",
    "created_at": AT,
    "expires_at": "2026-11-22T16:00:00Z",
    "payment_instructions": INSTRUCTIONS,
    "items": [ITEM],
    "timeline": [EVENT],
}
PAYMENT = {
    "amount": "150.00",
    "reference": "0001236",
    "tracking_key": "MBAN01002611210000000001",
    "bank": "BBVA",
    "paid_on": "2026-11-21",
}
ACCOUNT_LINE = {
    "id": 9,
    "service_name": "Netflix",
    "plan_name": "",
    "status": "active",
    "paid_until": "2027-01-31",
    "profiles": 5,
    "free": 3,
    "held": 2,
    "to_rotate": 0,
}
ACCOUNT_PROFILE = {
    "id": 41,
    "label": "Perfil 1",
    "status": "assigned",
    "has_pin": True,
    "order_id": 123,
    "ends_on": "2026-12-21",
}
FAULT = {
    "line": 4,
    "field": "password",
    "code": "row_password_missing",
    "detail": "Falta la contraseña.",
}
PIN = {"profile_id": 41, "pin": "1234"}
DAY = {"day": "2026-11-21", "orders": 3, "revenue": "450.00", "refunds": "50.00"}
OF_SERVICE = {"service_name": "Netflix", "units": 3, "revenue": "450.00", "refunds": "50.00"}

BANK = {name: INSTRUCTIONS[name] for name in ("bank", "holder", "clabe", "account", "steps")}

RECEIVED = {
    "amount": "150.00",
    "paid_on": "2026-11-21",
    "reference": "0001237",
    "concept": "Orden 123",
    "tracking_key": "BNET01002611210001",
    "bank": "BBVA",
    "payer": "ANA TORRES",
}
EXAMPLES: dict[str, dict[str, Any]] = {
    "BankNoticeIn": {"type": "payment.received", "data": RECEIVED},
    "PaymentReceived": RECEIVED,
    "NoticeAnswer": {"result": "matched", "order": 123, "repeated": False},
    "CardNoticeAnswer": {"taken": True},
    "Login": {"username": "ana", "password": "una frase larga y propia"},
    "StaffToken": {
        "access_token": "eyJhbGciOiJIUzI1NiJ9…",
        "token_type": "bearer",
        "expires_in": 43200,
        "role": "owner",
    },
    "CodeRequest": {"phone": "5512345678", "channel": "sms"},
    "CodeSent": {
        "phone": "+525512345678",
        "channel": "sms",
        "expires_in": 600,
        "resend_in": 30,
    },
    "CodeEntry": {"phone": "5512345678", "code": "048213"},
    "CustomerToken": {
        "access_token": "eyJhbGciOiJIUzI1NiJ9…",
        "token_type": "bearer",
        "expires_in": 604800,
        "is_new": False,
        "customer": PROFILE,
    },
    "Profile": PROFILE,
    "ProfileChange": {"name": "Ana", "email": "ana@correo.mx", "delivery_preference": "email"},
    "PublicPlan": PLAN,
    "PublicService": {**SERVICE, "available": 12, "plans": [PLAN]},
    "Service": {**SERVICE, "position": 1, "active": True, "archived": False},
    "ServiceIn": {"name": "Netflix", "category": "video", "max_profiles": 5},
    "Plan": {**PLAN, "active": True, "archived": False},
    "PlanIn": {
        "service_id": 1,
        "name": "1 mes",
        "duration_months": 1,
        "capacity": "profile",
        "cost": "120.00",
        "margin": "30.00",
    },
    "PlanChange": {"name": "1 mes", "cost": "120.00", "margin": "35.00", "active": True},
    "Wanted": {"plan_id": 1, "quantity": 1},
    "Line": {**LINE, "available": 10},
    "Cart": {"items": [{**LINE, "available": 10}], "total": "150.00", "currency": "MXN"},
    "LineInStock": {"plan_id": 1, "requested": 1, "available": 10},
    "InStock": {"ok": True, "items": [{"plan_id": 1, "requested": 1, "available": 10}]},
    "Placing": {"delivery_preference": "web"},
    "Order": ORDER,
    "Item": ITEM,
    "Delivery": DELIVERY,
    "Deliveries": {"deliveries": [DELIVERY]},
    "Instructions": INSTRUCTIONS,
    "Event": EVENT,
    "Buyer": BUYER,
    "Payment": PAYMENT,
    "StatusChange": {"status": "paid", "payment": PAYMENT},
    "Assigning": {"profile_ids": [41]},
    "Delivering": {"channel": "whatsapp"},
    "Access": {
        "item_id": 55,
        "unit_index": 0,
        "service_name": "Netflix",
        "login": "tienda@correo.mx",
        "password": "la-del-perfil",
        "profile": "Perfil 1",
        "pin": "1234",
        "ends_on": "2026-12-21",
    },
    "Day": DAY,
    "OfService": OF_SERVICE,
    "Statistics": {
        "total_orders": 4,
        "pending_payments": 1,
        "orders_paid": 3,
        "orders_delivered": 3,
        "orders_cancelled": 0,
        "total_revenue": "450.00",
        "total_refunds": "50.00",
        "net_revenue": "400.00",
        "average_ticket": "150.00",
        "currency": "MXN",
        "by_day": [DAY],
        "by_service": [OF_SERVICE],
    },
    "AccountLine": ACCOUNT_LINE,
    "Account": {
        "id": 9,
        "service_id": 1,
        "service_name": "Netflix",
        "plan_id": None,
        "plan_name": "",
        "status": "active",
        "paid_until": "2027-01-31",
        "notes": "",
        "profiles": [ACCOUNT_PROFILE],
    },
    "AccountProfile": ACCOUNT_PROFILE,
    "NewAccount": {
        "service_id": 1,
        "login": "tienda@correo.mx",
        "password": "la-del-perfil",
        "paid_until": "2027-01-31",
        "profiles": [{"label": "Perfil 1", "pin": "1234"}],
    },
    "ProfileIn": {"label": "Perfil 1", "pin": "1234"},
    "AccountChange": {"paid_until": "2027-02-28", "notes": "Pagada por adelantado"},
    "AccountAccess": {"login": "tienda@correo.mx", "password": "la-del-perfil", "pins": [PIN]},
    "ProfilePin": PIN,
    "StockImport": {
        "id": 3,
        "status": "running",
        "rows": 2,
        "good": 2,
        "bad": 0,
        "accounts": 1,
        "errors": [],
    },
    "ImportFault": FAULT,
    "BankInstructions": BANK,
    "BankChange": {**BANK, "clabe": "012180001234567899"},
    "Items_PublicPlan_": {"items": [PLAN], "next_cursor": None},
    "Items_PublicService_": {
        "items": [{**SERVICE, "available": 12, "plans": [PLAN]}],
        "next_cursor": None,
    },
    "Items_Plan_": {"items": [{**PLAN, "active": True, "archived": False}], "next_cursor": None},
    "Items_Service_": {
        "items": [{**SERVICE, "position": 1, "active": True, "archived": False}],
        "next_cursor": None,
    },
    "Items_Order_": {"items": [ORDER], "next_cursor": "djE6MTIz"},
    "Items_AccountLine_": {"items": [ACCOUNT_LINE], "next_cursor": None},
    **OF_MONEY,
    **OF_PEOPLE,
    **OF_SUBSCRIPTIONS,
    **OF_UPKEEP,
    **OF_WEBHOOKS,
    **OF_WORK,
}
