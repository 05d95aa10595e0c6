"""The content security policy of a page: the scripts written into it, by their hashes."""

from __future__ import annotations

import base64
import gzip
import hashlib
import re
import zlib
from functools import lru_cache
from pathlib import Path

from infra.settings import settings

INLINE = re.compile(rb"<script(?![^>]*\ssrc\s*=)[^>]*>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
STRANGERS = f"{NOTHING}; sandbox"  # of what somebody sent


def of_html(html: bytes) -> str:
    hashes = dict.fromkeys(
        f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
        for text in INLINE.findall(html)
        if text
    )
    # Old Safaris do not count the socket among 'self'.
    sockets = " ".join(origin.replace("http", "ws", 1) for origin in settings().origins)
    # Reflex runs the scripts a server sends in events through `new Function`.
    scripts = " ".join(["script-src 'self' 'unsafe-eval'", *hashes])
    return "; ".join(
        (
            "default-src 'self'",
            scripts,
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"connect-src 'self' {sockets}",
            "frame-src 'none'",
            "frame-ancestors 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "object-src 'none'",
        )
    )


def of_body(body: bytes, encoding: str) -> str:
    """The policy of a page as it is sent; an encoding that cannot be read allows no inline script.

    Pages are at most a few hundred kilobytes; what unpacks to more is not one of ours.
    """
    if encoding == "gzip":
        body = zlib.decompressobj(wbits=31).decompress(body, 4_000_000)
    elif encoding:
        body = b""
    return of_html(body)


def of_file(path: Path) -> str:
    """The policy of a built page, or of its compressed twin."""
    return _of_file(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=256)
def _of_file(path: str, _changed: int) -> str:
    content = Path(path).read_bytes()
    if path.endswith(".gz"):
        content = gzip.decompress(content)
    elif path.endswith((".br", ".zst")):
        content = Path(path).with_suffix("").read_bytes()
    return of_html(content)


def warm(folder: Path) -> int:
    """Read the built pages before the first visitor does; how many there are."""
    pages = sorted(folder.rglob("*.html")) + sorted(folder.rglob("*.html.gz"))
    for page in pages:
        of_file(page)
    return len(pages)
