"""Prices with a history, a list price to strike through, and forms that know they are stale."""

import sqlalchemy as sa
from alembic import op

revision = "0007_prices"
down_revision = "0007"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(12, 2)


def upgrade() -> None:
    op.create_table(
        "price_changes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("actor_kind", sa.String(length=10), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("cost_before", MONEY, nullable=True),
        sa.Column("margin_before", MONEY, nullable=True),
        sa.Column("list_before", MONEY, nullable=True),
        sa.Column("cost_after", MONEY, nullable=False),
        sa.Column("margin_after", MONEY, nullable=False),
        sa.Column("list_after", MONEY, nullable=True),
        sa.ForeignKeyConstraint(
            ["plan_id"],
            ["plans.id"],
            name=op.f("fk_price_changes_plan_id_plans"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_price_changes")),
    )
    op.create_index("ix_price_changes_plan_id", "price_changes", ["plan_id", "id"], unique=False)
    op.add_column("plans", sa.Column("list_price", MONEY, nullable=True))
    op.add_column("plans", sa.Column("list_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("plans", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    op.add_column(
        "services", sa.Column("version", sa.Integer(), server_default="1", nullable=False)
    )
    op.create_check_constraint(
        op.f("ck_plans_list_price"),
        "plans",
        "list_price IS NULL OR (list_price > cost + margin AND list_until IS NOT NULL)",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_plans_list_price"), "plans", type_="check")
    op.drop_column("services", "version")
    op.drop_column("plans", "version")
    op.drop_column("plans", "list_until")
    op.drop_column("plans", "list_price")
    op.drop_index("ix_price_changes_plan_id", table_name="price_changes")
    op.drop_table("price_changes")
