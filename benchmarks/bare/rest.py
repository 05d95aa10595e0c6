"""The least that could do what the REST benchmarks ask of the shop, on the shop's own tables.

FastAPI and Starlette routes without tokens, rules, limits or headers; one statement or one
transaction each, on engines with the shop's settings.
"""

from __future__ import annotations

import os

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import TextClause, make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

URL = make_url(os.environ["DATABASE_URL"]).set(drivername="postgresql+psycopg")
reader = create_async_engine(
    URL, pool_size=10, max_overflow=0, isolation_level="AUTOCOMMIT", pool_reset_on_return=None
)
writer = create_async_engine(URL, pool_size=10, max_overflow=0)

CATALOG = text(
    """SELECT s.id, s.slug, s.name, s.category, s.description, s.color, s.max_profiles, s.terms,
              s.instructions, p.id AS plan_id, p.name AS plan_name, p.duration_months, p.capacity,
              p.sale_price, (SELECT count(*) FROM profiles f WHERE f.service_id = s.id
                  AND f.status = 'free' AND f.sellable AND f.reserved_until IS NULL) AS available
       FROM services s JOIN plans p ON p.service_id = s.id
       WHERE s.active AND p.active ORDER BY s.position, s.id, p.duration_months, p.id"""
)


class Plan(BaseModel):
    id: int
    name: str
    duration_months: int
    capacity: str
    sale_price: str
    available: int


class Service(BaseModel):
    id: int
    slug: str
    name: str
    category: str
    description: str
    color: str
    max_profiles: int
    terms: str
    instructions: str
    plans: list[Plan]


class Wanted(BaseModel):
    customer: int
    plan_id: int


class Buying(BaseModel):
    customer: int


class Paying(BaseModel):
    order: int


app = FastAPI()
answer: dict[str, bytes] = {}


@app.get("/catalog")
async def catalog() -> list[Service]:
    async with reader.connect() as link:
        rows = (await link.execute(CATALOG)).mappings().all()
    made: dict[int, Service] = {}
    for row in rows:
        service = made.get(row["id"]) or Service(plans=[], **{k: row[k] for k in OF_SERVICE})
        made[row["id"]] = service
        service.plans.append(
            Plan(
                id=row["plan_id"],
                name=row["plan_name"],
                duration_months=row["duration_months"],
                capacity=row["capacity"],
                sale_price=f"{row['sale_price']:.2f}",
                available=row["available"],
            )
        )
    return list(made.values())


OF_SERVICE = tuple(name for name in Service.model_fields if name != "plans")


@app.post("/cart")
async def add(wanted: Wanted) -> dict[str, int]:
    async with writer.begin() as link:
        return {"quantity": (await link.execute(ADD, wanted.model_dump())).scalar_one()}


ADD = text(
    """WITH cart AS (
           INSERT INTO carts (customer_id) VALUES (:customer)
           ON CONFLICT (customer_id) DO UPDATE SET touched_at = now() RETURNING id)
       INSERT INTO cart_items (cart_id, plan_id, quantity) SELECT id, :plan_id, 1 FROM cart
       ON CONFLICT (cart_id, plan_id)
          DO UPDATE SET quantity = least(10, cart_items.quantity + 1)
       RETURNING quantity"""
)


@app.post("/order")
async def order(buying: Buying) -> dict[str, int]:
    async with writer.begin() as link:
        made: dict[str, int] = {"customer": buying.customer}
        made["order"] = (await link.execute(ORDER, made)).scalar_one()
        for statement in (ITEM, EMPTY, HOLD, *noted("placed", "order.place")):
            await link.execute(statement, made)
    return {"order": made["order"]}


@app.post("/pay")
async def pay(paying: Paying) -> dict[str, int]:
    async with writer.begin() as link:
        made = {"order": paying.order}
        for statement in (PAYMENT, PAID):
            await link.execute(statement, made)
        made["assignment"] = (await link.execute(ASSIGN, made)).scalar_one()
        for statement in (SOLD, MESSAGE, DONE, *noted("paid", "payment.confirm")):
            await link.execute(statement, made)
    return made


