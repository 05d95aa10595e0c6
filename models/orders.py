"""Orders, their items with the prices of the day, and the timeline a person can read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import INSTANT, MONEY, happened, one_of, row_id
from models.customers import DeliveryPreference
from models.plans import Capacity

# To the second, so that a place in a list fits one number.
PLACED = "date_trunc('second'::text, (created_at AT TIME ZONE 'UTC'::text))"
SINCE = "date_trunc('second'::text, (COALESCE(paid_at, created_at) AT TIME ZONE 'UTC'::text))"


class OrderStatus(StrEnum):
    PENDING = "pending"
    PENDING_PAYMENT = "pending_payment"
    PAID = "paid"
    PROCESSING = "processing"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class PaymentStatus(StrEnum):
    UNPAID = "unpaid"
    PARTIAL = "partial"
    PAID = "paid"
    OVERPAID = "overpaid"
    REFUNDED = "refunded"  # all that was received left again


class Fulfilment(StrEnum):
    WAITING_PAYMENT = "waiting_payment"
    WAITING_STOCK = "waiting_stock"
    ASSIGNED = "assigned"
    DELIVERED = "delivered"


class ActorKind(StrEnum):
    CUSTOMER = "customer"
    STAFF = "staff"
    SYSTEM = "system"


class Order(SQLModel, table=True):
    """The number people say is the id.

    `expires_at` ends the hold of an unpaid order; one that was never sent has none, and no customer
    sees it. `instructions` is the snapshot of the bank data that the customer was shown. An unpaid
    order takes one of the customer's few slots; the index, not the code, keeps the limit.
    """

    __tablename__: Any = "orders"
    __table_args__ = (
        CheckConstraint("total >= 0 AND (total > 0 OR discount > 0)", name="total"),
        CheckConstraint("discount >= 0 AND (discount > 0) = (coupon_code <> '')", name="discount"),
        CheckConstraint(
            "(status IN ('paid','processing','delivered')) <= (paid_at IS NOT NULL)", name="paid_at"
        ),
        Index(
            "uq_orders_unpaid_slot",
            "customer_id",
            "unpaid_slot",
            unique=True,
            postgresql_where="status = 'pending_payment'",
        ),
        Index("ix_orders_status_id", "status", "id"),
        Index("ix_orders_customer_id_id", "customer_id", "id"),
        Index(
            "ix_orders_unpaid_expires_at",
            "expires_at",
            postgresql_where="status = 'pending_payment'",
        ),
        Index("ix_orders_waiting", "paid_at", "id", postgresql_where="status = 'processing'"),
        Index("ix_orders_paid_at", "paid_at", postgresql_where="paid_at IS NOT NULL"),
        Index(
            "ix_orders_delivered_at", "delivered_at", postgresql_where="delivered_at IS NOT NULL"
        ),
        Index(
            "ix_orders_cancelled_at", "cancelled_at", postgresql_where="cancelled_at IS NOT NULL"
        ),
        Index("ix_orders_placed", "status", "payment_status", text(PLACED), "id"),
        Index("ix_orders_placed_at_all", text(PLACED), "id"),
        Index("ix_orders_since", "status", "payment_status", text(SINCE), "id"),
        Index("ix_orders_total", "status", "payment_status", "total", "id"),
        Index(
            "ix_orders_follow_up_on",
            "follow_up_on",
            "id",
            postgresql_where="follow_up_on IS NOT NULL",
        ),
    )

    id: int | None = row_id()
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id")
    status: OrderStatus = Field(sa_type=one_of(OrderStatus, "status"))
    payment_status: PaymentStatus = Field(
        default=PaymentStatus.UNPAID, sa_type=one_of(PaymentStatus, "payment_status")
    )
    delivery_preference: DeliveryPreference = Field(
        sa_type=one_of(DeliveryPreference, "delivery_preference")
    )
    total: Decimal = Field(sa_type=MONEY)  # the lines' sum less the discount
    discount: Decimal = Field(default=Decimal(0), sa_type=MONEY)
    coupon_code: str = Field(default="", max_length=20)
    cost: Decimal = Field(sa_type=MONEY)
    instructions: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False)
    )
    notes: str = ""  # the staff's own; no customer sees them
    follow_up_on: date | None = None
    cancel_reason: str = ""  # a person gives one; an expired order has none
    unpaid_slot: int = 1
    expires_at: datetime | None = Field(default=None, sa_type=INSTANT)
    created_at: datetime = happened(index=True)
    updated_at: datetime = happened()
    paid_at: datetime | None = Field(default=None, sa_type=INSTANT)
    delivered_at: datetime | None = Field(default=None, sa_type=INSTANT)
    cancelled_at: datetime | None = Field(default=None, sa_type=INSTANT)


class OrderItem(SQLModel, table=True):
    """A line as it was sold: later price or name changes never touch it.

    A unit of a whole-account plan takes `profiles_per_unit` profiles of one account.
    `renews_id` is the subscription (of a whole account: its first) that the line makes longer;
    `promised_at` is when a line that waits for stock was promised. `discount` is its share of the
    order's.
    """

    __tablename__: Any = "order_items"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 10", name="quantity"),
        CheckConstraint("profiles_per_unit >= 1", name="profiles_per_unit"),
        CheckConstraint("renews_id IS NULL OR quantity = 1", name="one_renewal"),
        CheckConstraint("line_total = unit_price * quantity", name="line_total"),
        CheckConstraint("discount BETWEEN 0 AND line_total", name="discount"),
        Index(
            "ix_order_items_waiting_stock",
            "service_id",
            "id",
            postgresql_where="fulfilment = 'waiting_stock'",
        ),
        Index("ix_order_items_service_id_order_id", "service_id", "order_id"),
        Index(
            "ix_order_items_renews_id",
            "renews_id",
            postgresql_where="renews_id IS NOT NULL",
        ),
    )

    id: int | None = row_id()
    order_id: int = Field(sa_type=BigInteger, foreign_key="orders.id", index=True)
    plan_id: int = Field(sa_type=BigInteger, foreign_key="plans.id", index=True)
    service_id: int = Field(sa_type=BigInteger, foreign_key="services.id")
    service_name: str = Field(max_length=80)
    plan_name: str = Field(max_length=60)
    duration_months: int
    capacity: Capacity = Field(sa_type=one_of(Capacity, "capacity"))
    profiles_per_unit: int
    quantity: int
    unit_price: Decimal = Field(sa_type=MONEY)
    unit_cost: Decimal = Field(sa_type=MONEY)
    line_total: Decimal = Field(sa_type=MONEY)
    discount: Decimal = Field(default=Decimal(0), sa_type=MONEY)
    fulfilment: Fulfilment = Field(
        default=Fulfilment.WAITING_PAYMENT, sa_type=one_of(Fulfilment, "fulfilment")
    )
    renews_id: int | None = Field(
        default=None,
        sa_column=Column(BigInteger, ForeignKey("assignments.id", use_alter=True)),
    )
    promised_at: datetime | None = Field(default=None, sa_type=INSTANT)


class TimelineEntry(SQLModel, table=True):
    """`event` is a stable code with a Spanish sentence in the catalogue; `data` fills it."""

    __tablename__: Any = "timeline_entries"

    id: int | None = row_id()
    order_id: int = Field(sa_type=BigInteger, foreign_key="orders.id", index=True)
    at: datetime = happened()
    event: str = Field(max_length=40)
    actor_kind: ActorKind = Field(sa_type=one_of(ActorKind, "actor_kind"))
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    data: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    )
