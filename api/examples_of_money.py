"""Examples of money: coupons, credit, the account of an order, payments and what banks say."""

from __future__ import annotations

from typing import Any

from api.examples_of_people import AT

DAY = "2026-11-21"
TERMS = {
    "percent": "10.00",
    "amount": None,
    "service_id": 1,
    "plan_id": None,
    "minimum": "0.00",
    "limit_total": 100,
    "limit_each": 1,
    "from_on": "2026-11-13",
    "until_on": "2026-11-30",
    "active": True,
}
WANTED = {name: value for name, value in TERMS.items() if value is not None}
COUPON = {
    "id": 3,
    "code": "BUENFIN",
    **TERMS,
    "uses": 12,
    "saved": "180.00",
    "currency": "MXN",
}
USE = {
    "id": 40,
    "order_id": 123,
    "customer_name": "Ana",
    "amount": "15.00",
    "used_at": AT,
    "returned": False,
}
BALANCE = {"balance": "50.00", "currency": "MXN"}
ENTRY = {
    "id": 9,
    "amount": "50.00",
    "cause": "overpayment",
    "order_id": 123,
    "note": "",
    "created_at": AT,
}
REFUND = {
    "amount": "50.00",
    "method": "transfer",
    "reason": "Pagó de más",
    "reference": "SPEI 8841",
    "refunded_on": DAY,
}
LINE = {
    "kind": "payment",
    "cause": "statement",
    "amount": "200.00",
    "day": DAY,
    "reference": "0001237",
    "bank": "BBVA",
    "reason": "over",
    "who": "admin",
    "at": AT,
}
ACCOUNT = {
    "received": "200.00",
    "kept": "150.00",
    "refunded": "0.00",
    "credited": "0.00",
    "loose": "50.00",
    "due": "150.00",
    "missing": "0.00",
    "currency": "MXN",
    "lines": [LINE],
}

OF_MONEY: dict[str, dict[str, Any]] = {
    "Coupon": COUPON,
    "CouponIn": {"code": "BUENFIN", **WANTED},
    "CouponChange": {**WANTED, "active": False},
    "CouponUse": USE,
    "Quote": {"code": "BUENFIN", "discount": "15.00", "total": "135.00", "currency": "MXN"},
    "Balance": BALANCE,
    "CreditEntry": ENTRY,
    "Gift": {"amount": "50.00", "reason": "Por la espera"},
    "RefundIn": REFUND,
    "OrderRefundIn": {**REFUND, "release": False},
    "OrderAccount": ACCOUNT,
    "MoneyLine": LINE,
    "CreditUse": {"amount": "50.00"},
    "Items_Coupon_": {"items": [COUPON], "next_cursor": None},
    "Items_CouponUse_": {"items": [USE], "next_cursor": None},
    "Items_CreditEntry_": {"items": [ENTRY], "next_cursor": None},
}
