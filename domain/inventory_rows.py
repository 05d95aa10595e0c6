"""What the commands of the inventory share: locks in one order, checks per field, telling holders.

An account is locked after its live subscriptions and before its profiles. With its profiles locked
nobody can be given one, so who holds the account now is who holds it at the end of the command.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import messages
from domain.actors import Actor
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.records import close_alert, note, raise_alert, tell
from domain.sql import fetch, fetch_one, run, scalar
from infra.vault import Place, Secret, ring
from models.inventory import AccountStatus

CENT = Decimal("0.01")
MOST = Decimal("9999999.99")
LONGEST_SECRET = 256
LONGEST_NOTES = 1000
LONGEST_LABEL = 60
LONGEST_PIN = 12


@dataclass(frozen=True, slots=True)
class NewProfile:
    label: str
    pin: Secret | None = None


def check(**faults: str | None) -> None:
    """Raises `InvalidInput` for the fields that have a fault."""
    if wrong := {name: fault for name, fault in faults.items() if fault}:
        raise InvalidInput(wrong)


def check_profiles(profiles: Sequence[NewProfile]) -> None:
    """Raises `InvalidInput`: the second profile's fields are `label_2` and `pin_2`."""
    faults: dict[str, str | None] = {}
    for number, profile in enumerate(profiles, 1):
        fits = 0 < len(profile.label.strip()) <= LONGEST_LABEL
        faults[f"label_{number}"] = None if fits else "label_invalid"
        faults[f"pin_{number}"] = pin_fault(profile.pin) if profile.pin else None
    check(**faults)


def secret_fault(secret: Secret) -> str | None:
    text = secret.disclose()
    if not text.strip():
        return "value_required"
    return "secret_long" if len(text) > LONGEST_SECRET else None


def pin_fault(pin: Secret) -> str | None:
    text = pin.disclose()
    return None if text.isalnum() and len(text) <= LONGEST_PIN else "pin_invalid"


def cost_fault(cost: Decimal) -> str | None:
    fits = 0 <= cost <= MOST and cost == cost.quantize(CENT)
    return None if fits else "cost_invalid"


def require_cost(actor: Actor, cost: Decimal | None) -> None:
    """Who does not know costs says none either. Raises `Forbidden`."""
    if cost is not None and not actor.knows_costs:
        raise Forbidden


def notes_fault(notes: str) -> str | None:
    return "text_long" if len(notes) > LONGEST_NOTES else None


async def plan_fault(session: AsyncSession, service_id: int, plan_id: int | None) -> str | None:
    if plan_id is None:
        return None
    fits = await scalar(
        session,
        "SELECT 1 FROM plans WHERE id = %(plan)s AND service_id = %(service)s",
        plan=plan_id,
        service=service_id,
    )
    return None if fits else "plan_of_other_service"


def said(value: object) -> str | int | None:
    """A value as the audit keeps it."""
    return value if value is None or isinstance(value, int) else str(value)


async def lock_account(session: AsyncSession, account_id: int) -> Any:
    """The account's row, with how many `profiles` it has and their `last_position`.

    Who locks an account is about to change it: at commit the pages that show it look again.
    Raises `NotFound`, `Conflict` (`account_retired`).
    """
    await tell(session, f"account:{account_id}", "inventory")
    await fetch(
        session,
        """SELECT a.id FROM assignments a JOIN profiles p ON p.id = a.profile_id
           WHERE p.account_id = %(id)s AND a.released_at IS NULL ORDER BY a.id FOR UPDATE OF a""",
        id=account_id,
    )
    await run(session, "SELECT 1 FROM accounts WHERE id = %(id)s FOR UPDATE", id=account_id)
    await run(
        session,
        "SELECT 1 FROM profiles WHERE account_id = %(id)s ORDER BY id FOR UPDATE",
        id=account_id,
    )
    account = await fetch_one(
        session,
        """SELECT a.*, (SELECT count(*) FROM profiles WHERE account_id = a.id) AS profiles,
                  (SELECT coalesce(max(position), 0) FROM profiles
                    WHERE account_id = a.id) AS last_position
           FROM accounts a WHERE a.id = %(id)s""",
        id=account_id,
    )
    if account is None:
        raise NotFound
    if account.status == AccountStatus.RETIRED:
        raise Conflict("account_retired")
    return account


