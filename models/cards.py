"""Payments with a card, which a provider takes and tells of: what was asked, said and given back.

Money itself is in `payments` and `refunds`. `due_at` is when the provider is to be asked next:
whoever does (`asked_at`) sets it ahead first, so that a question which is lost is asked again.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from models.base import INSTANT, MONEY, happened, one_of, row_id


class CardRefundState(StrEnum):
    """`failed`: the provider refused and gave nothing back; `dropped`: and nobody insisted."""

    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"


class CardCheckout(SQLModel, table=True):
    """A page of the provider's on which a customer may pay `amount` of an order until it expires.

    `reference` is how the provider's payments name it. Without `url` it was never opened.
    """

    __tablename__: Any = "card_checkouts"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_card_checkouts_order_id_id", "order_id", "id"),
        Index("ix_card_checkouts_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    id: int | None = row_id()
    order_id: int = Field(sa_type=BigInteger, foreign_key="orders.id")
    reference: str = Field(max_length=40, unique=True)
    amount: Decimal = Field(sa_type=MONEY)
    url: str = Field(default="", max_length=500)
    expires_at: datetime = Field(sa_type=INSTANT)
    due_at: datetime | None = Field(default=None, sa_type=INSTANT)
    asked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    tries: int = 0
    created_at: datetime = happened()


class CardPayment(SQLModel, table=True):
    """A payment as the provider last told of it; `number` is the provider's.

    `payment_id` is there once its money is on record. `refused` says why it does not count, and
    `disputed` that the card's holder wants the money back.
    """

    __tablename__: Any = "card_payments"
    __table_args__ = (
        Index("ix_card_payments_checkout_id", "checkout_id"),
        Index("ix_card_payments_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    id: int | None = row_id()
    number: str = Field(max_length=40, unique=True)
    checkout_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="card_checkouts.id"
    )
    payment_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        foreign_key="payments.id",
        unique=True,
        ondelete="SET NULL",
    )
    status: str = Field(default="", max_length=24)
    refused: str = Field(default="", max_length=24)
    returned: Decimal = Field(default=Decimal(0), sa_type=MONEY)
    disputed: bool = False
    due_at: datetime | None = Field(default=None, sa_type=INSTANT)
    asked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    tries: int = 0
    created_at: datetime = happened()


class CardRefund(SQLModel, table=True):
    """Money on its way back to the card it came from; its order gives no other away meanwhile.

    `key` makes the provider give it back once, however often it is asked; `number` is the
    provider's, and `error` says why it refused.
    """

    __tablename__: Any = "card_refunds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_card_refunds_order_id_id", "order_id", "id"),
        Index(
            "uq_card_refunds_waiting",
            "order_id",
            unique=True,
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_card_refunds_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    id: int | None = row_id()
    order_id: int = Field(sa_type=BigInteger, foreign_key="orders.id")
    card_payment_id: int = Field(sa_type=BigInteger, foreign_key="card_payments.id", index=True)
    amount: Decimal = Field(sa_type=MONEY)
    reason: str = Field(max_length=200)
    release: bool = False
    state: CardRefundState = Field(
        default=CardRefundState.WAITING, sa_type=one_of(CardRefundState, "state")
    )
    key: UUID = Field(default=None, sa_column_kwargs={"server_default": text("gen_random_uuid()")})
    number: str = Field(default="", max_length=40)
    error: str = Field(default="", max_length=40)
    staff_id: int = Field(sa_type=BigInteger, foreign_key="staff_users.id")
    due_at: datetime | None = Field(default=None, sa_type=INSTANT)
    asked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    tries: int = 0
    created_at: datetime = happened()
