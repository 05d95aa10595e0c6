"""What each past day came to, and which of them changed since."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

# The hour is longer than any transaction lives: when a day is added up, nobody who took it for the
# present one is still at work.
MARK = """
CREATE FUNCTION cuenty_mark_changed_days() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    here CONSTANT text := 'America/Mexico_City';
BEGIN
    INSERT INTO changed_days (day)
    SELECT DISTINCT (moment AT TIME ZONE here)::date
    FROM (VALUES (NEW.created_at), (NEW.paid_at), (OLD.paid_at), (NEW.delivered_at),
                 (OLD.delivered_at), (NEW.cancelled_at), (OLD.cancelled_at)) AS known (moment)
    WHERE (moment AT TIME ZONE here)::date
        < ((now() - interval '1 hour') AT TIME ZONE here)::date;
    RETURN NULL;
END $$;
CREATE TRIGGER mark_changed_days
    AFTER UPDATE OF status, total, cost, paid_at, delivered_at, cancelled_at ON orders
    FOR EACH ROW EXECUTE FUNCTION cuenty_mark_changed_days();
CREATE TRIGGER mark_days_of_late_orders AFTER INSERT ON orders
    FOR EACH ROW WHEN (NEW.created_at < now() - interval '1 hour' OR NEW.paid_at IS NOT NULL)
    EXECUTE FUNCTION cuenty_mark_changed_days();
"""


def upgrade() -> None:
    op.create_table(
        "day_figures",
        sa.Column("day", sa.Date(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), server_default="0", nullable=False)
            for name in (
                "placed",
                "placed_paid",
                "placed_delivered",
                "paid",
                "delivered",
                "cancelled",
            )
        ),
        sa.Column("revenue", sa.Numeric(12, 2), server_default="0", nullable=False),
        sa.Column("cost", sa.Numeric(12, 2), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_day_figures")),
    )
    op.create_table(
        "day_service_figures",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.Column("revenue", sa.Numeric(12, 2), nullable=False),
        sa.Column("cost", sa.Numeric(12, 2), nullable=False),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_day_service_figures_service_id_services")
        ),
        sa.PrimaryKeyConstraint("day", "service_id", name=op.f("pk_day_service_figures")),
    )
    op.create_table(
        "changed_days",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_changed_days")),
    )
    op.create_index(op.f("ix_changed_days_day"), "changed_days", ["day"])
    op.create_index(op.f("ix_orders_created_at"), "orders", ["created_at"])
    for name in ("paid_at", "delivered_at", "cancelled_at"):
        op.create_index(
            f"ix_orders_{name}", "orders", [name], postgresql_where=f"{name} IS NOT NULL"
        )
    op.execute(MARK)


def downgrade() -> None:
    op.execute("DROP TRIGGER mark_days_of_late_orders ON orders")
    op.execute("DROP TRIGGER mark_changed_days ON orders")
    op.execute("DROP FUNCTION cuenty_mark_changed_days()")
    for name in ("created_at", "paid_at", "delivered_at", "cancelled_at"):
        op.drop_index(f"ix_orders_{name}", table_name="orders")
    op.drop_table("changed_days")
    op.drop_table("day_service_figures")
    op.drop_table("day_figures")
