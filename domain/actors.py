"""Who asks. Every use case that could refuse somebody takes an `Actor` second."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from domain.errors import Forbidden, Unauthenticated

Kind = Literal["guest", "customer", "staff", "system"]


@dataclass(frozen=True, slots=True)
class Actor:
    """`id` is the customer's or the staff user's; `visitor_hash` names the browser, if one asks.

    A program with a key (`key_id`) stands for who made it, within the key's role and `scopes`.
    """

    kind: Kind
    id: int | None = None
    role: str = ""
    session_id: UUID | None = None
    visitor_hash: str | None = None
    address_hash: str = ""
    key_id: int | None = None
    scopes: frozenset[str] = frozenset()

    @property
    def staff(self) -> bool:
        return self.kind == "staff"

    @property
    def owner(self) -> bool:
        return self.kind == "staff" and self.role == "owner"

    @property
    def knows_costs(self) -> bool:
        """What things cost and bring is the owner's; the shop's own work says it too."""
        return self.owner or self.kind == "system"

    @property
    def recorded_kind(self) -> str:
        """How the timeline and the audit write this actor; a guest leaves entries as a customer."""
        return "customer" if self.kind == "guest" else self.kind

    def customer_id(self) -> int:
        """Raises `Unauthenticated` unless a customer asks."""
        if self.kind != "customer" or self.id is None:
            raise Unauthenticated
        return self.id

    def may(self, scope: str) -> bool:
        """People of the staff are bound by their role alone."""
        return self.staff and (self.key_id is None or scope in self.scopes)

    def require_staff(self) -> None:
        if not self.staff and self.kind != "system":
            raise Forbidden


SYSTEM = Actor(kind="system")
GUEST = Actor(kind="guest")
