"""What the owner decides on a screen, as opposed to what the environment configures."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import happened


class ShopSetting(SQLModel, table=True):
    __tablename__: Any = "shop_settings"

    name: str = Field(primary_key=True, max_length=40)
    value: Any = Field(sa_column=Column(JSONB, nullable=False))
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    at: datetime = happened()
