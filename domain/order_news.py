"""The staff hears of new orders."""

from __future__ import annotations

from sqlmodel.ext.asyncio.session import AsyncSession

from domain.messages import tell_staff
from domain.sql import fetch


async def announce_new(session: AsyncSession) -> None:
    """Write to the staff of each order of the last day they have not heard of.

    Not in the transaction that places it: a buyer waits for nobody's telephone.
    """
    for row in await fetch(
        session,
        """SELECT o.id FROM orders o WHERE o.created_at > now() - interval '1 day'
             AND o.status <> 'pending' AND EXISTS (
                 SELECT 1 FROM staff_users s WHERE s.disabled_at IS NULL
                   AND s.created_at < o.created_at AND (s.whatsapp <> '' OR s.email <> '')
                   AND NOT EXISTS (SELECT 1 FROM messages m WHERE m.staff_id = s.id
                                   AND m.kind = 'staff_order' AND m.order_id = o.id))
           ORDER BY o.id LIMIT 200""",
    ):
        await tell_staff(session, "staff_order", occasion=f"order:{row.id}", order_id=row.id)
