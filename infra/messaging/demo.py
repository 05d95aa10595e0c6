"""The demo keeps its messages: the row itself is what `/demo/mensajes` shows."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime

from infra.messaging.letters import Letter


class KeepMessages:
    provider = "demo"

    async def send(self, letter: Letter) -> str:
        del letter
        return f"demo-{uuid.uuid4().hex[:12]}"

    async def find(
        self, letter: Letter, *, since: datetime, known: Collection[str] = ()
    ) -> str | None:
        """Nothing ever left, so nothing can have gone before."""
        del letter, since, known
