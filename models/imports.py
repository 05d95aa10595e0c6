"""Stock that comes in files: batches, their content while it waits, and what is wrong with it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id


class ImportStatus(StrEnum):
    PREVIEW = "preview"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    UNDONE = "undone"


class ImportMode(StrEnum):
    ALL = "all"
    GOOD = "good"


class ImportBatch(SQLModel, table=True):
    """A file: what it holds, how its columns are read, and how far its import got.

    `service_id` is meant where a row names none. `signature` names the header, so that the next
    file of the same shape is read the same way. `sample` shows a few of its accounts, their logins
    masked. In a preview `error` says what it lacks to be run. `good` and `bad` count rows,
    `accounts` what they make. The one who runs it holds a lease; when that has passed, anybody may
    run it again.
    """

    __tablename__: Any = "import_batches"
    __table_args__ = (
        CheckConstraint("(status = 'running') = (lease_until IS NOT NULL)", name="lease"),
        Index("ix_import_batches_running", "id", postgresql_where="status = 'running'"),
        Index("ix_import_batches_signature_id", "signature", "id"),
    )

    id: int | None = row_id()
    status: ImportStatus = Field(
        default=ImportStatus.PREVIEW, sa_type=one_of(ImportStatus, "status")
    )
    mode: ImportMode = Field(default=ImportMode.ALL, sa_type=one_of(ImportMode, "mode"))
    service_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="services.id")
    file_name: str = Field(max_length=120)
    header: list[str] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    signature: str = Field(default="", max_length=64)
    mapping: dict[str, int] = Field(
        default_factory=dict,
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    )
    columns: int = 0
    sample: list[dict[str, Any]] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    rows: int = 0
    good: int = 0
    bad: int = 0
    accounts: int = 0
    done: int = 0
    error: str = Field(default="", max_length=40)
    attempts: int = 0
    staff_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    created_at: datetime = happened()
    started_at: datetime | None = Field(default=None, sa_type=INSTANT)
    finished_at: datetime | None = Field(default=None, sa_type=INSTANT)
    lease_until: datetime | None = Field(default=None, sa_type=INSTANT)


class ImportChunk(SQLModel, table=True):
    """Some hundred rows of a file, sealed together; gone as soon as they have been imported."""

    __tablename__: Any = "import_chunks"

    batch_id: int = Field(
        sa_type=BigInteger, foreign_key="import_batches.id", primary_key=True, ondelete="CASCADE"
    )
    number: int = Field(primary_key=True)
    sealed: bytes


class ImportIssue(SQLModel, table=True):
    """Why a line is not imported. `data` fills its sentence, and never holds a secret."""

    __tablename__: Any = "import_errors"
    __table_args__ = (Index("ix_import_errors_batch_id_id", "batch_id", "id"),)

    id: int | None = row_id()
    batch_id: int = Field(sa_type=BigInteger, foreign_key="import_batches.id", ondelete="CASCADE")
    line: int
    field: str = Field(default="", max_length=20)
    code: str = Field(max_length=40)
    data: dict[str, Any] = Field(
        default_factory=dict,
        sa_column=Column(JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    )
