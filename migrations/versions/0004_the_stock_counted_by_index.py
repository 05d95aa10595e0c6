"""The stock counted by index: lapsed holds, and whole accounts by their first profile."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_profiles_stock", table_name="profiles")
    op.create_index(
        "ix_profiles_stock",
        "profiles",
        ["service_id", "dedicated_to", "reserved_until"],
        unique=False,
        postgresql_where="status = 'free' AND sellable",
    )
    op.create_index(
        "ix_profiles_whole",
        "profiles",
        ["service_id", "dedicated_to", sa.literal_column("paid_until DESC"), "account_id"],
        unique=False,
        postgresql_where="position = 1 AND status = 'free' AND sellable",
    )


def downgrade() -> None:
    op.drop_index("ix_profiles_whole", table_name="profiles")
    op.drop_index("ix_profiles_stock", table_name="profiles")
    op.create_index(
        "ix_profiles_stock",
        "profiles",
        ["service_id", "dedicated_to"],
        unique=False,
        postgresql_where="status = 'free' AND sellable",
    )
