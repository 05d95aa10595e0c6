"""Passwords and PINs that were: kept by version, with who has seen which."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, row_id


class CredentialVersion(SQLModel, table=True):
    """A secret that a rotation replaced: an account's password, or the PIN of `profile_id`.

    The one in force is in the account or the profile; a version is never written twice.
    """

    __tablename__: Any = "credential_versions"
    __table_args__ = (
        UniqueConstraint("account_id", "profile_id", "version", postgresql_nulls_not_distinct=True),
    )

    id: int | None = row_id()
    account_id: int = Field(sa_type=BigInteger, foreign_key="accounts.id")
    profile_id: int | None = Field(
        default=None, sa_type=BigInteger, foreign_key="profiles.id", index=True
    )
    version: int
    secret_sealed: bytes | None = None
    reason: str = Field(default="", max_length=200)
    actor_id: int | None = Field(default=None, sa_type=BigInteger)
    replaced_at: datetime = happened()


class CredentialView(SQLModel, table=True):
    """A customer opened a credential: which password and PIN version they know, and since when.

    `confirmed_at` is when they said that these work; of another version they have said nothing.
    """

    __tablename__: Any = "credential_views"
    __table_args__ = (UniqueConstraint("assignment_id", "profile_id", "version", "pin_version"),)

    id: int | None = row_id()
    assignment_id: int = Field(sa_type=BigInteger, foreign_key="assignments.id")
    profile_id: int = Field(sa_type=BigInteger, foreign_key="profiles.id", index=True)
    version: int
    pin_version: int
    first_at: datetime = happened()
    last_at: datetime = happened()
    confirmed_at: datetime | None = Field(default=None, sa_type=INSTANT)
