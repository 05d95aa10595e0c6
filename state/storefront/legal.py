"""The owner's own legal texts, where there are some in place of Cuenty's."""

from __future__ import annotations

import re

import reflex as rx

from infra.settings import settings
from state.access import Gate, allow
from state.outcomes import Outcomes, told


class LegalText(Outcomes, rx.State):
    """`paragraphs` is empty where Cuenty's own text stands."""

    paragraphs: list[str] = []  # noqa: RUF012  # Reflex copies defaults for each tab

    @rx.event
    @allow(Gate.PUBLIC)
    async def load_terms(self) -> None:
        async with told(self):
            self.paragraphs = _paragraphs(settings().terms_text)

    @rx.event
    @allow(Gate.PUBLIC)
    async def load_privacy(self) -> None:
        async with told(self):
            self.paragraphs = _paragraphs(settings().privacy_text)


def _paragraphs(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?:\r?\n\s*){2,}", text) if part.strip()]
