"""Messages that arrive: their events, templates, doubts and fallbacks; how providers do."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

BEFORE = (
    "kind IN ('login_code', 'delivered', 'waiting_stock', 'reminder', 'renewed', 'rotated', "
    "'replaced', 'payment_due', 'back_in_stock')"
)
KINDS = BEFORE.replace(
    "'back_in_stock')",
    "'back_in_stock', 'order_placed', 'payment_partial', 'staff_alert', 'staff_order', 'test')",
)


def upgrade() -> None:
    op.create_table(
        "message_templates",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "authentication",
                "utility",
                "marketing",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject", sa.String(length=120), server_default="", nullable=False),
        sa.Column("body", sa.String(length=1000), nullable=False),
        sa.Column("content_sid", sa.String(length=64), server_default="", nullable=False),
        sa.Column(
            "content_variables",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_message_templates_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_templates")),
        sa.UniqueConstraint("name", "version", name=op.f("uq_message_templates_name_version")),
    )
    op.create_table(
        "shop_settings",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_shop_settings")),
    )
    op.create_table(
        "provider_states",
        sa.Column("provider", sa.String(length=20), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rests_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_provider_states")),
    )
    op.create_table(
        "send_counts",
        sa.Column("scope", sa.String(length=80), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "since", name=op.f("pk_send_counts")),
    )
    op.create_table(
        "message_events",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "queued",
                "sent",
                "delivered",
                "read",
                "confirmed",
                "failed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("error_code", sa.String(length=40), server_default="", nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_message_events_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_events")),
        sa.UniqueConstraint(
            "message_id", "status", name=op.f("uq_message_events_message_id_status")
        ),
    )
    op.create_table(
        "message_links",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column(
            "used_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_message_links_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_links")),
    )
    op.add_column(
        "customers", sa.Column("whatsapp", sa.String(length=16), server_default="", nullable=False)
    )
    op.add_column("messages", sa.Column("staff_id", sa.BigInteger(), nullable=True))
    op.add_column("messages", sa.Column("code_sealed", sa.LargeBinary(), nullable=True))
    op.add_column(
        "messages", sa.Column("error_code", sa.String(length=40), server_default="", nullable=False)
    )
    op.add_column("messages", sa.Column("fallback_of", sa.Uuid(), nullable=True))
    op.add_column(
        "messages", sa.Column("in_doubt_since", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column("messages", sa.Column("not_before", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_messages_provider_id",
        "messages",
        ["provider_id"],
        unique=False,
        postgresql_where="provider_id <> ''",
    )
    op.add_column(
        "messages", sa.Column("number", sa.BigInteger(), sa.Identity(always=False), nullable=False)
    )
    op.create_unique_constraint(op.f("uq_messages_number"), "messages", ["number"])
    op.create_index("ix_messages_to_address_number", "messages", ["to_address", "number"])
    op.create_index("ix_messages_status_number", "messages", ["status", "number"], unique=False)
    op.create_unique_constraint(op.f("uq_messages_fallback_of"), "messages", ["fallback_of"])
    op.create_index(
        "uq_messages_order_once",
        "messages",
        ["order_id", "channel", "kind", "occasion"],
        unique=True,
        postgresql_where="assignment_id IS NULL AND order_id IS NOT NULL AND staff_id IS NULL",
    )
    op.create_index(
        "uq_messages_staff_once",
        "messages",
        ["staff_id", "channel", "kind", "occasion"],
        unique=True,
        postgresql_where="staff_id IS NOT NULL AND kind <> 'test'",
    )
    op.create_foreign_key(
        op.f("fk_messages_staff_id_staff_users"), "messages", "staff_users", ["staff_id"], ["id"]
    )
    op.create_foreign_key(
        op.f("fk_messages_fallback_of_messages"), "messages", "messages", ["fallback_of"], ["id"]
    )
    op.drop_column("messages", "last_error")
    op.add_column(
        "staff_users", sa.Column("email", sa.String(length=254), server_default="", nullable=False)
    )
    op.add_column(
        "staff_users",
        sa.Column("whatsapp", sa.String(length=16), server_default="", nullable=False),
    )
    op.drop_constraint(op.f("ck_messages_kind"), "messages")
    op.create_check_constraint("kind", "messages", KINDS)
    op.create_check_constraint("doubt", "messages", "in_doubt_since IS NULL OR status = 'queued'")


def downgrade() -> None:
    op.drop_constraint(op.f("ck_messages_doubt"), "messages")
    op.drop_constraint(op.f("ck_messages_kind"), "messages")
    op.execute("UPDATE messages SET fallback_of = NULL WHERE fallback_of IS NOT NULL")
    op.execute(f"DELETE FROM messages WHERE NOT {BEFORE}")  # noqa: S608  # a constant
    op.create_check_constraint("kind", "messages", BEFORE)
    op.drop_column("staff_users", "whatsapp")
    op.drop_column("staff_users", "email")
    op.add_column(
        "messages",
        sa.Column("last_error", sa.String(length=200), server_default="", nullable=False),
    )
    op.drop_constraint(op.f("fk_messages_fallback_of_messages"), "messages", type_="foreignkey")
    op.drop_constraint(op.f("fk_messages_staff_id_staff_users"), "messages", type_="foreignkey")
    op.drop_index("uq_messages_staff_once", table_name="messages")
    op.drop_index(
        "uq_messages_order_once",
        table_name="messages",
        postgresql_where="assignment_id IS NULL AND order_id IS NOT NULL AND staff_id IS NULL",
    )
    op.drop_constraint(op.f("uq_messages_fallback_of"), "messages", type_="unique")
    op.drop_index("ix_messages_to_address_number", table_name="messages")
    op.drop_index("ix_messages_status_number", table_name="messages")
    op.drop_constraint(op.f("uq_messages_number"), "messages", type_="unique")
    op.drop_column("messages", "number")
    op.drop_index(
        "ix_messages_provider_id", table_name="messages", postgresql_where="provider_id <> ''"
    )
    op.drop_column("messages", "not_before")
    op.drop_column("messages", "in_doubt_since")
    op.drop_column("messages", "fallback_of")
    op.drop_column("messages", "error_code")
    op.drop_column("messages", "staff_id")
    op.drop_column("messages", "code_sealed")
    op.drop_column("customers", "whatsapp")
    op.drop_table("message_links")
    op.drop_table("message_events")
    op.drop_table("send_counts")
    op.drop_table("provider_states")
    op.drop_table("shop_settings")
    op.drop_table("message_templates")
