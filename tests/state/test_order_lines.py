"""What an order's lines say on both sides of the counter: what they renew, and what is promised."""

from __future__ import annotations

import pytest

import models
from domain import order_endings, subscriptions
from domain.sql import run
from infra.database import unit_of_work
from models import Plan
from state.admin.order import AdminOrder
from state.order_parts import ItemView
from state.storefront.order import OrderStatusPage
from tests.builders import (
    as_staff,
    make_customer,
    make_staff,
    pay,
    place_order,
    sign_in_customer,
    sign_in_staff,
)
from tests.domain.test_renewals import renew, subscribed
from tests.fixtures import Calendar
from tests.tabs import tabs

pytestmark = pytest.mark.usefixtures("calendar")


async def both(ana: models.Customer, number: int) -> tuple[ItemView, ItemView]:
    """The order's only line as its customer and as an operator sees it."""
    async with tabs() as open_tab:
        hers = open_tab(await sign_in_customer(ana))
        hers.path = f"/pedido/{number}"
        await hers.send(OrderStatusPage.load)
        desk = open_tab(await sign_in_staff(await make_staff()))
        desk.path = f"/admin/pedidos/{number}"
        await desk.send(AdminOrder.load)
        [seen] = hers.sees(OrderStatusPage)["order"].lines
        [shown] = desk.sees(AdminOrder)["order"].lines
    return seen, shown


async def test_a_renewal_says_so_and_until_when() -> None:
    ana, plan = await subscribed()
    order = await renew(ana, plan)
    seen, shown = await both(ana, order.id)
    assert seen.note == "Renovación de tu suscripción · hasta el 15 mar 2026"
    assert shown.note == "Renovación de su suscripción · hasta el 15 mar 2026"
    assert seen.fulfilment == "Esperando pago"
    await pay(order.id, order.total)
    seen, shown = await both(ana, order.id)
    assert seen.note == "Renovación de tu suscripción · hasta el 15 mar 2026"
    assert (seen.fulfilment, shown.fulfilment) == ("Renovado", "Renovado")


async def test_a_lapsed_subscription_is_renewed_from_the_day_it_is_paid(
    calendar: Calendar,
) -> None:
    ana, plan = await subscribed()
    calendar.go_to(2026, 2, 17, 12)
    order = await renew(ana, plan)
    seen, _ = await both(ana, order.id)
    assert seen.note == "Renovación de tu suscripción · hasta el 17 mar 2026 si se paga hoy"
    await pay(order.id, order.total)
    seen, _ = await both(ana, order.id)
    assert seen.note == "Renovación de tu suscripción · hasta el 17 mar 2026"


async def test_a_renewal_that_came_too_late_is_an_order_like_any_other(calendar: Calendar) -> None:
    ana, plan = await subscribed()
    calendar.go_to(2026, 2, 18, 12)
    order = await renew(ana, plan)
    calendar.go_to(2026, 2, 20, 12)
    async with unit_of_work() as session:
        await order_endings.expire_due(session)
        await subscriptions.release_lapsed(session)
    await pay(order.id, order.total)
    seen, _ = await both(ana, order.id)
    assert (seen.note, seen.fulfilment) == ("", "Entregado")


async def test_a_cancelled_renewal_promises_no_day() -> None:
    ana, plan = await subscribed()
    order = await renew(ana, plan)
    async with unit_of_work() as session:
        staff = as_staff(await make_staff())
        await order_endings.cancel(session, staff, order_id=order.id, reason="Se arrepintió")
    seen, _ = await both(ana, order.id)
    assert (seen.note, seen.fulfilment) == ("Renovación de tu suscripción", "Cancelado")


async def waiting() -> tuple[models.Customer, Plan, int]:
    """Eva paid, and the stock is gone."""
    _, plan = await subscribed(profiles=2)
    eva = await make_customer()
    order = await place_order(eva, plan)
    async with unit_of_work() as session:
        await run(
            session,
            """UPDATE profiles SET status = 'disabled', reserved_order_id = NULL,
                   reserved_until = NULL WHERE status = 'free'""",
        )
    await pay(order.id, order.total)
    return eva, plan, order.id


async def test_what_waits_for_stock_says_by_when(calendar: Calendar) -> None:
    eva, _, number = await waiting()
    seen, shown = await both(eva, number)
    assert seen.note == "Te lo entregamos a más tardar mañana a las 10:00"
    assert (shown.note, shown.late) == ("Prometido a más tardar mañana a las 10:00", False)
    calendar.go(hours=25)
    seen, shown = await both(eva, number)
    assert seen.note.startswith("Nos atrasamos: te lo prometimos para hoy a las 10:00.")
    assert (shown.note, shown.late) == ("Atrasado: se prometió para hoy a las 10:00", True)
    calendar.go(days=2)
    assert (await both(eva, number))[1].note == "Atrasado: se prometió para el 16 ene a las 10:00"