async def lock_profile(session: AsyncSession, profile_id: int) -> Any:
    """The profile's row, its whole account locked. Raises what `lock_account` raises."""
    account_id = await scalar(
        session, "SELECT account_id FROM profiles WHERE id = %(id)s", id=profile_id
    )
    if account_id is None:
        raise NotFound
    await lock_account(session, account_id)
    return await fetch_one(session, "SELECT * FROM profiles WHERE id = %(id)s", id=profile_id)


async def insert_profiles(
    session: AsyncSession, account_id: int, profiles: Sequence[NewProfile], *, after: int = 0
) -> None:
    ids = await fetch(
        session,
        """SELECT nextval(pg_get_serial_sequence('profiles', 'id')) AS id
           FROM generate_series(1, %(n)s)""",
        n=len(profiles),
    )
    keys = ring()
    pins = [
        keys.seal(profile.pin, Place("profiles", "pin_sealed", row.id)) if profile.pin else None
        for row, profile in zip(ids, profiles, strict=True)
    ]
    await run(
        session,
        """INSERT INTO profiles (id, account_id, position, label, pin_sealed)
           SELECT u.id, %(account)s, u.position, u.label, u.pin
           FROM unnest(%(ids)s::bigint[], %(positions)s::int[], %(labels)s::text[],
                       %(pins)s::bytea[]) AS u(id, position, label, pin)""",
        account=account_id,
        ids=[row.id for row in ids],
        positions=list(range(after + 1, after + len(profiles) + 1)),
        labels=[profile.label.strip() for profile in profiles],
        pins=pins,
    )


async def retire_profiles(session: AsyncSession, account_id: int) -> None:
    """Take the account's profiles out for good. Raises `Conflict` (`account_in_use`)."""
    if await live_units(session, account_id):
        raise Conflict("account_in_use")
    await run(
        session,
        """UPDATE profiles SET status = 'disabled', reserved_order_id = NULL,
               reserved_until = NULL WHERE account_id = %(id)s""",
        id=account_id,
    )


async def drop_misplaced_holds(session: AsyncSession, account_id: int, plan_id: int | None) -> None:
    """Holds of orders that buy no such plan; without a dedication every hold is in its place."""
    await run(
        session,
        """UPDATE profiles p SET reserved_order_id = NULL, reserved_until = NULL
           WHERE p.account_id = %(id)s AND p.status = 'free' AND p.reserved_order_id IS NOT NULL
             AND %(plan)s::bigint IS NOT NULL AND NOT EXISTS (
                 SELECT 1 FROM order_items i WHERE i.order_id = p.reserved_order_id
                   AND i.plan_id = %(plan)s)""",
        id=account_id,
        plan=plan_id,
    )


async def settle_alert(session: AsyncSession, account_id: int) -> None:
    """Keep "sold beyond what the supplier is paid" open exactly while it is so."""
    beyond = await scalar(
        session,
        """SELECT EXISTS (
               SELECT 1 FROM assignments a JOIN profiles p ON p.id = a.profile_id
               JOIN accounts c ON c.id = p.account_id
               WHERE c.id = %(id)s AND a.released_at IS NULL AND a.ends_on > c.paid_until)""",
        id=account_id,
    )
    settle = raise_alert if beyond else close_alert
    await settle(session, f"beyond_paid_until:{account_id}")


async def live_units(
    session: AsyncSession, account_id: int, profile_id: int | None = None
) -> list[Any]:
    """Who holds the account, or one profile of it: the first subscription of each unit sold."""
    return await fetch(
        session,
        """SELECT min(a.id) AS id, i.order_id, i.service_name
           FROM profiles p JOIN assignments a ON a.profile_id = p.id
           JOIN order_items i ON i.id = a.order_item_id
           WHERE p.account_id = %(account)s AND a.released_at IS NULL
             AND (%(profile)s::bigint IS NULL OR p.id = %(profile)s)
           GROUP BY i.id, a.unit_index / i.profiles_per_unit ORDER BY 1""",
        account=account_id,
        profile=profile_id,
    )


async def tell_live(
    session: AsyncSession,
    actor: Actor,
    account_id: int,
    *,
    event: str,
    occasion: str,
    profile_id: int | None = None,
) -> list[int]:
    """Tell exactly who holds it now that their access changed; the subscriptions told."""
    units = await live_units(session, account_id, profile_id)
    for order_id, service in sorted({(unit.order_id, unit.service_name) for unit in units}):
        await note(session, actor, order_id, event, service=service)
    return await messages.tell_holders(
        session, "rotated", [unit.id for unit in units], occasion=occasion
    )
