"""What every table shares: names of constraints, money, instants and enums as checked strings."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    DefaultClause,
    Enum,
    Identity,
    MetaData,
    Numeric,
    text,
)
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

MONEY = Numeric(12, 2)
INSTANT = DateTime(timezone=True)


def row_id() -> Any:
    """Declare the bigint primary key the database hands out."""
    return Field(
        default=None, sa_column=Column(BigInteger, Identity(), primary_key=True, nullable=False)
    )


def one_of(kind: type[StrEnum], name: str) -> Enum:
    """Store an enum as its string value; a CHECK keeps strangers out."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=_values,
    )


def _values(members: type[StrEnum]) -> list[str]:
    return [member.value for member in members]


def happened(*, index: bool = False) -> Any:
    """Declare an instant that the database stamps when the row is made."""
    return Field(
        default=None,
        sa_column=Column(INSTANT, nullable=False, server_default=text("now()"), index=index),
    )


def give_defaults_to_the_database(metadata: MetaData) -> None:
    """Repeat every plain Python default as a server default, so hand-written INSERTs agree."""
    for table in metadata.tables.values():
        for column in table.columns:
            default = column.default
            if default is None or column.server_default is not None or not default.is_scalar:
                continue
            value: object = getattr(default, "arg")  # noqa: B009  # typed only on its subclass
            written = text(str(value).lower()) if isinstance(value, bool) else str(value)
            column.server_default = DefaultClause(written)
