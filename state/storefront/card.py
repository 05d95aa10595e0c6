"""Paying with a card: the way to the provider's page, and what is known once somebody is back."""

from __future__ import annotations

import logging
from dataclasses import dataclass

import reflex as rx

from domain import card_checkouts
from domain.errors import Conflict
from domain.order_pages import OrderOnPage
from infra.database import reading, unit_of_work
from infra.payments.provider import card_provider, configured
from infra.payments.shapes import CardProviderError
from state import asked, views
from state.access import actor

log = logging.getLogger(__name__)

# Said in the address by the provider's page, or by whoever could not open it. It is only a word:
# what was paid is asked for.
BACK = frozenset({"lista", "espera", "no", "cerrada"})
CONFIRMING = (
    "Estamos confirmando tu pago",
    "Mercado Pago nos avisa en cuanto quede y esta página cambia sola. No pagues otra vez.",
)
REJECTED = "Tu tarjeta no pasó y no se te cobró nada. Intenta con otra o paga por transferencia."
LEFT = "No terminaste de pagar con tarjeta. Puedes intentarlo otra vez o pagar por transferencia."
CLOSED = (
    "Tu pedido está hecho, pero el pago con tarjeta no está disponible ahora. Intenta en unos "
    "minutos o paga por transferencia."
)


@dataclass(frozen=True)
class CardView:
    """`amount` is empty where no card is taken; `said` is what became of the last try."""

    amount: str = ""
    said: str = ""
    confirming: bool = False


def back_of(state: rx.State) -> str:
    said = asked.query(state).get("tarjeta", "")
    return said if said in BACK else ""


def card_view(order: OrderOnPage, *, standing: str, back: str) -> CardView:
    if not configured() or order.status != "pending_payment":
        return CardView()
    if standing == "under_way" or (not standing and back in {"lista", "espera"}):
        return CardView(confirming=True)
    said = {"no": LEFT, "cerrada": CLOSED}.get(back, "")
    return CardView(views.pesos(order.missing), REJECTED if standing == "rejected" else said)


async def standing(order: OrderOnPage) -> str:
    """How the last try went; where no cards are taken nobody asks."""
    if not configured() or order.status != "pending_payment":
        return ""
    async with reading() as session:
        return await card_checkouts.standing(session, order.id)


async def way_to_pay(number: int) -> str:
    """The provider's page for exactly what the order lacks.

    Raises what `card_checkouts.begin` raises, and `Conflict` (`card_unavailable`).
    """
    if not configured():
        raise Conflict("card_unavailable")
    async with unit_of_work() as session:
        begun = await card_checkouts.begin(session, actor(), order_id=number)
    if begun.url:
        return begun.url
    try:
        url = await card_provider().open_checkout(begun.wanted)
    except CardProviderError as error:
        log.warning("cards: opening a checkout ended by %s", error.code)
        raise Conflict("card_unavailable") from None
    async with unit_of_work() as session:
        await card_checkouts.opened(session, begun.id, url)
    return url


async def came_back(number: int) -> None:
    """Somebody returned from the provider's page: the notice may be slower, or lost."""
    if configured():
        async with unit_of_work() as session:
            await card_checkouts.came_back(session, actor(), order_id=number)
