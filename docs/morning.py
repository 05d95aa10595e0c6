"""Work through a shop keeper's morning in the interface, and count what it takes.

`make morning` runs it: a shop of its own, filled with what came in over night, worked through in a
browser of 1280 × 800 from the home page on. A choice in a list counts as two clicks. The table goes
to `docs/morning.md`. Seconds are what they are; a hundred payments in more than `MOST_CLICKS` fail.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.async_api import Locator, Page, async_playwright, expect

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "benchmarks")]

from _harness import machine  # noqa: E402  # after the path

import models  # noqa: E402
from domain import receipts, tickets  # noqa: E402
from domain.receipts import ReceiptTold  # noqa: E402
from domain.sql import fetch_one, run  # noqa: E402
from infra.clock import add_months, today  # noqa: E402
from infra.database import reading, unit_of_work  # noqa: E402
from infra.embedded import EmbeddedServer  # noqa: E402
from infra.schema import upgrade  # noqa: E402
from tests.browser.backdoor import inside  # noqa: E402
from tests.browser.conftest import DESKTOP, FLAGS, Served, open_context, serving  # noqa: E402
from tests.browser.people import look_up  # noqa: E402
from tests.builders import (  # noqa: E402
    as_customer,
    make_account,
    make_customer,
    pay,
    place_order,
)
from tests.conftest import fresh_database, private_folder  # noqa: E402

TABLE = PROJECT / "docs" / "morning.md"
MOST_CLICKS = 6
PAYMENTS, RECEIPTS, WAITING, ENDING = 100, 10, 5, 10
QUESTIONS = {
    "No me deja entrar": "Vuelve a ver tus datos",
    "¿Ya vieron mi pago?": "Falta tu comprobante",
    "Se cierra a media película": "Un dispositivo a la vez",
}
HEADER = """# A shop keeper's morning

What came in over night, worked through by one person in the browser, from the home page on. A
choice in a list counts as two clicks, a key as one, pasting or typing into a field as one field.
Every payment comes with its receipt: ten are looked at one by one, a hundred are confirmed
together, as one does with the bank's page open beside it. The seconds are those of the script,
which neither reads nor thinks: they are how long the shop takes, and with receipts and tickets a
second of waiting for each, since a decision takes no second press within one. `make morning` renews
the table and fails when {payments} payments need more than {most} clicks.

Taken {date} on {machine}; a window of 1280 × 800; browser, shop and
database on the same machine.

| Task | Clicks | Fields typed | Seconds | What was done |
|---|---|---|---|---|
"""


@dataclass
class Task:
    """One row of the table, and the hand that does the work."""

    name: str
    done: str
    clicks: int = 0
    typed: int = 0
    seconds: float = 0

    async def click(self, target: Locator) -> None:
        await target.click()
        self.clicks += 1

    async def press(self, page: Page, key: str) -> None:
        await page.keyboard.press(key)
        self.clicks += 1

    async def type(self, target: Locator, text: str) -> None:
        await target.fill(text)
        self.typed += 1

    async def choose(self, target: Locator, label: str) -> None:
        await target.select_option(label=label)
        self.clicks += 2

    def line(self) -> str:
        return f"| {self.name} | {self.clicks} | {self.typed} | {self.seconds:.1f} | {self.done} |"


@dataclass
class Morning:
    """The keeper's page, the shop behind it, and what was done so far."""

    page: Page
    served: Served
    tasks: list[Task] = field(default_factory=list)

    @asynccontextmanager
    async def task(self, name: str, done: str) -> AsyncGenerator[Task]:
        one = Task(name, done)
        began = time.monotonic()
        yield one
        one.seconds = time.monotonic() - began
        self.tasks.append(one)
        print(one.line(), flush=True)  # noqa: T201  # a command

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("link", name=name).first

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True).first

    def count(self, statement: str) -> int:
        [[found]] = look_up(self.served, statement)
        return int(str(found))


