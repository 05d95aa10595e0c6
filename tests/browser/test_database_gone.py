"""G6: the database goes away while somebody signs in. They are told, and nothing is half done."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Generator
from dataclasses import dataclass

import psycopg
import pytest
from playwright.async_api import Browser, Page, Route, expect

from domain.texts import REFUSALS
from infra import browser
from infra.embedded import EmbeddedServer
from infra.schema import upgrade
from tests.browser.conftest import Served, open_context, serving
from tests.browser.people import look_up, new_phone, read_code
from tests.conftest import private_folder

SAID = REFUSALS["unavailable"]
TRACES = """SELECT (SELECT count(*) FROM login_codes),
    (SELECT count(*) FROM messages WHERE kind = 'login_code'),
    (SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'messages.send'),
    (SELECT count(*) FROM login_codes WHERE used_at IS NOT NULL OR tries > 0),
    (SELECT count(*) FROM login_sessions), (SELECT count(*) FROM login_tickets),
    (SELECT count(*) FROM customers), (SELECT count(*) FROM signin_attempts)"""


@dataclass
class Database:
    """The server of this shop alone: it may go away."""

    server: EmbeddedServer

    def go(self) -> None:
        self.server.stop()

    def come_back(self) -> None:
        self.server.start()


@pytest.fixture
def database() -> Generator[Database]:
    with private_folder() as folder:
        server = EmbeddedServer(folder / "shop", durable=False)
        upgrade(server.start())
        try:
            yield Database(server)
        finally:
            server.stop()


@pytest.fixture
def shop(database: Database) -> Generator[Served]:
    with serving(database.server.url()) as served:
        yield served


@pytest.fixture
async def page(chromium: Browser, shop: Served) -> AsyncGenerator[Page]:
    context = await open_context(chromium, shop)
    yield await context.new_page()
    await context.close()


def traces(shop: Served) -> tuple[object, ...]:
    """Codes, their messages and jobs, spent codes, sessions, tickets, customers, attempts."""
    [found] = look_up(shop, TRACES)
    return found


async def test_signing_in_survives_a_database_that_goes_away_at_every_step(
    shop: Served, database: Database, page: Page
) -> None:
    phone = new_phone()
    alert = page.get_by_role("alert").filter(has_text=SAID)
    code = page.get_by_label("Código de 6 dígitos")
    await page.goto("/ingresar?next=/mis-pedidos")
    await page.get_by_label("Número de celular").press_sequentially(phone)

    database.go()
    await page.get_by_role("button", name="Enviar código").click()
    await expect(alert).to_be_visible()
    await expect(page.get_by_label("Número de celular")).to_be_visible()
    database.come_back()
    assert traces(shop) == (0, 0, 0, 0, 0, 0, 0, 0)

    await page.get_by_role("button", name="Enviar código").click()
    await expect(code).to_be_visible()
    assert traces(shop) == (1, 1, 1, 0, 0, 0, 0, 0)
    typed = await read_code(page, phone)

    database.go()
    await code.press_sequentially(typed)  # the sixth digit sends it
    await expect(alert).to_be_visible()
    database.come_back()
    assert traces(shop) == (1, 1, 1, 0, 0, 0, 0, 0)

    await page.get_by_role("button", name="Entrar").click()
    await page.wait_for_url("**/perfil**")
    await page.get_by_label("¿Cómo te llamas?").fill("Ana Torres")
    await page.get_by_role("button", name="Guardar y continuar").click()
    await page.wait_for_url("**/mis-pedidos")
    assert traces(shop) == (1, 1, 1, 1, 1, 1, 1, 1)


async def test_a_database_that_goes_away_before_the_cookie_is_set_costs_one_reload(
    shop: Served, database: Database, page: Page
) -> None:
    """The code is spent by then, but its ticket is not: nobody has to ask for another code."""
    phone = new_phone()

    async def without_database(route: Route) -> None:
        database.go()
        await route.continue_()

    await page.route("**/api/auth/session", without_database, times=1)
    await page.goto("/ingresar")
    await page.get_by_label("Número de celular").press_sequentially(phone)
    await page.get_by_role("button", name="Enviar código").click()
    code = page.get_by_label("Código de 6 dígitos")
    await expect(code).to_be_visible()
    await code.press_sequentially(await read_code(page, phone))
    await expect(page.get_by_role("alert")).to_have_text(SAID)
    await expect(page.get_by_role("link", name="Volver a intentar")).to_have_attribute(
        "href", "/ingresar"
    )
    database.come_back()
    assert traces(shop) == (1, 1, 1, 1, 1, 1, 1, 1)
    kept = [cookie.get("name") for cookie in await page.context.cookies()]
    assert kept == [browser.visitor_cookie()]

    await page.reload()  # sends the form again
    await expect(page.get_by_label("¿Cómo te llamas?")).to_be_visible()
    assert traces(shop) == (1, 1, 1, 1, 1, 1, 1, 1)


async def test_pages_say_so_while_the_database_is_away_and_health_is_red(
    shop: Served, database: Database, page: Page
) -> None:
    await page.goto("/")
    await expect(page.get_by_text(re.compile("Netflix")).first).to_be_visible()
    database.go()
    answer = await page.request.get("/health")
    assert (answer.status, (await answer.json())["status"]) == (503, "down")
    phone = {"phone": new_phone(), "channel": "sms"}
    refused = await page.request.post(
        "/api/auth/user/phone/request-code", data=phone, headers={"Origin": shop.origin}
    )
    assert refused.status == 503
    assert (await refused.json())["detail"] == SAID
    with pytest.raises(psycopg.OperationalError):
        traces(shop)
    database.come_back()
    assert traces(shop) == (0, 0, 0, 0, 0, 0, 0, 0)
    await page.goto("/servicio/netflix")
    await expect(page.get_by_role("heading", name="Netflix", level=1)).to_be_visible()
