"""One order, several people: what each may do, and what the one who comes second is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from decimal import Decimal
from typing import Any

import pytest

import models
from domain.sql import run, scalar
from infra import clock
from infra.database import reading, unit_of_work
from state.admin.order import AdminOrder
from tests.builders import (
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
    sign_in_staff,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("calendar")

NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "1\x00", "²", "\ud800", "x" * 10**6]


@pytest.fixture
async def plan(calendar: object) -> models.Plan:
    del calendar
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    return plan


@pytest.fixture
async def desks(plan: models.Plan) -> AsyncGenerator[tuple[Tab, Tab]]:
    """Olga and Raúl with the same unpaid order before them."""
    await place_order(await make_customer(), plan)
    async with tabs() as open_tab:
        people = [await make_staff(username=name) for name in ("olga", "raul")]
        both = [open_tab(await sign_in_staff(one)) for one in people]
        for tab in both:
            await look(tab)
        yield both[0], both[1]


async def look(tab: Tab) -> Any:
    tab.path = "/admin/pedidos/1"
    await tab.send(AdminOrder.load)
    return tab.sees(AdminOrder)["order"]


async def value(statement: str) -> Any:
    async with reading() as session:
        return await scalar(session, statement)


async def change(statement: str) -> None:
    async with unit_of_work() as session:
        await run(session, statement)


def payment(reference: str = "SPEI 9") -> dict[str, str]:
    return {
        "amount": "150",
        "paid_on": clock.today().isoformat(),
        "reference": reference,
        "seen": "0",
    }


async def test_who_cancels_after_it_was_paid_is_told_and_it_stays_paid(
    desks: tuple[Tab, Tab],
) -> None:
    olga, raul = desks
    await raul.send(AdminOrder.begin_cancel)
    await olga.send(AdminOrder.confirm, form=payment())
    await raul.send(AdminOrder.cancel, form={"reason": "No pagó"})
    notice = raul.sees(AdminOrder)["notice"]
    assert notice.startswith("El pedido está entregado y eso ya no se puede hacer. Lo último:")
    assert "olga" in notice
    assert raul.sees(AdminOrder)["order"].status == "delivered"


async def test_who_confirms_after_it_was_cancelled_keeps_the_money_on_record(
    desks: tuple[Tab, Tab],
) -> None:
    olga, raul = desks
    await olga.send(AdminOrder.cancel, form={"reason": "Se arrepintió"})
    await raul.send(AdminOrder.confirm, form=payment())
    seen = raul.sees(AdminOrder)
    assert (seen["order"].status, seen["tone"]) == ("cancelled", "warning")
    assert "sigue cancelado" in seen["said"]
    await raul.send(AdminOrder.remind)
    assert "Pedido cancelado" not in raul.sees(AdminOrder)["notice"], "the late payment is later"
    assert "Lo último" in raul.sees(AdminOrder)["notice"]


async def test_a_paid_order_is_not_cancelled_by_who_saw_it_unpaid(
    desks: tuple[Tab, Tab],
) -> None:
    """Staff may cancel a paid order that waits for stock, but not without having seen that."""
    olga, raul = desks
    await change("UPDATE accounts SET status = 'down'")
    await raul.send(AdminOrder.begin_cancel)
    await olga.send(AdminOrder.confirm, form=payment())
    await raul.send(AdminOrder.cancel, form={"reason": "No pagó"})
    assert "ahora está en proceso" in raul.sees(AdminOrder)["notice"]
    await look(raul)
    await raul.send(AdminOrder.begin_cancel)
    await raul.send(AdminOrder.cancel, form={"reason": "Sin stock"})
    assert await value("SELECT status FROM orders") == "cancelled"


async def test_one_transfer_confirmed_by_two_is_one_payment(desks: tuple[Tab, Tab]) -> None:
    olga, raul = desks
    await asyncio.gather(
        olga.send(AdminOrder.confirm, form=payment("SPEI 9")),
        raul.send(AdminOrder.confirm, form=payment("BBVA 9")),
    )
    notices = sorted(tab.sees(AdminOrder)["notice"] for tab in desks)
    assert notices[0] == ""
    assert notices[1].startswith("Alguien registró un pago mientras tanto")
    assert await value("SELECT count(*) FROM payments") == 1


async def test_notes_carry_what_they_were_when_somebody_began(desks: tuple[Tab, Tab]) -> None:
    olga, raul = desks
    for tab in desks:
        await tab.send(AdminOrder.begin_notes)
    form = {"notes": "Llamar mañana", "follow_up": "2026-01-16"}
    await olga.send(AdminOrder.save_notes, form=form)
    assert olga.sees(AdminOrder)["order"].notes.day_shown == "16 ene"
    await look(raul)  # the page behind his dialog is drawn anew
    await raul.send(AdminOrder.save_notes, form={"notes": "Ya pagó", "follow_up": ""})
    assert raul.sees(AdminOrder)["notice"].startswith("Alguien cambió las notas")
    await raul.send(AdminOrder.begin_notes)
    await raul.send(AdminOrder.save_notes, form={"notes": "Ya pagó", "follow_up": ""})
    assert await value("SELECT notes FROM orders") == "Ya pagó"
    for raw in NONSENSE:
        await raul.send(AdminOrder.save_notes, form=raw)
        await raul.send(AdminOrder.save_notes, form={"notes": "x", "follow_up": raw or "nunca"})
    assert list(raul.sees(AdminOrder)["errors"]) == ["follow_up"]


async def test_while_it_is_unpaid_it_is_reminded_and_kept(desks: tuple[Tab, Tab]) -> None:
    olga, raul = desks
    await olga.send(AdminOrder.remind)
    assert olga.sees(AdminOrder)["said"] == "El recordatorio va en camino."
    await raul.send(AdminOrder.remind)
    assert raul.sees(AdminOrder)["notice"] == "Ya le recordamos hoy este pago."
    await olga.send(AdminOrder.extend, form={"days": "2"})
    assert olga.sees(AdminOrder)["order"].expires == "18 ene 2026, 00:00"
    for raw in NONSENSE:
        await raul.send(AdminOrder.extend, form=raw)
        await raul.send(AdminOrder.extend, form={"days": raw})
    assert list(raul.sees(AdminOrder)["errors"]) == ["days"]


async def test_a_line_that_waits_gets_what_somebody_picks(
    desks: tuple[Tab, Tab], plan: models.Plan
) -> None:
    olga, raul = desks
    await make_account(plan.service_id, profiles=2)
    await change("UPDATE accounts SET status = 'down'")
    await pay(1, Decimal(150))
    await change("UPDATE accounts SET status = 'active' WHERE id = 2")
    (line,) = (await look(olga)).waiting
    assert line.name.startswith("1 × Servicio")
    for tab in desks:
        await look(tab)
        await tab.send(AdminOrder.pick, item=line.id)
    names = [one.name for one in olga.sees(AdminOrder)["picking"].choices]
    assert names == ["Cuenta 2 · Perfil 1", "Cuenta 2 · Perfil 2"]
    for raw in NONSENSE:
        await olga.send(AdminOrder.pick, item=raw)
        await olga.send(AdminOrder.give, form=raw)
    await olga.send(AdminOrder.pick, item=line.id)
    await olga.send(AdminOrder.give, form={})
    assert list(olga.sees(AdminOrder)["errors"]) == ["unit"]
    await olga.send(AdminOrder.give, form={"unit": "7"})
    assert olga.sees(AdminOrder)["said"] == "Los accesos ya se entregaron."
    await raul.send(AdminOrder.give, form={"unit": "6"})
    assert "Lo último: Accesos entregados (olga" in raul.sees(AdminOrder)["notice"]
    assert await value("SELECT array_agg(profile_id) FROM assignments") == [7]


async def test_what_there_is_goes_out_before_its_turn(desks: tuple[Tab, Tab]) -> None:
    olga, _ = desks
    await change("UPDATE accounts SET status = 'down'")
    await olga.send(AdminOrder.confirm, form=payment())
    await olga.send(AdminOrder.fill)
    assert olga.sees(AdminOrder)["notice"] == "Todavía no hay stock para este pedido."
    await change("UPDATE accounts SET status = 'active'")
    await olga.send(AdminOrder.fill)
    assert olga.sees(AdminOrder)["order"].status == "delivered"
