"""Reconciliation: every place where what is written down disagrees with itself.

A healthy shop has none. Nothing is changed here and nothing is taken from the code that writes:
each rule counts again from the rows, one statement per rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import alerts
from domain.doctor_rules import MONEY, ORDERS, STOCK, Rule
from domain.doctor_subscription_rules import ALERTS, SUBSCRIPTIONS
from domain.records import close_alert, raise_alert
from domain.sql import fetch
from infra.clock import today
from infra.settings import settings

MOST = 200  # rows of one rule; as many means that there may be more
RULES: tuple[Rule, ...] = STOCK + ORDERS + MONEY + SUBSCRIPTIONS + ALERTS
BY_CODE: dict[str, Rule] = {rule.code: rule for rule in RULES}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """`details` fills the rule's sentence; its `order` and `account` say where to look."""

    rule: str
    object_type: str
    object_id: int
    details: dict[str, Any]

    @property
    def sentence(self) -> str:
        return BY_CODE[self.rule].says.format(id=self.object_id, **self.details)


async def examine(session: AsyncSession) -> list[Disagreement]:
    """All disagreements, rule by rule, at most `MOST` of each."""
    found: list[Disagreement] = []
    for rule in RULES:
        rows = await fetch(
            session,
            f"SELECT * FROM ({rule.statement}) AS found ORDER BY id LIMIT {MOST}",  # noqa: S608
            today=today(),
            grace=settings().grace_days,
        )
        found += [_disagreement(rule, row._asdict()) for row in rows]
    return found


def _disagreement(rule: Rule, row: dict[str, Any]) -> Disagreement:
    return Disagreement(rule.code, rule.object_type, row.pop("id"), row)


async def watch(session: AsyncSession) -> list[Disagreement]:
    """Look, and keep the owner's alert open for as long as anything disagrees."""
    await alerts.settle(session)
    found = await examine(session)
    if found:
        await raise_alert(session, "doctor", found=len(found))
    else:
        await close_alert(session, "doctor")
    return found


def report(found: Sequence[Disagreement]) -> str:
    """What an owner reads in a terminal."""
    if not found:
        return "Todo cuadra: 0 diferencias."
    lines: list[str] = []
    for code, rows in groupby(found, lambda one: one.rule):
        sentences = [one.sentence for one in rows]
        more = " o más" if len(sentences) == MOST else ""
        rule = BY_CODE[code]
        lines += [f"{rule.title} ({len(sentences)}{more})", f"  {rule.advice}"]
        lines += [*(f"  - {sentence}" for sentence in sentences), ""]
    return "\n".join([*lines, f"Diferencias: {len(found)}."])
