"""Coupons, counted by the database, and the discount as each order and line had it."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(12, 2)

# The coupon's row is locked by the count, so of many at once each sees the ones before it.
COUNTED = """
CREATE FUNCTION cuenty_count_coupon_uses() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was CONSTANT int := CASE WHEN TG_OP = 'INSERT' OR OLD.returned_at IS NOT NULL
                             THEN 0 ELSE 1 END;
    now_is CONSTANT int := CASE WHEN NEW.returned_at IS NULL THEN 1 ELSE 0 END;
    most int;
BEGIN
    IF was = now_is THEN RETURN NULL; END IF;
    UPDATE coupons SET uses = uses + now_is - was WHERE id = NEW.coupon_id
        RETURNING limit_each INTO most;
    IF now_is = 1 AND most < (SELECT count(*) FROM coupon_uses
                              WHERE coupon_id = NEW.coupon_id AND customer_id = NEW.customer_id
                                AND returned_at IS NULL) THEN
        RAISE EXCEPTION 'customer % used coupon % too often', NEW.customer_id, NEW.coupon_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_coupons_limit_each';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER count_coupon_uses AFTER INSERT OR UPDATE OF returned_at ON coupon_uses
    FOR EACH ROW EXECUTE FUNCTION cuenty_count_coupon_uses();
"""


def upgrade() -> None:
    op.create_table(
        "coupons",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("percent", sa.Numeric(5, 2), nullable=True),
        sa.Column("amount", MONEY, nullable=True),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("minimum", MONEY, server_default="0", nullable=False),
        sa.Column("limit_total", sa.Integer(), nullable=True),
        sa.Column("limit_each", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("active", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("uses", sa.Integer(), server_default="0", nullable=False),
        _stamp("created_at"),
        *(
            sa.CheckConstraint(said, name=op.f(f"ck_coupons_{name}"))
            for name, said in (
                ("code", "code ~ '^[A-Z0-9-]{3,20}$'"),
                ("kind", "num_nonnulls(percent, amount) = 1"),
                ("percent", "percent > 0 AND percent <= 100"),
                ("amount", "amount > 0"),
                ("uses", "uses >= 0 AND (limit_total IS NULL OR uses <= limit_total)"),
                ("limit_each", "limit_each >= 1"),
                ("dates", "from_on <= until_on"),
                ("scope", "num_nonnulls(service_id, plan_id) <= 1"),
            )
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_coupons_service_id_services")
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_coupons_plan_id_plans")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupons")),
        sa.UniqueConstraint("code", name=op.f("uq_coupons_code")),
    )
    op.create_table(
        "coupon_uses",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("coupon_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        _stamp("used_at"),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint(
                [f"{one}_id"], [f"{one}s.id"], name=op.f(f"fk_coupon_uses_{one}_id_{one}s")
            )
            for one in ("coupon", "order", "customer")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon_uses")),
        sa.UniqueConstraint("order_id", name=op.f("uq_coupon_uses_order_id")),
    )
    op.create_index(
        "ix_coupon_uses_coupon_id_customer_id",
        "coupon_uses",
        ["coupon_id", "customer_id"],
        postgresql_where="returned_at IS NULL",
    )
    op.create_index("ix_coupon_uses_coupon_id_id", "coupon_uses", ["coupon_id", "id"])
    op.create_index(op.f("ix_coupon_uses_customer_id"), "coupon_uses", ["customer_id"])
    op.execute(COUNTED)
    op.add_column("orders", sa.Column("discount", MONEY, server_default="0", nullable=False))
    op.add_column(
        "orders", sa.Column("coupon_code", sa.String(20), server_default="", nullable=False)
    )
    op.add_column("order_items", sa.Column("discount", MONEY, server_default="0", nullable=False))
    op.drop_constraint(op.f("ck_orders_total"), "orders")
    op.create_check_constraint(
        op.f("ck_orders_total"), "orders", "total >= 0 AND (total > 0 OR discount > 0)"
    )
    op.create_check_constraint(
        op.f("ck_orders_discount"),
        "orders",
        "discount >= 0 AND (discount > 0) = (coupon_code <> '')",
    )
    op.create_check_constraint(
        op.f("ck_order_items_discount"), "order_items", "discount BETWEEN 0 AND line_total"
    )


def _stamp(name: str) -> sa.Column[object]:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def downgrade() -> None:
    op.execute("UPDATE orders SET total = discount WHERE total = 0")
    op.drop_constraint(op.f("ck_order_items_discount"), "order_items")
    op.drop_constraint(op.f("ck_orders_discount"), "orders")
    op.drop_constraint(op.f("ck_orders_total"), "orders")
    op.create_check_constraint(op.f("ck_orders_total"), "orders", "total > 0")
    op.drop_column("order_items", "discount")
    op.drop_column("orders", "coupon_code")
    op.drop_column("orders", "discount")
    op.drop_table("coupon_uses")
    op.execute("DROP FUNCTION cuenty_count_coupon_uses()")
    op.drop_table("coupons")
