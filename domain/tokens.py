"""The signed token that names a login session; the session's row decides what it is worth."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID, uuid4

import jwt

from infra import clock
from infra.settings import settings

ISSUER = "cuenty"
ALGORITHM = "HS256"
LONGEST = 4096
REQUIRED = ["iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp"]
AUDIENCES = ("customer", "staff")

Audience = Literal["customer", "staff"]


@dataclass(frozen=True, slots=True)
class Claims:
    audience: Audience
    holder_id: int
    session_id: UUID


def issue(audience: Audience, holder_id: int, session_id: UUID, expires_at: datetime) -> str:
    kid, secret = next(iter(_secrets().items()))
    now = int(clock.now().timestamp())
    claims: dict[str, Any] = {
        "iss": ISSUER,
        "aud": audience,
        "sub": str(holder_id),
        "sid": str(session_id),
        "jti": uuid4().hex,
        "iat": now,
        "nbf": now,
        "exp": int(expires_at.timestamp()),
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM, headers={"kid": kid})


def read(token: str) -> Claims | None:
    """None for every token that is not exactly one of ours and running now."""
    if not token or len(token) > LONGEST or not token.isascii():
        return None
    try:
        header = jwt.get_unverified_header(token)
        if header.keys() != {"alg", "typ", "kid"} or header["alg"] != ALGORITHM:
            return None
        secret = _secrets().get(str(header["kid"]))
        if secret is None:
            return None
        claims = jwt.decode(
            token,
            secret,
            algorithms=[ALGORITHM],
            audience=AUDIENCES,
            issuer=ISSUER,
            leeway=0,
            options={"require": REQUIRED},
        )
        audience, subject, sid = claims["aud"], claims["sub"], claims["sid"]
        if audience not in AUDIENCES or not isinstance(sid, str):
            return None
        return Claims(audience, int(subject), UUID(sid))
    except (jwt.InvalidTokenError, ValueError, TypeError, RecursionError):
        return None


def _secrets() -> dict[str, str]:
    """Secrets of `CUENTY_JWT_SECRET` by commas: the first signs, all of them verify."""
    parts = [p.strip() for p in settings().jwt_secret.split(",") if p.strip()]
    return {hashlib.sha256(f"kid\0{p}".encode()).hexdigest()[:12]: p for p in parts}
