"""Whatever happens to money, and in whatever order: the ledger sums after every step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import coupons, ledger, order_endings
from domain.sql import run
from tests.life.test_life import STORIES, tell
from tests.life.till import WISHES, Till
from tests.life.world import World

DEEDS = {
    *("place", "pay", "credit", "move", "refund", "cancel", "revive", "give", "pay_out"),
    *("time", "stock"),
}


def test_the_ledger_always_sums_and_nothing_is_given_without_money(world: World) -> None:
    tell(world, stories=STORIES, machine=Till)
    assert world.steps >= 1000, f"{world.steps} steps in {world.stories} stories"
    assert world.deeds.keys() >= DEEDS, "what a story should be able to hold never happened"
    assert world.refused < world.steps, "some of it is done"


def lapsed_with_credit(till: Till) -> None:
    till.give(who=0)
    till.everything_agrees()
    till.place(who=0, what=0, quantity=1, coupon="DIEZ", use_credit=Decimal(20))
    till.everything_agrees()
    till.cancel(which=0, wish=WISHES[0])


def paid_too_much(till: Till) -> None:
    till.place(who=0, what=0, quantity=1, coupon="", use_credit=None)
    till.everything_agrees()
    till.pay(which=0, part="over", reference="")
    till.everything_agrees()
    till.refund(which=0, part="over", release=False, reference="R1")
    till.everything_agrees()
    till.refund(which=0, part="half", release=False, reference="R2")


def lived(till: Till, story: Callable[[Till], None]) -> None:
    story(till)
    till.everything_agrees()


async def nothing(*_: object) -> Decimal:
    return Decimal(0)


async def always_enough(session: AsyncSession, order_id: int) -> Any:
    money = await real_money_of(session, order_id)
    return replace(money, remains=Decimal(9999), loose=Decimal(9999))


real_money_of = ledger.money_of
TRIGGERS = ("ALTER TABLE refunds DISABLE TRIGGER order_gives_what_it_has",)


@pytest.mark.parametrize(
    ("story", "where", "what", "instead", "off", "sentence"),
    [
        (
            lapsed_with_credit,
            coupons,
            "give_back",
            nothing,
            (),
            "its coupon was returned None",
        ),
        (
            lapsed_with_credit,
            order_endings,
            "lock_holds",
            order_endings.lock_holds,
            ("ALTER TABLE credit_entries DISABLE TRIGGER credit_follows_entries",),
            "the entries say",
        ),
        (
            paid_too_much,
            ledger,
            "money_of",
            always_enough,
            TRIGGERS,
            "order_ledger",
        ),
    ],
)
def test_the_books_notice_what_is_switched_off(
    world: World,
    monkeypatch: pytest.MonkeyPatch,
    story: Callable[[Till], None],
    where: Any,
    what: str,
    instead: Any,
    off: tuple[str, ...],
    sentence: str,
) -> None:
    for broken in (False, True):
        till = Till(world)
        try:
            till.print_coupons()
            till.everything_agrees()
            if broken:
                monkeypatch.setattr(where, what, instead)
                for statement in off:
                    world.ask(lambda s, said=statement: run(s, said))
                with pytest.raises(AssertionError, match=sentence):
                    lived(till, story)
            else:
                lived(till, story)
        finally:
            till.teardown()