def noted(event: str, action: str) -> tuple[TextClause, TextClause]:
    """An entry of the timeline and one of the audit, as text of our own."""
    return (
        text(
            f"""INSERT INTO timeline_entries (order_id, event, actor_kind)
                VALUES (:order, '{event}', 'staff')"""  # noqa: S608
        ),
        text(
            f"""INSERT INTO audit_entries (actor_kind, action, object_type, object_id)
                VALUES ('staff', '{action}', 'order', cast(:order AS text))"""  # noqa: S608
        ),
    )


ORDER = text(
    """INSERT INTO orders (customer_id, status, delivery_preference, total, cost, instructions,
                           unpaid_slot, expires_at)
       VALUES (:customer, 'pending_payment', 'web', 150, 120, '{}', 1, now() + interval '1 day')
       RETURNING id"""
)
ITEM = text(
    """INSERT INTO order_items (order_id, plan_id, service_id, service_name, plan_name,
           duration_months, capacity, profiles_per_unit, quantity, unit_price,
           unit_cost, line_total)
       SELECT :order, i.plan_id, p.service_id, s.name, p.name, p.duration_months, p.capacity, 1,
              i.quantity, p.sale_price, p.cost, p.sale_price * i.quantity
       FROM cart_items i JOIN carts c ON c.id = i.cart_id JOIN plans p ON p.id = i.plan_id
       JOIN services s ON s.id = p.service_id WHERE c.customer_id = :customer"""
)
EMPTY = text(
    """DELETE FROM cart_items USING carts
       WHERE carts.id = cart_items.cart_id AND carts.customer_id = :customer"""
)
HOLD = text(
    """UPDATE profiles SET reserved_order_id = :order, reserved_until = now() + interval '1 day'
       WHERE id = (SELECT f.id FROM profiles f JOIN order_items i ON i.order_id = :order
           WHERE f.service_id = i.service_id AND f.dedicated_to = 0 AND f.status = 'free'
             AND f.sellable AND f.reserved_until IS NULL
           ORDER BY f.paid_until DESC, f.id LIMIT 1 FOR UPDATE OF f SKIP LOCKED)"""
)
PAYMENT = text(
    """INSERT INTO payments (order_id, amount, kind, reference, paid_on, actor_kind)
       VALUES (:order, 150, 'full', cast(:order AS text), current_date, 'staff')"""
)
PAID = text(
    """UPDATE orders SET status = 'delivered', payment_status = 'paid', unpaid_slot = 0,
           paid_at = now(), delivered_at = now() WHERE id = :order"""
)
ASSIGN = text(
    """INSERT INTO assignments (order_item_id, unit_index, profile_id, customer_id, starts_on,
                                anchor_on, months, ends_on)
       SELECT i.id, 0, f.id, o.customer_id, current_date, current_date, 1,
              cast(current_date + interval '1 month' AS date)
       FROM orders o JOIN order_items i ON i.order_id = o.id
       JOIN profiles f ON f.reserved_order_id = o.id WHERE o.id = :order RETURNING id"""
)
SOLD = text(
    """UPDATE profiles SET status = 'assigned', reserved_order_id = NULL, reserved_until = NULL
       WHERE reserved_order_id = :order"""
)
MESSAGE = text(
    """INSERT INTO messages (id, customer_id, order_id, assignment_id, credential_version, channel,
                             kind, to_address, status)
       SELECT gen_random_uuid(), customer_id, :order, :assignment, 1, 'web', 'delivered', '',
              'delivered' FROM orders WHERE id = :order"""
)
DONE = text("UPDATE order_items SET fulfilment = 'delivered' WHERE order_id = :order")


async def kept(_: Request) -> Response:
    """Whatever bytes were put here, as often as they are asked for."""
    return Response(answer["body"], media_type="application/json")


async def keep(request: Request) -> Response:
    answer["body"] = await request.body()
    return Response(status_code=204)


app.router.routes += [
    Route("/kept", kept, methods=["GET"]),
    Route("/kept", keep, methods=["PUT"]),
]
