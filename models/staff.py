"""People who run the shop."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id


class StaffRole(StrEnum):
    OPERATOR = "operator"
    OWNER = "owner"


class StaffUser(SQLModel, table=True):
    """`password_hash` is Argon2id; the demo's administrator carries `must_change_password`.

    `email` and `whatsapp` are where alerts go, when given.
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
