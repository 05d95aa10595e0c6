"""Every refusal of the shop: a stable code for programs, a Spanish sentence for people.

Raise, don't return: front ends translate a refusal once. A refusal whose traces must stay (a
spent try, a counted failure) is `remembered`: its unit of work commits all the same.
"""

from __future__ import annotations

from typing import Any, ClassVar

from domain.texts import REFUSALS


class DomainError(Exception):
    """`code` names the refusal, `message` is Spanish and fit for the screen."""

    status: ClassVar[int] = 400
    remembered: bool = False

    def __init__(self, code: str, *, remembered: bool = False, **data: Any) -> None:
        super().__init__(code)
        self.code = code
        self.data = data
        self.remembered = remembered

    @property
    def message(self) -> str:
        return REFUSALS[self.code].format(**self.data)


class NotFound(DomainError):  # noqa: N818  # refusals are nouns of the domain
    """It does not exist, or is somebody else's: the two look the same."""

    status = 404

    def __init__(self, code: str = "not_found", **data: Any) -> None:
        super().__init__(code, **data)


class Forbidden(DomainError):  # noqa: N818
    status = 403

    def __init__(self, code: str = "forbidden", **data: Any) -> None:
        super().__init__(code, **data)


class Unauthenticated(DomainError):  # noqa: N818
    status = 401

    def __init__(self, code: str = "unauthenticated", **data: Any) -> None:
        super().__init__(code, **data)


class InvalidInput(DomainError):  # noqa: N818
    """`fields` maps a field to its code in the catalogue, or to a finished Spanish sentence."""

    status = 422

    def __init__(self, fields: dict[str, str], *, remembered: bool = False) -> None:
        super().__init__("invalid_input", remembered=remembered)
        self.fields = {name: REFUSALS.get(said, said) for name, said in fields.items()}


class Conflict(DomainError):  # noqa: N818
    status = 409


class NotConfigured(DomainError):  # noqa: N818
    """The shop could do it, and its owner has not set it up."""

    status = 501

    def __init__(self, code: str = "not_configured", **data: Any) -> None:
        super().__init__(code, **data)


class TooManyRequests(DomainError):  # noqa: N818
    """`retry_in` is in seconds."""

    status = 429

    def __init__(self, code: str, *, retry_in: int, remembered: bool = False, **data: Any) -> None:
        super().__init__(code, remembered=remembered, **data)
        self.retry_in = retry_in
