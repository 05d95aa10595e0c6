"""Login codes and the attempts that spend them: the source of every sign-in limit."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from models.base import INSTANT, happened, one_of, row_id


class CodeChannel(StrEnum):
    SMS = "sms"
    WHATSAPP = "whatsapp"


class AttemptOutcome(StrEnum):
    FAILED = "failed"
    SUCCEEDED = "succeeded"
    UNLOCKED = "unlocked"


class LoginCode(SQLModel, table=True):
    """`code_hash` is an HMAC with the pepper; `visitor_hash` names the browser that asked."""

    __tablename__: Any = "login_codes"
    __table_args__ = (
        CheckConstraint("tries BETWEEN 0 AND 5", name="five_tries"),
        Index("ix_login_codes_phone_created_at", "phone", "created_at"),
        Index("ix_login_codes_address_hash_created_at", "address_hash", "created_at"),
    )

    id: int | None = row_id()
    phone: str = Field(max_length=16)
    channel: CodeChannel = Field(sa_type=one_of(CodeChannel, "channel"))
    code_hash: str = Field(max_length=64)
    visitor_hash: str | None = Field(default=None, max_length=64)
    address_hash: str = Field(max_length=64)
    tries: int = 0
    created_at: datetime = happened(index=True)
    expires_at: datetime = Field(sa_type=INSTANT)
    used_at: datetime | None = Field(default=None, sa_type=INSTANT)


class SigninAttempt(SQLModel, table=True):
    """`subject` is a phone, or `staff:` and a user name. Kept across codes and restarts."""

    __tablename__: Any = "signin_attempts"
    __table_args__ = (
        Index("ix_signin_attempts_subject_at", "subject", "at"),
        Index("ix_signin_attempts_address_hash_at", "address_hash", "at"),
    )

    id: int | None = row_id()
    subject: str = Field(max_length=80)
    address_hash: str = Field(max_length=64)
    outcome: AttemptOutcome = Field(sa_type=one_of(AttemptOutcome, "outcome"))
    at: datetime = happened(index=True)
