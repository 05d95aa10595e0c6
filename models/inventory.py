"""Stock: accounts the shop owns at a service, and the profiles inside them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from models.base import INSTANT, MONEY, happened, one_of, row_id


class AccountStatus(StrEnum):
    ACTIVE = "active"
    MAINTENANCE = "maintenance"
    DOWN = "down"
    RETIRED = "retired"


class ProfileStatus(StrEnum):
    FREE = "free"
    ASSIGNED = "assigned"
    ROTATE = "rotate"
    DISABLED = "disabled"


class Account(SQLModel, table=True):
    """Login and password are sealed; `login_hash` is a keyed HMAC for search and duplicates.

    `plan_id` dedicates the account to one plan; without it every plan of the service draws on it.
    `paid_until` is the supplier's clock, apart from the customers' end dates.
    """

    __tablename__: Any = "accounts"
    __table_args__ = (UniqueConstraint("service_id", "login_hash"),)

    id: int | None = row_id()
    service_id: int = Field(sa_type=BigInteger, foreign_key="services.id", index=True)
    plan_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="plans.id")
    login_sealed: bytes
    login_hash: str = Field(max_length=64)
    password_sealed: bytes
    credential_version: int = 1
    status: AccountStatus = Field(
        default=AccountStatus.ACTIVE, sa_type=one_of(AccountStatus, "status")
    )
    paid_until: date | None = None
    cost: Decimal = Field(default=Decimal(0), sa_type=MONEY)
    notes: str = ""
    created_at: datetime = happened()


class Profile(SQLModel, table=True):
    """One place in an account. A hold is `reserved_order_id` with `reserved_until`.

    Free means: status `free` and no hold that is still running *now*. The last four columns repeat
    what the claim needs of the account; triggers keep them true, nobody writes them.
    """

    __tablename__: Any = "profiles"
    __table_args__ = (
        UniqueConstraint("account_id", "position"),
        CheckConstraint(
            "(reserved_order_id IS NULL) = (reserved_until IS NULL)", name="whole_hold"
        ),
        Index(
            "ix_profiles_sellable",
            "service_id",
            "dedicated_to",
            text("paid_until DESC"),
            "id",
            postgresql_where="status = 'free' AND sellable AND reserved_until IS NULL",
        ),
        Index(
            "ix_profiles_stock",
            "service_id",
            "dedicated_to",
            postgresql_where="status = 'free' AND sellable",
        ),
        Index(
            "ix_profiles_reserved_order_id",
            "reserved_order_id",
            postgresql_where="reserved_order_id IS NOT NULL",
        ),
    )

    id: int | None = row_id()
    account_id: int = Field(sa_type=BigInteger, foreign_key="accounts.id")
    position: int
    label: str = Field(max_length=60)
    pin_sealed: bytes | None = None
    status: ProfileStatus = Field(
        default=ProfileStatus.FREE, sa_type=one_of(ProfileStatus, "status")
    )
    reserved_order_id: int | None = Field(default=None, sa_type=BigInteger)
    reserved_until: datetime | None = Field(default=None, sa_type=INSTANT)
    service_id: int = Field(default=0, sa_type=BigInteger)
    dedicated_to: int = Field(default=0, sa_type=BigInteger)
    paid_until: date = Field(
        default=None, sa_column=Column(Date, nullable=False, server_default="9999-12-31")
    )
    sellable: bool = True
