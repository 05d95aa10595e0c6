"""What a session says of where it is used: enough to know the own, too little to find anyone."""

from __future__ import annotations

import ipaddress

# The first that is named counts: Edge and Opera name Chrome, and Chrome names Safari.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)


def device(user_agent: str) -> str:
    """`Chrome en Android`; a program that calls itself nothing of these is `Programa`."""
    browser = next((name for mark, name in BROWSERS if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS if mark in user_agent), "")
    if not browser:
        return "Programa"
    return f"{browser} en {system}" if system else browser


def address_hint(address: str) -> str:
    """The network without its last part: `203.0.113.*`, `2001:0db8:0001:*`, or nothing."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return ":".join(parsed.exploded.split(":")[:3]) + ":*"
        parsed = parsed.ipv4_mapped
    return str(parsed).rpartition(".")[0] + ".*"
