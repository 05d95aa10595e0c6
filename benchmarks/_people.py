"""Who uses the shop in a benchmark: signed-in customers, their cookies, the handlers they call."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from _apps import BUILT, App, Data
from _harness import PROJECT
from _tab import Tab, Update, tab

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

SHOP_WEB = PROJECT / ".web"
BARE_WEB = BUILT / ".web"

# The names handlers have on the wire: the path of the State's module, its name, the handler's.
SHOP_STATE = "reflex___state____state.state___"
TRIVIAL = f"{SHOP_STATE}storefront___sign_in____sign_in.waited"
SIGNED_IN = f"{SHOP_STATE}session____visitor.load"
BARE_STATE = "reflex___state____state.bare___bare____bare"
BARE_TRIVIAL = f"{BARE_STATE}.tap"
BARE_READ = f"{BARE_STATE}.load"
NAME = "Ana"


async def customer(data: Data) -> tuple[int, str]:
    """A customer's id, and the cookies of a browser in which she is signed in."""
    from infra.browser import new_visitor, session_cookie, visitor_cookie  # noqa: PLC0415
    from infra.database import close  # noqa: PLC0415
    from tests.builders import make_customer, sign_in_customer  # noqa: PLC0415

    assert os.environ["DATABASE_URL"] == data.url
    ana = await make_customer(name=NAME)
    token = await sign_in_customer(ana)
    await close()
    assert ana.id is not None
    return ana.id, f"{session_cookie()}={token}; {visitor_cookie()}={new_visitor()}"


@dataclass(frozen=True, slots=True)
class Buyer:
    id: int
    token: str


async def buyers(data: Data, count: int) -> list[Buyer]:
    """Customers with the tokens their programs carry."""
    from infra.database import close  # noqa: PLC0415
    from tests.builders import make_customer, sign_in_customer  # noqa: PLC0415

    assert os.environ["DATABASE_URL"] == data.url
    made = []
    for _ in range(count):
        customer = await make_customer()
        assert customer.id is not None
        made.append(Buyer(customer.id, await sign_in_customer(customer)))
    await close()
    return made


async def owner(data: Data) -> str:
    """The token of an owner."""
    from infra.database import close  # noqa: PLC0415
    from tests.builders import make_staff, sign_in_staff  # noqa: PLC0415

    assert os.environ["DATABASE_URL"] == data.url
    token = await sign_in_staff(await make_staff("owner"))
    await close()
    return token


async def fill_shelves(data: Data, accounts: int = 20_000) -> None:
    """Accounts with one profile each of the first plan's service, whose secrets nobody opens."""
    from domain.sql import run  # noqa: PLC0415
    from infra.database import close, unit_of_work  # noqa: PLC0415

    assert os.environ["DATABASE_URL"] == data.url
    async with unit_of_work() as session:
        for statement in (
            """INSERT INTO accounts (service_id, login_sealed, login_hash, password_sealed)
               SELECT p.service_id, 'x', 'bench-' || n, 'x'
               FROM plans p, generate_series(1, %(accounts)s) n WHERE p.id = 1""",
            """INSERT INTO profiles (account_id, position, label)
               SELECT id, 1, 'P' FROM accounts WHERE login_hash LIKE 'bench-%%'
                 AND %(accounts)s > 0""",
        ):
            await run(session, statement, accounts=accounts)
    await close()


def guest() -> str:
    from infra.browser import new_visitor, visitor_cookie  # noqa: PLC0415

    return f"{visitor_cookie()}={new_visitor()}"


def shop_tab(app: App, cookie: str, path: str = "/") -> AbstractAsyncContextManager[Tab]:
    return tab(app.origin, SHOP_WEB, path, cookie)


def bare_tab(app: App, cookie: str = "") -> AbstractAsyncContextManager[Tab]:
    return tab(app.origin, BARE_WEB, "/", cookie)


def value(update: Update, name: str) -> object:
    """What an update says of a var, whichever State it is in."""
    for values in update.get("delta", {}).values():
        if f"{name}_rx_state_" in values:
            return values[f"{name}_rx_state_"]
    raise AssertionError(f"the answer says nothing of {name}: {update}")


async def busy_customer(data: Data, *, orders: int = 8) -> tuple[list[int], str]:
    """Somebody with paid, waiting and unpaid orders and every plan in the cart.

    Her orders' numbers, newest last, and her cookies.
    """
    from domain import carts, payments  # noqa: PLC0415
    from domain import orders as buying  # noqa: PLC0415
    from domain.actors import SYSTEM, Actor  # noqa: PLC0415
    from domain.sql import fetch  # noqa: PLC0415
    from infra.clock import today  # noqa: PLC0415
    from infra.database import close, unit_of_work  # noqa: PLC0415

    ana, cookie = await customer(data)
    actor = Actor(kind="customer", id=ana, role="customer")
    numbers = []
    async with unit_of_work() as session:
        plans = [row.id for row in await fetch(session, "SELECT id FROM plans ORDER BY id")]
        for number in range(orders):
            await carts.add(session, actor, plan_id=plans[number % 4])
            placed = await buying.place(session, actor)
            paid = payments.PaymentNotice(amount=placed.total, paid_on=today())
            if number < orders - 1:
                await payments.confirm_payment(session, SYSTEM, order_id=placed.id, notice=paid)
            numbers.append(placed.id)
        for plan in plans:
            await carts.add(session, actor, plan_id=plan)
    await close()
    return numbers, cookie
