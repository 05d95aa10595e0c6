"""What is said of a page where it is listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from pages.components.kinds import Text


@dataclass(frozen=True)
class Page:
    """A title that is a plain text is followed by the shop's name."""

    route: str
    view: Callable[[], rx.Component]
    title: Text
    loads: tuple[Any, ...] = ()
    description: str = ""
    listed: bool = False
    meta: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
