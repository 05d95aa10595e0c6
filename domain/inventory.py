"""Stock comes in and changes: accounts with their profiles, secrets sealed before the database.

Whatever changes an account locks its live subscriptions, then the account, then its profiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.errors import Conflict
from domain.inventory_rows import (
    NewProfile,
    check,
    check_profiles,
    cost_fault,
    drop_misplaced_holds,
    insert_profiles,
    lock_account,
    lock_profile,
    notes_fault,
    plan_fault,
    require_cost,
    retire_profiles,
    said,
    secret_fault,
    settle_alert,
)
from domain.records import audit, tell
from domain.sql import fetch_one, run, scalar
from domain.waiting_orders import fill_waiting
from infra.clock import today
from infra.vault import Place, Secret, keyed_hash, ring
from models.inventory import AccountStatus


def login_hash(login: Secret) -> str:
    """Searches and duplicate checks compare this, never the login itself."""
    return keyed_hash("account-login", login.disclose().strip().casefold())


async def add_account(
    session: AsyncSession,
    actor: Actor,
    *,
    service_id: int,
    login: Secret,
    password: Secret,
    profiles: Sequence[NewProfile],
    plan_id: int | None = None,
    paid_until: date | None = None,
    cost: Decimal | None = None,
    notes: str = "",
) -> int:
    """Add an account and serve the paid orders that wait for it; the account's id.

    Raises `InvalidInput` for each wrong field, `Forbidden` for a cost that is not the actor's to
    say, `Conflict`: `login_taken` when the service already has an account with this login,
    `profiles_limit` for more places than it allows.
    """
    actor.require_staff()
    require_cost(actor, cost)
    cost = cost or Decimal(0)
    service = await _service(session, service_id)
    check(
        service_id=None if service else "value_required",
        login=secret_fault(login),
        password=secret_fault(password),
        profiles=None if profiles else "account_incomplete",
        cost=cost_fault(cost),
        notes=notes_fault(notes),
        plan_id=await plan_fault(session, service_id, plan_id),
    )
    check_profiles(profiles)
    if len(profiles) > service.max_profiles:
        raise Conflict("profiles_limit", limit=service.max_profiles)
    account_id = int(
        await scalar(session, "SELECT nextval(pg_get_serial_sequence('accounts', 'id'))")
    )
    keys = ring()
    try:
        await run(
            session,
            """INSERT INTO accounts (id, service_id, plan_id, login_sealed, login_hash,
                                     password_sealed, paid_until, cost, notes)
               VALUES (%(id)s, %(service)s, %(plan)s, %(login)s, %(hash)s, %(password)s,
                       %(paid_until)s, %(cost)s, %(notes)s)""",
            id=account_id,
            service=service_id,
            plan=plan_id,
            login=keys.seal(login, Place("accounts", "login_sealed", account_id)),
            hash=login_hash(login),
            password=keys.seal(password, Place("accounts", "password_sealed", account_id)),
            paid_until=paid_until,
            cost=cost,
            notes=notes,
        )
    except psycopg.errors.UniqueViolation as error:
        raise Conflict("login_taken") from error
    await insert_profiles(session, account_id, profiles)
    await audit(session, actor, "account.add", "account", account_id, profiles=len(profiles))
    await tell(session, "inventory")
    await fill_waiting(session, service_id)
    return account_id


async def add_profiles(
    session: AsyncSession, actor: Actor, *, account_id: int, profiles: Sequence[NewProfile]
) -> None:
    """Add places to an account, up to what its service allows.

    Raises `NotFound`, `InvalidInput`, `Conflict` (`account_retired`, `profiles_limit`).
    """
    actor.require_staff()
    check(profiles=None if profiles else "value_required")
    check_profiles(profiles)
    account = await lock_account(session, account_id)
    service = await _service(session, account.service_id)
    if account.profiles + len(profiles) > service.max_profiles:
        raise Conflict("profiles_limit", limit=service.max_profiles)
    await insert_profiles(session, account_id, profiles, after=account.last_position)
    await audit(session, actor, "account.add_profiles", "account", account_id, count=len(profiles))
    await fill_waiting(session, account.service_id)


async def edit_account(
    session: AsyncSession,
    actor: Actor,
    *,
    account_id: int,
    plan_id: int | None,
    paid_until: date | None,
    notes: str,
    cost: Decimal | None = None,
) -> None:
    """Correct what is known of an account. Its status and its secrets have verbs of their own.

    Without a `cost` it costs what it did. Holds that a new dedication leaves without the plan they
    were made for are dropped: their orders look for stock again when they are paid. Raises
    `NotFound`, `InvalidInput`, `Forbidden` (as `add_account`), `Conflict` (`account_retired`).
    """
    actor.require_staff()
    require_cost(actor, cost)
    account = await lock_account(session, account_id)
    costs: Decimal = account.cost if cost is None else cost
    check(
        plan_id=await plan_fault(session, account.service_id, plan_id),
        cost=cost_fault(costs),
        notes=notes_fault(notes),
    )
    after = {"plan_id": plan_id, "paid_until": paid_until, "cost": costs, "notes": notes}
    changed = {name: value for name, value in after.items() if getattr(account, name) != value}
    if not changed:
        return
    await run(
        session,
        """UPDATE accounts SET plan_id = %(plan_id)s, paid_until = %(paid_until)s,
               cost = %(cost)s, notes = %(notes)s WHERE id = %(id)s""",
        id=account_id,
        **after,
    )
    await audit(
        session,
        actor,
        "account.edit",
        "account",
        account_id,
        **{name: [said(getattr(account, name)), said(new)] for name, new in changed.items()},
    )
    if "paid_until" in changed:
        await settle_alert(session, account_id)
    if "plan_id" in changed:
        await drop_misplaced_holds(session, account_id, plan_id)
        await fill_waiting(session, account.service_id)


async def edit_profile(session: AsyncSession, actor: Actor, *, profile_id: int, label: str) -> None:
    """Name a profile anew. Raises `NotFound`, `InvalidInput`, `Conflict` (`account_retired`)."""
    actor.require_staff()
    label = label.strip()
    check_profiles([NewProfile(label)])
    profile = await lock_profile(session, profile_id)
    await run(
        session,
        "UPDATE profiles SET label = %(label)s WHERE id = %(id)s",
        id=profile_id,
        label=label,
    )
    await audit(
        session,
        actor,
        "profile.edit",
        "profile",
        profile_id,
        label=[profile.label, label],
        account=profile.account_id,
    )


async def set_status(
    session: AsyncSession, actor: Actor, *, account_id: int, status: str, reason: str
) -> None:
    """Pause an account, say that it is down, take it back into use, or retire it for good.

    While it is out of use nothing of it is sold; an unpaid order keeps its place in it, and looks
    elsewhere if it is paid meanwhile. Back in use it serves those who wait. A retired account gives
    up its holds and its free profiles. Raises `NotFound`, `InvalidInput`, `Conflict`
    (`account_retired`, `account_in_use`).
    """
    actor.require_staff()
    reason = reason.strip()[:200]
    known = status in set(AccountStatus)
    needs_reason = status in {AccountStatus.DOWN, AccountStatus.RETIRED}
    check(
        status=None if known else "value_invalid",
        reason="reason_required" if needs_reason and not reason else None,
    )
    account = await lock_account(session, account_id)
    if account.status == status:
        return
    if status == AccountStatus.RETIRED:
        await retire_profiles(session, account_id)
    await run(
        session,
        "UPDATE accounts SET status = %(status)s, status_since = now() WHERE id = %(id)s",
        id=account_id,
        status=status,
    )
    await audit(
        session,
        actor,
        "account.status",
        "account",
        account_id,
        before=account.status,
        after=status,
        reason=reason,
    )
    if status == AccountStatus.RETIRED:
        await settle_alert(session, account_id)
        await fill_waiting(session, account.service_id)  # what waited for it may find other stock
    elif status == AccountStatus.ACTIVE:
        await fill_waiting(session, account.service_id)


async def renew_with_supplier(
    session: AsyncSession,
    actor: Actor,
    *,
    account_id: int,
    paid_until: date,
    cost: Decimal | None = None,
) -> None:
    """Record that the supplier was paid, as much as before where no `cost` is said.

    The supplier's date only moves forward. Raises as `edit_account`.
    """
    actor.require_staff()
    require_cost(actor, cost)
    account = await lock_account(session, account_id)
    costs: Decimal = account.cost if cost is None else cost
    before = account.paid_until
    late = paid_until <= before if before else paid_until < today()
    check(cost=cost_fault(costs), paid_until="paid_until_forward" if late else None)
    await run(
        session,
        """WITH paid AS (
               INSERT INTO supplier_renewals (account_id, paid_before, paid_until, cost, actor_id)
               VALUES (%(id)s, %(before)s, %(until)s, %(cost)s, %(actor)s))
           UPDATE accounts SET paid_until = %(until)s WHERE id = %(id)s""",
        id=account_id,
        before=before,
        until=paid_until,
        cost=costs,
        actor=actor.id if actor.staff else None,
    )
    await audit(
        session,
        actor,
        "account.supplier_renewal",
        "account",
        account_id,
        paid_until=[said(before), str(paid_until)],
        cost=str(costs),
    )
    await settle_alert(session, account_id)


async def _service(session: AsyncSession, service_id: int) -> Any:
    return await fetch_one(
        session, "SELECT max_profiles FROM services WHERE id = %(id)s", id=service_id
    )
