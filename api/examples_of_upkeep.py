"""Examples of what keeps the shop in order: ends, stock, banks, messages, records, the log."""

from __future__ import annotations

from typing import Any

from api.examples_of_people import AT, CUSTOMER_PAGE

ENDING = {
    "subscription_id": 61,
    "order_id": 123,
    "customer_name": "Ana",
    "customer_phone": "+525512345678",
    "service_name": "Netflix",
    "plan_name": "1 mes",
    "whole": False,
    "profile": "Perfil 1",
    "account": 18,
    "account_status": "active",
    "ends_on": "2026-11-21",
    "paid_until": "2027-01-31",
    "renewal_order": None,
    "reminded_at": AT,
}
DUE = {
    "id": 18,
    "service_name": "Netflix",
    "status": "active",
    "paid_until": "2026-11-25",
    "holders": 4,
    "last_end": "2026-12-20",
}
ROTATION = {
    "profile_id": 71,
    "account": 18,
    "account_status": "active",
    "service_name": "Netflix",
    "profile": "Perfil 1",
    "held_by": "Ana",
    "since": AT,
}
BANK = {
    "bank": "BANAMEX",
    "holder": "CUENTY DIGITAL S.A. DE C.V.",
    "clabe": "002010077777777771",
    "account": "7777777777",
    "steps": ["Realiza la transferencia por el monto exacto"],
    "least": "0.00",
    "most": "999.99",
}
BANK_ACCOUNT = {**BANK, "id": 2, "is_sample": False, "is_default": True}
MESSAGE = {
    "id": "0c7f4f0e-5a0e-4d39-9b8e-0c1a4f3d2b6a",
    "channel": "whatsapp",
    "kind": "delivered",
    "to": "+52 •••• 5678",
    "customer_name": "Ana",
    "staff_name": "",
    "order_id": 123,
    "status": "failed",
    "error_code": "63016",
    "attempts": 3,
    "created_at": AT,
    "updated_at": AT,
    "not_before": None,
    "fell_back": "",
    "dead": True,
    "again": True,
}
STEP = {"status": "failed", "error_code": "63016", "at": AT}
CHANGE = {"label": "Estado", "before": "activa", "after": "caída"}
LOG = {
    "id": 900,
    "at": AT,
    "by": "staff",
    "who": "admin",
    "action": "account.status",
    "did": "cambió el estado de una cuenta",
    "object_type": "account",
    "object_id": "18",
    "about": "Cuenta 18",
    "where": "Chrome en Android · 187.190.x.x",
    "changes": [CHANGE],
}
MOVING = {"orders": 2, "payments": 1, "subscriptions": 1, "messages": 5, "cart": 0}
HOLDER = {
    "subscription_id": 61,
    "order_id": 123,
    "customer_name": "Ana",
    "customer_phone": "+525512345678",
    "plan_name": "1 mes",
    "profile": "Perfil 1",
    "profiles": 1,
    "ends_on": "2026-12-20",
    "reported": False,
}
BATCH = {
    "id": 3,
    "status": "done",
    "file_name": "cuentas.csv",
    "rows": 2,
    "good": 2,
    "bad": 0,
    "accounts": 1,
    "done": 1,
    "error": "",
    "who": "admin",
    "created_at": AT,
    "finished_at": AT,
}

OF_UPKEEP: dict[str, dict[str, Any]] = {
    "Ending": ENDING,
    "CounterRenewal": {"ends_on": "2026-11-21", "reference": "EFECTIVO-22"},
    "SupplierDue": DUE,
    "SupplierPayment": {"paid_until": "2026-11-25", "months": 1, "cost": "219.00"},
    "SupplierPaid": {"paid_until": "2026-12-25"},
    "Rotation": ROTATION,
    "Served": {"served": 1},
    "NewPin": {"pin": "4321", "reason": "La conoce quien la tuvo antes"},
    "Rotated": {"version": 2, "told": 1, "freed": 0, "served": 0},
    "BankAccount": BANK_ACCOUNT,
    "BankAccountIn": BANK,
    "BankRule": {"rule": "amount"},
    "BankRuleKept": {"rule": "amount"},
    "MessageLine": MESSAGE,
    "Message": {**MESSAGE, "steps": [STEP]},
    "MessageStep": STEP,
    "MessageTrial": {"channel": "sms", "to": "5512345678"},
    "MessageSent": {"id": MESSAGE["id"]},
    "LogEntry": LOG,
    "LogChange": CHANGE,
    "NewPhone": {"phone": "5587654321"},
    "MergePreview": {
        "stays": CUSTOMER_PAGE,
        "goes": {**CUSTOMER_PAGE, "id": 9, "phone": "+525587654321"},
        "moving": MOVING,
    },
    "MergeMoving": MOVING,
    "MergeSeen": MOVING,
    "Merge": {"goes": 9, "moving": MOVING},
    "ErasureOrder": {"phone_ending": "5678", "end_subscriptions": False},
    "AccountHolder": HOLDER,
    "NewProfiles": {"profiles": [{"label": "Perfil 5", "pin": "1234"}]},
    "ProfileName": {"label": "Sala"},
    "ImportBatch": BATCH,
    "Items_Ending_": {"items": [ENDING], "next_cursor": "djE6NzM5NTc2MDAwMDAwMDAwMDYx"},
    "Items_SupplierDue_": {"items": [DUE], "next_cursor": None},
    "Items_Rotation_": {"items": [ROTATION], "next_cursor": None},
    "Items_BankAccount_": {"items": [BANK_ACCOUNT], "next_cursor": None},
    "Items_MessageLine_": {"items": [MESSAGE], "next_cursor": None},
    "Items_LogEntry_": {"items": [LOG], "next_cursor": None},
    "Items_ImportBatch_": {"items": [BATCH], "next_cursor": None},
}
