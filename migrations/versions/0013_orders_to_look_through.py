"""Orders found by any filter in any order, and those to be followed up."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

INDEXES = """
CREATE INDEX ix_orders_placed ON orders
    (status, payment_status, date_trunc('second', created_at AT TIME ZONE 'UTC'), id);
CREATE INDEX ix_orders_placed_at_all ON orders
    (date_trunc('second', created_at AT TIME ZONE 'UTC'), id);
CREATE INDEX ix_orders_since ON orders
    (status, payment_status,
     date_trunc('second', coalesce(paid_at, created_at) AT TIME ZONE 'UTC'), id);
CREATE INDEX ix_orders_total ON orders (status, payment_status, total, id);
CREATE INDEX ix_orders_follow_up_on ON orders (follow_up_on, id) WHERE follow_up_on IS NOT NULL;
CREATE INDEX ix_order_items_service_id_order_id ON order_items (service_id, order_id);
CREATE INDEX ix_payments_reference ON payments (upper(reference));
CREATE INDEX ix_payments_tracking_key ON payments (tracking_key) WHERE tracking_key <> '';
"""


def upgrade() -> None:
    op.add_column("orders", sa.Column("follow_up_on", sa.Date(), nullable=True))
    op.execute(INDEXES)


def downgrade() -> None:
    for name in ("reference", "tracking_key"):
        op.drop_index(f"ix_payments_{name}", table_name="payments")
    op.drop_index("ix_order_items_service_id_order_id", table_name="order_items")
    for name in ("follow_up_on", "total", "since", "placed_at_all", "placed"):
        op.drop_index(f"ix_orders_{name}", table_name="orders")
    op.drop_column("orders", "follow_up_on")
