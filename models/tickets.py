"""Questions of customers and what was said about them, and the answers written in advance."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id
from models.orders import ActorKind


class TicketStatus(StrEnum):
    OPEN = "open"
    WAITING_CUSTOMER = "waiting_customer"
    SOLVED = "solved"
    CLOSED = "closed"


class TicketPriority(StrEnum):
    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class Ticket(SQLModel, table=True):
    """`turn` is the entry that brought it into its state and `since` when: both order the queues.

    `version` counts everything that happened to it, so that what somebody does to a ticket that
    has changed since they looked is refused. `customer_seen` and `staff_seen` are the last entry
    each side has on its screen.
    """

    __tablename__: Any = "tickets"
    __table_args__ = (
        Index("ix_tickets_status_turn", "status", "turn"),
        Index("ix_tickets_turn", "turn"),
        Index("ix_tickets_customer_id_turn", "customer_id", "turn"),
    )

    id: int | None = row_id()
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id")
    order_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="orders.id")
    assignment_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="assignments.id"
    )
    subject: str = Field(max_length=120)
    status: TicketStatus = Field(default=TicketStatus.OPEN, sa_type=one_of(TicketStatus, "status"))
    priority: TicketPriority = Field(
        default=TicketPriority.NORMAL, sa_type=one_of(TicketPriority, "priority")
    )
    assignee_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    version: int = 0
    turn: int = Field(default=0, sa_type=BigInteger)
    since: datetime = happened()
    customer_seen: int = Field(default=0, sa_type=BigInteger)
    staff_seen: int = Field(default=0, sa_type=BigInteger)
    created_at: datetime = happened()


class TicketEntry(SQLModel, table=True):
    """Something said, or something done: then `event` names it and `body` says to what.

    `internal` ones are for the staff alone.
    """

    __tablename__: Any = "ticket_entries"
    __table_args__ = (
        Index("ix_ticket_entries_ticket_id_id", "ticket_id", "id"),
        Index("ix_ticket_entries_actor", "actor_kind", "actor_id", "at"),
        CheckConstraint("event <> '' OR body <> ''", name="says_something"),
    )

    id: int | None = row_id()
    ticket_id: int = Field(sa_type=BigInteger, foreign_key="tickets.id")
    actor_kind: ActorKind = Field(sa_type=one_of(ActorKind, "actor_kind"))
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    internal: bool = False
    event: str = Field(default="", max_length=24)
    body: str = Field(default="", max_length=4000)
    at: datetime = happened()


class CannedReply(SQLModel, table=True):
    """An answer to start from. `version` refuses a change of what somebody else has changed."""

    __tablename__: Any = "canned_replies"

    id: int | None = row_id()
    title: str = Field(max_length=80, unique=True)
    body: str = Field(max_length=4000)
    version: int = 1


class ContactMessage(SQLModel, table=True):
    """What a visitor wrote on the contact page. `answered_at` takes it out of the inbox."""

    __tablename__: Any = "contact_messages"
    __table_args__ = (
        Index("ix_contact_messages_address_hash_created_at", "address_hash", "created_at"),
        Index("ix_contact_messages_waiting", "id", postgresql_where="answered_at IS NULL"),
        CheckConstraint("email <> '' OR phone <> ''", name="reachable"),
    )

    id: int | None = row_id()
    name: str = Field(max_length=120)
    email: str = Field(default="", max_length=254)
    phone: str = Field(default="", max_length=16)
    subject: str = Field(max_length=120)
    body: str = Field(max_length=4000)
    address_hash: str = Field(default="", max_length=64)
    created_at: datetime = happened()
    answered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    answered_by: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    ticket_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="tickets.id")
