"""People who buy, known by their phone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Label, String, literal_column, text
from sqlmodel import Field, SQLModel

from models.base import INSTANT, MONEY, happened, one_of, row_id

NAME_WORDS = "to_tsvector('simple'::regconfig, translate(lower(name), 'áéíóúüñ', 'aeiouun'))"
PHONE_END: Label[str] = literal_column("reverse(phone)", String).label("phone_end")
EMAIL_START: Label[str] = literal_column("lower(email)", String).label("email_start")


class DeliveryPreference(StrEnum):
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    WEB = "web"


class Customer(SQLModel, table=True):
    """`phone` is canonical E.164; `welcomed_at` says that name and preference were asked once.

    `reminders` is the customer's own switch for messages before a subscription ends.
    `whatsapp` is the form of the phone that WhatsApp takes, once another than `phone` was needed.
    `credit` is money of theirs that the shop keeps: the sum of their `credit_entries`.
    Whoever was erased (`erased_at`) stays as a row without a person, for the money's records.
    """

    __tablename__: Any = "customers"
    __table_args__ = (
        CheckConstraint("credit >= 0", name="credit"),
        Index(
            "ix_customers_phone_end",
            PHONE_END,
            postgresql_ops={"phone_end": "text_pattern_ops"},
        ),
        Index(
            "ix_customers_email_start",
            EMAIL_START,
            postgresql_ops={"email_start": "text_pattern_ops"},
        ),
        Index("ix_customers_name_words", text(NAME_WORDS), postgresql_using="gin"),
        Index("ix_customers_blocked", "id", postgresql_where="blocked_at IS NOT NULL"),
    )

    id: int | None = row_id()
    phone: str = Field(max_length=16, unique=True)
    name: str = Field(default="", max_length=120)
    email: str = Field(default="", max_length=254)
    delivery_preference: DeliveryPreference = Field(
        default=DeliveryPreference.WHATSAPP,
        sa_type=one_of(DeliveryPreference, "delivery_preference"),
    )
    reminders: bool = True
    whatsapp: str = Field(default="", max_length=16)
    verified_at: datetime | None = Field(default=None, sa_type=INSTANT)
    welcomed_at: datetime | None = Field(default=None, sa_type=INSTANT)
    blocked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    erased_at: datetime | None = Field(default=None, sa_type=INSTANT)
    notes: str = ""
    credit: Decimal = Field(default=Decimal(0), sa_type=MONEY)
    created_at: datetime = happened()


class FormerPhone(SQLModel, table=True):
    """A number a customer had; `merged_id` is the duplicate it came from."""

    __tablename__: Any = "former_phones"

    id: int | None = row_id()
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id", index=True)
    phone: str = Field(max_length=16)
    merged_id: int | None = Field(default=None, sa_type=BigInteger, index=True)
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    at: datetime = happened()


class ErasureRequest(SQLModel, table=True):
    """A customer asked to be erased; open until it is carried out or taken back."""

    __tablename__: Any = "erasure_requests"
    __table_args__ = (
        Index(
            "uq_erasure_requests_open",
            "customer_id",
            unique=True,
            postgresql_where="closed_at IS NULL",
        ),
    )

    id: int | None = row_id()
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id")
    asked_at: datetime = happened()
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)
