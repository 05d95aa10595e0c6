"""Money received, and where customers are told to send it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import MONEY, happened, one_of, row_id
from models.orders import ActorKind


class PaymentKind(StrEnum):
    """How the money stood to the order when it arrived."""

    FULL = "full"
    PARTIAL = "partial"
    OVER = "over"
    LATE = "late"
    DUPLICATE = "duplicate"


class PaymentSource(StrEnum):
    """Who said that the money is there; `credit` is the customer's own, kept by the shop."""

    MANUAL = "manual"
    RECEIPT = "receipt"
    STATEMENT = "statement"
    NOTICE = "notice"
    PROVIDER = "provider"
    CREDIT = "credit"


class Payment(SQLModel, table=True):
    """Idempotent by (order, reference); a tracking key is unique per bank and date."""

    __tablename__: Any = "payments"
    __table_args__ = (
        UniqueConstraint("order_id", "reference"),
        CheckConstraint("amount > 0", name="amount"),
        Index(
            "uq_payments_tracking_key",
            "bank",
            "paid_on",
            "tracking_key",
            unique=True,
            postgresql_where="tracking_key <> ''",
        ),
        Index("ix_payments_reference", text("upper(reference)")),
        Index(
            "ix_payments_tracking_key",
            "tracking_key",
            postgresql_where="tracking_key <> ''",
        ),
    )

    id: int | None = row_id()
    order_id: int = Field(sa_type=BigInteger, foreign_key="orders.id")
    amount: Decimal = Field(sa_type=MONEY)
    kind: PaymentKind = Field(sa_type=one_of(PaymentKind, "kind"))
    source: PaymentSource = Field(
        default=PaymentSource.MANUAL,
        sa_type=one_of(PaymentSource, "source"),
        sa_column_kwargs={"server_default": "manual"},
    )
    reference: str = Field(max_length=40)
    tracking_key: str = Field(default="", max_length=30)
    bank: str = Field(default="", max_length=60)
    paid_on: date
    actor_kind: ActorKind = Field(sa_type=one_of(ActorKind, "actor_kind"))
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    created_at: datetime = happened(index=True)


class PaymentInstruction(SQLModel, table=True):
    """A bank account customers transfer to; sample data is marked until the owner replaces it.

    Where the shop chooses by amount it takes orders from `least` to `most`; both or neither are.
    """

    __tablename__: Any = "payment_instructions"
    __table_args__ = (
        CheckConstraint("num_nulls(least, most) <> 1 AND least <= most", name="amounts"),
        Index(
            "uq_payment_instructions_default",
            "is_default",
            unique=True,
            postgresql_where="is_default",
        ),
    )

    id: int | None = row_id()
    bank: str = Field(max_length=80)
    holder: str = Field(max_length=120)
    clabe: str = Field(max_length=18)
    account: str = Field(max_length=20)
    steps: list[str] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    is_sample: bool = False
    is_default: bool = False
    least: Decimal | None = Field(default=None, sa_type=MONEY)
    most: Decimal | None = Field(default=None, sa_type=MONEY)
    updated_at: datetime = happened()
