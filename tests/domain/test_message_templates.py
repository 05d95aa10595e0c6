"""The texts of messages: those the shop came with, and the highest version of another."""

from __future__ import annotations

import asyncio
import string
from typing import Any

import pytest

from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.message_templates import (
    Template,
    all_current,
    check,
    current,
    preview,
    render,
    restore,
    save,
    versions,
)
from domain.message_texts import DEFAULTS, VARIABLES
from domain.sql import fetch, run
from infra.database import reading, unit_of_work
from tests.builders import as_customer, as_staff, make_customer, make_staff


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


SAID = "{shop}: renovamos {service}, {name}."


async def write(who: Actor, body: str = SAID, *, name: str = "renewed", **values: Any) -> int:
    given = {"seen": 0, "subject": "Renovado", **values}
    async with unit_of_work() as session:
        return await save(session, who, name=name, body=body, **given)


async def in_force(name: str = "renewed") -> Template:
    async with reading() as session:
        return await current(session, name)


@pytest.fixture
async def owner(shop: object) -> Actor:
    del shop
    return as_staff(await make_staff("owner", username="duena"))


async def test_what_the_owner_writes_is_in_force_and_what_was_said_stays(owner: Actor) -> None:
    assert await write(owner) == 1
    assert await write(owner, "{shop}: listo, {service}.", seen=1) == 2
    assert (await in_force()).body == "{shop}: listo, {service}."
    async with reading() as session:
        before = await versions(session, owner, name="renewed")
        written = {one.name: one.version for one in await all_current(session, owner)}
        audited = await fetch(session, "SELECT action, object_id, change FROM audit_entries")
    assert [(one.version, one.body, one.changed_by) for one in before] == [
        (2, "{shop}: listo, {service}.", "duena"),
        (1, SAID, "duena"),
    ]
    assert written == {**dict.fromkeys(DEFAULTS, 0), "renewed": 2}
    assert [(one.action, one.object_id, one.change["version"]) for one in audited] == [
        ("template.save", "renewed", 1),
        ("template.save", "renewed", 2),
    ]


async def test_the_same_text_again_is_no_version(owner: Actor) -> None:
    assert await write(owner) == 1
    assert await write(owner) == 1  # the button was pressed twice
    async with reading() as session:
        assert len(await versions(session, owner, name="renewed")) == 1


async def test_who_wrote_over_an_older_version_does_not_overwrite_the_newer(owner: Actor) -> None:
    await write(owner)
    with pytest.raises(Conflict, match="template_changed"):
        await write(owner, "{shop}: otra cosa de {service}.", seen=0)
    assert (await in_force()).body == SAID


async def test_of_two_who_save_at_once_one_is_refused(owner: Actor) -> None:
    done = await asyncio.gather(
        *(write(owner, f"{{service}}: {n}") for n in range(4)), return_exceptions=True
    )
    assert done.count(1) == 1
    assert sum(isinstance(one, Conflict) for one in done) == 3


async def test_an_older_version_comes_back_as_a_new_one(owner: Actor) -> None:
    await write(owner, content_sid="HX1", content_variables=("service",))
    await write(owner, "{shop}: listo, {service}.", seen=1)
    async with unit_of_work() as session:
        assert await restore(session, owner, name="renewed", version=1, seen=2) == 3
    again = await in_force()
    assert (again.version, again.body, again.content_sid) == (3, SAID, "HX1")
    async with unit_of_work() as session:
        assert await restore(session, owner, name="renewed", version=0, seen=3) == 4
        for name, version in (("renewed", 9), ("otro", 0)):
            with pytest.raises(NotFound):
                await restore(session, owner, name=name, version=version, seen=4)
        with pytest.raises(Conflict):
            await restore(session, owner, name="renewed", version=1, seen=3)
    assert (await in_force()).body == DEFAULTS["renewed"].body


async def test_an_operator_reads_the_texts_and_writes_none(owner: Actor) -> None:
    operator = as_staff(await make_staff())
    with pytest.raises(Forbidden):
        await write(operator)
    with pytest.raises(Forbidden):
        async with unit_of_work() as session:
            await restore(session, operator, name="renewed", version=0, seen=0)
    async with reading() as session:
        assert await versions(session, operator, name="renewed") == []
        assert len(await all_current(session, operator)) == len(DEFAULTS)
        with pytest.raises(Forbidden):
            await all_current(session, as_customer(await make_customer()))
        with pytest.raises(NotFound):
            await versions(session, owner, name="otro")


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("renewed", "", "value_required"),
        ("renewed", "{service}" + "x" * 1000, "text_long"),
        ("renewed", "{service", "template_braces"),
        ("renewed", "{service}}", "template_braces"),
        ("renewed", "{service} {code}", "template_variable"),
        ("renewed", "{service} {}", "template_variable"),
        ("renewed", "{service} {0}", "template_variable"),
        ("renewed", "{service} {service!r}", "template_variable"),
        ("renewed", "{service} {service:>99}", "template_variable"),
        ("renewed", "{service} {service.__class__}", "template_variable"),
        ("renewed", "Listo.", "template_lacks_service"),
        ("renewed", "Listo {{service}}.", "template_lacks_service"),
        ("login_code", "Tu código es {{code}}.", "template_lacks_code"),
        ("login_code", "{code} en https://cuenty.mx", "template_code_link"),
        ("login_code", "{code} en WWW.cuenty.mx", "template_code_link"),
    ],
)
def test_a_text_that_would_go_out_with_a_hole_is_refused(name: str, body: str, code: str) -> None:
    assert check(name, DEFAULTS[name].subject, body, "", ()) == {"body": code}


WHOLE = {"content_variables": ("order", "link")}


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"subject": ""}, "subject", "value_required"),
        ({"subject": "uno\ndos"}, "subject", "value_invalid"),
        ({"subject": "x" * 121}, "subject", "text_long"),
        ({"subject": "{code}"}, "subject", "template_variable"),
        ({"content_sid": "MM1", **WHOLE}, "content_sid", "content_sid_invalid"),
        ({"content_sid": "HX1;", **WHOLE}, "content_sid", "content_sid_invalid"),
        ({"content_variables": ("order", "code")}, "content_variables", "template_variable"),
        ({"content_variables": ("access",)}, "content_variables", "template_variable"),
        (
            {"content_sid": "HX1", "content_variables": ("order",)},
            "content_variables",
            "template_lacks_link",
        ),
    ],
)
def test_each_field_says_what_is_wrong_with_it(
    values: dict[str, Any], field: str, code: str
) -> None:
    text = DEFAULTS["delivered"]
    given = {"subject": text.subject, "content_sid": "", "content_variables": (), **values}
    found = check("delivered", body=text.body, **given)
    assert found == {field: code}


@pytest.mark.parametrize("name", DEFAULTS)
def test_the_text_the_shop_came_with_is_one_it_would_accept(name: str) -> None:
    text = DEFAULTS[name]
    assert check(name, text.subject, text.body, "", ()) == {}
    shown = preview(name, text.subject, text.body)
    assert "{" not in shown.subject + shown.body


def test_a_preview_refuses_what_saving_would() -> None:
    with pytest.raises(InvalidInput) as refused:
        preview("renewed", "Renovado", " {code} ")
    assert list(refused.value.fields) == ["body"]
    with pytest.raises(NotFound):
        preview("otro", "", "Hola")
