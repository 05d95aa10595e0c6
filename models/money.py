"""Where received money went besides the orders: back to people, or to their credit.

Both tables are only added to. The database keeps a customer's `credit` equal to the sum of its
entries and never below zero, and lets no more leave an order than it received.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import MONEY, happened, one_of, row_id
from models.orders import ActorKind


class CreditCause(StrEnum):
    """Why a customer's credit changed; only `used` and `paid_out` make it less.

    `refund` is what the shop had kept for an order and gave back as credit; `returned` is credit
    that had paid for an order which lapsed or was cancelled.
    """

    OVERPAYMENT = "overpayment"
    DUPLICATE = "duplicate"
    LATE = "late"
    REFUND = "refund"
    RETURNED = "returned"
    GIFT = "gift"
    USED = "used"
    PAID_OUT = "paid_out"


class RefundMethod(StrEnum):
    TRANSFER = "transfer"
    CASH = "cash"
    CARD = "card"


class Refund(SQLModel, table=True):
    """Money that left the shop. Without an order it was paid out of the customer's credit.

    `from_kept` is the part that the order had already earned: the rest was money too many.
    """

    __tablename__: Any = "refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("from_kept BETWEEN 0 AND amount", name="from_kept"),
        CheckConstraint("reason <> ''", name="reason"),
        Index("uq_refunds_reference", "order_id", "reference", unique=True),
    )

    id: int | None = row_id()
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id", index=True)
    order_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="orders.id")
    amount: Decimal = Field(sa_type=MONEY)
    from_kept: Decimal = Field(default=Decimal(0), sa_type=MONEY)
    method: RefundMethod = Field(sa_type=one_of(RefundMethod, "method"))
    reason: str = Field(max_length=200)
    reference: str = Field(max_length=40)
    released: bool = False
    refunded_on: date = Field(index=True)
    actor_kind: ActorKind = Field(sa_type=one_of(ActorKind, "actor_kind"))
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    created_at: datetime = happened()


class CreditEntry(SQLModel, table=True):
    """One change of a customer's credit. `note` says why, where the cause does not."""

    __tablename__: Any = "credit_entries"
    __table_args__ = (
        CheckConstraint("amount <> 0", name="amount"),
        CheckConstraint("(cause IN ('used', 'paid_out')) = (amount < 0)", name="sign"),
        CheckConstraint("(cause = 'used') = (payment_id IS NOT NULL)", name="used"),
        CheckConstraint("(cause = 'paid_out') = (refund_id IS NOT NULL)", name="paid_out"),
        CheckConstraint("(cause IN ('gift', 'paid_out')) = (order_id IS NULL)", name="order_id"),
        Index("ix_credit_entries_customer_id_id", "customer_id", "id"),
        Index("ix_credit_entries_order_id", "order_id", postgresql_where="order_id IS NOT NULL"),
    )

    id: int | None = row_id()
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id")
    amount: Decimal = Field(sa_type=MONEY)
    cause: CreditCause = Field(sa_type=one_of(CreditCause, "cause"))
    order_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="orders.id")
    payment_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="payments.id", unique=True
    )
    refund_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="refunds.id", unique=True
    )
    note: str = Field(default="", max_length=200)
    actor_kind: ActorKind = Field(sa_type=one_of(ActorKind, "actor_kind"))
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    created_at: datetime = happened(index=True)
