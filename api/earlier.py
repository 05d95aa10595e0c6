"""Paths of the earlier version, kept for programs that read from it. New ones use the successors.

They answer what their successors answer, to whom those answer it, and take no change.
"""

from __future__ import annotations

from api import catalog, inventory, orders, routing
from api.catalog import PublicPlan
from api.inventory import AccountLine
from api.order_schemas import Order
from api.paging import Items

router = routing.router("", "earlier")

for path, successor, answer, said in (
    ("/productos", catalog.plans_on_sale, Items[PublicPlan], "`/planes/activos`"),
    ("/ordenes", orders.search, Items[Order], "`/ordenes-new`"),
    ("/cuentas", inventory.search, Items[AccountLine], "`/inventario`"),
):
    router.add_api_route(
        path,
        successor,
        methods=["GET"],
        response_model=answer,
        deprecated=True,
        summary=f"Now {said}",
        name=f"earlier{path.replace('/', '_')}",
    )
