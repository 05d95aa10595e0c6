"""Where money goes: what is kept for an order, given back, or moved to a customer's credit.

What must never happen is forbidden here: more money leaving an order than it received, a credit
below zero or changed without an entry, an order called paid that is not.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

MONEY = sa.Numeric(12, 2)
CAUSES = "'overpayment', 'duplicate', 'late', 'refund', 'returned', 'gift', 'used', 'paid_out'"
STATES = "'unpaid', 'partial', 'paid', 'overpaid'"
ACTORS = "'customer', 'staff', 'system'"

# received = kept + refunded + credited + loose; `due` is what the order may keep.
ORDER_MONEY = """
CREATE VIEW order_money AS
SELECT f.order_id, f.customer_id, f.status, f.total, f.received, f.by_credit, f.returned,
       f.refunded, f.credited, f.due, f.remains, f.remains - f.loose AS kept, f.loose
FROM (
    SELECT n.*, CASE WHEN n.status = 'cancelled' THEN n.remains
                     ELSE greatest(n.remains - n.due, 0) END AS loose
    FROM (
        SELECT o.id AS order_id, o.customer_id, o.status, o.total, p.received, p.by_credit,
               r.refunded, c.credited, c.returned, o.total - r.from_kept - c.from_kept AS due,
               p.received - r.refunded - c.credited AS remains
        FROM orders o
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount), 0) AS received,
                   coalesce(sum(amount) FILTER (WHERE source = 'credit'), 0) AS by_credit
            FROM payments WHERE order_id = o.id) p
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount), 0) AS refunded, coalesce(sum(from_kept), 0) AS from_kept
            FROM refunds WHERE order_id = o.id) r
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount), 0) AS credited,
                   coalesce(sum(amount) FILTER (WHERE cause = 'returned'), 0) AS returned,
                   coalesce(sum(amount) FILTER (WHERE cause = 'refund'), 0) AS from_kept
            FROM credit_entries WHERE order_id = o.id AND amount > 0) c) n) f;
"""

CREDIT = """
CREATE FUNCTION cuenty_credit_follows_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customers c SET credit = c.credit + m.amount
    FROM (SELECT customer_id, sum(amount) AS amount FROM came GROUP BY customer_id) m
    WHERE c.id = m.customer_id;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_follows_entries AFTER INSERT ON credit_entries
    REFERENCING NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION cuenty_credit_follows_entries();

CREATE FUNCTION cuenty_credit_moves_with_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE customers c SET credit = c.credit + m.amount
    FROM (SELECT customer_id, sum(amount) AS amount FROM (
              SELECT customer_id, amount FROM came
              UNION ALL SELECT customer_id, -amount FROM gone) moved
          GROUP BY customer_id) m
    WHERE c.id = m.customer_id AND m.amount <> 0;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_moves_with_entries AFTER UPDATE ON credit_entries
    REFERENCING OLD TABLE AS gone NEW TABLE AS came
    FOR EACH STATEMENT EXECUTE FUNCTION cuenty_credit_moves_with_entries();

CREATE FUNCTION cuenty_credit_needs_an_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a credit changes only by its entries'; END $$;
CREATE TRIGGER credit_needs_an_entry BEFORE UPDATE OF credit ON customers
    FOR EACH ROW WHEN (NEW.credit IS DISTINCT FROM OLD.credit AND pg_trigger_depth() = 0)
    EXECUTE FUNCTION cuenty_credit_needs_an_entry();

CREATE FUNCTION cuenty_money_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    may_change CONSTANT text[] := ARRAY['customer_id', 'note', 'reason'];
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - may_change = to_jsonb(OLD) - may_change THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'refunds and credit entries are never changed or deleted';
END $$;
CREATE TRIGGER credit_append_only BEFORE UPDATE OR DELETE ON credit_entries
    FOR EACH ROW EXECUTE FUNCTION cuenty_money_is_append_only();
CREATE TRIGGER refunds_append_only BEFORE UPDATE OR DELETE ON refunds
    FOR EACH ROW EXECUTE FUNCTION cuenty_money_is_append_only();

CREATE FUNCTION cuenty_credit_pays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO credit_entries (customer_id, amount, cause, order_id, payment_id, actor_kind,
                                actor_id)
    SELECT o.customer_id, -NEW.amount, 'used', o.id, NEW.id, NEW.actor_kind, NEW.actor_id
    FROM orders o WHERE o.id = NEW.order_id;
    RETURN NULL;
