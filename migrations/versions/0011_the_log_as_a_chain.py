"""The log as a chain, read by person, kind and object; payments found by index.

An entry waits in `audit_tail` from its own transaction on; a job links what waits, so that nobody
who writes an entry waits for another (see docs/decisions/0008-hash-chained-log.md).
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# The instant in microseconds, because how one is written depends on the session's time zone.
DIGEST = """
CREATE FUNCTION cuenty_audit_digest(entry audit_entries) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(convert_to(jsonb_build_array(
        entry.id, (extract(epoch FROM entry.at) * 1000000)::bigint, entry.actor_kind,
        entry.actor_id, entry.session_id, entry.address_hash, entry.action, entry.object_type,
        entry.object_id, entry.change)::text, 'UTF8'))
$$;
"""

TAIL = """
CREATE FUNCTION cuenty_audit_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audit_tail (entry_id, digest) VALUES (NEW.id, cuenty_audit_digest(NEW));
    RETURN NULL;
END $$;
CREATE TRIGGER audit_waits AFTER INSERT ON audit_entries
    FOR EACH ROW EXECUTE FUNCTION cuenty_audit_waits();

CREATE FUNCTION cuenty_audit_waits_until_linked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF EXISTS (SELECT 1 FROM audit_links
                   WHERE entry_id = OLD.entry_id AND digest = OLD.digest) THEN
            RETURN OLD;
        END IF;
    END IF;
    RAISE EXCEPTION 'an audit entry waits until it is linked';
END $$;
CREATE TRIGGER audit_waits_until_linked BEFORE UPDATE OR DELETE ON audit_tail
    FOR EACH ROW EXECUTE FUNCTION cuenty_audit_waits_until_linked();
"""

# The lock keeps two links from following the same one; who writes an entry never takes it.
CHAIN = """
CREATE FUNCTION cuenty_chain_audit(most integer) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    last_no bigint;
    head bytea;
    waiting record;
    linked integer := 0;
BEGIN
    LOCK TABLE audit_links IN SHARE ROW EXCLUSIVE MODE;
    SELECT chain_no, hash INTO last_no, head FROM audit_links ORDER BY chain_no DESC LIMIT 1;
    last_no := coalesce(last_no, 0);
    FOR waiting IN SELECT entry_id, digest FROM audit_tail ORDER BY entry_id LIMIT most LOOP
        linked := linked + 1;
        head := sha256(coalesce(head, '') || waiting.digest);
        INSERT INTO audit_links (chain_no, entry_id, digest, hash)
            VALUES (last_no + linked, waiting.entry_id, waiting.digest, head);
    END LOOP;
    DELETE FROM audit_tail t USING audit_links l
        WHERE l.entry_id = t.entry_id AND l.chain_no > last_no;
    RETURN linked;
END $$;
"""

SUBJECT = "split_part(action, '.', 1)"

KEPT = """
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION cuenty_audit_is_append_only();
"""
NEVER_EMPTIED = """
CREATE TRIGGER audit_never_emptied BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION cuenty_audit_is_append_only();
"""


def run_script(script: str) -> None:
    op.get_bind().connection.driver_connection.execute(script)


def upgrade() -> None:
    op.create_table(
        "audit_tail",
        sa.Column("entry_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_audit_tail")),
    )
    op.create_table(
        "audit_links",
        sa.Column("chain_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("chain_no", name=op.f("pk_audit_links")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_links_entry_id")),
    )
    op.create_table(
        "audit_seals",
        sa.Column("chain_no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.Column(
            "at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False
        ),
        sa.PrimaryKeyConstraint("chain_no", name=op.f("pk_audit_seals")),
    )
    run_script(DIGEST + TAIL + CHAIN)
    for table in ("audit_links", "audit_seals"):
        run_script(KEPT.format(table=table))
    for table in ("audit_links", "audit_seals", "audit_tail"):
        run_script(NEVER_EMPTIED.format(table=table))
    op.execute(
        "INSERT INTO audit_tail SELECT e.id, cuenty_audit_digest(e) FROM audit_entries e ORDER BY 1"
    )
    op.drop_index(op.f("ix_audit_entries_at"), table_name="audit_entries")
    op.drop_index("ix_audit_entries_object", table_name="audit_entries")
    op.create_index("ix_audit_entries_at_id", "audit_entries", ["at", "id"])
    op.create_index(
        "ix_audit_entries_object", "audit_entries", ["object_type", "object_id", "at", "id"]
    )
    op.create_index(
        "ix_audit_entries_actor", "audit_entries", ["actor_kind", "actor_id", "at", "id"]
    )
    op.create_index(
        "ix_audit_entries_customers",
        "audit_entries",
        ["at", "id"],
        postgresql_where="actor_kind = 'customer'",
    )
    op.create_index("ix_audit_entries_subject", "audit_entries", [sa.text(SUBJECT), "at", "id"])


def downgrade() -> None:
    for name in ("subject", "customers", "actor", "object", "at_id"):
        op.drop_index(f"ix_audit_entries_{name}", table_name="audit_entries")
    op.create_index("ix_audit_entries_object", "audit_entries", ["object_type", "object_id"])
    op.create_index(op.f("ix_audit_entries_at"), "audit_entries", ["at"])
    run_script(
        """DROP TRIGGER audit_waits ON audit_entries;
           DROP FUNCTION cuenty_audit_waits(), cuenty_chain_audit(integer);"""
    )
    for table in ("audit_seals", "audit_links", "audit_tail"):
        op.drop_table(table)
    run_script(
        """DROP FUNCTION cuenty_audit_digest(audit_entries), cuenty_audit_waits_until_linked();"""
    )
