"""What every request body and answer of the API shares."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, field_validator


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
