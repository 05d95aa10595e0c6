"""What somebody means to buy, kept in the database from the first tap, signed in or not."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.availability import units_left
from domain.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from domain.sql import fetch_as, on_one_line, run, scalar

MOST = 10


@dataclass(frozen=True, slots=True)
class CartLine:
    """`available` is how many units could be bought now, up to what a line may ask; in MXN."""

    id: int
    plan_id: int
    service_name: str
    service_slug: str
    service_color: str
    plan_name: str
    quantity: int
    unit_price: Decimal
    line_total: Decimal
    available: int
    on_sale: bool
    terms: str


@dataclass(frozen=True, slots=True)
class CartContents:
    items: tuple[CartLine, ...]

    @property
    def total(self) -> Decimal:
        return sum((line.line_total for line in self.items), Decimal(0))

    @property
    def count(self) -> int:
        return sum(line.quantity for line in self.items)

    @property
    def ready(self) -> bool:
        """Everything in it can be bought now."""
        return bool(self.items) and all(
            line.on_sale and line.quantity <= line.available for line in self.items
        )


def _holder(actor: Actor) -> tuple[int | None, str | None]:
    if actor.kind == "customer":
        return actor.customer_id(), None
    if actor.visitor_hash is None:
        raise Unauthenticated
    return None, actor.visitor_hash


MINE = """(SELECT id FROM carts WHERE customer_id = %(customer)s
           OR (%(customer)s::bigint IS NULL AND visitor_hash = %(visitor)s))"""


async def contents(session: AsyncSession, actor: Actor) -> CartContents:
    """The cart with today's prices and what is left of each plan."""
    customer, visitor = _holder(actor)
    rows = await fetch_as(
        session, CartLine, CONTENTS, customer=customer, visitor=visitor, most=MOST
    )
    return CartContents(tuple(rows))


CONTENTS = on_one_line(
    f"""SELECT i.id, i.plan_id, s.name AS service_name, s.slug AS service_slug,
                   s.color AS service_color, p.name AS plan_name, i.quantity,
                   p.sale_price AS unit_price, p.sale_price * i.quantity AS line_total,
                   p.active AND p.archived_at IS NULL
                   AND s.active AND s.archived_at IS NULL AS on_sale, s.terms,
                   CASE WHEN p.active THEN {units_left()} ELSE 0 END AS available
            FROM cart_items i JOIN plans p ON p.id = i.plan_id
            JOIN services s ON s.id = p.service_id
            WHERE i.cart_id = {MINE} ORDER BY i.id"""  # noqa: S608  # constants
)


async def count(session: AsyncSession, actor: Actor) -> int:
    """Units in the cart; 0 for somebody without one."""
    if actor.kind not in {"customer", "guest"} or (
        actor.kind == "guest" and actor.visitor_hash is None
    ):
        return 0
    customer, visitor = _holder(actor)
    return int(
        await scalar(
            session,
            f"SELECT coalesce(sum(quantity), 0) FROM cart_items WHERE cart_id = {MINE}",  # noqa: S608
            customer=customer,
            visitor=visitor,
        )
    )


OWN = """INSERT INTO carts (customer_id, visitor_hash) VALUES (%(customer)s, %(visitor)s)
    ON CONFLICT ({target}) DO UPDATE SET touched_at = now() RETURNING id"""


async def _own_cart(session: AsyncSession, actor: Actor) -> int:
    customer, visitor = _holder(actor)
    target = "customer_id" if customer else "visitor_hash"
    return int(
        await scalar(
            session,
            OWN.format(target=target),
            customer=customer,
            visitor=visitor,
        )
    )


def _checked(quantity: int) -> int:
    if not 1 <= quantity <= MOST:
        raise InvalidInput({"quantity": "quantity_invalid"})
    return quantity


