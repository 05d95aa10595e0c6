"""A profile given to a unit of an order item, with start and end: a subscription."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, row_id


class Assignment(SQLModel, table=True):
    """The schema, not the code, forbids a profile with two holders and a unit served twice.

    `unit_index` counts profiles within the item: units × profiles per unit.
    Dates are business dates in Mexico City; `ends_on` is the last day of access.
    """

    __tablename__: Any = "assignments"
    __table_args__ = (
        UniqueConstraint("order_item_id", "unit_index"),
        Index(
            "uq_assignments_profile_id_live",
            "profile_id",
            unique=True,
            postgresql_where="released_at IS NULL",
        ),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint("unit_index >= 0", name="unit_index"),
    )

    id: int | None = row_id()
    order_item_id: int = Field(sa_type=BigInteger, foreign_key="order_items.id")
    unit_index: int
    profile_id: int = Field(sa_type=BigInteger, foreign_key="profiles.id", index=True)
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id", index=True)
    starts_on: date
    ends_on: date = Field(index=True)
    assigned_at: datetime = happened()
    released_at: datetime | None = Field(default=None, sa_type=INSTANT)
