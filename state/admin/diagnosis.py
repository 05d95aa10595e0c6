"""The reconciliation on screen: every disagreement, rule by rule, with the way to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

import reflex as rx

from domain import doctor
from domain.doctor import BY_CODE, MOST, Disagreement
from infra import clock
from infra.database import unit_of_work
from state import views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told


@dataclass(frozen=True)
class FindingView:
    """`order` and `account` are 0 where there is none to open."""

    key: str
    sentence: str
    order: int
    account: int


@dataclass(frozen=True)
class RuleView:
    title: str
    advice: str
    count: str
    findings: list[FindingView] = field(default_factory=list)


class Diagnosis(Outcomes, rx.State):
    """`summary` is empty while everything agrees."""

    rules: list[RuleView] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    summary: str = ""
    looked: str = ""
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        """Look now. The owner's alert opens or closes with what is found."""
        async with told(self):
            async with unit_of_work() as session:
                actor().require_staff()
                found = await doctor.watch(session)
            self.rules = [_rule(code, list(rows)) for code, rows in groupby(found, _code)]
            self.summary = _summary(len(found))
            self.looked, self.loaded = views.moment(clock.now()), True


def _code(one: Disagreement) -> str:
    return one.rule


def _rule(code: str, found: list[Disagreement]) -> RuleView:
    rule = BY_CODE[code]
    return RuleView(
        rule.title,
        rule.advice,
        f"{MOST} o más" if len(found) == MOST else str(len(found)),
        [
            FindingView(
                key=f"{code}-{one.object_id}",
                sentence=one.sentence,
                order=one.details.get("order") or 0,
                account=one.details.get("account") or 0,
            )
            for one in found
        ],
    )


def _summary(count: int) -> str:
    if not count:
        return ""
    return (
        "Hay 1 diferencia por revisar." if count == 1 else f"Hay {count} diferencias por revisar."
    )
