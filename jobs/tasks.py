"""Everything the worker knows how to do. Importing this module registers the tasks."""

from jobs import (
    abandoned,
    alerts,
    assignments,
    audit,
    cards,
    imports,
    messages,
    orders,
    reminders,
    restocks,
    sessions,
    statements,
    statistics,
    stock,
    subscriptions,
    webhooks,
)

__all__ = [
    "abandoned",
    "alerts",
    "assignments",
    "audit",
    "cards",
    "imports",
    "messages",
    "orders",
    "reminders",
    "restocks",
    "sessions",
    "statements",
    "statistics",
    "stock",
    "subscriptions",
    "webhooks",
]
