"""Examples of what customers write, and of what staff know about them."""

from __future__ import annotations

from typing import Any

AT = "2026-11-21T16:00:00Z"
BUYER = {"id": 7, "phone": "+525512345678", "name": "Ana"}
TICKET = {
    "id": 12,
    "subject": "No puedo entrar",
    "status": "open",
    "since": AT,
    "created_at": AT,
    "order_id": 123,
    "service_name": "",
    "last_words": "Me pide otra contraseña.",
    "unread": True,
    "customer": BUYER,
    "priority": "normal",
    "assignee_id": None,
    "assignee": "",
    "version": 1,
}
ENTRY = {
    "id": 40,
    "at": AT,
    "by": "customer",
    "event": "",
    "body": "Me pide otra contraseña.",
}
CONTACT = {
    "name": "Luis",
    "email": "luis@correo.mx",
    "phone": "",
    "subject": "Planes para familia",
    "body": "¿Venden cuentas completas?",
}
CONTACT_MESSAGE = {
    **CONTACT,
    "id": 5,
    "created_at": AT,
    "answered_at": None,
    "answered_by": "",
    "ticket_id": None,
}
CUSTOMER = {
    **BUYER,
    "email": "ana@correo.mx",
    "blocked": False,
    "orders": 3,
    "spent": "450.00",
    "currency": "MXN",
    "last_purchase": AT,
    "live": 1,
    "asked_at": None,
}
CUSTOMER_PAGE = {
    **CUSTOMER,
    "delivery_preference": "whatsapp",
    "notes": "Paga los viernes",
    "created_at": AT,
    "blocked_at": None,
    "erased_at": None,
}

OF_PEOPLE: dict[str, dict[str, Any]] = {
    "TicketLine": TICKET,
    "TicketEntry": ENTRY,
    "Ticket": {**TICKET, "entries": [ENTRY], "next_cursor": None},
    "NewTicket": {
        "subject": "No puedo entrar",
        "body": "Me pide otra contraseña.",
        "order_id": 123,
    },
    "TicketWords": {"body": "Ya quedó: entra de nuevo.", "solved": True, "version": 1},
    "TicketMove": {"status": "solved", "version": 2},
    "NewContact": CONTACT,
    "ContactSent": {"id": 5},
    "ContactMessage": CONTACT_MESSAGE,
    "CustomerLine": CUSTOMER,
    "Customer": CUSTOMER_PAGE,
    "CustomerChange": {"notes": "Paga los viernes", "blocked": False},
    "Items_TicketLine_": {"items": [TICKET], "next_cursor": "djE6NDA"},
    "Items_ContactMessage_": {"items": [CONTACT_MESSAGE], "next_cursor": None},
    "Items_CustomerLine_": {"items": [CUSTOMER], "next_cursor": None},
}
