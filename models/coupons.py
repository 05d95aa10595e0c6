"""Coupons, and each order that used one."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, Numeric
from sqlmodel import Field, SQLModel

from models.base import INSTANT, MONEY, happened, row_id


class Coupon(SQLModel, table=True):
    """A percentage or an amount off, of everything, of a service or of one plan.

    `uses` is what the database counts of `coupon_uses`; no limit is NULL.
    """

    __tablename__: Any = "coupons"
    __table_args__ = (
        CheckConstraint("code ~ '^[A-Z0-9-]{3,20}$'", name="code"),
        CheckConstraint("num_nonnulls(percent, amount) = 1", name="kind"),
        CheckConstraint("percent > 0 AND percent <= 100", name="percent"),
        CheckConstraint("amount > 0", name="amount"),
        CheckConstraint("uses >= 0 AND (limit_total IS NULL OR uses <= limit_total)", name="uses"),
        CheckConstraint("limit_each >= 1", name="limit_each"),
        CheckConstraint("from_on <= until_on", name="dates"),
        CheckConstraint("num_nonnulls(service_id, plan_id) <= 1", name="scope"),
    )

    id: int | None = row_id()
    code: str = Field(max_length=20, unique=True)
    percent: Decimal | None = Field(default=None, sa_type=Numeric(5, 2))
    amount: Decimal | None = Field(default=None, sa_type=MONEY)
    service_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="services.id")
    plan_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="plans.id")
    minimum: Decimal = Field(default=Decimal(0), sa_type=MONEY)
    limit_total: int | None = None
    limit_each: int | None = None
    from_on: date | None = None
    until_on: date | None = None
    active: bool = True
    uses: int = 0
    created_at: datetime = happened()


class CouponUse(SQLModel, table=True):
    """One per order; `returned_at` says that the order ended and the use is free again."""

    __tablename__: Any = "coupon_uses"
    __table_args__ = (
        Index(
            "ix_coupon_uses_coupon_id_customer_id",
            "coupon_id",
            "customer_id",
            postgresql_where="returned_at IS NULL",
        ),
        Index("ix_coupon_uses_coupon_id_id", "coupon_id", "id"),
    )

    id: int | None = row_id()
    coupon_id: int = Field(sa_type=BigInteger, foreign_key="coupons.id")
    order_id: int = Field(sa_type=BigInteger, foreign_key="orders.id", unique=True)
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id", index=True)
    amount: Decimal = Field(sa_type=MONEY)
    used_at: datetime = happened()
    returned_at: datetime | None = Field(default=None, sa_type=INSTANT)
