"""Who is signed in: a row per session, and the one-use ticket that becomes its cookie."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened


class LoginSession(SQLModel, table=True):
    """Belongs to one customer or one member of staff, never both.

    Of staff, it says by which kind of device and from about where it was opened, and when it was
    last used, to the minute.
    """

    __tablename__: Any = "login_sessions"
    __table_args__ = (
        CheckConstraint("num_nonnulls(customer_id, staff_id) = 1", name="one_holder"),
    )

    id: UUID = Field(primary_key=True)
    customer_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="customers.id", index=True, ondelete="CASCADE"
    )
    staff_id: int | None = Field(
        default=None,
        sa_type=BigInteger,
        foreign_key="staff_users.id",
        index=True,
        ondelete="CASCADE",
    )
    created_at: datetime = happened()
    expires_at: datetime = Field(sa_type=INSTANT, index=True)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
    device: str = Field(default="", max_length=60)
    address_hint: str = Field(default="", max_length=45)
    last_used_at: datetime | None = Field(default=None, sa_type=INSTANT)


class LoginTicket(SQLModel, table=True):
    """Lives 60 s and works once; only its keyed hash is stored."""

    __tablename__: Any = "login_tickets"

    token_hash: str = Field(primary_key=True, max_length=64)
    session_id: UUID = Field(foreign_key="login_sessions.id", ondelete="CASCADE")
    expires_at: datetime = Field(sa_type=INSTANT, index=True)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)
