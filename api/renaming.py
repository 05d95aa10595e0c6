"""Fields that a program calls by another name than the shop's forms do."""

from __future__ import annotations

import contextlib
from collections.abc import Generator

from domain.errors import InvalidInput


@contextlib.contextmanager
def renamed(**names: str) -> Generator[None]:
    """Refusals beside the rule's field are said beside the program's: `rule="field"`."""
    try:
        yield
    except InvalidInput as refusal:
        fields = {names.get(name, name): said for name, said in refusal.fields.items()}
        raise InvalidInput(fields, remembered=refusal.remembered) from refusal
