"""The owner asks the log who changed what, and takes the answer along; an operator cannot."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from playwright.async_api import Browser, Page, expect

from domain.records import audit
from infra import browser as browsers
from infra.database import unit_of_work
from tests.browser.backdoor import inside
from tests.browser.conftest import Served
from tests.browser.people import sign_in_as_admin
from tests.builders import as_staff, make_staff, sign_in_staff

LOG = "/admin/bitacora"


async def test_the_owner_filters_the_log_sees_what_turned_into_what_and_exports_it(
    served: Served, desk: Page, phone: Page
) -> None:
    async with inside(served):
        owner = as_staff(await make_staff("owner"))
        await sign_in_as_admin(desk)
        await desk.goto(LOG)
        await expect(desk.get_by_role("heading", name="Bitácora", level=1)).to_be_visible()
        entered = desk.get_by_role("row").filter(has_text="Entró a la administración").first
        await expect(entered).to_contain_text("admin")
        await expect(entered).to_contain_text("Chrome")
        async with unit_of_work() as session:
            await audit(session, owner, "plan.low_stock", "plan", 1, before=41, after=47)
        await desk.get_by_label("Tema", exact=True).select_option(label="Catálogo")
        await desk.get_by_role("button", name="Filtrar").click()
        await desk.wait_for_url("**grupo=catalogo**")
        row = desk.get_by_role("row").filter(has_text="Cambió el aviso de poco stock").first
        await expect(row).to_contain_text("Avisar con")
        await expect(row.get_by_role("deletion")).to_have_text("41")
        await expect(row).to_contain_text("47")
        await expect(desk.get_by_text("Entró a la administración")).to_have_count(0)
        await desk.get_by_role("button", name="Exportar").click()
        async with desk.expect_download() as coming:
            await desk.get_by_role("button", name="CSV").click()
        rows = _table(await (await coming.value).path())
        assert rows[1][4] == "cambió el aviso de poco stock de un plan"
        assert "Avisar con: 41 → 47" in {row[6] for row in rows}
        assert "entró a la administración" not in {row[4] for row in rows}
        await desk.get_by_role("link", name="Quitar filtros").click()
        await expect(desk.get_by_role("row").nth(1)).to_contain_text("exportó una lista")
        await sign_in_as_admin(phone)
        await phone.goto(f"{LOG}?grupo=catalogo")
        card = phone.get_by_role("article").filter(has_text="poco stock").first
        await expect(card).to_contain_text("47")


def _table(path: Path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


async def test_an_operator_has_no_way_to_the_log(served: Served, chromium: Browser) -> None:
    async with inside(served):
        token = await sign_in_staff(await make_staff("operator"))
    context = await chromium.new_context(base_url=served.origin)
    await context.add_cookies(
        [{"name": browsers.session_cookie(), "value": token, "url": served.origin}]
    )
    page = await context.new_page()
    await page.goto("/admin")
    await expect(page.get_by_role("link", name="Pedidos").first).to_be_visible()
    await expect(page.get_by_role("link", name="Bitácora")).to_have_count(0)
    await page.goto(LOG)
    await page.wait_for_url("**/admin")
    await expect(page.get_by_role("heading", name="Resumen", level=1)).to_be_visible()
    answer = await page.request.get("/api/admin/exportar/bitacora")
    assert answer.status == 403
    await context.close()
