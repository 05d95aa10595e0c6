"""Reflex's configuration; what differs between shops comes from `infra.settings`."""

import reflex as rx

from infra.settings import settings

shop = settings()

config = rx.Config(
    app_name="cuenty_app",
    telemetry_enabled=False,
    show_built_with_reflex=False,
    # The default manager writes pickles to disk, the visitor's cookie included.
    state_manager_mode="redis" if shop.redis_url else "memory",
    redis_url=shop.redis_url or None,
    # In this process's memory a closed tab's state is a waste after some minutes; open ones are
    # kept by `state.kept`. In Redis it only takes room there.
    redis_token_expiration=3600 if shop.redis_url else 600,
    # The default lets any foreign page open the socket with the visitor's cookie.
    cors_allowed_origins=list(shop.origins),
    trusted_proxy_hops=shop.trusted_proxies,
    frontend_port=shop.port,
    backend_port=shop.port,
    backend_host=shop.listen,
    api_url=shop.origin,
    deploy_url=shop.origin,
    plugins=[
        rx.plugins.TailwindV4Plugin(
            config={
                "plugins": [
                    {
                        "name": "daisyui",
                        "import": {"name": "default as daisyui", "from": "daisyui"},
                        "call": "daisyui",
                        "args": {
                            "themes": False,  # ours are in assets/cuenty.css
                            "logs": False,
                            # Left to itself it takes words of the scripts (step, filter, table)
                            # for its classes, and the style sheet grows by a third.
                            "include": [
                                "properties",
                                "rootcolor",
                                "button",
                                "checkbox",
                                "fileinput",
                                "input",
                                "select",
                                "textarea",
                            ],
                        },
                    }
                ]
            }
        ),
        rx.plugins.SitemapPlugin(),
    ],
    frontend_packages=["daisyui@5"],
    frontend_lazy_bundled_libraries=True,
)