END $$;
CREATE TRIGGER credit_pays AFTER INSERT ON payments
    FOR EACH ROW WHEN (NEW.source = 'credit') EXECUTE FUNCTION cuenty_credit_pays();

CREATE FUNCTION cuenty_credit_is_paid_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO credit_entries (customer_id, amount, cause, refund_id, actor_kind, actor_id)
    VALUES (NEW.customer_id, -NEW.amount, 'paid_out', NEW.id, NEW.actor_kind, NEW.actor_id);
    RETURN NULL;
END $$;
CREATE TRIGGER credit_is_paid_out AFTER INSERT ON refunds
    FOR EACH ROW WHEN (NEW.order_id IS NULL) EXECUTE FUNCTION cuenty_credit_is_paid_out();
"""

LIMITS = """
CREATE FUNCTION cuenty_order_gives_what_it_has() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    number CONSTANT bigint := CASE TG_OP WHEN 'DELETE' THEN OLD.order_id ELSE NEW.order_id END;
BEGIN
    PERFORM FROM orders WHERE id = number FOR NO KEY UPDATE;
    IF (SELECT remains < 0 OR due < 0 FROM order_money WHERE order_id = number) THEN
        RAISE EXCEPTION 'order % would give back more than it received', number
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_orders_money';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER order_gives_what_it_has AFTER INSERT ON refunds
    FOR EACH ROW WHEN (NEW.order_id IS NOT NULL)
    EXECUTE FUNCTION cuenty_order_gives_what_it_has();
CREATE TRIGGER order_gives_what_it_has AFTER INSERT ON credit_entries
    FOR EACH ROW WHEN (NEW.order_id IS NOT NULL AND NEW.amount > 0)
    EXECUTE FUNCTION cuenty_order_gives_what_it_has();
CREATE TRIGGER order_gives_what_it_has AFTER DELETE OR UPDATE OF amount, order_id ON payments
    FOR EACH ROW EXECUTE FUNCTION cuenty_order_gives_what_it_has();

CREATE FUNCTION cuenty_paid_with_money() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT remains < total FROM order_money WHERE order_id = NEW.id) THEN
        RAISE EXCEPTION 'order % is not paid', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_orders_paid_with_money';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER paid_with_money AFTER UPDATE OF status ON orders
    FOR EACH ROW WHEN (NEW.status IN ('paid', 'processing', 'delivered')
                       AND OLD.status NOT IN ('paid', 'processing', 'delivered'))
    EXECUTE FUNCTION cuenty_paid_with_money();
"""

# More kinds than the check names by now, whoever added them.
KINDS = """
DO $$ DECLARE known text; BEGIN
    SELECT substring(pg_get_constraintdef(oid) FROM '^CHECK (.*)$') INTO known
    FROM pg_constraint WHERE conname = 'ck_messages_kind';
    ALTER TABLE messages DROP CONSTRAINT ck_messages_kind;
    EXECUTE 'ALTER TABLE messages ADD CONSTRAINT ck_messages_kind CHECK ((' || known
        || ') OR kind IN (''payment_held'', ''money_back''))';
