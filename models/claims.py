"""What customers report under the warranty, and the profiles given in place of others."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id
from models.orders import ActorKind


class ClaimKind(StrEnum):
    WRONG_PASSWORD = "wrong_password"  # noqa: S105  # the name of a problem
    SCREEN_LIMIT = "screen_limit"
    PROFILE_TAKEN = "profile_taken"
    ACCOUNT_DOWN = "account_down"
    OTHER = "other"


class ClaimStatus(StrEnum):
    OPEN = "open"
    REPLACED = "replaced"
    SOLVED = "solved"
    REJECTED = "rejected"


class Claim(SQLModel, table=True):
    """A subscription has at most one open claim. The profile is the one held when it was made."""

    __tablename__: Any = "claims"
    __table_args__ = (
        Index(
            "uq_claims_assignment_id_open",
            "assignment_id",
            unique=True,
            postgresql_where="status = 'open'",
        ),
        Index("ix_claims_status_id", "status", "id"),
        Index("ix_claims_customer_id_id", "customer_id", "id"),
        CheckConstraint("(status = 'open') = (closed_at IS NULL)", name="closed"),
    )

    id: int | None = row_id()
    assignment_id: int = Field(sa_type=BigInteger, foreign_key="assignments.id", index=True)
    customer_id: int = Field(sa_type=BigInteger, foreign_key="customers.id")
    profile_id: int = Field(sa_type=BigInteger, foreign_key="profiles.id", index=True)
    kind: ClaimKind = Field(sa_type=one_of(ClaimKind, "kind"))
    details: str = Field(default="", max_length=500)
    status: ClaimStatus = Field(default=ClaimStatus.OPEN, sa_type=one_of(ClaimStatus, "status"))
    answer: str = Field(default="", max_length=500)
    closed_by: int | None = Field(default=None, sa_type=BigInteger, foreign_key="staff_users.id")
    created_at: datetime = happened()
    closed_at: datetime | None = Field(default=None, sa_type=INSTANT)


class Replacement(SQLModel, table=True):
    """A subscription moved to another profile, its end unchanged; both stay in the history."""

    __tablename__: Any = "replacements"
    __table_args__ = (CheckConstraint("from_profile_id <> to_profile_id", name="other_profile"),)

    id: int | None = row_id()
    assignment_id: int = Field(sa_type=BigInteger, foreign_key="assignments.id", index=True)
    from_profile_id: int = Field(sa_type=BigInteger, foreign_key="profiles.id", index=True)
    to_profile_id: int = Field(sa_type=BigInteger, foreign_key="profiles.id", index=True)
    claim_id: int | None = Field(default=None, sa_type=BigInteger, foreign_key="claims.id")
    automatic: bool = False
    actor_kind: ActorKind = Field(sa_type=one_of(ActorKind, "actor_kind"))
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    at: datetime = happened()
