"""People who run the shop."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id


class StaffRole(StrEnum):
    OPERATOR = "operator"
    OWNER = "owner"


class StaffUser(SQLModel, table=True):
    """`password_hash` is Argon2id, empty until an invitation is accepted.

    The demo's administrator carries `must_change_password`. A trigger refuses any change that
    leaves no owner who can sign in. `email` and `whatsapp` are where alerts go, when given.
    """

    __tablename__: Any = "staff_users"

    id: int | None = row_id()
    username: str = Field(max_length=60, unique=True)
    password_hash: str = Field(max_length=200)
    role: StaffRole = Field(sa_type=one_of(StaffRole, "role"))
    must_change_password: bool = False
    email: str = Field(default="", max_length=254)
    whatsapp: str = Field(default="", max_length=16)
    disabled_at: datetime | None = Field(default=None, sa_type=INSTANT)
    created_at: datetime = happened()


class StaffInvitation(SQLModel, table=True):
    """A link with which somebody sets their own password: once, and not for long."""

    __tablename__: Any = "staff_invitations"

    token_hash: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(
        sa_type=BigInteger, foreign_key="staff_users.id", index=True, ondelete="CASCADE"
    )
    expires_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
    created_at: datetime = happened()


class StaffSecondFactor(SQLModel, table=True):
    """A sealed TOTP secret. It asks for codes once `enabled_at` is set, after the first right one.

    `last_step` is the newest half minute whose code was used: no code works twice.
    """

    __tablename__: Any = "staff_second_factors"

    staff_id: int = Field(
        sa_type=BigInteger, primary_key=True, foreign_key="staff_users.id", ondelete="CASCADE"
    )
    secret_sealed: bytes
    last_step: int = Field(default=0, sa_type=BigInteger)
    enabled_at: datetime | None = Field(default=None, sa_type=INSTANT)


class RecoveryCode(SQLModel, table=True):
    """In place of the device, once; only its keyed hash is stored."""

    __tablename__: Any = "staff_recovery_codes"

    code_hash: str = Field(primary_key=True, max_length=64)
    staff_id: int = Field(
        sa_type=BigInteger, foreign_key="staff_users.id", index=True, ondelete="CASCADE"
    )
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