async def fill(morning: Morning) -> None:
    """What came in over night; nobody can serve those who paid for Disney+."""
    netflix, disney, hbo = [await plan_of(slug) for slug in ("netflix", "disney-plus", "hbo-max")]
    for _ in range((RECEIPTS + PAYMENTS) // 5 + 1):
        await make_account(netflix.service_id, profiles=5)
    for number in range(RECEIPTS + PAYMENTS):
        await order_with_receipt(await make_customer(name=f"Cliente {number + 1}"), netflix)
    for _ in range(ENDING):
        order = await place_order(await make_customer(name="Olga Sigue"), hbo)
        await pay(order.id, order.total)
        await end_today(order.id)
    short = [
        await place_order(await make_customer(name="Beto Espera"), disney) for _ in range(WAITING)
    ]
    async with unit_of_work() as session:
        await run(
            session,
            "UPDATE accounts SET status = 'down' WHERE service_id = %(id)s",
            id=disney.service_id,
        )
    for order in short:
        await pay(order.id, order.total)
    for subject in QUESTIONS:
        asking = as_customer(await make_customer(name="Dora Duda"))
        async with unit_of_work() as session:
            await tickets.open_ticket(session, asking, subject=subject, body="¿Me ayudan?")
    assert morning.count(STILL_WAITING) == WAITING  # noqa: S101  # or there is nothing to do


async def order_with_receipt(customer: models.Customer, plan: models.Plan) -> None:
    order = await place_order(customer, plan)
    told = ReceiptTold(f"MBAN{order.id:010d}", "BBVA", today(), order.total)
    async with unit_of_work() as session:
        await receipts.send(session, as_customer(customer), order_id=order.id, told=told)


STILL_WAITING = "SELECT count(*) FROM orders WHERE status = 'processing'"


async def plan_of(slug: str) -> models.Plan:
    """A month of this service."""
    async with reading() as session:
        found = await fetch_one(
            session,
            """SELECT p.id, p.service_id FROM plans p JOIN services s ON s.id = p.service_id
               WHERE s.slug = %(slug)s AND p.duration_months = 1""",
            slug=slug,
        )
    assert found is not None  # noqa: S101  # the seed has it
    return models.Plan(id=found.id, service_id=found.service_id)


async def end_today(order: int) -> None:
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE assignments a SET starts_on = %(start)s, anchor_on = %(start)s,
                   ends_on = %(end)s, assigned_at = a.assigned_at - %(ago)s
               FROM order_items i WHERE i.id = a.order_item_id AND i.order_id = %(order)s""",
            order=order,
            start=add_months(today(), -1),
            end=today(),
            ago=timedelta(days=31),
        )


async def sign_in(morning: Morning) -> None:
    page = morning.page
    await page.goto("/admin/ingresar")
    async with morning.task("Sign in", "user and password, from an open page") as hand:
        await hand.type(page.get_by_label("Usuario"), "admin")
        await hand.type(page.get_by_label("Contraseña"), "admin123")
        await hand.click(morning.button("Entrar"))
        await page.wait_for_url("**/admin")
        await expect(morning.link("Por confirmar")).to_be_visible()


async def decide(morning: Morning) -> None:
    """The oldest comes first; each decision leads to the next."""
    page = morning.page
    done = "«Comprobantes por revisar», then key A for each; each was delivered"
    async with morning.task(f"Decide {RECEIPTS} receipts one by one", done) as hand:
        await hand.click(morning.link("Comprobantes por revisar"))
        for _ in range(RECEIPTS):
            shown = page.get_by_role("heading", name=re.compile(r"^Pedido #\d+$"))
            number = (await shown.inner_text()).partition("#")[2]
            await asyncio.sleep(1.3)  # a key pressed twice decides once
            await hand.press(page, "a")
            await expect(page.get_by_text(f"Pedido #{number}: pago confirmado")).to_be_visible()
    accepted = "SELECT count(*) FROM receipts WHERE status = 'accepted'"
    assert morning.count(accepted) == RECEIPTS  # noqa: S101  # or nothing was measured


async def home(morning: Morning) -> None:
    await morning.page.goto("/admin")
    await expect(morning.link("Por confirmar")).to_be_visible()


async def confirm_payments(morning: Morning) -> None:
    page = morning.page
    done = "«Por confirmar», the page, all of them, «Confirmar pagos», and yes; each was delivered"
    async with morning.task(f"Confirm {PAYMENTS} payments", done) as hand:
        await hand.click(morning.link("Por confirmar"))
        await hand.click(page.get_by_role("checkbox", name="Elegir la página"))
        await hand.click(morning.button("Elegir hasta 200"))
        await expect(page.get_by_text(f"{PAYMENTS} elegidos")).to_be_visible()
        await hand.click(morning.button("Confirmar pagos"))
        asked = page.get_by_role("dialog", name="Confirmar pagos")
        await expect(asked.get_by_text(f"Se hará en {PAYMENTS} pedidos")).to_be_visible()
        await hand.click(asked.get_by_role("button", name="Confirmar pagos"))
        results = page.get_by_role("region", name="Resultado").get_by_role("listitem")
        delivered = results.filter(has_text="Pagado y entregado")
        await expect(delivered).to_have_count(PAYMENTS, timeout=120_000)
    if hand.clicks > MOST_CLICKS:
        raise SystemExit(f"{PAYMENTS} payments took {hand.clicks} clicks")


async def add_stock(morning: Morning) -> None:
    page = morning.page
    done = "an account of seven profiles added; those who waited were served as it was saved"
    async with morning.task(f"Serve {WAITING} orders that wait for stock", done) as hand:
        await hand.click(morning.link("Inventario"))
        await hand.click(morning.link("Agregar cuenta"))
        await hand.choose(page.get_by_label("Servicio"), "Disney+")
        await hand.type(page.get_by_label("Usuario"), "disney.nueva@correo.mx")
        await hand.type(page.get_by_label("Contraseña"), "una-clave-del-proveedor")
        await hand.click(morning.button("Guardar cuenta"))
        await expect(page.get_by_text("atendió a los pedidos que esperaban")).to_be_visible()
    assert morning.count(STILL_WAITING) == 0  # noqa: S101  # or nothing was measured


async def remind(morning: Morning) -> None:
    page = morning.page
    done = "«Terminan hoy» on the home, all of them, «Recordar»; each got its message"
    async with morning.task(f"Remind {ENDING} whose subscription ends", done) as hand:
        await hand.click(morning.link("Resumen"))
        await hand.click(morning.link("Terminan hoy"))
        await hand.click(page.get_by_role("checkbox", name="Elegir todas"))
        await hand.click(morning.button("Recordar"))
        results = page.get_by_role("region", name="Resultado").get_by_role("listitem")
        await expect(results.filter(has_text="Recordado")).to_have_count(ENDING)


async def answer(morning: Morning) -> None:
    page = morning.page
    done = "each from the queue, a canned reply inserted, sent, left solved"
    async with morning.task(f"Answer {len(QUESTIONS)} tickets", done) as hand:
        for subject, reply in QUESTIONS.items():
            await hand.click(morning.link("Soporte"))
            await hand.click(morning.link(re.compile(re.escape(subject))))
            await expect(page.get_by_role("heading", name=subject)).to_be_visible()
            await hand.choose(page.get_by_label("Respuesta guardada"), reply)
            await hand.click(morning.button("Insertar"))
            await hand.click(page.get_by_role("checkbox", name="Y dejarlo resuelto"))
            await hand.click(morning.button("Responder"))
            await expect(page.get_by_role("log").get_by_text("Hola, Dora.")).to_be_visible()
            await asyncio.sleep(1)  # «Responder» takes no second press within a second
    answered = "SELECT count(*) FROM tickets WHERE status = 'solved'"
    assert morning.count(answered) == len(QUESTIONS)  # noqa: S101  # or nothing was measured


def write(tasks: list[Task]) -> None:
    whole = Task(
        "**All of it**",
        "",
        sum(one.clicks for one in tasks),
        sum(one.typed for one in tasks),
        sum(one.seconds for one in tasks),
    )
    head = HEADER.format(
        payments=PAYMENTS,
        most=MOST_CLICKS,
        date=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        machine=machine(),
    )
    TABLE.write_text(head + "".join(f"{one.line()}\n" for one in [*tasks, whole]), encoding="utf-8")


async def work_through(served: Served) -> list[Task]:
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        context = await open_context(browser, served, viewport=DESKTOP)
        morning = Morning(await context.new_page(), served)
        async with inside(served):
            await fill(morning)
        for part in (sign_in, decide, home, confirm_payments, add_stock, remind, answer):
            await part(morning)
        await browser.close()
    return morning.tasks


def main() -> None:
    os.environ.update(CUENTY_QUIET_FROM="0", CUENTY_QUIET_UNTIL="0")  # a morning at any hour
    with (
        private_folder() as folder,
        EmbeddedServer(folder / "shop", durable=False) as server,
        fresh_database(server) as url,
    ):
        upgrade(url)
        with serving(url) as served:
            write(asyncio.run(work_through(served)))


if __name__ == "__main__":
    main()
