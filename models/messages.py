"""Every message is a row before it is a message: queued, sent, delivered, read, failed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of


class Channel(StrEnum):
    SMS = "sms"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    WEB = "web"


class MessageKind(StrEnum):
    LOGIN_CODE = "login_code"
    DELIVERED = "delivered"
    WAITING_STOCK = "waiting_stock"
    REMINDER = "reminder"
    RENEWED = "renewed"
    ROTATED = "rotated"
    REPLACED = "replaced"
    PAYMENT_DUE = "payment_due"
    BACK_IN_STOCK = "back_in_stock"


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
    five days before an end, a second replacement. A body that holds a secret is sealed; the others
    are written anew from the row when they are sent.
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
        Index("ix_messages_queued", "created_at", postgresql_where="status = 'queued'"),
    )

    id: UUID = Field(primary_key=True)
    customer_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="customers.id", index=True
    )
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
    status: MessageStatus = Field(
        default=MessageStatus.QUEUED, sa_type=one_of(MessageStatus, "status")
    )
    attempts: int = 0
    provider_id: str = Field(default="", max_length=64)
    last_error: str = Field(default="", max_length=200)
    created_at: datetime = happened(index=True)
    updated_at: datetime = happened()
    leased_until: datetime | None = Field(default=None, sa_type=INSTANT)
