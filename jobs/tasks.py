"""Everything the worker knows how to do. Importing this module registers the tasks."""

from jobs import (
    alerts,
    assignments,
    audit,
    imports,
    messages,
    orders,
    reminders,
    restocks,
    sessions,
    stock,
    subscriptions,
)

__all__ = [
    "alerts",
    "assignments",
    "audit",
    "imports",
    "messages",
    "orders",
    "reminders",
    "restocks",
    "sessions",
    "stock",
    "subscriptions",
]
