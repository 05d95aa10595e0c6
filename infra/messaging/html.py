"""A message's text as the HTML part of an e-mail: the same words, with its links to tap."""

from __future__ import annotations

import html
import re

LINK = re.compile(r"https?://[^\s<>\"]+")
STYLE = (
    "font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:16px;line-height:1.5;"
    "color:#2b2019;max-width:32rem;margin:0 auto;padding:24px"
)


def as_html(text: str) -> str:
    """Everything is escaped; whatever somebody wrote into a name stays text."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        said: list[str] = []
        last = 0
        for found in LINK.finditer(paragraph):
            address = found.group().rstrip(".,;:)»")
            said += [html.escape(paragraph[last : found.start()]), _link(address)]
            last = found.start() + len(address)
        said.append(html.escape(paragraph[last:]))
        lines.append(f"<p>{''.join(said)}</p>")
    return f'<!doctype html><html lang="es"><body style="{STYLE}">{"".join(lines)}</body></html>'


def _link(address: str) -> str:
    written = html.escape(address, quote=True)
    return f'<a href="{written}">{written}</a>'
