"""Alembic runs on a connection it is given (see `infra.schema`); there is no offline mode."""

from __future__ import annotations

from alembic import context
from sqlalchemy import create_engine, make_url, text
from sqlmodel import SQLModel

from infra.schema import ours
from infra.settings import settings

LOCK = 6012025  # one migrating process at a time, however many start at once


def migrate(connection) -> None:  # noqa: ANN001  # a SQLAlchemy connection, handed over by Alembic
    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        compare_type=True,
        include_object=ours,
        transaction_per_migration=False,
    )
    context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    url = make_url(settings().database_url).set(drivername="postgresql+psycopg")
    with create_engine(url).begin() as own:
        migrate(own)
