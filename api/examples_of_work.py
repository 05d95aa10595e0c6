"""Examples of the staff's work: on orders, at the sales desk, about reports."""

from __future__ import annotations

from typing import Any

from api.examples_of_people import AT

LINE = {"plan_id": 1, "quantity": 1}
VERSION = "5d41402abc4b2a76"
CLAIM = {
    "id": 9,
    "kind": "wrong_password",
    "details": "Desde ayer me pide otra.",
    "status": "open",
    "answer": "",
    "created_at": AT,
    "closed_at": None,
    "subscription_id": 61,
    "order_id": 123,
    "service_name": "Netflix",
    "plan_name": "1 mes",
    "profile": "Perfil 1",
    "ends_on": "2026-12-20",
    "ended": False,
    "customer_name": "Ana",
    "customer_phone": "+525512345678",
    "account": 18,
    "account_status": "active",
    "reports": 1,
}
REPLACEMENT = {
    "at": AT,
    "from_account": 17,
    "from_profile": "Perfil 2",
    "to_account": 18,
    "to_profile": "Perfil 1",
    "automatic": False,
    "who": "admin",
}
EARLIER = {"id": 8, "kind": "profile_taken", "status": "replaced", "answer": "", "created_at": AT}
DRAFT_LINE = {**LINE, "name": "Netflix 1 mes"}
NEW_DRAFT = {
    "phone": "5512345678",
    "name": "Ana",
    "delivery_preference": "whatsapp",
    "items": [LINE],
}

OF_WORK: dict[str, dict[str, Any]] = {
    "OrderNotes": {"notes": "Paga el viernes", "follow_up_on": "2026-11-27", "version": VERSION},
    "NotesChange": {"notes": "Paga el viernes", "follow_up_on": "2026-11-27", "version": VERSION},
    "MoreTime": {"until": "2026-11-27"},
    "OrderUnit": {
        "subscription_id": 61,
        "service_name": "Netflix",
        "plan_name": "1 mes",
        "profile": "Perfil 1",
        "profiles": 1,
        "account": 18,
        "account_status": "active",
        "ends_on": "2026-12-20",
        "ended_at": None,
        "reason": "",
        "claim_id": None,
    },
    "SaleLine": LINE,
    "NewSale": {**NEW_DRAFT, "total": "150.00", "reference": "EFECTIVO-21"},
    "NewDraft": NEW_DRAFT,
    "Draft": {
        "id": 130,
        "phone": "+525512345678",
        "delivery_preference": "whatsapp",
        "items": [DRAFT_LINE],
        "kept_at": AT,
        "version": VERSION,
    },
    "DraftLine": DRAFT_LINE,
    "DraftChange": {"delivery_preference": "web", "items": [LINE], "version": VERSION},
    "DraftSending": {"total": "150.00", "version": VERSION},
    "Claim": CLAIM,
    "ClaimToDecide": {
        "claim": CLAIM,
        "seen_at": AT,
        "replacements": [REPLACEMENT],
        "earlier": [EARLIER],
    },
    "Replacement": REPLACEMENT,
    "EarlierClaim": EARLIER,
    "Decision": {"answer": "Ya quedó: entra de nuevo."},
    "Replacing": {"account": 17},
    "Items_Claim_": {"items": [CLAIM], "next_cursor": None},
}
