"""Who did what, on which object, and what the owner must be told."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id
from models.orders import ActorKind


class AuditEntry(SQLModel, table=True):
    """Append-only: a trigger refuses UPDATE and DELETE. Never holds a secret or a plain address."""

    __tablename__: Any = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_at_id", "at", "id"),
        Index("ix_audit_entries_object", "object_type", "object_id", "at", "id"),
        Index("ix_audit_entries_actor", "actor_kind", "actor_id", "at", "id"),
        Index("ix_audit_entries_customers", "at", "id", postgresql_where="actor_kind = 'customer'"),
        Index("ix_audit_entries_subject", text("split_part(action, '.', 1)"), "at", "id"),
    )

    id: int | None = row_id()
    at: datetime = happened()
    actor_kind: ActorKind = Field(sa_type=one_of(ActorKind, "actor_kind"))
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    session_id: UUID | None = None
    address_hash: str = Field(default="", max_length=64)
    action: str = Field(max_length=60)
    object_type: str = Field(max_length=40)
    object_id: str = Field(max_length=60)
    change: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    )


class AuditTail(SQLModel, table=True):
    """What was written and is not linked yet. A trigger puts every entry here, whoever wrote it."""

    __tablename__: Any = "audit_tail"

    entry_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    digest: bytes


class AuditLink(SQLModel, table=True):
    """An entry's place in the chain: `hash` is that of the hash before it and of `digest`.

    Append-only, without gaps; only the database's own function writes it.
    """

    __tablename__: Any = "audit_links"

    chain_no: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    entry_id: int = Field(sa_type=BigInteger, unique=True)
    digest: bytes
    hash: bytes


class AuditSeal(SQLModel, table=True):
    """The head of the chain at one time, under a key that the database does not have."""

    __tablename__: Any = "audit_seals"

    chain_no: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    hash: bytes
    seal: str = Field(max_length=64)
    at: datetime = happened()


class Alert(SQLModel, table=True):
    """One open row per kind, so a condition that lasts is said once.

    A kind may name its object after a colon: `low_stock:12`. `data` fills its sentence.
    """

    __tablename__: Any = "alerts"
    __table_args__ = (
        Index("uq_alerts_open", "kind", unique=True, postgresql_where="closed_at IS NULL"),
    )

    id: int | None = row_id()
    kind: str = Field(max_length=60)
    data: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    )
    opened_at: datetime = happened()
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)


class VaultCanary(SQLModel, table=True):
    """A known text sealed with each key: a start with a wrong or missing key is refused."""

    __tablename__: Any = "vault_canaries"

    key_id: str = Field(primary_key=True, max_length=40)
    sealed: bytes
