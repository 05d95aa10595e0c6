"""Payments with a card: checkouts opened at a provider, what it said of them, what goes back."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)
MONEY = sa.Numeric(12, 2)
DUE = sa.text("due_at IS NOT NULL")


def upgrade() -> None:
    _checkouts()
    _payments()
    _refunds()
    for table in ("card_checkouts", "card_payments", "card_refunds"):
        op.create_index(f"ix_{table}_due_at", table, ["due_at"], postgresql_where=DUE)


def _checkouts() -> None:
    op.create_table(
        "card_checkouts",
        *_row("order_id"),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("url", sa.String(length=500), server_default="", nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        *_work(),
        sa.CheckConstraint("amount > 0", name=op.f("ck_card_checkouts_amount")),
        _refers("card_checkouts", "order_id", "orders"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_checkouts")),
        sa.UniqueConstraint("reference", name=op.f("uq_card_checkouts_reference")),
    )
    op.create_index("ix_card_checkouts_order_id_id", "card_checkouts", ["order_id", "id"])


def _payments() -> None:
    op.create_table(
        "card_payments",
        *_row(),
        sa.Column("number", sa.String(length=40), nullable=False),
        sa.Column("checkout_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("status", sa.String(length=24), server_default="", nullable=False),
        sa.Column("refused", sa.String(length=24), server_default="", nullable=False),
        sa.Column("returned", MONEY, server_default="0", nullable=False),
        sa.Column("disputed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        *_work(),
        _refers("card_payments", "checkout_id", "card_checkouts"),
        _refers("card_payments", "payment_id", "payments", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_payments")),
        sa.UniqueConstraint("number", name=op.f("uq_card_payments_number")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_card_payments_payment_id")),
    )
    op.create_index("ix_card_payments_checkout_id", "card_payments", ["checkout_id"])


def _refunds() -> None:
    op.create_table(
        "card_refunds",
        *_row("order_id", "card_payment_id", "staff_id"),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("release", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "done",
                "failed",
                "dropped",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column("key", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("number", sa.String(length=40), server_default="", nullable=False),
        sa.Column("error", sa.String(length=40), server_default="", nullable=False),
        *_work(),
        sa.CheckConstraint("amount > 0", name=op.f("ck_card_refunds_amount")),
        _refers("card_refunds", "order_id", "orders"),
        _refers("card_refunds", "card_payment_id", "card_payments"),
        _refers("card_refunds", "staff_id", "staff_users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_refunds")),
    )
    op.create_index("ix_card_refunds_order_id_id", "card_refunds", ["order_id", "id"])
    op.create_index(op.f("ix_card_refunds_card_payment_id"), "card_refunds", ["card_payment_id"])
    op.create_index(
        "uq_card_refunds_waiting",
        "card_refunds",
        ["order_id"],
        unique=True,
        postgresql_where=sa.text("state = 'waiting'"),
    )


def _row(*others: str) -> list[sa.Column[int]]:
    return [
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        *(sa.Column(name, sa.BigInteger(), nullable=False) for name in others),
    ]


def _work() -> list[sa.Column[object]]:
    return [
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("asked_at", INSTANT, nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", INSTANT, server_default=sa.text("now()"), nullable=False),
    ]


def _refers(
    table: str, column: str, other: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{other}")
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete=ondelete)


def downgrade() -> None:
    op.drop_table("card_refunds")
    op.drop_table("card_payments")
    op.drop_table("card_checkouts")
