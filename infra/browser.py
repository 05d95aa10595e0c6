"""What a browser's request says about itself: its cookies, its address, where it goes next.

Reflex keeps the headers of a socket's handshake inside the state, which may be stored outside
this process. The edge therefore hides the cookie header before Reflex sees it, under a key that
lives and dies with the process, and the gate shows it again for the length of one event.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from infra.settings import settings
from infra.vault import keyed_hash

NONCE = 12
LONGEST_COOKIES = 16_384
LONGEST_PATH = 300
MARK = re.compile(r"[A-Za-z0-9_-]{22}")
PATH = re.compile(r"/(?![/\\])[^\s\\\x00-\x1f\x7f]*")

_key = AESGCM(secrets.token_bytes(32))


def session_cookie() -> str:
    """`__Host-` ties the cookie to this very host and to HTTPS, where there is HTTPS."""
    return "__Host-cuenty_session" if settings().https else "cuenty_session"


def visitor_cookie() -> str:
    return "__Host-cuenty_visitor" if settings().https else "cuenty_visitor"


def new_visitor() -> str:
    """128 random bits that name a browser, and nobody in it."""
    return secrets.token_urlsafe(16)


def read_cookie(header: str, name: str) -> str:
    """The value of the first cookie with this name, or nothing."""
    for part in header[:LONGEST_COOKIES].split(";"):
        found, _, value = part.strip().partition("=")
        if found == name:
            return value.strip().strip('"')
    return ""


def visitor_hash(header: str) -> str | None:
    """The browser as the database knows it; None for one that keeps no cookies."""
    value = read_cookie(header, visitor_cookie())
    return keyed_hash("visitor", value) if MARK.fullmatch(value) else None


def address_hash(address: str) -> str:
    """An IPv4 address or the /64 of an IPv6 one, which is what one household gets."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return keyed_hash("address", "unknown")
    if isinstance(parsed, ipaddress.IPv6Address):
        if (mapped := parsed.ipv4_mapped) is not None:
            return keyed_hash("address", str(mapped))
        network = ipaddress.ip_network((parsed, 64), strict=False)
        return keyed_hash("address", str(network))
    return keyed_hash("address", str(parsed))


def local_path(wanted: object, otherwise: str = "/") -> str:
    """`wanted` when it is a path of this very site; a sign-in never leads to another one."""
    if isinstance(wanted, str) and len(wanted) <= LONGEST_PATH and PATH.fullmatch(wanted):
        return wanted
    return otherwise


def hide_cookies(header: str) -> str:
    nonce = secrets.token_bytes(NONCE)
    sealed = _key.encrypt(nonce, header[:LONGEST_COOKIES].encode(), b"cookie")
    return base64.urlsafe_b64encode(nonce + sealed).decode()


def show_cookies(hidden: str) -> str:
    """What `hide_cookies` of this process hid; nothing for any other text."""
    try:
        raw = base64.urlsafe_b64decode(hidden.encode())
        return _key.decrypt(raw[:NONCE], raw[NONCE:], b"cookie").decode()
    except (InvalidTag, binascii.Error, ValueError):
        return ""
