"""Where money comes from: who said that a payment is there."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SOURCES = "'manual', 'receipt', 'statement', 'notice', 'provider', 'credit'"


def upgrade() -> None:
    op.add_column(
        "payments",
        sa.Column("source", sa.String(24), server_default="manual", nullable=False),
    )
    op.create_check_constraint(op.f("ck_payments_source"), "payments", f"source IN ({SOURCES})")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_payments_source"), "payments")
    op.drop_column("payments", "source")
