"""The owner's page of settings: bank accounts."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import pytest

from domain.sql import scalar
from infra.database import reading
from state.admin.banks import Banks
from tests.builders import make_bank, make_staff, sign_in_staff
from tests.fixtures import Shop
from tests.tabs import Tab, tabs

BBVA, STP = "012180001234567899", "646180157000000004"
OpenTab = Callable[..., Tab]


@pytest.fixture
async def open_tab(shop: Shop) -> AsyncGenerator[OpenTab]:
    del shop
    async with tabs() as opened:
        yield opened


@pytest.fixture
async def owner(open_tab: OpenTab) -> Tab:
    return open_tab(await sign_in_staff(await make_staff("owner")))


async def test_a_sample_is_replaced_and_another_account_becomes_the_one_told(owner: Tab) -> None:
    sample = await make_bank(is_sample=True)
    await owner.send(Banks.load)
    assert [row.is_sample for row in owner.sees(Banks)["view"].rows] == [True]
    await owner.send(Banks.begin, account_id=sample.id)
    await owner.send(Banks.recognise, clabe="0121 8000")
    assert owner.sees(Banks)["bank"] == "BBVA Mexico"
    form = {"holder": "Rosa", "clabe": "012345678901234567", "account": "", "steps": "Paga\nYa"}
    await owner.send(Banks.save, form=form)
    assert "revisa los dígitos" in owner.sees(Banks)["errors"]["clabe"]
    await owner.send(Banks.save, form={**form, "clabe": BBVA})
    assert owner.sees(Banks)["errors"] == {}
    assert "close" in owner.scripts[-1]
    await owner.send(Banks.begin, account_id=0)
    assert owner.sees(Banks)["chosen"].clabe == ""
    await owner.send(Banks.save, form={**form, "clabe": STP})
    first, second = owner.sees(Banks)["view"].rows
    assert (first.clabe, first.is_default, second.bank) == (BBVA, True, "STP")
    await owner.send(Banks.make_default, account_id=second.id)
    await owner.send(Banks.begin, account_id=first.id)
    await owner.send(Banks.remove)
    assert [row.clabe for row in owner.sees(Banks)["view"].rows] == [STP]
    async with reading() as session:
        steps = await scalar(session, "SELECT steps FROM payment_instructions")
    assert steps == ["Paga", "Ya"]


async def test_the_owner_says_which_account_an_order_is_told(owner: Tab) -> None:
    form = {"holder": "Rosa", "clabe": BBVA, "account": "", "steps": "Paga"}
    await owner.send(Banks.begin, account_id=0)
    await owner.send(Banks.save, form=form)
    assert owner.sees(Banks)["view"].several is False, "there is nothing to choose from"
    await owner.send(Banks.save, form={**form, "clabe": STP, "least": "500", "most": "mucho"})
    assert set(owner.sees(Banks)["errors"]) == {"most"}
    await owner.send(Banks.save, form={**form, "clabe": STP, "least": "500", "most": ""})
    view = owner.sees(Banks)["view"]
    assert (view.several, view.rule) == (True, "default")
    assert [row.amounts for row in view.rows] == ["", "Desde $500.00 MXN"]
    for rule in ("amount", "turns"):
        await owner.send(Banks.choose_rule, rule=rule)
        assert owner.sees(Banks)["view"].rule == rule
    await owner.send(Banks.choose_rule, rule="al azar")
    assert set(owner.sees(Banks)["errors"]) == {"bank_rule"}


async def test_an_operator_is_shown_no_bank_data(open_tab: OpenTab) -> None:
    await make_bank(clabe=BBVA)
    tab = open_tab(await sign_in_staff(await make_staff()))
    for handler, payload in ((Banks.load, {}), (Banks.begin, {"account_id": 1})):
        await tab.send(handler, **payload)
    assert tab.sees(Banks) == {}
    assert BBVA not in str(tab.deltas)
