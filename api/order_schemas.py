"""An order as it leaves: what the customer may read, and for staff what is theirs beside it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.schemas import Amount, Answer, Body, IsoDay, Money, RowId, Told

Preference = Literal["whatsapp", "email", "web"]
Status = Literal["pending", "pending_payment", "paid", "processing", "delivered", "cancelled"]


class Delivery(Answer):
    channel: str
    status: str
    updated_at: datetime


class Item(Answer):
    id: int
    plan_id: int
    service_name: str
    plan_name: str
    quantity: int
    unit_price: Money
    line_total: Money
    fulfilment: Literal["waiting_payment", "waiting_stock", "assigned", "delivered"]
    deliveries: list[Delivery]


class Instructions(Answer):
    bank: str
    holder: str
    clabe: str
    account: str
    amount: Money
    currency: str
    concept: str
    reference: str
    steps: list[str]
    text: str


class Event(Answer):
    at: datetime
    event: str
    text: str


class Buyer(Answer):
    id: int
    phone: str
    name: str


class Order(Told):
    """`customer` and `notes` are there for staff, `cost` and `profit` for the owner."""

    for_some = frozenset({"customer", "notes", "cost", "profit"})

    id: int
    number: int
    status: Status
    total: Money
    discount: Money
    coupon_code: str
    missing: Money
    currency: str
    delivery_preference: Preference
    created_at: datetime
    expires_at: datetime | None
    payment_instructions: Instructions
    items: list[Item]
    timeline: list[Event]
    customer: Buyer | None = None
    notes: str | None = None
    cost: Money | None = None
    profit: Money | None = None


class Placing(Body):
    """`use_credit` is the most of the customer's credit to pay with; a coupon counts before it."""

    delivery_preference: Preference | None = None
    coupon: str = Field(default="", max_length=40)
    use_credit: Amount | None = None


class Payment(Body):
    """A transfer that arrived. Without a reference the order's own is used: twice is once."""

    amount: Amount
    reference: str = Field(default="", max_length=40)
    tracking_key: str = Field(default="", max_length=30)
    bank: str = Field(default="", max_length=60)
    paid_on: IsoDay | None = None


class StatusChange(Body):
    status: Status
    reason: str = Field(default="", max_length=200)
    payment: Payment | None = None


class Assigning(Body):
    profile_ids: list[RowId] = Field(default_factory=list, max_length=200)


class Delivering(Body):
    channel: Literal["whatsapp", "sms", "email"] | None = None


class Deliveries(Answer):
    deliveries: list[Delivery]


class Access(Answer):
    item_id: int
    unit_index: int
    service_name: str
    login: str
    password: str
    profile: str
    pin: str | None
    ends_on: date


class Day(Told):
    for_some = frozenset({"profit"})
    day: date
    orders: int
    revenue: Money
    refunds: Money
    profit: Money | None = None


class OfService(Told):
    for_some = frozenset({"profit"})
    service_name: str
    units: int
    revenue: Money
    refunds: Money
    profit: Money | None = None


class Statistics(Told):
    """Sales count on the day they were paid; what went back of a sale, on the day it did.

    `net_revenue` is the difference, and profits are of it. `total_cost` and every profit are there
    for the owner only. Money that was no sale is in `GET /api/caja`.
    """

    for_some = frozenset({"total_cost", "profit"})

    total_orders: int
    pending_payments: int
    orders_paid: int
    orders_delivered: int
    orders_cancelled: int
    total_revenue: Money
    total_refunds: Money
    net_revenue: Money
    total_cost: Money | None = None
    profit: Money | None = None
    average_ticket: Money
    currency: str = "MXN"
    by_day: list[Day]
    by_service: list[OfService]
