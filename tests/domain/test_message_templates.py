"""The texts of messages: those the shop came with, and the highest version of another."""

from __future__ import annotations

import string

import pytest

from domain.errors import NotFound
from domain.message_templates import Template, current, render
from domain.message_texts import DEFAULTS, VARIABLES
from domain.sql import run
from infra.database import reading, unit_of_work


@pytest.mark.parametrize("name", DEFAULTS)
def test_a_text_uses_only_its_variables_and_all_that_it_needs(name: str) -> None:
    text = DEFAULTS[name]
    used = {
        field
        for part in (text.subject, text.body)
        for _, field, _, _ in string.Formatter().parse(part)
        if field is not None
    }
    assert used <= set(text.variables) <= set(VARIABLES)
    assert set(text.needed) <= used


async def test_a_text_nobody_changed_is_the_one_the_shop_came_with(shop: object) -> None:
    del shop
    async with reading() as session:
        found = await current(session, "renewed")
    assert (found.version, found.body) == (0, DEFAULTS["renewed"].body)


async def test_the_highest_version_is_in_force(shop: object) -> None:
    del shop
    async with unit_of_work() as session:
        for version, body in ((1, "uno"), (3, "tres"), (2, "dos")):
            await run(
                session,
                """INSERT INTO message_templates (name, version, category, body)
                   VALUES ('renewed', %(version)s, 'utility', %(body)s)""",
                version=version,
                body=body,
            )
    async with reading() as session:
        assert (await current(session, "renewed")).body == "tres"
        with pytest.raises(NotFound):
            await current(session, "otro")


def test_what_a_value_says_is_never_read_as_a_variable() -> None:
    template = Template("renewed", 1, "utility", "", "Hola {name}", "HX1", ("name",))
    filled = render(template, {"name": "{code} {0.__class__}"})
    assert filled.body == "Hola {code} {0.__class__}"
    assert filled.content_variables == {"1": "{code} {0.__class__}"}
