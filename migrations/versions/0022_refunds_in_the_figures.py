"""What of the sales went back, kept by day.

A refund counts on the day it was made, as long as its order counts as sold: a refund of a past day
and an order that ends or comes back leave a mark on the days they change.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(12, 2)

MARK = """
CREATE FUNCTION cuenty_mark_refund_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.refunded_on < ((now() - interval '1 hour') AT TIME ZONE 'America/Mexico_City')::date THEN
        INSERT INTO changed_days (day) VALUES (NEW.refunded_on);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER mark_refund_day AFTER INSERT ON refunds
    FOR EACH ROW WHEN (NEW.from_kept > 0) EXECUTE FUNCTION cuenty_mark_refund_day();

CREATE FUNCTION cuenty_mark_days_of_refunds() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO changed_days (day)
    SELECT DISTINCT refunded_on FROM refunds WHERE order_id = NEW.id AND from_kept > 0
        AND refunded_on < ((now() - interval '1 hour') AT TIME ZONE 'America/Mexico_City')::date;
    RETURN NULL;
END $$;
CREATE TRIGGER mark_days_of_refunds AFTER UPDATE OF status ON orders
    FOR EACH ROW WHEN ((OLD.status IN ('paid', 'processing', 'delivered'))
                       <> (NEW.status IN ('paid', 'processing', 'delivered')))
    EXECUTE FUNCTION cuenty_mark_days_of_refunds();

INSERT INTO changed_days (day) SELECT DISTINCT refunded_on FROM refunds WHERE from_kept > 0;
"""


def upgrade() -> None:
    for table in ("day_figures", "day_service_figures"):
        op.add_column(table, sa.Column("returned", MONEY, server_default="0", nullable=False))
    op.execute(MARK)


def downgrade() -> None:
    op.execute("DROP TRIGGER mark_days_of_refunds ON orders")
    op.execute("DROP FUNCTION cuenty_mark_days_of_refunds()")
    op.execute("DROP TRIGGER mark_refund_day ON refunds")
    op.execute("DROP FUNCTION cuenty_mark_refund_day()")
    for table in ("day_figures", "day_service_figures"):
        op.drop_column(table, "returned")
