"""Line icons drawn inline: no icon library reaches the browser."""

from typing import Literal

import reflex as rx

IconName = Literal[
    "home", "cart", "orders", "key", "user", "search", "sun", "moon", "check", "copy", "eye",
    "eye_off", "warning", "info", "close", "left", "right", "plus", "minus", "menu", "exit",
    "clock", "chat", "help", "refresh", "bank", "upload", "filter", "shop", "chart", "lock",
    "offline", "trash", "edit", "bell", "shield", "up", "down", "tag", "pause", "play",
    "team", "settings", "device", "percent", "receipt", "share", "print", "camera", "link",
    "card",
]  # fmt: skip

_PATHS: dict[str, str] = {
    "home": "M4 11.5 12 4l8 7.5V19a1.5 1.5 0 0 1-1.5 1.5H15v-6H9v6H5.5A1.5 1.5 0 0 1 4 19Z",
    "cart": "M2.5 4H5l2.2 11h10.6L20 7H6M9.5 20h.01M16.5 20h.01",
    "orders": "M6 3h12v18l-3-2-3 2-3-2-3 2ZM9 8h6M9 12h6",
    "key": "M14.5 9.5a5 5 0 1 0-3.2 4.7L13 16h2.5v2.5H18V21h3v-3.5l-6.9-6.5M8 8h.01",
    "user": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0",
    "search": "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20.5 20.5 16 16",
    "sun": "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2"
    "M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M18.7 5.3l-1.4 1.4M6.7 17.3l-1.4 1.4",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5Z",
    "check": "M4.5 12.5 10 18 19.5 7",
    "copy": "M9 9h11v12H9ZM5 15H4V3h11v2",
    "eye": "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12Z"
    "M12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "eye_off": "M4 4l16 16M9.9 5.8a9 9 0 0 1 2.1-.3c6 0 9.5 6.5 9.5 6.5a17 17 0 0 1-2.6 3.4"
    "M6.4 7.4A16 16 0 0 0 2.5 12S6 18.5 12 18.5a9 9 0 0 0 4.4-1.2",
    "warning": "M12 4 2.5 20h19ZM12 10v4.5M12 17.3h.01",
    "info": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5M12 8h.01",
    "close": "M6 6l12 12M18 6 6 18",
    "left": "M15 5l-7 7 7 7",
    "right": "M9 5l7 7-7 7",
    "up": "M5 15l7-7 7 7",
    "down": "M5 9l7 7 7-7",
    "tag": "M3.5 12.5V4h8.5l9 9-8.5 8.5ZM7.8 8.3h.01",
    "percent": "M5.5 18.5 18.5 5.5M7.5 9.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z"
    "M16.5 18.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z",
    "pause": "M8.5 5v14M15.5 5v14",
    "play": "M7.5 5v14l11-7Z",
    "plus": "M5 12h14M12 5v14",
    "minus": "M5 12h14",
    "menu": "M4 7h16M4 12h16M4 17h16",
    "exit": "M14 4H5v16h9M10 12h11M17.5 8.5 21 12l-3.5 3.5",
    "clock": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.5 2",
    "chat": "M4 20l1.2-4A8 8 0 1 1 8.2 19Z",
    "help": "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM9.6 9.5a2.5 2.5 0 1 1 3.4 2.3"
    "c-.7.3-1 .8-1 1.7M12 16.8h.01",
    "refresh": "M20 11a8 8 0 1 0-1.5 5.7M20 4v7h-7",
    "bank": "M3 10 12 4l9 6M5 10v8M10 10v8M14 10v8M19 10v8M3 20.5h18",
    "upload": "M12 16V4M7 9l5-5 5 5M4 16v4h16v-4",
    "filter": "M4 6h16M7 12h10M10 18h4",
    "shop": "M4 9h16l-1.5-5h-13ZM5 9v11h14V9M9.5 20v-6h5v6",
    "chart": "M4 20.5h16M7 17v-5M12 17V6M17 17v-8",
    "lock": "M6 11h12v9.5H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "offline": "M4 4l16 16M5 12.5a10 10 0 0 1 4-2.3M15 10.4a10 10 0 0 1 4 2.1"
    "M8.5 16a5 5 0 0 1 6 -.6M12 19.5h.01",
    "trash": "M4 7h16M9 7V4h6v3M6.5 7l1 13.5h9l1-13.5M10 11v6M14 11v6",
    "edit": "M4 20l1-4.5L16 4.5l3.5 3.5-11 11ZM13.5 7l3.5 3.5",
    "shield": "M12 3l7.5 2.8V11c0 5-3.2 8.2-7.5 10-4.3-1.8-7.5-5-7.5-10V5.8Z"
    "M8.8 11.8l2.3 2.3 4.2-4.6",
    "team": "M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0"
    "M15.5 4.8a3.5 3.5 0 0 1 0 6.4M17.5 14.2a6.5 6.5 0 0 1 4 5.8",
    "settings": "M4 7h9M17 7h3M4 17h3M11 17h9M15 9.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z"
    "M9 19.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z",
    "device": "M7.5 3h9v18h-9ZM11 17.5h2",
    "receipt": "M6 3h12v18l-3-2-3 2-3-2-3 2ZM12 6.5v1M12 14.5v1M14.3 8.7c-.4-.8-1.2-1.2-2.3-1.2"
    "-1.4 0-2.3.7-2.3 1.7 0 2.6 4.7 1.2 4.7 3.7 0 1-1 1.7-2.4 1.7-1.2 0-2.1-.5-2.5-1.4",
    "share": "M12 15V3.5M8 7l4-4 4 4M6 11H5v9.5h14V11h-1",
    "link": "M10 14a4 4 0 0 0 5.7 0l3.1-3.1a4 4 0 0 0-5.7-5.7L12 6.3M14 10a4 4 0 0 0-5.7 0"
    "l-3.1 3.1a4 4 0 0 0 5.7 5.7l1.1-1.1",
    "card": "M3 5.5h18v13H3ZM3 9.5h18M6.5 14.5h4",
    "print": "M7 9V3.5h10V9M7 17H4V9h16v8h-3M7 14h10v6.5H7Z",
    "camera": "M4 7.5h4l1.5-2.5h5L16 7.5h4V19H4ZM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z",
    "bell": "M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15ZM10 21h4",
}


def icon(name: IconName, class_name: str = "") -> rx.Component:
    """Draw a decoration: the words beside it, or the control's label, carry the meaning."""
    return rx.el.svg(
        rx.el.path(d=_PATHS[name]),
        view_box="0 0 24 24",
        class_name=f"cu-icon {class_name}".strip(),
        custom_attrs={"aria-hidden": "true"},
    )
