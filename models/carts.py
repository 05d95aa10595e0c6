"""What somebody means to buy: a guest's cart by browser, a customer's by account."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import happened, row_id


class Cart(SQLModel, table=True):
    """Belongs to a customer, or to a browser until its owner signs in."""

    __tablename__: Any = "carts"
    __table_args__ = (
        CheckConstraint("num_nonnulls(customer_id, visitor_hash) = 1", name="one_holder"),
    )

    id: int | None = row_id()
    customer_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        foreign_key="customers.id",
        unique=True,
        ondelete="CASCADE",
    )
    visitor_hash: str | None = Field(default=None, max_length=64, unique=True)
    touched_at: datetime = happened(index=True)


class CartItem(SQLModel, table=True):
    """1 to 10 of a plan; prices are never kept here."""

    __tablename__: Any = "cart_items"
    __table_args__ = (
        UniqueConstraint("cart_id", "plan_id"),
        CheckConstraint("quantity BETWEEN 1 AND 10", name="quantity"),
    )

    id: int | None = row_id()
    cart_id: int = Field(sa_type=BigInteger, foreign_key="carts.id", ondelete="CASCADE")
    plan_id: int = Field(sa_type=BigInteger, foreign_key="plans.id", index=True)
    quantity: int
