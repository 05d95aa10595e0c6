"""What the bank says came in: statements, their movements, and how each bank's file is read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Column, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from models.base import INSTANT, MONEY, happened, one_of, row_id


class StatementKind(StrEnum):
    """A file somebody uploads, or a month of notices that programs sent."""

    FILE = "file"
    NOTICES = "notices"


class StatementStatus(StrEnum):
    """In `columns` somebody has to say first what the file's columns hold."""

    COLUMNS = "columns"
    OPEN = "open"
    APPLYING = "applying"
    UNDONE = "undone"


class LineResult(StrEnum):
    """How a movement stands to the orders. `recorded`: its payment is on record already."""

    MATCHED = "matched"
    PARTIAL = "partial"
    OVER = "over"
    LATE = "late"
    DUPLICATE = "duplicate"
    RECORDED = "recorded"
    AMBIGUOUS = "ambiguous"
    NO_MATCH = "no_match"
    IGNORED = "ignored"


class Statement(SQLModel, table=True):
    """`known` counts the file's movements that an earlier statement had brought already.

    `unread` are the file's lines that nobody could read as a movement. `content` waits sealed until
    the columns are known. Whoever applies it holds a lease; when that has passed, anybody may go
    on.
    """

    __tablename__: Any = "statements"
    __table_args__ = (
        CheckConstraint("(status = 'applying') = (lease_until IS NOT NULL)", name="lease"),
        CheckConstraint("(status = 'columns') = (content IS NOT NULL)", name="content"),
        CheckConstraint("(kind = 'notices') = (month IS NOT NULL)", name="month"),
        Index("ix_statements_applying", "id", postgresql_where="status = 'applying'"),
    )

    id: int | None = row_id()
    kind: StatementKind = Field(default=StatementKind.FILE, sa_type=one_of(StatementKind, "kind"))
    status: StatementStatus = Field(
        default=StatementStatus.OPEN, sa_type=one_of(StatementStatus, "status")
    )
    month: date | None = Field(default=None, unique=True)
    file_name: str = Field(default="", max_length=120)
    bank: str = Field(default="", max_length=60)
    content: bytes | None = None
    known: int = 0
    unread: list[int] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    wanted: int = 0
    done: int = 0
    attempts: int = 0
    staff_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    applied_by: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    undone_by: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    created_at: datetime = happened()
    applied_at: datetime | None = Field(default=None, sa_type=INSTANT)
    undone_at: datetime | None = Field(default=None, sa_type=INSTANT)
    lease_until: datetime | None = Field(default=None, sa_type=INSTANT)


class StatementLine(SQLModel, table=True):
    """A movement and what became of it. `bank` is what a notice says of it.

    `order_id` is the order it was matched with; with `payment_id` its money is on record, and
    `own_payment` says that this line recorded it. `why` and `candidates` hold codes of the
    catalogue. Of a line that was taken back the bank's next statement may bring the movement again.
    """

    __tablename__: Any = "statement_lines"
    __table_args__ = (
        CheckConstraint("payment_id IS NULL OR order_id IS NOT NULL", name="payment"),
        CheckConstraint("NOT own_payment OR payment_id IS NOT NULL", name="own_payment"),
        Index(
            "uq_statement_lines_fingerprint",
            "fingerprint",
            unique=True,
            postgresql_where="taken_back_at IS NULL",
        ),
        Index("ix_statement_lines_result", "statement_id", "result", "id"),
        Index("ix_statement_lines_statement_id_id", "statement_id", "id"),
        Index(
            "ix_statement_lines_to_apply",
            "statement_id",
            "id",
            postgresql_where="sure AND payment_id IS NULL",
        ),
        Index(
            "ix_statement_lines_payment_id",
            "payment_id",
            postgresql_where="payment_id IS NOT NULL",
        ),
        Index("ix_statement_lines_order_id", "order_id", postgresql_where="order_id IS NOT NULL"),
        Index("ix_statement_lines_payer", "payer_key", postgresql_where="payment_id IS NOT NULL"),
        Index(
            "ix_statement_lines_tracking_key",
            "tracking_key",
            postgresql_where="tracking_key <> ''",
        ),
    )

    id: int | None = row_id()
    statement_id: int = Field(sa_type=BigInteger, foreign_key="statements.id")
    line: int = 0
    booked_on: date
    amount: Decimal = Field(sa_type=MONEY)
    concept: str = Field(max_length=400)
    reference: str = Field(default="", max_length=40)
    tracking_key: str = Field(default="", max_length=30)
    payer: str = Field(default="", max_length=120)
    payer_key: str = Field(default="", max_length=120)
    bank: str = Field(default="", max_length=60)
    balance: Decimal | None = Field(default=None, sa_type=MONEY)
    fingerprint: str = Field(max_length=64)
    result: LineResult = Field(sa_type=one_of(LineResult, "result"))
    sure: bool = False
    why: list[str] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    candidates: list[dict[str, Any]] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    order_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="orders.id")
    payment_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="payments.id")
    own_payment: bool = False
    decided_by: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    decided_at: datetime | None = Field(default=None, sa_type=INSTANT)
    taken_back_at: datetime | None = Field(default=None, sa_type=INSTANT)


class StatementLayout(SQLModel, table=True):
    """What the columns of files of this shape hold, as somebody said once."""

    __tablename__: Any = "statement_layouts"

    layout: str = Field(max_length=200, primary_key=True)
    bank: str = Field(default="", max_length=60)
    mapping: list[str] = Field(
        default_factory=list,
        sa_column=Column(JSONB, nullable=False, server_default=text("'[]'::jsonb")),
    )
    staff_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    updated_at: datetime = happened()
