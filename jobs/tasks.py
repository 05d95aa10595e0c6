"""Everything the worker knows how to do. Importing this module registers the tasks."""

from jobs import assignments, messages, orders, sessions

__all__ = ["assignments", "messages", "orders", "sessions"]
