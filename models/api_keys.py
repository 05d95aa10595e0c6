"""Keys by which programs of the shop's owner come in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Column, Text
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id
from models.staff import StaffRole


class ApiKey(SQLModel, table=True):
    """Shown once; its keyed hash is stored, and its last four letters to tell it from others.

    `role` is what it may see: costs are the owner's. `staff_id` made it and answers for it.
    """

    __tablename__: Any = "api_keys"

    id: int | None = row_id()
    name: str = Field(max_length=80)
    token_hash: str = Field(max_length=64, unique=True)
    ending: str = Field(max_length=4)
    role: StaffRole = Field(sa_type=one_of(StaffRole, "role"))
    scopes: list[str] = Field(sa_column=Column(ARRAY(Text), nullable=False))
    staff_id: int = Field(sa_type=BigInteger, foreign_key="staff_users.id")
    created_at: datetime = happened()
    expires_at: datetime = Field(sa_type=INSTANT)
    last_used_at: datetime | None = Field(default=None, sa_type=INSTANT)
    revoked_at: datetime | None = Field(default=None, sa_type=INSTANT)
