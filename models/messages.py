"""Every message is a row before it is a message: queued, sent, delivered, read, failed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Identity,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id


class Channel(StrEnum):
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    WEB = "web"


class MessageKind(StrEnum):
    LOGIN_CODE = "login_code"
    ORDER_PLACED = "order_placed"
    PAYMENT_PARTIAL = "payment_partial"
    PAYMENT_REJECTED = "payment_rejected"
    RECEIPT_AGAIN = "receipt_again"
    DELIVERED = "delivered"
    WAITING_STOCK = "waiting_stock"
    REMINDER = "reminder"
    RENEWED = "renewed"
    ROTATED = "rotated"
    REPLACED = "replaced"
    PAYMENT_DUE = "payment_due"
    BACK_IN_STOCK = "back_in_stock"
    TICKET_REPLY = "ticket_reply"
    STAFF_ALERT = "staff_alert"
    STAFF_ORDER = "staff_order"
    STAFF_TICKET = "staff_ticket"
    STAFF_CONTACT = "staff_contact"
    STAFF_RECEIPT = "staff_receipt"
    TEST = "test"


class MessageCategory(StrEnum):
    """What WhatsApp and the law tell apart; only marketing needs the customer's wish."""

    AUTHENTICATION = "authentication"
    UTILITY = "utility"
    MARKETING = "marketing"


class MessageStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    CONFIRMED = "confirmed"
    FAILED = "failed"


class Message(SQLModel, table=True):
    """One per assignment, channel, kind, credential version and occasion.

    `occasion` tells apart what may happen more than once to one credential version: the reminder
    five days before an end, a second replacement. The text is sealed in the row as soon as a sender
    takes it, so that every attempt says the same. A login code is known to nobody but its message,
    in `code_sealed`.

    `in_doubt_since` is when a sender set out of whom nobody knows whether the provider took the
    message; who comes after asks before sending. `not_before` is when it may be tried again. What
    failed for good on one channel goes out once on another, as the row that names it in
    `fallback_of`. `error_code` has its sentence in the catalogue; `number` counts them for lists.
    """

    __tablename__: Any = "messages"
    __table_args__ = (
        UniqueConstraint(
            "assignment_id",
            "channel",
            "kind",
            "credential_version",
            "occasion",
            name="uq_messages_once",
        ),
        UniqueConstraint("fallback_of"),
        Index(
            "uq_messages_order_once",
            "order_id",
            "channel",
            "kind",
            "occasion",
            unique=True,
            postgresql_where="assignment_id IS NULL AND order_id IS NOT NULL AND staff_id IS NULL",
        ),
        Index(
            "uq_messages_staff_once",
            "staff_id",
            "channel",
            "kind",
            "occasion",
            unique=True,
            postgresql_where="staff_id IS NOT NULL AND kind <> 'test'",
        ),
        Index("ix_messages_queued", "created_at", postgresql_where="status = 'queued'"),
        Index("ix_messages_status_number", "status", "number"),
        Index("ix_messages_to_address_number", "to_address", "number"),
        Index("ix_messages_provider_id", "provider_id", postgresql_where="provider_id <> ''"),
        CheckConstraint("in_doubt_since IS NULL OR status = 'queued'", name="doubt"),
    )

    id: UUID = Field(primary_key=True)
    number: int | None = Field(
        default=None, sa_column=Column(BigInteger, Identity(), nullable=False, unique=True)
    )
    customer_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="customers.id", index=True
    )
    staff_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    order_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="orders.id", index=True
    )
    assignment_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="assignments.id"
    )
    credential_version: int | None = None
    occasion: str = Field(default="", max_length=60)
    channel: Channel = Field(sa_type=one_of(Channel, "channel"))
    kind: MessageKind = Field(sa_type=one_of(MessageKind, "kind"))
    to_address: str = Field(max_length=254)
    body_sealed: bytes | None = None
    code_sealed: bytes | None = None
    status: MessageStatus = Field(
        default=MessageStatus.QUEUED, sa_type=one_of(MessageStatus, "status")
    )
    attempts: int = 0
    provider_id: str = Field(default="", max_length=64)
    error_code: str = Field(default="", max_length=40)
    fallback_of: UUID | None = Field(default=None, foreign_key="messages.id")
    created_at: datetime = happened(index=True)
    updated_at: datetime = happened()
    leased_until: datetime | None = Field(default=None, sa_type=INSTANT)
    in_doubt_since: datetime | None = Field(default=None, sa_type=INSTANT)
    not_before: datetime | None = Field(default=None, sa_type=INSTANT)


class MessageEvent(SQLModel, table=True):
    """What became of a message, each state once; a provider may say it as often as it likes."""

    __tablename__: Any = "message_events"
    __table_args__ = (UniqueConstraint("message_id", "status"),)

    id: int | None = row_id()
    message_id: UUID = Field(foreign_key="messages.id", ondelete="CASCADE")
    status: MessageStatus = Field(sa_type=one_of(MessageStatus, "status"))
    error_code: str = Field(default="", max_length=40)
    at: datetime = happened()


class MessageTemplate(SQLModel, table=True):
    """A text as somebody wrote it. The highest version of a name is in force; none is rewritten.

    `content_sid` names WhatsApp's approved template, `content_variables` what fills its {{1}},
    {{2}}, …
    """

    __tablename__: Any = "message_templates"
    __table_args__ = (
        UniqueConstraint("name", "version"),
        CheckConstraint("version >= 1", name="version"),
    )

    id: int | None = row_id()
    name: str = Field(max_length=40)
    version: int
    category: MessageCategory = Field(sa_type=one_of(MessageCategory, "category"))
    subject: str = Field(default="", max_length=120)
    body: str = Field(max_length=1000)
    content_sid: str = Field(default="", max_length=64)
    content_variables: list[str] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    at: datetime = happened()


class ProviderState(SQLModel, table=True):
    """How a provider does. While it is resting nothing is sent; then one message tries it."""

    __tablename__: Any = "provider_states"

    provider: str = Field(primary_key=True, max_length=20)
    failures: int = 0
    rests_until: datetime | None = Field(default=None, sa_type=INSTANT)
    failed_at: datetime | None = Field(default=None, sa_type=INSTANT)


class SendCount(SQLModel, table=True):
    """What went out in one hour or day of the shop, or to one address on one day."""

    __tablename__: Any = "send_counts"

    scope: str = Field(primary_key=True, max_length=80)
    since: datetime = Field(primary_key=True, sa_type=INSTANT)
    n: int


class MessageLink(SQLModel, table=True):
    """The link of this message was used; it leads to sign-in once, and never to a secret."""

    __tablename__: Any = "message_links"

    message_id: UUID = Field(foreign_key="messages.id", ondelete="CASCADE", primary_key=True)
    used_at: datetime = happened()
