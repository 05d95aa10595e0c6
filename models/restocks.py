"""Customers who asked to be told when a sold-out plan is back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, row_id


class RestockRequest(SQLModel, table=True):
    """One open wish per customer and plan; `told_at` closes it."""

    __tablename__: Any = "restock_requests"
    __table_args__ = (
        Index(
            "uq_restock_requests_open",
            "plan_id",
            "customer_id",
            unique=True,
            postgresql_where="told_at IS NULL",
        ),
    )

    id: int | None = row_id()
    plan_id: int = Field(sa_type=BigInteger, foreign_key="plans.id")
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id", index=True)
    created_at: datetime = happened()
    told_at: datetime | None = Field(default=None, sa_type=INSTANT)
