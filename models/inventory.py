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
    `credential_version` counts the passwords this account has had; `batch_id` is the file it came
    in.
    """

    __tablename__: Any = "accounts"
    __table_args__ = (
        UniqueConstraint("service_id", "login_hash"),
        Index("ix_accounts_login_hash", "login_hash"),
        Index("ix_accounts_service_id_status_id", "service_id", "status", "id"),
        Index("ix_accounts_status_id", "status", "id"),
        Index(
            "ix_accounts_paid_until",
            "paid_until",
            "id",
            postgresql_where="paid_until IS NOT NULL AND status <> 'retired'",
        ),
    )

    id: int | None = row_id()
    service_id: int = Field(sa_type=BigInteger, foreign_key="services.id")
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
    batch_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="import_batches.id", index=True
    )
    status_since: datetime = happened()
    created_at: datetime = happened()


class Profile(SQLModel, table=True):
    """One place in an account, counted from 1. A hold is `reserved_order_id` with `reserved_until`.

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
            "reserved_until",
            postgresql_where="status = 'free' AND sellable",
        ),
        Index(
            "ix_profiles_whole",
            "service_id",
            "dedicated_to",
            text("paid_until DESC"),
            "account_id",
            postgresql_where="position = 1 AND status = 'free' AND sellable",
        ),
        Index("ix_profiles_rotate", "id", postgresql_where="status = 'rotate'"),
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
    pin_version: int = 1
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


class SupplierRenewal(SQLModel, table=True):
    """The shop paid the supplier: `cost` in MXN carries an account to `paid_until`."""

    __tablename__: Any = "supplier_renewals"
    __table_args__ = (CheckConstraint("cost >= 0", name="cost"),)

    id: int | None = row_id()
    account_id: int = Field(sa_type=BigInteger, foreign_key="accounts.id", index=True)
    paid_before: date | None = None
    paid_until: date
    cost: Decimal = Field(sa_type=MONEY)
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    at: datetime = happened()
