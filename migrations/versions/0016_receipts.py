"""Receipts customers send, and which bank account an order is told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

KINDS = ("payment_rejected", "receipt_again", "staff_receipt")
ALLOWED = """SELECT pg_get_expr(conbin, conrelid) FROM pg_constraint
    WHERE conname = 'ck_messages_kind' AND conrelid = 'messages'::regclass"""
SUPERSEDE = """
CREATE FUNCTION cuenty_supersede_receipts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE receipts SET status = 'superseded', reviewed_at = now()
    WHERE order_id = NEW.id AND status = 'waiting';
    RETURN NULL;
END $$;
CREATE TRIGGER supersede_receipts AFTER UPDATE OF status ON orders
    FOR EACH ROW WHEN (NEW.status <> OLD.status AND NEW.status <> 'pending_payment')
    EXECUTE FUNCTION cuenty_supersede_receipts();
"""


def upgrade() -> None:
    op.create_table(
        "receipts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting",
                "accepted",
                "rejected",
                "asked_again",
                "superseded",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="waiting",
            nullable=False,
        ),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("original_hash", sa.String(64), server_default="", nullable=False),
        sa.Column("look", sa.LargeBinary(), nullable=True),
        sa.Column(
            "look_marks",
            postgresql.ARRAY(sa.Integer()),
            server_default=sa.text("'{}'::integer[]"),
            nullable=False,
        ),
        sa.Column("twin_id", sa.BigInteger(), nullable=True),
        sa.Column("tracking_key", sa.String(30), server_default="", nullable=False),
        sa.Column("bank", sa.String(60), server_default="", nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("amount", sa.Numeric(12, 2), nullable=True),
        sa.Column("reason", sa.String(200), server_default="", nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "content IS NOT NULL OR tracking_key <> ''", name=op.f("ck_receipts_says_something")
        ),
        sa.CheckConstraint(
            "(status = 'waiting') = (reviewed_at IS NULL)", name=op.f("ck_receipts_reviewed")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_receipts_amount")),
        *(
            sa.ForeignKeyConstraint(
                [column], [f"{other}.id"], name=op.f(f"fk_receipts_{column}_{other}"), ondelete=gone
            )
            for column, other, gone in (
                ("order_id", "orders", None),
                ("customer_id", "customers", None),
                ("twin_id", "receipts", "SET NULL"),
                ("staff_id", "staff_users", None),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_receipts")),
    )
    _index("waiting", "id", where="status = 'waiting'")
    _index("order_id_id", "order_id", "id")
    _index("customer_id_created_at", "customer_id", "created_at")
    _index("tracking_key", "tracking_key", where="tracking_key <> ''")
    _index("twin_id", "twin_id", where="twin_id IS NOT NULL")
    op.create_index("ix_receipts_look_marks", "receipts", ["look_marks"], postgresql_using="gin")
    op.execute(SUPERSEDE)
    added = ", ".join(f"'{kind}'" for kind in KINDS)
    _allow_kinds(f"{_allowed()} OR kind IN ({added})")
    for name in ("least", "most"):
        op.add_column("payment_instructions", sa.Column(name, sa.Numeric(12, 2), nullable=True))
    op.create_check_constraint(
        op.f("ck_payment_instructions_amounts"),
        "payment_instructions",
        "num_nulls(least, most) <> 1 AND least <= most",
    )


def downgrade() -> None:
    op.drop_constraint(op.f("ck_payment_instructions_amounts"), "payment_instructions")
    for name in ("least", "most"):
        op.drop_column("payment_instructions", name)
    for kind in KINDS:
        op.execute(sa.text("DELETE FROM messages WHERE kind = :kind").bindparams(kind=kind))
    _allow_kinds(_allowed().rpartition(" OR ")[0].removeprefix("("))
    op.execute("DROP TRIGGER supersede_receipts ON orders")
    op.execute("DROP FUNCTION cuenty_supersede_receipts()")
    op.drop_table("receipts")


def _index(name: str, *columns: str, where: str | None = None) -> None:
    op.create_index(
        f"ix_receipts_{name}", "receipts", list(columns), postgresql_where=where and sa.text(where)
    )


def _allowed() -> str:
    """What the kinds of messages are by now, whoever added some before."""
    return str(op.get_bind().execute(sa.text(ALLOWED)).scalar_one())


def _allow_kinds(condition: str) -> None:
    op.drop_constraint(op.f("ck_messages_kind"), "messages")
    op.create_check_constraint(op.f("ck_messages_kind"), "messages", sa.text(condition))
