"""What plans cost and were sold for, change by change."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from models.base import MONEY, happened, row_id


class PriceChange(SQLModel, table=True):
    """The first row of a plan has no before. It goes with a plan that never had any history."""

    __tablename__: Any = "price_changes"
    __table_args__ = (Index("ix_price_changes_plan_id", "plan_id", "id"),)

    id: int | None = row_id()
    plan_id: int = Field(sa_type=BigInteger, foreign_key="plans.id", ondelete="CASCADE")
    at: datetime = happened()
    actor_kind: str = Field(max_length=10)
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    cost_before: Decimal | None = Field(default=None, sa_type=MONEY)
    margin_before: Decimal | None = Field(default=None, sa_type=MONEY)
    list_before: Decimal | None = Field(default=None, sa_type=MONEY)
    cost_after: Decimal = Field(sa_type=MONEY)
    margin_after: Decimal = Field(sa_type=MONEY)
    list_after: Decimal | None = Field(default=None, sa_type=MONEY)
