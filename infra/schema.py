"""Bring a database to the newest schema, or say how it differs from the models."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, make_url
from sqlmodel import SQLModel

import models  # noqa: F401  # pyright: ignore[reportUnusedImport]  # registers every table
from infra.settings import PROJECT


def _engine(url: str) -> Engine:
    return create_engine(make_url(url).set(drivername="postgresql+psycopg"))


def ours(_object: Any, name: str | None, kind: str, _reflected: bool, _compare_to: Any) -> bool:
    """The queue's tables belong to procrastinate, not to our models."""
    return not (kind in {"table", "index"} and (name or "").startswith("procrastinate"))


def upgrade(url: str, revision: str = "head") -> None:
    _alembic(url, command.upgrade, revision)


def downgrade(url: str, revision: str) -> None:
    _alembic(url, command.downgrade, revision)


def _alembic(url: str, move: Any, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(PROJECT / "migrations"))
    engine = _engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        move(config, revision)
    engine.dispose()


def drift(url: str) -> list[Any]:
    """Differences between the migrated database and the models; empty is right."""
    engine = _engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": ours}
        )
        found = compare_metadata(context, SQLModel.metadata)
    engine.dispose()
    return found
