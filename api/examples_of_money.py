"""Examples of money: coupons, credit, the account of an order, payments and what banks say."""

from __future__ import annotations

from typing import Any

from api.examples_of_people import AT, BUYER

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

PAYMENT = {
    "id": 88,
    "order_id": 123,
    "customer_name": "Ana",
    "customer_phone": "+525512345678",
    "amount": "150.00",
    "currency": "MXN",
    "kind": "full",
    "source": "statement",
    "bank": "BBVA",
    "reference": "EDO-9f31c2a07b11",
    "tracking_key": "MBAN01002611210000123",
    "paid_on": DAY,
    "created_at": AT,
    "who": "admin",
    "loose": "0.00",
}
RECEIPT = {
    "id": 17,
    "status": "waiting",
    "pictured": True,
    "tracking_key": "MBAN01002611210000123",
    "bank": "BBVA",
    "paid_on": DAY,
    "amount": "150.00",
    "reason": "",
    "created_at": AT,
    "reviewed_at": None,
    "reviewer": "",
}
REPEAT = {"what": "key", "order_id": 119, "paid": True}
TO_REVIEW = {
    "receipt": RECEIPT,
    "order_id": 123,
    "order_status": "pending_payment",
    "expired": False,
    "reference": "0001237",
    "total": "150.00",
    "missing": "150.00",
    "currency": "MXN",
    "payments": 0,
    "told_bank": "BBVA Bancomer · 012180001234567899",
    "customer": BUYER,
    "repeats": [REPEAT],
    "earlier": [],
}
QUEUED = {"id": 17, "order_id": 123, "created_at": AT}
UNREAD = {"line": 9, "code": "statement_side"}
STATEMENT = {
    "id": 5,
    "kind": "file",
    "status": "open",
    "file_name": "noviembre.csv",
    "bank": "BBVA",
    "known": 0,
    "unread": [UNREAD],
    "wanted": 0,
    "done": 0,
    "counts": {"matched": 20, "no_match": 1},
    "sure": 20,
    "settled": 0,
    "taken_back": 0,
    "paid": "0.00",
    "currency": "MXN",
    "created_at": AT,
    "applied_at": None,
    "undone_at": None,
}
CANDIDATE = {"order": 123, "why": ["amount"]}
MOVEMENT = {
    "id": 71,
    "line": 4,
    "booked_on": DAY,
    "amount": "150.00",
    "currency": "MXN",
    "concept": "SPEI RECIBIDO",
    "reference": "",
    "tracking_key": "",
    "payer": "ANA LOPEZ",
    "result": "ambiguous",
    "sure": False,
    "why": ["amount_only"],
    "candidates": [CANDIDATE],
    "order_id": None,
    "customer_name": "",
    "settled": False,
    "decided_by": "",
    "taken_back": False,
}
COLUMN = {"name": "Fecha", "means": "date"}
SUMS = {
    "received": "450.00",
    "refunded": "50.00",
    "net": "400.00",
    "credit_given": "50.00",
    "credit_used": "0.00",
}
PLACE = {
    "source": "statement",
    "bank": "BBVA",
    "times": 3,
    "received": "450.00",
    "refunded": "0.00",
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
    "PaymentLine": PAYMENT,
    "Receipt": RECEIPT,
    "ReceiptRepeat": REPEAT,
    "ReceiptToReview": TO_REVIEW,
    "QueuedReceipt": QUEUED,
    "Acceptance": {"amount": "150.00", "paid_on": DAY, "seen_payments": 0},
    "Reason": {"reason": "No se lee el monto"},
    "Confirmed": {"order_id": 123, "kind": "full", "status": "delivered", "repeated": False},
    "BankStatement": STATEMENT,
    "UnreadLine": UNREAD,
    "StatementLine": MOVEMENT,
    "StatementCandidate": CANDIDATE,
    "StatementColumn": COLUMN,
    "StatementFile": {"columns": [COLUMN]},
    "ColumnMapping": {"mapping": ["date", "concept", "charge", "credit", "balance"]},
    "StatementOrder": {"order_id": 123},
    "StatementUndone": {"taken_back": 19, "kept": 1},
    "CashSums": SUMS,
    "CashDay": {**SUMS, "day": DAY},
    "CashPlace": PLACE,
    "CashReport": {
        "since": "2026-11-01",
        "until": DAY,
        "currency": "MXN",
        "total": SUMS,
        "by_day": [{**SUMS, "day": DAY}],
        "by_place": [PLACE],
    },
    "Items_PaymentLine_": {"items": [PAYMENT], "next_cursor": "djE6ODg"},
    "Items_QueuedReceipt_": {"items": [QUEUED], "next_cursor": None},
    "Items_BankStatement_": {"items": [STATEMENT], "next_cursor": None},
    "Items_StatementLine_": {"items": [MOVEMENT], "next_cursor": None},
    "Items_Coupon_": {"items": [COUPON], "next_cursor": None},
    "Items_CouponUse_": {"items": [USE], "next_cursor": None},
    "Items_CreditEntry_": {"items": [ENTRY], "next_cursor": None},
}
