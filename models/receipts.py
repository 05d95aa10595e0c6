"""What customers send to show that they paid."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, Integer, LargeBinary, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Field, SQLModel

from models.base import INSTANT, MONEY, happened, one_of, row_id


class ReceiptStatus(StrEnum):
    WAITING = "waiting"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    ASKED_AGAIN = "asked_again"
    SUPERSEDED = "superseded"


class Receipt(SQLModel, table=True):
    """A picture, a tracking key, or both; it never marks an order paid by itself.

    The picture is kept as we drew it anew, beside the hash of the file it came as, and `look`, a
    small grey copy by which it is known again however it was saved; `look_marks` find the few that
    may be alike. `twin_id` is an earlier receipt of another order with the same picture. A trigger
    supersedes what still waits when its order is paid in another way, or cancelled.
    """

    __tablename__: Any = "receipts"
    __table_args__ = (
        CheckConstraint("content IS NOT NULL OR tracking_key <> ''", name="says_something"),
        CheckConstraint("(status = 'waiting') = (reviewed_at IS NULL)", name="reviewed"),
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_receipts_waiting", "id", postgresql_where="status = 'waiting'"),
        Index("ix_receipts_order_id_id", "order_id", "id"),
        Index("ix_receipts_customer_id_created_at", "customer_id", "created_at"),
        Index(
            "ix_receipts_tracking_key",
            "tracking_key",
            postgresql_where="tracking_key <> ''",
        ),
        Index("ix_receipts_twin_id", "twin_id", postgresql_where="twin_id IS NOT NULL"),
        Index("ix_receipts_look_marks", "look_marks", postgresql_using="gin"),
    )

    id: int | None = row_id()
    order_id: int = Field(sa_type=BigInteger, foreign_key="orders.id")
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id")
    status: ReceiptStatus = Field(
        default=ReceiptStatus.WAITING, sa_type=one_of(ReceiptStatus, "status")
    )
    content: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    original_hash: str = Field(default="", max_length=64)
    look: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    look_marks: list[int] = Field(
        default_factory=list,
        sa_column=Column(ARRAY(Integer), nullable=False, server_default=text("'{}'::integer[]")),
    )
    twin_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="receipts.id", ondelete="SET NULL"
    )
    tracking_key: str = Field(default="", max_length=30)
    bank: str = Field(default="", max_length=60)
    paid_on: date | None = None
    amount: Decimal | None = Field(default=None, sa_type=MONEY)
    reason: str = Field(default="", max_length=200)
    staff_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    created_at: datetime = happened()
    reviewed_at: datetime | None = Field(default=None, sa_type=INSTANT)