END $$;
"""


def upgrade() -> None:
    op.add_column("customers", sa.Column("credit", MONEY, server_default="0", nullable=False))
    op.create_check_constraint(op.f("ck_customers_credit"), "customers", "credit >= 0")
    op.drop_constraint(op.f("ck_orders_payment_status"), "orders")
    op.create_check_constraint(
        op.f("ck_orders_payment_status"), "orders", f"payment_status IN ({STATES}, 'refunded')"
    )
    _refunds()
    _credit_entries()
    op.create_index("ix_payments_paid_on", "payments", ["paid_on", "id"], unique=False)
    for script in (ORDER_MONEY, CREDIT, LIMITS, KINDS):
        op.execute(script)


def _refunds() -> None:
    op.create_table(
        "refunds",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("from_kept", MONEY, server_default="0", nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("released", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("refunded_on", sa.Date(), nullable=False),
        *_who(),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount")),
        sa.CheckConstraint("from_kept BETWEEN 0 AND amount", name=op.f("ck_refunds_from_kept")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_refunds_reason")),
        sa.CheckConstraint(
            "method IN ('transfer', 'cash', 'card')", name=op.f("ck_refunds_method")
        ),
        sa.CheckConstraint(f"actor_kind IN ({ACTORS})", name=op.f("ck_refunds_actor_kind")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_refunds_customer_id_customers")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_refunds_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
    )
    op.create_index(op.f("ix_refunds_customer_id"), "refunds", ["customer_id"])
    op.create_index(op.f("ix_refunds_refunded_on"), "refunds", ["refunded_on"])
    op.create_index("uq_refunds_reference", "refunds", ["order_id", "reference"], unique=True)


def _credit_entries() -> None:
    op.create_table(
        "credit_entries",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("cause", sa.String(length=24), nullable=False),
        sa.Column("order_id", sa.BigInteger(), nullable=True),
        sa.Column("payment_id", sa.BigInteger(), nullable=True),
        sa.Column("refund_id", sa.BigInteger(), nullable=True),
        sa.Column("note", sa.String(length=200), server_default="", nullable=False),
        *_who(),
        sa.CheckConstraint("amount <> 0", name=op.f("ck_credit_entries_amount")),
        sa.CheckConstraint(f"cause IN ({CAUSES})", name=op.f("ck_credit_entries_cause")),
        sa.CheckConstraint(
            "(cause IN ('used', 'paid_out')) = (amount < 0)", name=op.f("ck_credit_entries_sign")
        ),
        sa.CheckConstraint(
            "(cause = 'used') = (payment_id IS NOT NULL)", name=op.f("ck_credit_entries_used")
        ),
        sa.CheckConstraint(
            "(cause = 'paid_out') = (refund_id IS NOT NULL)",
            name=op.f("ck_credit_entries_paid_out"),
        ),
        sa.CheckConstraint(
            "(cause IN ('gift', 'paid_out')) = (order_id IS NULL)",
            name=op.f("ck_credit_entries_order_id"),
        ),
        sa.CheckConstraint(f"actor_kind IN ({ACTORS})", name=op.f("ck_credit_entries_actor_kind")),
        *(
            sa.ForeignKeyConstraint(
                [f"{one}_id"], [f"{one}s.id"], name=op.f(f"fk_credit_entries_{one}_id_{one}s")
            )
            for one in ("customer", "order", "payment", "refund")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit_entries")),
        sa.UniqueConstraint("payment_id", name=op.f("uq_credit_entries_payment_id")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_credit_entries_refund_id")),
    )
    op.create_index("ix_credit_entries_customer_id_id", "credit_entries", ["customer_id", "id"])
    op.create_index(
        "ix_credit_entries_order_id",
        "credit_entries",
        ["order_id"],
        postgresql_where="order_id IS NOT NULL",
    )
    op.create_index(op.f("ix_credit_entries_created_at"), "credit_entries", ["created_at"])


def _who() -> list[sa.Column[object]]:
    return [
        sa.Column("actor_kind", sa.String(length=24), nullable=False),
        sa.Column("actor_id", sa.BigInteger(), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    ]


def downgrade() -> None:
    op.execute("DROP TRIGGER paid_with_money ON orders")
    op.execute("DROP TRIGGER order_gives_what_it_has ON payments")
    op.execute("DROP TRIGGER credit_pays ON payments")
    op.execute("DROP TRIGGER credit_needs_an_entry ON customers")
    op.drop_index("ix_payments_paid_on", table_name="payments")
    op.execute("DROP VIEW order_money")
    op.drop_table("credit_entries")
    op.drop_table("refunds")
    for name in (
        "paid_with_money",
        "order_gives_what_it_has",
        "credit_is_paid_out",
        "credit_pays",
        "money_is_append_only",
        "credit_needs_an_entry",
        "credit_moves_with_entries",
        "credit_follows_entries",
    ):
        op.execute(f"DROP FUNCTION cuenty_{name}()")
    op.execute("UPDATE orders SET payment_status = 'paid' WHERE payment_status = 'refunded'")
    op.drop_constraint(op.f("ck_orders_payment_status"), "orders")
    op.create_check_constraint(
        op.f("ck_orders_payment_status"), "orders", f"payment_status IN ({STATES})"
    )
    op.drop_column("customers", "credit")
    op.execute("UPDATE messages SET fallback_of = NULL WHERE fallback_of IS NOT NULL")
    op.execute("DELETE FROM messages WHERE kind IN ('payment_held', 'money_back')")
