"""The bare app is configured, and so built, as the shop is; only what the shop adds is missing."""

import os

import reflex as rx

ORIGIN = f"http://localhost:{os.environ.get('PORT', '3000')}"

config = rx.Config(
    app_name="bare",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    state_manager_mode="memory",
    cors_allowed_origins=[ORIGIN],
    api_url=ORIGIN,
    deploy_url=ORIGIN,
    plugins=[rx.plugins.TailwindV4Plugin(), rx.plugins.SitemapPlugin()],
    frontend_lazy_bundled_libraries=True,
)
