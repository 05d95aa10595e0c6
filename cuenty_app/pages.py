"""The pages that are served: one module a page."""

from __future__ import annotations

import reflex as rx

from cuenty_app.admin_pages import ADMIN_PAGES
from cuenty_app.shop_pages import SHOP_PAGES
from pages import errors, routes
from pages.titles import titled
from state.session import Visitor


def add_pages(app: rx.App) -> None:
    for page in (*SHOP_PAGES, *ADMIN_PAGES):
        app.add_page(
            page.view,
            route=page.route,
            title=titled(page.title) if isinstance(page.title, str) else page.title,
            description=page.description or page.title,
            image="/og.png",
            meta=[*page.meta, *([] if page.listed else [{"name": "robots", "content": "noindex"}])],
            on_load=[Visitor.load, *page.loads],
            context=None if page.listed else {"sitemap": None},
        )
    missing = titled("No encontramos esta página")
    app.add_page(errors.not_found, route=routes.NOT_FOUND, title=missing)
