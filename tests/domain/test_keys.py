"""C3: the shop opens only with the keys its secrets were sealed with."""

from __future__ import annotations

import base64
import secrets

import pytest

from domain.keys import check_keys
from domain.sql import fetch
from infra.database import reading, unit_of_work
from infra.settings import SettingsError
from tests.fixtures import ENVIRONMENT, Shop

FIRST = ENVIRONMENT["CUENTY_KEYS"]


def new_key(name: str) -> str:
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


async def start() -> None:
    async with unit_of_work() as session:
        await check_keys(session)


async def canaries() -> dict[str, bytes]:
    async with reading() as session:
        rows = await fetch(session, "SELECT * FROM vault_canaries")
    return {row.key_id: row.sealed for row in rows}


async def test_the_first_start_seals_a_canary_and_the_next_ones_change_nothing(shop: Shop) -> None:
    del shop
    await start()
    first = await canaries()
    await start()
    assert list(first) == ["test"]
    assert await canaries() == first


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        (new_key("other"), "missing keys ['test']"),
        (new_key("test"), "wrong keys ['test']"),
        (f"{new_key('test')},{new_key('more')}", "wrong keys ['test']"),
    ],
    ids=["missing", "wrong", "wrong beside a new one"],
)
async def test_another_key_refuses_to_start_names_the_ids_and_writes_nothing(
    shop: Shop, keys: str, named: str
) -> None:
    await start()
    before = await canaries()
    shop.configure(keys=keys)
    with pytest.raises(SettingsError) as refusal:
        await start()
    assert named in str(refusal.value)
    assert keys.partition(":")[2] not in str(refusal.value)
    assert await canaries() == before


async def test_a_key_may_be_added_and_none_that_was_used_may_be_taken_away(shop: Shop) -> None:
    await start()
    second = new_key("second")
    shop.configure(keys=f"{second},{FIRST}")
    await start()
    assert set(await canaries()) == {"test", "second"}
    shop.configure(keys=second)
    with pytest.raises(SettingsError, match="test"):
        await start()


async def test_an_altered_canary_refuses_to_start(shop: Shop) -> None:
    """Swapped for the canary of another key: a canary opens only under its own name."""
    shop.configure(keys=f"{FIRST},{new_key('second')}")
    await start()
    async with unit_of_work() as session:
        await fetch(
            session,
            """UPDATE vault_canaries a SET sealed = b.sealed FROM vault_canaries b
               WHERE a.key_id = 'second' AND b.key_id = 'test' RETURNING a.key_id""",
        )
    with pytest.raises(SettingsError, match="second"):
        await start()