async def add(session: AsyncSession, actor: Actor, *, plan_id: int, quantity: int = 1) -> int:
    """Add units of a plan, capped at 10; the line's new quantity.

    Raises `NotFound` for a plan that is not on sale.
    """
    _checked(quantity)
    customer, visitor = _holder(actor)
    target = "customer_id" if customer else "visitor_hash"
    line = await scalar(
        session,
        f"""WITH cart AS ({OWN.format(target=target)})
           INSERT INTO cart_items (cart_id, plan_id, quantity)
           SELECT cart.id, p.id, %(quantity)s
           FROM cart, plans p JOIN services s ON s.id = p.service_id
           WHERE p.id = %(plan)s AND p.active AND p.archived_at IS NULL
             AND s.active AND s.archived_at IS NULL
           ON CONFLICT (cart_id, plan_id) DO UPDATE
              SET quantity = least(10, cart_items.quantity + excluded.quantity)
           RETURNING quantity""",  # noqa: S608  # constants
        customer=customer,
        visitor=visitor,
        plan=plan_id,
        quantity=quantity,
    )
    if line is None:
        raise NotFound("plan_inactive")
    return int(line)


async def set_quantity(session: AsyncSession, actor: Actor, *, plan_id: int, quantity: int) -> None:
    """Raises `NotFound` when the plan is not in the cart."""
    customer, visitor = _holder(actor)
    touched = await run(
        session,
        f"""UPDATE cart_items SET quantity = %(quantity)s
            WHERE plan_id = %(plan)s AND cart_id = {MINE}""",  # noqa: S608  # a constant
        customer=customer,
        visitor=visitor,
        plan=plan_id,
        quantity=_checked(quantity),
    )
    if not touched:
        raise NotFound


async def remove(session: AsyncSession, actor: Actor, *, item_id: int) -> None:
    """Taking away what is not there is no error."""
    customer, visitor = _holder(actor)
    await run(
        session,
        f"DELETE FROM cart_items WHERE id = %(item)s AND cart_id = {MINE}",  # noqa: S608
        customer=customer,
        visitor=visitor,
        item=item_id,
    )


async def empty(session: AsyncSession, actor: Actor) -> None:
    customer, visitor = _holder(actor)
    await run(
        session,
        f"DELETE FROM cart_items WHERE cart_id = {MINE}",  # noqa: S608  # a constant
        customer=customer,
        visitor=visitor,
    )


async def adopt(session: AsyncSession, *, visitor_hash: str, customer_id: int) -> None:
    """Pour a guest's cart into the customer's at sign-in, each line capped at 10."""
    await _pour(session, customer_id, "visitor_hash = %(giver)s", visitor_hash)


async def pour(session: AsyncSession, *, from_customer: int, customer_id: int) -> None:
    """Pour one customer's cart into another's: they are one person."""
    await _pour(session, customer_id, "customer_id = %(giver)s", from_customer)


async def _pour(session: AsyncSession, customer_id: int, whose: str, giver: int | str) -> None:
    own = await _own_cart(session, Actor(kind="customer", id=customer_id))
    await run(
        session,
        f"""INSERT INTO cart_items (cart_id, plan_id, quantity)
            SELECT %(own)s, i.plan_id, i.quantity
            FROM cart_items i JOIN carts c ON c.id = i.cart_id
            WHERE c.{whose}
            ON CONFLICT (cart_id, plan_id) DO UPDATE
               SET quantity = least(10, cart_items.quantity + excluded.quantity)""",  # noqa: S608
        own=own,
        giver=giver,
    )
    await run(session, f"DELETE FROM carts WHERE {whose}", giver=giver)  # noqa: S608  # constants


async def check(session: AsyncSession, actor: Actor) -> CartContents:
    """The cart, ready to be ordered.

    Raises `Conflict`: `cart_empty`, `cart_changed` when a plan left the shelves, `out_of_stock`
    naming the plans.
    """
    cart = await contents(session, actor)
    if not cart.items:
        raise Conflict("cart_empty")
    if not all(line.on_sale for line in cart.items):
        raise Conflict("cart_changed")
    short = [line for line in cart.items if line.quantity > line.available]
    if short:
        raise Conflict(
            "out_of_stock",
            plans=", ".join(f"{line.service_name} {line.plan_name}" for line in short),
            plan_ids=[line.plan_id for line in short],
        )
    return cart
