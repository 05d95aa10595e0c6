"""The first tables, their guards, the signals they send and the queue of later work.

The queue's tables come from the pinned procrastinate; raising that pin needs a migration that
runs the package's own scripts.
"""

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


AUDIT_GUARD = """
CREATE FUNCTION cuenty_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit entries are never changed or deleted'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION cuenty_audit_is_append_only();
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON audit_entries
    FOR EACH STATEMENT EXECUTE FUNCTION cuenty_audit_is_append_only();
"""

SIGNALS = """
CREATE FUNCTION cuenty_say_session() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('cuenty', 'session:' || NEW.id); RETURN NULL; END $$;
CREATE TRIGGER say_session AFTER UPDATE ON login_sessions
    FOR EACH ROW EXECUTE FUNCTION cuenty_say_session();

CREATE FUNCTION cuenty_say_customer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('cuenty', 'customer:' || NEW.id); RETURN NULL; END $$;
CREATE TRIGGER say_customer AFTER UPDATE OF phone, name, blocked_at ON customers
    FOR EACH ROW EXECUTE FUNCTION cuenty_say_customer();

CREATE FUNCTION cuenty_say_staff() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('cuenty', 'staff:' || NEW.id); RETURN NULL; END $$;
CREATE TRIGGER say_staff AFTER UPDATE ON staff_users
    FOR EACH ROW EXECUTE FUNCTION cuenty_say_staff();

CREATE FUNCTION cuenty_say_catalog() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_notify('cuenty', 'catalog'); RETURN NULL; END $$;
CREATE TRIGGER say_catalog AFTER INSERT OR UPDATE OR DELETE ON services
    FOR EACH STATEMENT EXECUTE FUNCTION cuenty_say_catalog();
CREATE TRIGGER say_catalog AFTER INSERT OR UPDATE OR DELETE ON plans
    FOR EACH STATEMENT EXECUTE FUNCTION cuenty_say_catalog();
"""


STOCK = """
CREATE FUNCTION cuenty_profile_follows_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT a.service_id, coalesce(a.plan_id, 0), coalesce(a.paid_until, '9999-12-31'),
           a.status = 'active'
      INTO NEW.service_id, NEW.dedicated_to, NEW.paid_until, NEW.sellable
      FROM accounts a WHERE a.id = NEW.account_id;
    RETURN NEW;
END $$;
CREATE TRIGGER profile_follows_account BEFORE INSERT OR UPDATE OF account_id ON profiles
    FOR EACH ROW EXECUTE FUNCTION cuenty_profile_follows_account();

CREATE FUNCTION cuenty_profiles_follow_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE profiles SET service_id = NEW.service_id, dedicated_to = coalesce(NEW.plan_id, 0),
           paid_until = coalesce(NEW.paid_until, '9999-12-31'), sellable = NEW.status = 'active'
     WHERE account_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER profiles_follow_account
    AFTER UPDATE OF service_id, plan_id, paid_until, status ON accounts
    FOR EACH ROW EXECUTE FUNCTION cuenty_profiles_follow_account();
"""


DROP_QUEUE = """
DO $$ DECLARE found record; BEGIN
    FOR found IN SELECT tablename FROM pg_tables
        WHERE schemaname = current_schema() AND tablename LIKE 'procrastinate%' LOOP
        EXECUTE format('DROP TABLE IF EXISTS %I CASCADE', found.tablename);
    END LOOP;
    FOR found IN SELECT oid::regprocedure AS sign FROM pg_proc
        WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'procrastinate%' LOOP
        EXECUTE 'DROP FUNCTION IF EXISTS ' || found.sign || ' CASCADE';
    END LOOP;
    FOR found IN SELECT typname FROM pg_type
        WHERE typnamespace = current_schema()::regnamespace
          AND typname LIKE 'procrastinate%' AND typtype IN ('e', 'c') LOOP
        EXECUTE format('DROP TYPE IF EXISTS %I CASCADE', found.typname);
    END LOOP;
END $$;
"""


def run_script(script: str) -> None:
    """Hand a whole script to the driver: SQLAlchemy would read its `%` as placeholders."""
    op.get_bind().connection.driver_connection.execute(script)


