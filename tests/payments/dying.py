"""Works on what is due of cards, and is killed on the way.

kill -9 comes at a point of one question: `asking` (the provider was not asked), `answered` (it was,
and nothing of its answer is on record), `recorded` (it is).
"""

from __future__ import annotations

import importlib
from typing import Any

from infra.database import close
from tests.race.confirmer import Fate


async def work_and_die(question: str, point: str) -> None:
    cards = importlib.import_module("jobs.cards")  # its queue is this shop's
    fate, really = Fate(point, 1), cards.card_provider()

    class Provider:
        def __getattr__(self, name: str) -> Any:
            async def passing(*words: Any) -> Any:
                fate.passes("asking")
                answer = await getattr(really, name)(*words)
                fate.passes("answered")
                return answer

            return passing if name == question else getattr(really, name)

    cards.card_provider = Provider
    await cards.due(0)
    fate.passes("recorded")
    await close()
