"""What the shop tells the owner's programs by HTTP: to whom, of what, and how it went."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Column, ForeignKey, Index, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id


class DeliveryState(StrEnum):
    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Webhook(SQLModel, table=True):
    """An address that wants to hear of some events.

    `secret_sealed` signs. While it is being replaced the former one signs too, until
    `former_until`. `failing_since` is empty while its last request was answered well.
    """

    __tablename__: Any = "webhooks"

    id: int | None = row_id()
    url: str = Field(max_length=500)
    description: str = Field(default="", max_length=80)
    events: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    secret_sealed: bytes
    former_sealed: bytes | None = None
    former_until: datetime | None = Field(default=None, sa_type=INSTANT)
    active: bool = True
    disabled_reason: str = Field(default="", max_length=24)
    failing_since: datetime | None = Field(default=None, sa_type=INSTANT)
    created_at: datetime = happened()


class WebhookEvent(SQLModel, table=True):
    """Something that happened, written with it; `id` is what receivers know it by.

    `sequence` is the order of what happened to one `object`: whoever writes holds its row.
    """

    __tablename__: Any = "webhook_events"
    __table_args__ = (
        Index("ix_webhook_events_object", "object", "type"),
        Index("ix_webhook_events_unspread", "sequence", postgresql_where=text("spread_at IS NULL")),
    )

    sequence: int | None = row_id()
    id: UUID = Field(
        default=None, unique=True, sa_column_kwargs={"server_default": text("gen_random_uuid()")}
    )
    type: str = Field(max_length=40)
    object: str = Field(max_length=40)
    data: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    happened_at: datetime = happened(index=True)
    spread_at: datetime | None = Field(default=None, sa_type=INSTANT)


class WebhookDelivery(SQLModel, table=True):
    """One event on its way to one webhook; `object` is its event's.

    `next_attempt_at` of one that is being sent is when it is taken for lost. `error` says why the
    last attempt was none.
    """

    __tablename__: Any = "webhook_deliveries"
    __table_args__ = (
        Index(
            "ix_webhook_deliveries_line",
            "webhook_id",
            "object",
            "event_sequence",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_webhook_deliveries_due",
            "webhook_id",
            "next_attempt_at",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_webhook_deliveries_log", "webhook_id", "id"),
        Index("ix_webhook_deliveries_event_sequence", "event_sequence"),
    )

    id: int | None = row_id()
    webhook_id: int = Field(
        sa_column=Column(BigInteger, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False)
    )
    event_sequence: int = Field(
        sa_column=Column(
            BigInteger, ForeignKey("webhook_events.sequence", ondelete="CASCADE"), nullable=False
        )
    )
    object: str = Field(max_length=40)
    state: DeliveryState = Field(
        default=DeliveryState.WAITING, sa_type=one_of(DeliveryState, "state")
    )
    attempts: int = 0
    next_attempt_at: datetime = happened()
    first_attempt_at: datetime | None = Field(default=None, sa_type=INSTANT)
    last_attempt_at: datetime | None = Field(default=None, sa_type=INSTANT)
    last_status: int | None = None
    error: str = Field(default="", max_length=24)
    answer: str = Field(default="", max_length=2000)
