"""What is said of a page where it is listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx


@dataclass(frozen=True)
class Page:
    route: str
    view: Callable[[], rx.Component]
    title: str
    loads: tuple[Any, ...] = ()
    description: str = ""
    listed: bool = False
    meta: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
