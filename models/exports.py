"""Leave to take secrets out of the shop, once."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from models.base import INSTANT


class ExportTicket(SQLModel, table=True):
    """Lives 60 s, works once and only in the session that asked; its keyed hash is stored."""

    __tablename__: Any = "export_tickets"

    token_hash: str = Field(primary_key=True, max_length=64)
    session_id: UUID = Field(foreign_key="login_sessions.id", ondelete="CASCADE")
    expires_at: datetime = Field(sa_type=INSTANT, index=True)
