"""Tickets with what was said about them, canned replies, and the contact page's messages."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

BEFORE = (
    "kind IN ('login_code', 'delivered', 'waiting_stock', 'reminder', 'renewed', 'rotated', "
    "'replaced', 'payment_due', 'back_in_stock', 'order_placed', 'payment_partial', "
    "'staff_alert', 'staff_order', 'test')"
)
KINDS = BEFORE.replace("'test')", "'test', 'ticket_reply', 'staff_ticket', 'staff_contact')")


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=24)


def _id() -> sa.Column:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False)


def _text(name: str, longest: int, default: str | None = None) -> sa.Column:
    return sa.Column(name, sa.String(length=longest), server_default=default, nullable=False)


def _number(name: str, default: str | None = None) -> sa.Column:
    """With no default it may be missing."""
    return sa.Column(name, sa.BigInteger(), server_default=default, nullable=default is None)


def _instant(name: str) -> sa.Column:
    return sa.Column(
        name, sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
    )


def _refers(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}_{other}")
    )


def upgrade() -> None:
    op.create_table(
        "tickets",
        _id(),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        _number("order_id"),
        _number("assignment_id"),
        _text("subject", 120),
        sa.Column(
            "status",
            _one_of("status", "open", "waiting_customer", "solved", "closed"),
            server_default="open",
            nullable=False,
        ),
        sa.Column(
            "priority",
            _one_of("priority", "low", "normal", "high", "urgent"),
            server_default="normal",
            nullable=False,
        ),
        _number("assignee_id"),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        _number("turn", "0"),
        _instant("since"),
        _number("customer_seen", "0"),
        _number("staff_seen", "0"),
        _instant("created_at"),
        _refers("tickets", "customer_id", "customers"),
        _refers("tickets", "order_id", "orders"),
        _refers("tickets", "assignment_id", "assignments"),
        _refers("tickets", "assignee_id", "staff_users"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tickets")),
    )
    op.create_index("ix_tickets_status_turn", "tickets", ["status", "turn"])
    op.create_index("ix_tickets_turn", "tickets", ["turn"])
    op.create_index("ix_tickets_customer_id_turn", "tickets", ["customer_id", "turn"])
    op.create_table(
        "ticket_entries",
        _id(),
        sa.Column("ticket_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "actor_kind", _one_of("actor_kind", "customer", "staff", "system"), nullable=False
        ),
        _number("actor_id"),
        sa.Column("internal", sa.Boolean(), server_default="false", nullable=False),
        _text("event", 24, ""),
        _text("body", 4000, ""),
        _instant("at"),
        _refers("ticket_entries", "ticket_id", "tickets"),
        sa.CheckConstraint(
            "event <> '' OR body <> ''", name=op.f("ck_ticket_entries_says_something")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_entries")),
    )
    op.create_index("ix_ticket_entries_ticket_id_id", "ticket_entries", ["ticket_id", "id"])
    op.create_index("ix_ticket_entries_actor", "ticket_entries", ["actor_kind", "actor_id", "at"])
    op.create_table(
        "canned_replies",
        _id(),
        _text("title", 80),
        _text("body", 4000),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_canned_replies")),
        sa.UniqueConstraint("title", name=op.f("uq_canned_replies_title")),
    )
    op.create_table(
        "contact_messages",
        _id(),
        _text("name", 120),
        _text("email", 254, ""),
        _text("phone", 16, ""),
        _text("subject", 120),
        _text("body", 4000),
        _text("address_hash", 64, ""),
        _instant("created_at"),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        _number("answered_by"),
        _number("ticket_id"),
        _refers("contact_messages", "answered_by", "staff_users"),
        _refers("contact_messages", "ticket_id", "tickets"),
        sa.CheckConstraint(
            "email <> '' OR phone <> ''", name=op.f("ck_contact_messages_reachable")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_messages")),
    )
    op.create_index(
        "ix_contact_messages_address_hash_created_at",
        "contact_messages",
        ["address_hash", "created_at"],
    )
    op.create_index(
        "ix_contact_messages_waiting",
        "contact_messages",
        ["id"],
        postgresql_where="answered_at IS NULL",
    )
    op.drop_constraint(op.f("ck_messages_kind"), "messages")
    op.create_check_constraint("kind", "messages", KINDS)


def downgrade() -> None:
    op.drop_constraint(op.f("ck_messages_kind"), "messages")
    op.execute("UPDATE messages SET fallback_of = NULL WHERE fallback_of IS NOT NULL")
    op.execute(f"DELETE FROM messages WHERE NOT {BEFORE}")  # noqa: S608  # a constant
    op.create_check_constraint("kind", "messages", BEFORE)
    op.drop_table("contact_messages")
    op.drop_table("canned_replies")
    op.drop_table("ticket_entries")
    op.drop_table("tickets")
