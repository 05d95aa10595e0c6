"""What each past day came to, kept so that a year is read as fast as a week."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.base import MONEY, row_id


class DayFigures(SQLModel, table=True):
    """One business day. `placed_paid` and `placed_delivered` are of the orders placed on it.

    `returned` is what went back on it, of sales of any day.
    """

    __tablename__: Any = "day_figures"

    day: date = Field(primary_key=True)
    placed: int = 0
    placed_paid: int = 0
    placed_delivered: int = 0
    paid: int = 0
    delivered: int = 0
    cancelled: int = 0
    revenue: Decimal = Field(default=Decimal(0), sa_type=MONEY)
    cost: Decimal = Field(default=Decimal(0), sa_type=MONEY)
    returned: Decimal = Field(
        default=Decimal(0), sa_type=MONEY, sa_column_kwargs={"server_default": "0"}
    )


class DayServiceFigures(SQLModel, table=True):
    """What one service sold on a day: the lines of the orders that were paid on it.

    `returned` is its share of what went back on that day.
    """

    __tablename__: Any = "day_service_figures"

    day: date = Field(primary_key=True)
    service_id: int = Field(sa_type=BigInteger, foreign_key="services.id", primary_key=True)
    units: int
    revenue: Decimal = Field(sa_type=MONEY)
    cost: Decimal = Field(sa_type=MONEY)
    returned: Decimal = Field(
        default=Decimal(0), sa_type=MONEY, sa_column_kwargs={"server_default": "0"}
    )


class ChangedDay(SQLModel, table=True):
    """An order of this past day changed; until it is added up anew its orders are read instead.

    A day may stand here many times, so that nobody who changes an order waits for anybody.
    """

    __tablename__: Any = "changed_days"

    id: int | None = row_id()
    day: date = Field(index=True)
