"""What a program changes of an account in one request: each part by its own command."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlmodel.ext.asyncio.session import AsyncSession

from domain import account_pages, imports, inventory, inventory_secrets, rotations
from domain.actors import Actor
from domain.import_batches import Batch, IssueLine, batch, issues
from infra.vault import Secret
from models.imports import ImportMode

MOST_ISSUES = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """An account's access, and the PINs of its profiles by the profile's id."""

    login: Secret
    password: Secret
    pins: dict[int, Secret]


async def change(
    session: AsyncSession, actor: Actor, *, account_id: int, fields: dict[str, Any]
) -> None:
    """Change the fields that are named. Raises as the commands behind them do."""
    account = await account_pages.account_page(session, actor, account_id=account_id)
    known: dict[str, Any] = {
        name: fields.get(name, getattr(account, name))
        for name in ("plan_id", "paid_until", "notes")
    }
    cost = fields.get("cost")
    await inventory.edit_account(session, actor, account_id=account_id, cost=cost, **known)
    if login := fields.get("login"):
        await rotations.correct_login(session, actor, account_id=account_id, login=Secret(login))
    if password := fields.get("password"):
        secret = Secret(password)
        await rotations.rotate_password(session, actor, account_id=account_id, password=secret)
    if status := fields.get("status"):
        reason = fields.get("reason", "")
        await inventory.set_status(
            session, actor, account_id=account_id, status=status, reason=reason
        )


async def open_account(session: AsyncSession, actor: Actor, *, account_id: int) -> Opened:
    """Everything secret of an account; each part is on record as opened. Raises `NotFound`."""
    account = await account_pages.account_page(session, actor, account_id=account_id)
    login = await inventory_secrets.reveal_account(
        session, actor, account_id=account_id, what="login"
    )
    password = await inventory_secrets.reveal_account(
        session, actor, account_id=account_id, what="password"
    )
    pins = {
        profile.id: await inventory_secrets.reveal_pin(session, actor, profile_id=profile.id)
        for profile in account.profiles
        if profile.has_pin
    }
    return Opened(login, password, pins)


async def take_file(
    session: AsyncSession,
    actor: Actor,
    *,
    content: bytes,
    service_id: int | None,
    dry_run: bool,
) -> tuple[Batch, list[IssueLine]]:
    """Look at a file and, unless that is all, import it whole; what was found in it.

    Raises `InvalidInput`, `Conflict` (`import_bad_rows`, `import_no_good`).
    """
    batch_id = await imports.stage(
        session, actor, content=content, file_name="API", service_id=service_id
    )
    if not dry_run:
        await imports.start(session, actor, batch_id=batch_id, mode=ImportMode.ALL)
    looked = await batch(session, actor, batch_id=batch_id)
    found = await issues(session, actor, batch_id=batch_id, limit=MOST_ISSUES)
    if dry_run:
        await imports.discard(session, actor, batch_id=batch_id)
    return looked, found
