"""Streaming services the shop sells access to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, row_id


class Service(SQLModel, table=True):
    """`max_profiles` is 1 for a single-user service; a whole account takes all of them.

    With `rotate_before_resale` a profile that somebody held is not sold again until its password
    or PIN was changed. `version` counts what forms change.
    """

    __tablename__: Any = "services"
    __table_args__ = (CheckConstraint("max_profiles BETWEEN 1 AND 20", name="max_profiles"),)

    id: int | None = row_id()
    slug: str = Field(max_length=60, unique=True)
    name: str = Field(max_length=80)
    category: str = Field(max_length=40)
    description: str = ""
    color: str = Field(default="#334155", max_length=7)
    max_profiles: int
    terms: str = ""
    instructions: str = ""
    position: int = 0
    rotate_before_resale: bool = True
    version: int = 1
    active: bool = True
    archived_at: datetime | None = Field(default=None, sa_type=INSTANT)
    created_at: datetime = happened()
