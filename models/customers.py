"""People who buy, known by their phone."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, func
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id


class DeliveryPreference(StrEnum):
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    WEB = "web"


class Customer(SQLModel, table=True):
    """`phone` is canonical E.164; `welcomed_at` says that name and preference were asked once.

    `reminders` is the customer's own switch for messages before a subscription ends.
    `whatsapp` is the form of the phone that WhatsApp takes, once another than `phone` was needed.
    """

    __tablename__: Any = "customers"

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
    notes: str = ""
    created_at: datetime = happened()


# A search knows the last digits. The order of bytes, whatever the database's collation.
Index(
    "ix_customers_phone_end",
    func.reverse(SQLModel.metadata.tables["customers"].c.phone).label("phone_end"),
    postgresql_ops={"phone_end": "text_pattern_ops"},
)
