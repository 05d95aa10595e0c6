"""Bank statements, what is in them, and how each bank's columns are read."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "statement_layouts",
        sa.Column("layout", sa.String(length=200), nullable=False),
        sa.Column("bank", sa.String(length=60), server_default="", nullable=False),
        sa.Column(
            "mapping",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_users.id"], name=op.f("fk_statement_layouts_staff_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("layout", name=op.f("pk_statement_layouts")),
    )
    op.create_table(
        "statements",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "file", "notices", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            server_default="file",
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "columns",
                "open",
                "applying",
                "undone",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="open",
            nullable=False,
        ),
        sa.Column("month", sa.Date(), nullable=True),
        sa.Column("file_name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("bank", sa.String(length=60), server_default="", nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("known", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "unread",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("wanted", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column("applied_by", sa.BigInteger(), nullable=True),
        sa.Column("undone_by", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'notices') = (month IS NOT NULL)", name=op.f("ck_statements_month")
        ),
        sa.CheckConstraint(
            "(status = 'applying') = (lease_until IS NOT NULL)", name=op.f("ck_statements_lease")
        ),
        sa.CheckConstraint(
            "(status = 'columns') = (content IS NOT NULL)", name=op.f("ck_statements_content")
        ),
        sa.ForeignKeyConstraint(
            ["applied_by"], ["staff_users.id"], name=op.f("fk_statements_applied_by_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_users.id"], name=op.f("fk_statements_staff_id_staff_users")
        ),
        sa.ForeignKeyConstraint(
            ["undone_by"], ["staff_users.id"], name=op.f("fk_statements_undone_by_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statements")),
        sa.UniqueConstraint("month", name=op.f("uq_statements_month")),
    )
    op.create_index(
        "ix_statements_applying",
        "statements",
        ["id"],
        unique=False,
        postgresql_where="status = 'applying'",
    )
    op.create_table(
        "statement_lines",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("statement_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), server_default="0", nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("concept", sa.String(length=400), nullable=False),
        sa.Column("reference", sa.String(length=40), server_default="", nullable=False),
        sa.Column("tracking_key", sa.String(length=30), server_default="", nullable=False),
        sa.Column("payer", sa.String(length=120), server_default="", nullable=False),
        sa.Column("payer_key", sa.String(length=120), server_default="", nullable=False),
        sa.Column("bank", sa.String(length=60), server_default="", nullable=False),
        sa.Column("balance", sa.Numeric(precision=12, scale=2), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "result",
            sa.Enum(
                "matched",
                "partial",
                "over",
                "late",
                "duplicate",
                "recorded",
                "ambiguous",
                "no_match",
                "ignored",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("sure", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "why",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column(
            "candidates",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("own_payment", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("decided_by", sa.BigInteger(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "NOT own_payment OR payment_id IS NOT NULL", name=op.f("ck_statement_lines_own_payment")
        ),
        sa.CheckConstraint(
            "payment_id IS NULL OR order_id IS NOT NULL", name=op.f("ck_statement_lines_payment")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by"],
            ["staff_users.id"],
            name=op.f("fk_statement_lines_decided_by_staff_users"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_statement_lines_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_statement_lines_payment_id_payments")
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["statements.id"],
            name=op.f("fk_statement_lines_statement_id_statements"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_lines")),
    )
    op.create_index(
        "ix_statement_lines_order_id",
        "statement_lines",
        ["order_id"],
        unique=False,
        postgresql_where="order_id IS NOT NULL",
    )
    op.create_index(
        "ix_statement_lines_payer",
        "statement_lines",
        ["payer_key"],
        unique=False,
        postgresql_where="payment_id IS NOT NULL",
    )
    op.create_index(
        "ix_statement_lines_payment_id",
        "statement_lines",
        ["payment_id"],
        unique=False,
        postgresql_where="payment_id IS NOT NULL",
    )
    op.create_index(
        "ix_statement_lines_result",
        "statement_lines",
        ["statement_id", "result", "id"],
        unique=False,
    )
    op.create_index(
        "ix_statement_lines_statement_id_id",
        "statement_lines",
        ["statement_id", "id"],
        unique=False,
    )
    op.create_index(
        "ix_statement_lines_to_apply",
        "statement_lines",
        ["statement_id", "id"],
        unique=False,
        postgresql_where="sure AND payment_id IS NULL",
    )
    op.create_index(
        "ix_statement_lines_tracking_key",
        "statement_lines",
        ["tracking_key"],
        unique=False,
        postgresql_where="tracking_key <> ''",
    )
    op.create_index(
        "uq_statement_lines_fingerprint",
        "statement_lines",
        ["fingerprint"],
        unique=True,
        postgresql_where="taken_back_at IS NULL",
    )


def downgrade() -> None:
    op.drop_index(
        "uq_statement_lines_fingerprint",
        table_name="statement_lines",
        postgresql_where="taken_back_at IS NULL",
    )
    op.drop_index(
        "ix_statement_lines_tracking_key",
        table_name="statement_lines",
        postgresql_where="tracking_key <> ''",
    )
    op.drop_index(
        "ix_statement_lines_to_apply",
        table_name="statement_lines",
        postgresql_where="sure AND payment_id IS NULL",
    )
    op.drop_index("ix_statement_lines_statement_id_id", table_name="statement_lines")
    op.drop_index("ix_statement_lines_result", table_name="statement_lines")
    op.drop_index(
        "ix_statement_lines_payment_id",
        table_name="statement_lines",
        postgresql_where="payment_id IS NOT NULL",
    )
    op.drop_index(
        "ix_statement_lines_payer",
        table_name="statement_lines",
        postgresql_where="payment_id IS NOT NULL",
    )
    op.drop_index(
        "ix_statement_lines_order_id",
        table_name="statement_lines",
        postgresql_where="order_id IS NOT NULL",
    )
    op.drop_table("statement_lines")
    op.drop_index(
        "ix_statements_applying", table_name="statements", postgresql_where="status = 'applying'"
    )
    op.drop_table("statements")
    op.drop_table("statement_layouts")
