"""What a program was answered, kept while it may ask the same again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, PrimaryKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import INSTANT


class IdempotentAnswer(SQLModel, table=True):
    """By who asked and their key. `request_hash` is keyed: what was sent is not stored."""

    __tablename__: Any = "idempotent_answers"
    __table_args__ = (PrimaryKeyConstraint("holder", "key_hash"),)

    holder: str = Field(max_length=40)
    key_hash: str = Field(max_length=64)
    request_hash: str = Field(max_length=64)
    answer: Any = Field(default=None, sa_column=Column(JSONB, nullable=False))
    expires_at: datetime = Field(sa_type=INSTANT, index=True)
