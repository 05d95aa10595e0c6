"""What every request body and answer of the API shares."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from fastapi import Path
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    WithJsonSchema,
    field_validator,
    model_serializer,
)

HIGHEST = 2**53 - 1  # above it a JSON number is not the same number to everybody
# A number that names a row.
Id = Annotated[int, Path(ge=1, le=HIGHEST)]
RowId = Annotated[int, Field(ge=1, le=HIGHEST, strict=True)]
# Money of Mexico as it leaves: always two decimals, never a float.
Money = Annotated[
    Decimal,
    PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": r"^-?\d+\.\d{2}$", "examples": ["150.00"]}),
]
# And as it comes in.
AMOUNT = r"^[0-9]{1,8}(\.[0-9]{1,2})?$"
SIGNED = AMOUNT.replace("^", "^-?")


def _money(pattern: str) -> Any:
    def read(written: object) -> Decimal:
        if not isinstance(written, str) or not re.fullmatch(pattern, written, re.ASCII):
            raise ValueError("money is a string such as 150.00")
        return Decimal(written)

    return read


Amount = Annotated[
    Decimal,
    BeforeValidator(_money(AMOUNT)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": AMOUNT, "examples": ["150.00"]}),
]
SignedAmount = Annotated[
    Decimal,
    BeforeValidator(_money(SIGNED)),
    PlainSerializer(str, return_type=str),
    WithJsonSchema({"type": "string", "pattern": SIGNED, "examples": ["30.00"]}),
]

# Neither takes a number for what it is not: 0 is no "no", and no first of January 1970.
Flag = Annotated[bool, Field(strict=True)]


def _day(written: object) -> object:
    if isinstance(written, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII):
        raise ValueError("a day is written 2026-11-21")
    if isinstance(written, int | float):
        raise ValueError("a day is text")  # noqa: TRY004  # only this kind becomes a refusal
    return written


IsoDay = Annotated[date, BeforeValidator(_day)]


def _of_a_shop(day: date) -> date:
    """Figures are compared with those of the time before, which must be a date as well."""
    if day < FIRST_DAY:
        raise ValueError("no shop is that old")
    return day


FIRST_DAY = date(2000, 1, 1)
BusinessDay = Annotated[IsoDay, AfterValidator(_of_a_shop)]


class Body(BaseModel):
    """Fields nobody knows are refused, and so is text the database cannot keep."""

    model_config = ConfigDict(extra="forbid", str_max_length=20_000)

    @field_validator("*", mode="before")
    @classmethod
    def _storable(cls, value: Any) -> Any:
        if isinstance(value, str):
            if "\x00" in value:
                raise ValueError("text holds a NUL")
            value.encode()  # a lone surrogate is a UnicodeEncodeError, which is a ValueError
        return value


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Told(Answer):
    """Some fields are for some readers only; for the others they are not there at all."""

    for_some: ClassVar[frozenset[str]] = frozenset()

    @model_serializer(mode="wrap")
    def _what_they_may_read(self, serialize: SerializerFunctionWrapHandler):  # noqa: ANN202  # with a type the schema would lose its fields
        written = serialize(self)
        return {
            name: value
            for name, value in written.items()
            if value is not None or name not in self.for_some
        }