def upgrade() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column(
            "opened_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alerts")),
    )
    op.create_index(
        "uq_alerts_open", "alerts", ["kind"], unique=True, postgresql_where="closed_at IS NULL"
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "customer",
                "staff",
                "system",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column("session_id", sa.Uuid(), nullable=True),
        sa.Column("address_hash", sa.String(length=64), server_default="", nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("object_type", sa.String(length=40), nullable=False),
        sa.Column("object_id", sa.String(length=60), nullable=False),
        sa.Column(
            "change",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"], unique=False)
    op.create_index(
        "ix_audit_entries_object", "audit_entries", ["object_type", "object_id"], unique=False
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=120), server_default="", nullable=False),
        sa.Column("email", sa.String(length=254), server_default="", nullable=False),
        sa.Column(
            "delivery_preference",
            sa.Enum(
                "whatsapp",
                "email",
                "web",
                name="delivery_preference",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="whatsapp",
            nullable=False,
        ),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("welcomed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("blocked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("notes", sa.String(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
        sa.UniqueConstraint("phone", name=op.f("uq_customers_phone")),
    )
    op.create_table(
        "login_codes",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("phone", sa.String(length=16), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "sms",
                "whatsapp",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("visitor_hash", sa.String(length=64), nullable=True),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries BETWEEN 0 AND 5", name=op.f("ck_login_codes_five_tries")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_codes")),
    )
    op.create_index(
        "ix_login_codes_address_hash_created_at",
        "login_codes",
        ["address_hash", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_login_codes_created_at"), "login_codes", ["created_at"], unique=False)
    op.create_index(
        "ix_login_codes_phone_created_at", "login_codes", ["phone", "created_at"], unique=False
    )
    op.create_table(
        "payment_instructions",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("bank", sa.String(length=80), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("clabe", sa.String(length=18), nullable=False),
        sa.Column("account", sa.String(length=20), nullable=False),
        sa.Column(
            "steps",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'[]'::jsonb"),
            nullable=False,
        ),
        sa.Column("is_sample", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("is_default", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_instructions")),
    )
    op.create_index(
        "uq_payment_instructions_default",
        "payment_instructions",
        ["is_default"],
        unique=True,
        postgresql_where="is_default",
    )
    op.create_table(
        "services",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("category", sa.String(length=40), nullable=False),
        sa.Column("description", sa.String(), server_default="", nullable=False),
        sa.Column("color", sa.String(length=7), server_default="#334155", nullable=False),
        sa.Column("max_profiles", sa.Integer(), nullable=False),
        sa.Column("terms", sa.String(), server_default="", nullable=False),
        sa.Column("instructions", sa.String(), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("max_profiles BETWEEN 1 AND 20", name=op.f("ck_services_max_profiles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_services")),
        sa.UniqueConstraint("slug", name=op.f("uq_services_slug")),
    )
    op.create_table(
        "signin_attempts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("address_hash", sa.String(length=64), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "failed",
                "succeeded",
                "unlocked",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signin_attempts")),
    )
    op.create_index(
        "ix_signin_attempts_address_hash_at",
        "signin_attempts",
        ["address_hash", "at"],
        unique=False,
    )
    op.create_index(op.f("ix_signin_attempts_at"), "signin_attempts", ["at"], unique=False)
    op.create_index(
        "ix_signin_attempts_subject_at", "signin_attempts", ["subject", "at"], unique=False
    )
    op.create_table(
        "staff_users",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "operator",
                "owner",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "must_change_password", sa.Boolean(), server_default=sa.text("false"), nullable=False
        ),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_users")),
        sa.UniqueConstraint("username", name=op.f("uq_staff_users_username")),
    )
    op.create_table(
        "vault_canaries",
        sa.Column("key_id", sa.String(length=40), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_vault_canaries")),
    )
    op.create_table(
        "carts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("visitor_hash", sa.String(length=64), nullable=True),
        sa.Column(
            "touched_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint(
            "num_nonnulls(customer_id, visitor_hash) = 1", name=op.f("ck_carts_one_holder")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_carts_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carts")),
        sa.UniqueConstraint("customer_id", name=op.f("uq_carts_customer_id")),
        sa.UniqueConstraint("visitor_hash", name=op.f("uq_carts_visitor_hash")),
    )
    op.create_index(op.f("ix_carts_touched_at"), "carts", ["touched_at"], unique=False)
    op.create_table(
        "login_sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("staff_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "num_nonnulls(customer_id, staff_id) = 1", name=op.f("ck_login_sessions_one_holder")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_login_sessions_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_users.id"],
            name=op.f("fk_login_sessions_staff_id_staff_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
    )
    op.create_index(
        op.f("ix_login_sessions_customer_id"), "login_sessions", ["customer_id"], unique=False
    )
    op.create_index(
        op.f("ix_login_sessions_expires_at"), "login_sessions", ["expires_at"], unique=False
    )
    op.create_index(
        op.f("ix_login_sessions_staff_id"), "login_sessions", ["staff_id"], unique=False
    )
    op.create_table(
        "orders",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "pending",
                "pending_payment",
                "paid",
                "processing",
                "delivered",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "payment_status",
            sa.Enum(
                "unpaid",
                "partial",
                "paid",
                "overpaid",
                name="payment_status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="unpaid",
            nullable=False,
        ),
        sa.Column(
            "delivery_preference",
            sa.Enum(
                "whatsapp",
                "email",
                "web",
                name="delivery_preference",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("total", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("instructions", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("notes", sa.String(), server_default="", nullable=False),
        sa.Column("cancel_reason", sa.String(), server_default="", nullable=False),
        sa.Column("unpaid_slot", sa.Integer(), server_default="1", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("paid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(status IN ('paid','processing','delivered')) <= (paid_at IS NOT NULL)",
            name=op.f("ck_orders_paid_at"),
        ),
        sa.CheckConstraint("total > 0", name=op.f("ck_orders_total")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_orders_customer_id_customers")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index("ix_orders_customer_id_id", "orders", ["customer_id", "id"], unique=False)
    op.create_index("ix_orders_status_id", "orders", ["status", "id"], unique=False)
    op.create_index(
        "ix_orders_unpaid_expires_at",
        "orders",
        ["expires_at"],
        unique=False,
        postgresql_where="status = 'pending_payment'",
    )
    op.create_index(
        "ix_orders_waiting",
        "orders",
        ["paid_at", "id"],
        unique=False,
        postgresql_where="status = 'processing'",
    )
    op.create_index(
        "uq_orders_unpaid_slot",
        "orders",
        ["customer_id", "unpaid_slot"],
        unique=True,
        postgresql_where="status = 'pending_payment'",
    )
    op.create_table(
        "plans",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("duration_months", sa.Integer(), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum(
                "profile",
                "full_account",
                name="capacity",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="profile",
            nullable=False,
        ),
        sa.Column("cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("margin", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "sale_price",
            sa.Numeric(precision=12, scale=2),
            sa.Computed("cost + margin", persisted=True),
            nullable=True,
        ),
        sa.Column("active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("cost >= 0 AND cost + margin > 0", name=op.f("ck_plans_prices")),
        sa.CheckConstraint(
            "duration_months BETWEEN 1 AND 36", name=op.f("ck_plans_duration_months")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_plans_service_id_services")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plans")),
    )
    op.create_index(op.f("ix_plans_service_id"), "plans", ["service_id"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=True),
        sa.Column("login_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("login_hash", sa.String(length=64), nullable=False),
        sa.Column("password_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("credential_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "active",
                "maintenance",
                "down",
                "retired",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="active",
            nullable=False,
        ),
        sa.Column("paid_until", sa.Date(), nullable=True),
        sa.Column("cost", sa.Numeric(precision=12, scale=2), server_default="0", nullable=False),
        sa.Column("notes", sa.String(), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["plan_id"], ["plans.id"], name=op.f("fk_accounts_plan_id_plans")),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_accounts_service_id_services")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "service_id", "login_hash", name=op.f("uq_accounts_service_id_login_hash")
        ),
    )
    op.create_index(op.f("ix_accounts_service_id"), "accounts", ["service_id"], unique=False)
    op.create_table(
        "cart_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("cart_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity BETWEEN 1 AND 10", name=op.f("ck_cart_items_quantity")),
        sa.ForeignKeyConstraint(
            ["cart_id"], ["carts.id"], name=op.f("fk_cart_items_cart_id_carts"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_cart_items_plan_id_plans")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_items")),
        sa.UniqueConstraint("cart_id", "plan_id", name=op.f("uq_cart_items_cart_id_plan_id")),
    )
    op.create_index(op.f("ix_cart_items_plan_id"), "cart_items", ["plan_id"], unique=False)
    op.create_table(
        "login_tickets",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"],
            ["login_sessions.id"],
            name=op.f("fk_login_tickets_session_id_login_sessions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_login_tickets")),
    )
    op.create_index(
        op.f("ix_login_tickets_expires_at"), "login_tickets", ["expires_at"], unique=False
    )
    op.create_table(
        "order_items",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("plan_id", sa.BigInteger(), nullable=False),
        sa.Column("service_id", sa.BigInteger(), nullable=False),
        sa.Column("service_name", sa.String(length=80), nullable=False),
        sa.Column("plan_name", sa.String(length=60), nullable=False),
        sa.Column("duration_months", sa.Integer(), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum(
                "profile",
                "full_account",
                name="capacity",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("profiles_per_unit", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("unit_price", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("unit_cost", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column("line_total", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "fulfilment",
            sa.Enum(
                "waiting_payment",
                "waiting_stock",
                "assigned",
                "delivered",
                name="fulfilment",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="waiting_payment",
            nullable=False,
        ),
        sa.CheckConstraint(
            "line_total = unit_price * quantity", name=op.f("ck_order_items_line_total")
        ),
        sa.CheckConstraint("profiles_per_unit >= 1", name=op.f("ck_order_items_profiles_per_unit")),
        sa.CheckConstraint("quantity BETWEEN 1 AND 10", name=op.f("ck_order_items_quantity")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_items_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["plan_id"], ["plans.id"], name=op.f("fk_order_items_plan_id_plans")
        ),
        sa.ForeignKeyConstraint(
            ["service_id"], ["services.id"], name=op.f("fk_order_items_service_id_services")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_items")),
    )
    op.create_index(op.f("ix_order_items_order_id"), "order_items", ["order_id"], unique=False)
    op.create_index(op.f("ix_order_items_plan_id"), "order_items", ["plan_id"], unique=False)
    op.create_index(
        "ix_order_items_waiting_stock",
        "order_items",
        ["service_id", "id"],
        unique=False,
        postgresql_where="fulfilment = 'waiting_stock'",
    )
    op.create_table(
        "payments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=2), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "full",
                "partial",
                "over",
                "late",
                "duplicate",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("tracking_key", sa.String(length=30), server_default="", nullable=False),
        sa.Column("bank", sa.String(length=60), server_default="", nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "customer",
                "staff",
                "system",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_payments_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payments")),
        sa.UniqueConstraint("order_id", "reference", name=op.f("uq_payments_order_id_reference")),
    )
    op.create_index(op.f("ix_payments_created_at"), "payments", ["created_at"], unique=False)
    op.create_index(
        "uq_payments_tracking_key",
        "payments",
        ["bank", "paid_on", "tracking_key"],
        unique=True,
        postgresql_where="tracking_key <> ''",
    )
    op.create_table(
        "timeline_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column(
            "actor_kind",
            sa.Enum(
                "customer",
                "staff",
                "system",
                name="actor_kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "data",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'::jsonb"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_timeline_entries_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_timeline_entries")),
    )
    op.create_index(
        op.f("ix_timeline_entries_order_id"), "timeline_entries", ["order_id"], unique=False
    )
    op.create_table(
        "profiles",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account_id", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("pin_sealed", sa.LargeBinary(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "free",
                "assigned",
                "rotate",
                "disabled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            server_default="free",
            nullable=False,
        ),
        sa.Column("reserved_order_id", sa.BigInteger(), nullable=True),
        sa.Column("reserved_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("service_id", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("dedicated_to", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("paid_until", sa.Date(), server_default="9999-12-31", nullable=False),
        sa.Column("sellable", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "(reserved_order_id IS NULL) = (reserved_until IS NULL)",
            name=op.f("ck_profiles_whole_hold"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_profiles_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_profiles")),
        sa.UniqueConstraint("account_id", "position", name=op.f("uq_profiles_account_id_position")),
    )
    op.create_index(
        "ix_profiles_reserved_order_id",
        "profiles",
        ["reserved_order_id"],
        unique=False,
        postgresql_where="reserved_order_id IS NOT NULL",
    )
    op.create_index(
        "ix_profiles_sellable",
        "profiles",
        ["service_id", "dedicated_to", sa.literal_column("paid_until DESC"), "id"],
        unique=False,
        postgresql_where="status = 'free' AND sellable AND reserved_until IS NULL",
    )
    op.create_index(
        "ix_profiles_stock",
        "profiles",
        ["service_id", "dedicated_to"],
        unique=False,
        postgresql_where="status = 'free' AND sellable",
    )
    op.create_table(
        "assignments",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("order_item_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_index", sa.Integer(), nullable=False),
        sa.Column("profile_id", sa.BigInteger(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column(
            "assigned_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ends_on >= starts_on", name=op.f("ck_assignments_dates")),
        sa.CheckConstraint("unit_index >= 0", name=op.f("ck_assignments_unit_index")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_assignments_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["order_item_id"],
            ["order_items.id"],
            name=op.f("fk_assignments_order_item_id_order_items"),
        ),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["profiles.id"], name=op.f("fk_assignments_profile_id_profiles")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
        sa.UniqueConstraint(
            "order_item_id", "unit_index", name=op.f("uq_assignments_order_item_id_unit_index")
        ),
    )
    op.create_index(
        op.f("ix_assignments_customer_id"), "assignments", ["customer_id"], unique=False
    )
    op.create_index(op.f("ix_assignments_ends_on"), "assignments", ["ends_on"], unique=False)
    op.create_index(op.f("ix_assignments_profile_id"), "assignments", ["profile_id"], unique=False)
    op.create_index(
        "uq_assignments_profile_id_live",
        "assignments",
        ["profile_id"],
        unique=True,
        postgresql_where="released_at IS NULL",
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=True),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("assignment_id", sa.BigInteger(), nullable=True),
        sa.Column("credential_version", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "sms",
                "whatsapp",
                "email",
                "web",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "login_code",
                "delivered",
                "waiting_stock",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("to_address", sa.String(length=254), nullable=False),
        sa.Column("body_sealed", sa.LargeBinary(), nullable=True),
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
            server_default="queued",
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("provider_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("last_error", sa.String(length=200), server_default="", nullable=False),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["assignments.id"],
            name=op.f("fk_messages_assignment_id_assignments"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_messages_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_messages_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "assignment_id",
            "channel",
            "kind",
            "credential_version",
            name=op.f("uq_messages_assignment_id_channel_kind_credential_version"),
        ),
    )
    op.create_index(op.f("ix_messages_created_at"), "messages", ["created_at"], unique=False)
    op.create_index(op.f("ix_messages_customer_id"), "messages", ["customer_id"], unique=False)
    op.create_index(op.f("ix_messages_order_id"), "messages", ["order_id"], unique=False)
    op.create_index(
        "ix_messages_queued",
        "messages",
        ["created_at"],
        unique=False,
        postgresql_where="status = 'queued'",
    )
    for script in (AUDIT_GUARD, SIGNALS, STOCK, SchemaManager.get_schema()):
        run_script(script)


def downgrade() -> None:
    op.drop_index("ix_messages_queued", table_name="messages", postgresql_where="status = 'queued'")
    op.drop_index(op.f("ix_messages_order_id"), table_name="messages")
    op.drop_index(op.f("ix_messages_customer_id"), table_name="messages")
    op.drop_index(op.f("ix_messages_created_at"), table_name="messages")
    op.drop_table("messages")
    op.drop_index(
        "uq_assignments_profile_id_live",
        table_name="assignments",
        postgresql_where="released_at IS NULL",
    )
    op.drop_index(op.f("ix_assignments_profile_id"), table_name="assignments")
    op.drop_index(op.f("ix_assignments_ends_on"), table_name="assignments")
    op.drop_index(op.f("ix_assignments_customer_id"), table_name="assignments")
    op.drop_table("assignments")
    op.drop_index(
        "ix_profiles_stock", table_name="profiles", postgresql_where="status = 'free' AND sellable"
    )
    op.drop_index(
        "ix_profiles_sellable",
        table_name="profiles",
        postgresql_where="status = 'free' AND sellable AND reserved_until IS NULL",
    )
    op.drop_index(
        "ix_profiles_reserved_order_id",
        table_name="profiles",
        postgresql_where="reserved_order_id IS NOT NULL",
    )
    op.drop_table("profiles")
    op.drop_index(op.f("ix_timeline_entries_order_id"), table_name="timeline_entries")
    op.drop_table("timeline_entries")
    op.drop_index(
        "uq_payments_tracking_key", table_name="payments", postgresql_where="tracking_key <> ''"
    )
    op.drop_index(op.f("ix_payments_created_at"), table_name="payments")
    op.drop_table("payments")
    op.drop_index(
        "ix_order_items_waiting_stock",
        table_name="order_items",
        postgresql_where="fulfilment = 'waiting_stock'",
    )
    op.drop_index(op.f("ix_order_items_plan_id"), table_name="order_items")
    op.drop_index(op.f("ix_order_items_order_id"), table_name="order_items")
    op.drop_table("order_items")
    op.drop_index(op.f("ix_login_tickets_expires_at"), table_name="login_tickets")
    op.drop_table("login_tickets")
    op.drop_index(op.f("ix_cart_items_plan_id"), table_name="cart_items")
    op.drop_table("cart_items")
    op.drop_index(op.f("ix_accounts_service_id"), table_name="accounts")
    op.drop_table("accounts")
    op.drop_index(op.f("ix_plans_service_id"), table_name="plans")
    op.drop_table("plans")
    op.drop_index(
        "uq_orders_unpaid_slot", table_name="orders", postgresql_where="status = 'pending_payment'"
    )
    op.drop_index(
        "ix_orders_waiting", table_name="orders", postgresql_where="status = 'processing'"
    )
    op.drop_index(
        "ix_orders_unpaid_expires_at",
        table_name="orders",
        postgresql_where="status = 'pending_payment'",
    )
    op.drop_index("ix_orders_status_id", table_name="orders")
    op.drop_index("ix_orders_customer_id_id", table_name="orders")
    op.drop_table("orders")
    op.drop_index(op.f("ix_login_sessions_staff_id"), table_name="login_sessions")
    op.drop_index(op.f("ix_login_sessions_expires_at"), table_name="login_sessions")
    op.drop_index(op.f("ix_login_sessions_customer_id"), table_name="login_sessions")
    op.drop_table("login_sessions")
    op.drop_index(op.f("ix_carts_touched_at"), table_name="carts")
    op.drop_table("carts")
    op.drop_table("vault_canaries")
    op.drop_table("staff_users")
    op.drop_index("ix_signin_attempts_subject_at", table_name="signin_attempts")
    op.drop_index(op.f("ix_signin_attempts_at"), table_name="signin_attempts")
    op.drop_index("ix_signin_attempts_address_hash_at", table_name="signin_attempts")
    op.drop_table("signin_attempts")
    op.drop_table("services")
    op.drop_index(
        "uq_payment_instructions_default",
        table_name="payment_instructions",
        postgresql_where="is_default",
    )
    op.drop_table("payment_instructions")
    op.drop_index("ix_login_codes_phone_created_at", table_name="login_codes")
    op.drop_index(op.f("ix_login_codes_created_at"), table_name="login_codes")
    op.drop_index("ix_login_codes_address_hash_created_at", table_name="login_codes")
    op.drop_table("login_codes")
    op.drop_table("customers")
    op.drop_index("ix_audit_entries_object", table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_at"), table_name="audit_entries")
    op.drop_table("audit_entries")
    op.drop_index("uq_alerts_open", table_name="alerts", postgresql_where="closed_at IS NULL")
    op.drop_table("alerts")
    for name in (
        "audit_is_append_only",
        "say_session",
        "say_customer",
        "say_staff",
        "say_catalog",
        "profile_follows_account",
        "profiles_follow_account",
    ):
        run_script(f"DROP FUNCTION IF EXISTS cuenty_{name}() CASCADE")
    run_script(DROP_QUEUE)
