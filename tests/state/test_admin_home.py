"""What the first page says of the shop, and to whom."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import pytest

import models
from state.admin.home import AdminHome
from state.admin.home_figures import FiguresView
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
    sign_in_staff,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")


@pytest.fixture
async def open_tab(shop: object) -> AsyncGenerator[Callable[..., Tab]]:
    del shop
    async with tabs() as opener:
        yield opener


@pytest.fixture
async def plan(shop: object) -> models.Plan:
    """It costs the shop 123.45 and is sold for 150.00."""
    del shop
    await make_bank()
    made = await make_plan(cost="123.45", margin="26.55")
    await make_account(made.service_id, profiles=5)
    return made


async def sold(plan: models.Plan) -> None:
    placed = await place_order(await make_customer(), plan)
    await pay(placed.id, placed.total)


async def look(tab: Tab, query: str = "") -> FiguresView:
    tab.path = f"/admin{query}"
    await tab.send(AdminHome.load)
    return tab.sees(AdminHome)["figures"]


def values(seen: FiguresView) -> dict[str, str]:
    return {card.label: card.value for card in seen.cards}


async def test_an_owner_sees_what_was_sold_and_what_it_left(
    open_tab: Callable[..., Tab], plan: models.Plan
) -> None:
    boss = open_tab(await sign_in_staff(await make_staff("owner")))
    await sold(plan)
    seen = await look(boss)
    said = values(seen)
    assert (said["Ingresos"], said["Ganancia"], said["Margen"]) == (
        "$150.00",
        "$26.55",
        "17.7 %",
    )
    assert [(one.units, one.share) for one in seen.services] == [("1", "100.0%")]
    assert len(seen.days) == 30
    assert [step.count for step in seen.funnel] == ["1", "1", "1"]
    assert seen.profiles == "Perfiles: 1 ocupados · 4 libres"


async def test_an_operator_s_frames_hold_no_cost_and_no_profit(
    open_tab: Callable[..., Tab], plan: models.Plan
) -> None:
    await sold(plan)
    operator = open_tab(await sign_in_staff(await make_staff()))
    for query in ("", "?periodo=hoy", "?periodo=mes"):
        assert not {"Ganancia", "Costo", "Margen"} & set(values(await look(operator, query)))
    sent = str(operator.deltas)
    assert "150.00" in sent
    assert not [secret for secret in ("123.45", "26.55", "17.7 %") if secret in sent]
    owner = open_tab(await sign_in_staff(await make_staff("owner")))
    await look(owner)
    assert "26.55" in str(owner.deltas)  # the scan would find it


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?periodo=otro", "since"),
        ("?periodo=otro&desde=2026-01-01&hasta=ayer", "until"),
        ("?periodo=otro&desde=2026-02-01&hasta=2026-01-01", "until"),
        ("?periodo=otro&desde=1990-01-01&hasta=2026-01-01", "since"),
    ],
)
async def test_a_period_that_makes_no_sense_is_refused_beside_its_field(
    open_tab: Callable[..., Tab], query: str, field: str
) -> None:
    boss = open_tab(await sign_in_staff(await make_staff("owner")))
    await look(boss, query)
    seen = boss.sees(AdminHome)
    assert list(seen["errors"]) == [field]
    assert seen["loaded"]
    assert seen["work"].to_confirm == "0"


async def test_a_long_period_shows_months(open_tab: Callable[..., Tab]) -> None:
    boss = open_tab(await sign_in_staff(await make_staff("owner")))
    seen = await look(boss, "?periodo=otro&desde=2025-01-15&hasta=2025-12-31")
    assert (seen.first, seen.last, len(seen.days)) == ("ene 2025", "dic 2025", 12)


@pytest.mark.parametrize("value", ["", "x" * 5000, "\x00", "7' OR 1=1", "²"])
async def test_an_address_somebody_mangled_shows_thirty_days(
    open_tab: Callable[..., Tab], value: str
) -> None:
    boss = open_tab(await sign_in_staff(await make_staff("owner")))
    assert len((await look(boss, f"?periodo={value}")).days) == 30
