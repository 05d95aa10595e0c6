"""Customers found by what is known of them; their former numbers, and who asked to be erased."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

INDEXES = """
CREATE INDEX ix_customers_phone_end ON customers (reverse(phone) text_pattern_ops);
CREATE INDEX ix_customers_email_start ON customers (lower(email) text_pattern_ops);
CREATE INDEX ix_customers_name_words ON customers USING gin
    (to_tsvector('simple'::regconfig, translate(lower(name), 'áéíóúüñ', 'aeiouun')));
"""


def upgrade() -> None:
    op.add_column("customers", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.execute(INDEXES)
    op.create_index(
        "ix_customers_blocked",
        "customers",
        ["id"],
        unique=False,
        postgresql_where="blocked_at IS NOT NULL",
    )
    op.create_index(
        "ix_assignments_live_customer",
        "assignments",
        ["customer_id"],
        unique=False,
        postgresql_where="released_at IS NULL",
    )
    op.create_table(
        "former_phones",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("merged_id", sa.BigInteger(), nullable=True),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_former_phones_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_former_phones")),
    )
    op.create_index(
        op.f("ix_former_phones_customer_id"), "former_phones", ["customer_id"], unique=False
    )
    op.create_index(
        op.f("ix_former_phones_merged_id"), "former_phones", ["merged_id"], unique=False
    )
    op.create_table(
        "erasure_requests",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "asked_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_erasure_requests_customer_id_customers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_requests")),
    )
    op.create_index(
        "uq_erasure_requests_open",
        "erasure_requests",
        ["customer_id"],
        unique=True,
        postgresql_where="closed_at IS NULL",
    )


def downgrade() -> None:
    op.drop_table("erasure_requests")
    op.drop_table("former_phones")
    op.drop_index("ix_assignments_live_customer", table_name="assignments")
    for name in ("blocked", "name_words", "email_start", "phone_end"):
        op.drop_index(f"ix_customers_{name}", table_name="customers")
    op.drop_column("customers", "erased_at")
