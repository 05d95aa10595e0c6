"""The texts of messages, and whether they carry the password: the owner writes, all staff reads."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from domain import message_templates
from domain.message_texts import DEFAULTS
from domain.shop_settings import credentials_in_messages
from domain.sql import scalar
from infra.database import reading, unit_of_work
from state.admin.template import MessageTemplate
from state.admin.templates import MessageTemplates
from tests.builders import as_staff, make_staff, sign_in_staff
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "²", "\ud800", "x" * 10**6]
BODY = "{shop}: listo tu pedido #{order}. {link}"


@pytest.fixture
async def boss() -> AsyncGenerator[Tab]:
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff("owner", username="duena")))


@pytest.fixture
async def operator() -> AsyncGenerator[Tab]:
    async with tabs() as open_tab:
        yield open_tab(await sign_in_staff(await make_staff()))


async def read(tab: Tab, name: str = "delivered") -> dict[str, Any]:
    tab.path = f"/admin/mensajes/plantillas/{name}"
    await tab.send(MessageTemplate.load)
    assert tab.sees(MessageTemplate)["notice"] == ""
    return tab.sees(MessageTemplate)


async def write(tab: Tab, **values: Any) -> dict[str, Any]:
    form = {"seen": "0", "subject": "Pedido #{order}", "body": BODY, **values}
    await tab.send(MessageTemplate.save, form=form)
    return tab.sees(MessageTemplate)


async def kept(name: str = "delivered") -> message_templates.Template:
    async with reading() as session:
        return await message_templates.current(session, name)


async def test_every_text_is_in_one_group_and_each_purpose_apart(operator: Tab) -> None:
    await operator.send(MessageTemplates.load)
    shown = operator.sees(MessageTemplates)["groups"]
    groups = {group.name: [line.name for line in group.lines] for group in shown}
    assert list(groups) == ["authentication", "utility", "marketing", "staff"]
    assert groups["authentication"] == ["login_code"]
    assert groups["marketing"] == ["back_in_stock"]
    assert set(groups["staff"]) == {
        "staff_order",
        "staff_alert",
        "staff_ticket",
        "staff_contact",
        "staff_receipt",
    }
    assert sorted(name for names in groups.values() for name in names) == sorted(DEFAULTS)


async def test_the_owner_writes_a_text_and_sees_the_version_and_its_author(boss: Tab) -> None:
    assert (await read(boss))["phase"] == "ready"
    seen = await write(boss)
    assert (seen["text"].version, seen["text"].body) == (1, BODY)
    assert seen["said"] == "Guardado: versión 1 en uso."
    assert seen["text"].versions[0].title.startswith("Versión 1 · duena · hoy")
    assert seen["text"].versions[1].title == "El texto original"
    assert seen["shown"].body == "Cuenty: listo tu pedido #123. https://mitienda.mx/m/Ab12…"
    assert (await write(boss, seen="1"))["said"] == "Ya decía eso."


async def test_what_is_typed_is_seen_before_it_is_saved(operator: Tab) -> None:
    await read(operator)
    await operator.send(MessageTemplate.preview, subject="Pedido {order}", body=BODY)
    assert operator.sees(MessageTemplate)["shown"].subject == "Pedido 123"
    await operator.send(MessageTemplate.preview, subject="Pedido", body="{order} {link} {code}")
    refused = operator.sees(MessageTemplate)["errors"]
    assert refused == {"body": "Usa solo las variables de la lista."}
    assert (await kept()).version == 0


async def test_an_approved_template_keeps_the_order_of_its_variables(boss: Tab) -> None:
    await read(boss)
    seen = await write(boss, content_sid="HX12", slot_1="link", slot_2="order", slot_3="")
    assert (await kept()).content_variables == ("link", "order")
    assert [(one.label, one.chosen) for one in seen["text"].slots][:3] == [
        ("{{1}}", "link"),
        ("{{2}}", "order"),
        ("{{3}}", ""),
    ]
    assert "access" not in {one.name for one in seen["text"].variables if one.approvable}
    await write(boss, seen="1", content_sid="HX12", slot_1="order")
    assert boss.sees(MessageTemplate)["errors"] == {
        "content_variables": "Falta {link}: el cliente no sabría dónde verlo."
    }


async def test_a_form_opened_before_somebody_else_saved_overwrites_nothing(boss: Tab) -> None:
    await read(boss)
    other = as_staff(await make_staff("owner"))
    async with unit_of_work() as session:
        await message_templates.save(
            session, other, name="delivered", seen=0, subject="Pedido", body=f"{BODY} ¡Gracias!"
        )
    seen = await write(boss)
    assert seen["notice"].startswith("Alguien guardó otra versión")
    assert (await kept()).body == f"{BODY} ¡Gracias!"


async def test_an_older_version_comes_back(boss: Tab) -> None:
    await read(boss)
    await write(boss)
    await boss.send(MessageTemplate.restore, version=0)
    seen = boss.sees(MessageTemplate)
    assert (seen["text"].version, seen["text"].body) == (2, DEFAULTS["delivered"].body)
    assert [one.in_force for one in seen["text"].versions] == [True, False, False]


async def test_an_operator_reads_and_writes_nothing(operator: Tab) -> None:
    await read(operator)
    await write(operator)
    await operator.send(MessageTemplate.restore, version=0)
    await operator.send(MessageTemplates.send_credentials, wanted=True)
    assert operator.went == ["/admin"] * 3
    assert (await kept()).version == 0


@pytest.mark.parametrize("name", ["otro", "", "..", "x" * 300])
async def test_a_text_nobody_has_is_missing(boss: Tab, name: str) -> None:
    assert (await read(boss, name))["phase"] == "missing"
    await write(boss)
    assert boss.sees(MessageTemplate)["notice"] == "No encontramos lo que buscas."


async def test_the_owner_takes_the_risk_and_gives_it_up(boss: Tab) -> None:
    await boss.send(MessageTemplates.load)
    for wanted in (True, False):
        await boss.send(MessageTemplates.send_credentials, wanted=wanted)
        assert boss.sees(MessageTemplates)["credentials"] is wanted
        async with reading() as session:
            assert await credentials_in_messages(session) is wanted
    async with reading() as session:
        audited = await scalar(
            session, "SELECT count(*) FROM audit_entries WHERE action = 'setting.change'"
        )
    assert audited == 2


@pytest.mark.parametrize("typed", NONSENSE)
async def test_nonsense_changes_no_text(boss: Tab, typed: Any) -> None:
    await read(boss)
    for field in ("seen", "body"):
        await write(boss, **{field: typed})
        assert boss.sees(MessageTemplate)["errors"], field
    for field in ("subject", "content_sid", "slot_1"):
        await write(boss, **{field: typed, "body": "{order}"})
    await boss.send(MessageTemplate.save, form=typed)
    await boss.send(MessageTemplate.preview, subject=typed, body=typed)
    await boss.send(MessageTemplate.restore, version=typed)
    assert boss.sees(MessageTemplate)["errors"]
    assert (await kept()).version == 0
