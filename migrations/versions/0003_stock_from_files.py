"""Stock that comes in files, and leave to take secrets out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "import_batches",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "preview",
                "running",
                "done",
                "failed",
                "undone",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="preview",
            nullable=False,
        ),
        sa.Column(
            "mode",
            sa.Enum(
                "all", "good", name="mode", native_enum=False, create_constraint=True, length=24
            ),
            server_default="all",
            nullable=False,
        ),
        sa.Column("service_id", sa.BigInteger(), nullable=True),
        sa.Column("file_name", sa.String(length=120), nullable=False),
        sa.Column(
            "header",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("signature", sa.String(length=64), server_default="", nullable=False),
        sa.Column(
            "mapping",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.Column("columns", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "sample",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("rows", sa.Integer(), server_default="0", nullable=False),
        sa.Column("good", sa.Integer(), server_default="0", nullable=False),
        sa.Column("bad", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accounts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("done", sa.Integer(), server_default="0", nullable=False),
        sa.Column("error", sa.String(length=40), server_default="", nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status = 'running') = (lease_until IS NOT NULL)", name=op.f("ck_import_batches_lease")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_import_batches_service_id_services")
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff_users.id"], name=op.f("fk_import_batches_staff_id_staff_users")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batches")),
    )
    op.create_index(
        "ix_import_batches_running",
        "import_batches",
        ["id"],
        unique=False,
        postgresql_where="status = 'running'",
    )
    op.create_index(
        "ix_import_batches_signature_id", "import_batches", ["signature", "id"], unique=False
    )
    op.create_table(
        "export_tickets",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["login_sessions.id"],
            name=op.f("fk_export_tickets_session_id_login_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_export_tickets")),
    )
    op.create_index(
        op.f("ix_export_tickets_expires_at"), "export_tickets", ["expires_at"], unique=False
    )
    op.create_table(
        "import_chunks",
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_import_chunks_batch_id_import_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_import_chunks")),
    )
    op.create_table(
        "import_errors",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("batch_id", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=20), server_default="", nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["import_batches.id"],
            name=op.f("fk_import_errors_batch_id_import_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_errors")),
    )
    op.create_index(
        "ix_import_errors_batch_id_id", "import_errors", ["batch_id", "id"], unique=False
    )
    op.add_column("accounts", sa.Column("batch_id", sa.BigInteger(), nullable=True))
    op.create_index(op.f("ix_accounts_batch_id"), "accounts", ["batch_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_accounts_batch_id_import_batches"),
        "accounts",
        "import_batches",
        ["batch_id"],
        ["id"],
    )
    op.create_index(
        op.f("ix_credential_versions_profile_id"),
        "credential_versions",
        ["profile_id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index(op.f("ix_credential_versions_profile_id"), table_name="credential_versions")
    op.drop_constraint(op.f("fk_accounts_batch_id_import_batches"), "accounts", type_="foreignkey")
    op.drop_index(op.f("ix_accounts_batch_id"), table_name="accounts")
    op.drop_column("accounts", "batch_id")
    op.drop_index("ix_import_errors_batch_id_id", table_name="import_errors")
    op.drop_table("import_errors")
    op.drop_table("import_chunks")
    op.drop_index(op.f("ix_export_tickets_expires_at"), table_name="export_tickets")
    op.drop_table("export_tickets")
    op.drop_index("ix_import_batches_signature_id", table_name="import_batches")
    op.drop_index(
        "ix_import_batches_running",
        table_name="import_batches",
        postgresql_where="status = 'running'",
    )
    op.drop_table("import_batches")
