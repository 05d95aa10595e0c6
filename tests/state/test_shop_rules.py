"""The owner's page of settings: rules, name and legal texts, and where they show."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable

import pytest

from infra.settings import settings
from state.admin.shop_rules import ShopRules
from state.session import Visitor
from tests.builders import make_staff, sign_in_staff
from tests.fixtures import Shop
from tests.tabs import Tab, tabs

OpenTab = Callable[..., Tab]
FORM = {
    "hold_hours": "12",
    "promise_hours": "24",
    "receipt_hold_hours": "24",
    "max_unpaid_orders": "2",
    "grace_days": "3",
    "reminder_first": "6",
    "reminder_second": "1",
    "reminder_after": "2",
    "quiet_from": "22",
    "quiet_until": "8",
}


@pytest.fixture
async def open_tab(shop: Shop) -> AsyncGenerator[OpenTab]:
    del shop
    async with tabs() as opened:
        yield opened


@pytest.fixture
async def owner(open_tab: OpenTab) -> Tab:
    return open_tab(await sign_in_staff(await make_staff("owner")))


async def test_the_rules_are_read_and_written(owner: Tab) -> None:
    await owner.send(ShopRules.load)
    assert owner.sees(ShopRules)["rules"].hold_hours == "24"
    await owner.send(ShopRules.save_rules, form={**FORM, "grace_days": "mil", "quiet_from": ""})
    assert set(owner.sees(ShopRules)["errors"]) == {"grace_days", "quiet_from"}
    await owner.send(ShopRules.save_rules, form=FORM)
    assert owner.sees(ShopRules)["rules"].hold_hours == "12"
    assert (settings().hold_hours, settings().quiet_from) == (12, 22)
    await owner.send(ShopRules.save_rules, form=FORM)
    assert owner.sees(ShopRules)["said"] == "No había nada nuevo."


async def test_who_sells_is_on_the_pages_of_everybody(owner: Tab, open_tab: OpenTab) -> None:
    form = {"shop_name": "Cine", "seller_name": "Rosa Díaz", "support_whatsapp": "55 1234 5678"}
    await owner.send(ShopRules.save_identity, form=form)
    guest = open_tab()
    await guest.send(Visitor.load)
    shop = guest.sees(Visitor)["shop"]
    assert (shop.name, shop.seller, shop.whatsapp) == ("Cine", "Rosa Díaz", "525512345678")


async def test_the_owner_s_legal_text_stands_in_place_of_ours(
    owner: Tab, open_tab: OpenTab
) -> None:
    form = {"terms_text": "Uno.\nSigue.\n\n\nDos.", "privacy_text": ""}
    await owner.send(ShopRules.save_texts, form=form)
    guest = open_tab()
    for path, legal in (
        ("/terminos", ("Uno.\nSigue.", "Dos.")),
        ("/privacidad", ()),
        ("/ayuda", ()),
    ):
        guest.path = path
        await guest.send(Visitor.load)
        assert guest.sees(Visitor)["shop"].legal == legal, path


async def test_an_operator_decides_nothing(open_tab: OpenTab) -> None:
    tab = open_tab(await sign_in_staff(await make_staff()))
    await tab.send(ShopRules.load)
    await tab.send(ShopRules.save_rules, form=FORM)
    assert tab.sees(ShopRules) == {}
    assert settings().hold_hours == 24
