"""Public answers that a client may keep: it asks again with the ETag and is told "the same"."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response
from pydantic import BaseModel

NOT_MODIFIED = 304
KEPT = "public, max-age=1, stale-while-revalidate=10"


@dataclass(frozen=True, slots=True)
class Written:
    """An answer as it is sent, and the tag it is known by."""

    body: bytes
    tag: str


def written(body: BaseModel) -> Written:
    sent = body.model_dump_json().encode()
    return Written(sent, f'"{hashlib.sha256(sent).hexdigest()[:32]}"')


def answer(request: Request, found: Written) -> Response:
    """Stock is a second old at most on the shelf, so that is how long an answer may be kept."""
    headers = {"ETag": found.tag, "Cache-Control": KEPT, "Vary": "Origin"}
    known = {part.strip().removeprefix("W/") for part in _asked(request)}
    if found.tag in known or "*" in known:
        return Response(status_code=NOT_MODIFIED, headers=headers)
    return Response(found.body, media_type="application/json", headers=headers)


def _asked(request: Request) -> list[str]:
    return request.headers.get("if-none-match", "")[:2000].split(",")
