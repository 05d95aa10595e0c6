"""The owner's pages of webhooks: one is added, its secret shown once, and its failures read."""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Generator
from typing import Any

import pytest

from domain import webhook_deliveries, webhooks
from domain.actors import Actor
from domain.sql import scalar
from domain.webhook_events import EVENTS
from domain.webhooks import HookLine
from infra.database import reading, unit_of_work
from infra.settings import settings
from state.admin.webhook import AdminWebhook, HookView
from state.admin.webhook_rows import DeliveryRow, HookRow
from state.admin.webhooks import AdminWebhooks
from tests.builders import as_staff, make_customer, make_staff, sign_in_customer, sign_in_staff
from tests.receiver import Receiver, receiver
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")

FORM: dict[str, Any] = {
    "url": "https://mi-programa.mx/avisos",
    "description": "Contabilidad",
    "order.paid": "on",
    "stock.low": "on",
}
NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "", "1\x00", "\ud800", "x" * 10**6]


@pytest.fixture
def program(shop: Any, monkeypatch: pytest.MonkeyPatch) -> Generator[Receiver]:
    del shop
    monkeypatch.setenv("CUENTY_WEBHOOKS_TO_LOOPBACK", "true")
    settings.cache_clear()
    with receiver() as opened:
        yield opened


async def send() -> None:
    await importlib.import_module("jobs.webhooks").send()


async def add(url: str = "https://mi-programa.mx/avisos", *events: str) -> tuple[Actor, str, int]:
    """An owner, their session, and a webhook of theirs."""
    boss = await make_staff("owner")
    async with unit_of_work() as session:
        made = await webhooks.create(
            session, as_staff(boss), url=url, events=events or tuple(EVENTS), description="Bot"
        )
    return as_staff(boss), await sign_in_staff(boss), made.id


async def kept(owner: Actor, number: int) -> HookLine:
    async with reading() as session:
        return await webhooks.hook(session, owner, hook_id=number)


async def opened(tab: Tab, number: int) -> Tab:
    tab.path = f"/admin/integraciones/{number}"
    await tab.send(AdminWebhook.load)
    return tab


def listed(tab: Tab) -> tuple[HookRow, ...]:
    return tab.sees(AdminWebhooks)["view"].rows


def view(tab: Tab) -> HookView:
    return tab.sees(AdminWebhook)["view"]


def log(tab: Tab) -> list[DeliveryRow]:
    return list(view(tab).rows)


def pushed(tab: Tab) -> list[str]:
    """What scripts put into the browser, the empty ones left out."""
    said = [script.rpartition("(")[2].rstrip(")").strip('"') for script in tab.scripts]
    return [one for one in said if one.startswith(webhooks.PREFIX)]


def is_nowhere(secret: str, tab: Tab) -> bool:
    return secret not in str(tab.deltas) and secret.encode() not in pickle.dumps(tab.deltas)


