"""What a link to a service says before any script runs: chat apps and search engines read this.

Reflex serves a page with a parameter as an empty shell, the same for every address. Here the shell
gets the service's own title and tags, and an unknown service answers 404.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from pathlib import Path

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from domain import shelf
from domain.catalog import ServiceOnSale
from domain.errors import NotFound
from infra.database import DatabaseDownError
from infra.settings import PROJECT, settings

SHELL = PROJECT / ".web" / "build" / "client" / "__spa-fallback.html"
ADDRESS = re.compile(r"/servicio/([^/]{1,80})/?")


class Previews:
    """Answers `/servicio/…` itself and leaves everything else to the app."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = ADDRESS.fullmatch(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] not in {"GET", "HEAD"}:
            await self.app(scope, receive, send)
            return
        try:
            service = await shelf.service(found[1])
        except DatabaseDownError:  # the page says so better than a bare error
            await self.app(scope, receive, send)
            return
        except NotFound:
            await HTMLResponse(_shell(SHELL), 404)(scope, receive, send)
            return
        await HTMLResponse(preview(_shell(SHELL), service))(scope, receive, send)


@lru_cache(maxsize=1)
def _shell(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def preview(shell: str, service: ServiceOnSale) -> str:
    """Write the service's tags into the head of the shell."""
    shop = settings()
    title = f"{service.name} desde ${service.price_from:,.2f} MXN · {shop.shop_name}"
    tags = {
        "og:type": "product",
        "og:title": title,
        "og:description": service.description,
        "og:url": f"{shop.origin}/servicio/{service.slug}",
        "og:image": f"{shop.origin}/og.png",
        "og:locale": "es_MX",
    }
    head = f"<title>{escape(title)}</title>" + "".join(
        f'<meta property="{name}" content="{escape(text)}"/>' for name, text in tags.items()
    )
    return shell.replace("</head>", head + "</head>", 1)
