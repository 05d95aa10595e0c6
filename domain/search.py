"""One search for all of the back office: an order's number, a phone, a name, an account's login."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import customer_pages, inventory_pages, order_lists
from domain.actors import Actor
from domain.customer_pages import CustomerLine
from domain.inventory_pages import AccountLine
from domain.order_filters import Wanted
from domain.order_lists import ListedOrder

MOST = 6  # of each kind


@dataclass(frozen=True, slots=True)
class Everything:
    """What fits the words, the newest first."""

    orders: tuple[ListedOrder, ...] = ()
    customers: tuple[CustomerLine, ...] = ()
    accounts: tuple[AccountLine, ...] = ()


async def everywhere(session: AsyncSession, actor: Actor, q: str) -> Everything:
    """Search by number, phone, name, e-mail or login. A login is only found whole."""
    actor.require_staff()
    q = q.strip()
    if not q:
        return Everything()
    return Everything(
        tuple(await order_lists.order_list(session, actor, Wanted(q=q), limit=MOST)),
        tuple(await customer_pages.customers(session, actor, q=q, limit=MOST)),
        tuple((await inventory_pages.find(session, actor, q))[:MOST]),
    )
