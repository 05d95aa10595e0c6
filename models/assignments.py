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
    Dates are business dates in Mexico City; `ends_on` is the last day of access, and always
    `months` paid calendar months after `anchor_on`, the start of the uninterrupted run: time that
    was not sold cannot be written. A replacement changes `profile_id` and no date.
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
        Index(
            "ix_assignments_live_ends_on",
            "ends_on",
            "id",
            postgresql_where="released_at IS NULL",
        ),
        Index(
            "ix_assignments_live_customer", "customer_id", postgresql_where="released_at IS NULL"
        ),
        CheckConstraint("ends_on >= starts_on", name="dates"),
        CheckConstraint(
            "ends_on = (anchor_on + make_interval(months => months))::date", name="paid_time"
        ),
        CheckConstraint("months BETWEEN 1 AND 1200", name="months"),
        CheckConstraint("unit_index >= 0", name="unit_index"),
        CheckConstraint("(released_at IS NULL) = (release_reason = '')", name="release"),
    )

    id: int | None = row_id()
    order_item_id: int = Field(sa_type=BigInteger, foreign_key="order_items.id")
    unit_index: int
    profile_id: int = Field(sa_type=BigInteger, foreign_key="profiles.id", index=True)
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id", index=True)
    starts_on: date
    anchor_on: date
    months: int
    ends_on: date
    assigned_at: datetime = happened()
    released_at: datetime | None = Field(default=None, sa_type=INSTANT)
    release_reason: str = Field(default="", max_length=20)


class Renewal(SQLModel, table=True):
    """Paid months added to a subscription by an order item, each item once.

    `ended_before` is the end it had: two renewals cannot both start from the same end. `starts_on`
    is the first day of the added time, the day of payment when the subscription had lapsed.
    """

    __tablename__: Any = "renewals"
    __table_args__ = (
        UniqueConstraint("order_item_id", "assignment_id"),
        Index(
            "uq_renewals_end",
            "assignment_id",
            "ended_before",
            unique=True,
            postgresql_where="undone_at IS NULL",
        ),
        CheckConstraint("ends_on > ended_before", name="dates"),
    )

    id: int | None = row_id()
    assignment_id: int = Field(sa_type=BigInteger, foreign_key="assignments.id")
    order_item_id: int = Field(sa_type=BigInteger, foreign_key="order_items.id")
    ended_before: date
    anchor_before: date
    months_before: int
    starts_on: date
    ends_on: date
    at: datetime = happened()
    undone_at: datetime | None = Field(default=None, sa_type=INSTANT)
