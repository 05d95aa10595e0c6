"""The people who run the shop: invitations, a second factor, and where their sessions are used."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

# The function looks with a snapshot taken after the lock: of two owners who put each other out at
# once, the second finds that the first is gone.
KEEP_AN_OWNER = """
CREATE FUNCTION cuenty_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7010);
    IF NOT EXISTS (SELECT 1 FROM staff_users
                   WHERE role = 'owner' AND disabled_at IS NULL AND password_hash <> '') THEN
        RAISE EXCEPTION 'the shop needs an owner who can sign in'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_staff_users_keep_an_owner';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_an_owner AFTER UPDATE OR DELETE ON staff_users FOR EACH ROW
    WHEN (OLD.role = 'owner' AND OLD.disabled_at IS NULL AND OLD.password_hash <> '')
    EXECUTE FUNCTION cuenty_keep_an_owner();
"""

# Writing down when a session was last used is no news for anybody.
SAY_SESSION = """
DROP TRIGGER say_session ON login_sessions;
CREATE TRIGGER say_session AFTER UPDATE OF revoked_at, expires_at ON login_sessions
    FOR EACH ROW EXECUTE FUNCTION cuenty_say_session();
"""


def upgrade() -> None:
    op.create_table(
        "staff_invitations",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_users.id"],
            name=op.f("fk_staff_invitations_staff_id_staff_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_staff_invitations")),
    )
    op.create_index(op.f("ix_staff_invitations_staff_id"), "staff_invitations", ["staff_id"])
    op.create_table(
        "staff_second_factors",
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("secret_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("enabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_users.id"],
            name=op.f("fk_staff_second_factors_staff_id_staff_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("staff_id", name=op.f("pk_staff_second_factors")),
    )
    op.create_table(
        "staff_recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"],
            ["staff_users.id"],
            name=op.f("fk_staff_recovery_codes_staff_id_staff_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_staff_recovery_codes")),
    )
    op.create_index(op.f("ix_staff_recovery_codes_staff_id"), "staff_recovery_codes", ["staff_id"])
    op.add_column(
        "login_sessions",
        sa.Column("device", sa.String(length=60), server_default="", nullable=False),
    )
    op.add_column(
        "login_sessions",
        sa.Column("address_hint", sa.String(length=45), server_default="", nullable=False),
    )
    op.add_column(
        "login_sessions", sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.execute(KEEP_AN_OWNER)
    op.execute(SAY_SESSION)


def downgrade() -> None:
    op.execute(
        "DROP TRIGGER keep_an_owner ON staff_users; DROP FUNCTION cuenty_keep_an_owner();"
        "DROP TRIGGER say_session ON login_sessions;"
        "CREATE TRIGGER say_session AFTER UPDATE ON login_sessions"
        "    FOR EACH ROW EXECUTE FUNCTION cuenty_say_session();"
    )
    for column in ("last_used_at", "address_hint", "device"):
        op.drop_column("login_sessions", column)
    op.drop_table("staff_recovery_codes")
    op.drop_table("staff_second_factors")
    op.drop_table("staff_invitations")
