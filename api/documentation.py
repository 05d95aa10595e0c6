"""`/api/docs`: the description of the API to look through and try, from this host alone."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from importlib.resources import files

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from domain.errors import NotFound
from infra.settings import settings

router = APIRouter(prefix="/docs", include_in_schema=False)

# A day: the files change with the version of the package that ships them.
KEPT = "public, max-age=86400"
SHIPPED = {
    "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
    "swagger-ui.css": "text/css; charset=utf-8",
}
PAGE = """<!doctype html>
<html lang="es-MX">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>API de {shop}</title>
<link rel="icon" href="/favicon.svg">
<link rel="stylesheet" href="/api/docs/assets/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="/api/docs/assets/swagger-ui-bundle.js"></script>
<script src="/api/docs/assets/start.js"></script>
</body>
</html>
"""
START = """SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#api",
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  persistAuthorization: false,
  validatorUrl: null,
});
"""


@router.get("")
async def page() -> HTMLResponse:
    return HTMLResponse(PAGE.format(shop=escape(settings().shop_name)))


@router.get("/assets/{name}")
async def asset(name: str) -> Response:
    headers = {"Cache-Control": KEPT}
    if name == "start.js":
        return Response(START, media_type="text/javascript; charset=utf-8", headers=headers)
    if name not in SHIPPED:
        raise NotFound
    return Response(_shipped(name), media_type=SHIPPED[name], headers=headers)


@lru_cache
def _shipped(name: str) -> bytes:
    return files("fastapi_offline").joinpath("static", name).read_bytes()