async def test_a_new_webhook_shows_its_secret_once_to_the_browser_that_asked() -> None:
    async with tabs() as open_tab:
        tab = open_tab(await sign_in_staff(await make_staff("owner")))
        await tab.send(AdminWebhooks.load)
        assert listed(tab) == ()
        await tab.send(AdminWebhooks.create, form=FORM)
        [secret] = pushed(tab)
        [row] = listed(tab)
        assert (row.title, row.url, row.hears) == ("Contabilidad", FORM["url"], "2 avisos")
        assert (row.state, row.detail) == ("Encendida", "sin entregas todavía")
        assert is_nowhere(secret, tab)
        await tab.send(AdminWebhooks.load)
        assert pushed(tab) == [secret]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "ftp://mi-programa.mx"}, "url"),
        ({"url": "https://ana:clave@mi-programa.mx"}, "url"),
        ({"order.paid": "", "stock.low": ""}, "events"),
        ({"description": "x" * 81}, "description"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field(change: dict[str, str], field: str) -> None:
    _, session, number = await add()
    async with tabs() as open_tab:
        tab = open_tab(session)
        await tab.send(AdminWebhooks.create, form={**FORM, **change})
        assert set(tab.sees(AdminWebhooks)["errors"]) == {field}
        await opened(tab, number)
        await tab.send(AdminWebhook.save, form={**FORM, **change})
        assert set(tab.sees(AdminWebhook)["errors"]) == {field}
        assert pushed(tab) == []


async def test_what_it_hears_and_where_it_leads_is_changed() -> None:
    owner, session, number = await add()
    async with tabs() as open_tab:
        tab = await opened(open_tab(session), number)
        await tab.send(AdminWebhook.save, form=FORM)
        assert view(tab).hook.title == "Contabilidad"
        assert [one.kind for one in view(tab).events if one.heard] == ["order.paid", "stock.low"]
    assert (await kept(owner, number)).url == FORM["url"]


async def test_a_secret_is_changed_while_the_former_signs_too() -> None:
    _, session, number = await add()
    async with tabs() as open_tab:
        tab = await opened(open_tab(session), number)
        assert view(tab).former_until == ""
        await tab.send(AdminWebhook.rotate)
        [secret] = pushed(tab)
        assert view(tab).former_until.startswith("mañana")
        assert is_nowhere(secret, tab)


async def test_the_log_says_why_something_did_not_arrive_and_sends_it_again(
    program: Receiver,
) -> None:
    _, session, number = await add(program.url)
    program.says(500, b"se cayo la base")
    async with tabs() as open_tab:
        tab = await opened(open_tab(session), number)
        await tab.send(AdminWebhook.test)
        assert [(row.event, row.state) for row in log(tab)] == [("Prueba", "En camino")]
        await send()
        await opened(tab, number)
        [row] = log(tab)
        assert (row.state, row.status, row.answer) == ("Por reintentar", "500", "se cayo la base")
        assert row.why == "Respondió 500, y solo un 2xx cuenta como recibido."
        assert '"type": "webhook.test"' in row.sent
        assert view(tab).hook.state == "Falla"
        assert view(tab).hook.why.startswith("No responde bien desde hoy")
        program.says(200)
        await tab.send(AdminWebhook.resend, delivery=row.id)
        await send()
        await opened(tab, number)
        assert [(row.state, row.status, row.why) for row in log(tab)] == [("Entregado", "200", "")]
        assert (view(tab).hook.state, view(tab).hook.why) == ("Funciona", "")
    assert {one.id for one in program.got} == {row.event_id}


async def test_a_long_log_is_read_page_by_page() -> None:
    owner, session, number = await add()
    async with unit_of_work() as work:
        for _ in range(webhook_deliveries.PAGE + 1):
            await webhook_deliveries.send_test(work, owner, hook_id=number)
    async with tabs() as open_tab:
        tab = await opened(open_tab(session), number)
        first = [row.id for row in log(tab)]
        assert (len(first), view(tab).newer) == (webhook_deliveries.PAGE, "")
        tab.path = view(tab).older
        await tab.send(AdminWebhook.load)
        assert [row.id for row in log(tab)] == [min(first) - 1]
        assert (view(tab).newer, view(tab).older) == (f"/admin/integraciones/{number}", "")


async def test_one_that_is_off_takes_no_test_until_it_is_on_again() -> None:
    owner, session, number = await add()
    async with tabs() as open_tab:
        tab = await opened(open_tab(session), number)
        await tab.send(AdminWebhook.turn, wanted=False)
        assert view(tab).hook.state == "Apagada"
        await tab.send(AdminWebhook.test)
        assert "apagada" in tab.sees(AdminWebhook)["notice"]
        assert log(tab) == []
        await tab.send(AdminWebhook.turn, wanted=True)
        await tab.send(AdminWebhook.test)
        assert len(log(tab)) == 1
    assert (await kept(owner, number)).active


async def test_one_that_is_deleted_leads_back_to_the_list() -> None:
    _, session, number = await add()
    async with tabs() as open_tab:
        tab = await opened(open_tab(session), number)
        await tab.send(AdminWebhook.remove)
        assert tab.went == ["/admin/integraciones"]
        await tab.send(AdminWebhooks.load)
        assert listed(tab) == ()
        await opened(tab, number)
        assert tab.sees(AdminWebhook)["notice"] == "No encontramos lo que buscas."


async def test_nobody_but_the_owner_reads_or_changes_a_webhook() -> None:
    owner, session, number = await add()
    was = await kept(owner, number)
    handlers: list[tuple[Any, dict[str, Any]]] = [
        (AdminWebhooks.load, {}),
        (AdminWebhooks.create, {"form": FORM}),
        (AdminWebhook.load, {}),
        (AdminWebhook.save, {"form": FORM}),
        (AdminWebhook.rotate, {}),
        (AdminWebhook.test, {}),
        (AdminWebhook.turn, {"wanted": False}),
        (AdminWebhook.resend, {"delivery": 1}),
        (AdminWebhook.remove, {}),
    ]
    async with tabs() as open_tab:
        for other in (
            "",
            await sign_in_customer(await make_customer()),
            await sign_in_staff(await make_staff()),
        ):
            tab = await opened(open_tab(session), number)
            await tab.become(other)
            seen = len(tab.deltas)
            for handler, payload in handlers:
                await tab.send(handler, **payload)
            assert was.url not in str(tab.deltas[seen:])
            assert pushed(tab) == []
    assert await kept(owner, number) == was


@pytest.mark.parametrize("nonsense", NONSENSE, ids=lambda value: str(value)[:10])
async def test_nonsense_is_refused(nonsense: Any) -> None:
    owner, session, number = await add()
    was = await kept(owner, number)
    async with tabs() as open_tab:
        tab = await opened(open_tab(session), number)
        for handler in (AdminWebhooks.create, AdminWebhook.save):
            await tab.send(handler, form=nonsense)
            await tab.send(handler, form={**FORM, "url": nonsense})
        await tab.send(AdminWebhook.resend, delivery=nonsense)
    assert await kept(owner, number) == was
    async with reading() as work:
        assert await scalar(work, "SELECT count(*) FROM webhooks") == 1
