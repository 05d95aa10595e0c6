"""The bank accounts customers pay into. An order keeps the instructions it was placed with.

The default one is told to new orders; a sample one is marked until the owner writes a real CLABE.
"""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from clabe import BANK_NAMES, BANKS, validate_clabe
from psycopg.types.json import Jsonb
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.actors import Actor
from domain.amounts import MOST
from domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from domain.records import audit, tell
from domain.sql import fetch_as, run, scalar

TOPIC = "bank"
CLABE = re.compile(r"[0-9]{18}")
ACCOUNT = re.compile(r"[0-9]{0,20}")
BANK_DIGITS = 3  # of a CLABE, which name its bank
MOST_STEPS, LONGEST_STEP = 8, 200


@dataclass(frozen=True, slots=True)
class BankDetails:
    """What customers are told; `bank` may be empty, and is then the one the CLABE names.

    Where the shop chooses by amount, orders from `least` to `most` are told this one; an end left
    open is the smallest or the largest there is. Money in MXN.
    """

    holder: str
    clabe: str
    account: str
    bank: str
    steps: tuple[str, ...]
    least: Decimal | None = None
    most: Decimal | None = None


@dataclass(frozen=True, slots=True)
class BankAccount:
    id: int
    bank: str
    holder: str
    clabe: str
    account: str
    steps: list[str]
    is_sample: bool
    is_default: bool
    least: Decimal | None
    most: Decimal | None


def bank_of(clabe: str) -> str:
    """The name of the bank whose CLABE this is, empty for none."""
    return BANK_NAMES.get(BANKS.get(clabe[:BANK_DIGITS], ""), "")


def checked(details: BankDetails) -> BankDetails:
    """Raises `InvalidInput` with every field that is wrong."""
    clabe = re.sub(r"[\s-]", "", details.clabe)
    account = re.sub(r"[\s-]", "", details.account)
    holder, bank = (" ".join(text.split()) for text in (details.holder, details.bank))
    bank = bank or bank_of(clabe)
    wrong: dict[str, str] = {}
    if not CLABE.fullmatch(clabe):
        wrong["clabe"] = "clabe_digits"
    elif not bank_of(clabe):
        wrong["clabe"] = "clabe_bank"
    elif not validate_clabe(clabe):
        wrong["clabe"] = "clabe_check"
    if not ACCOUNT.fullmatch(account):
        wrong["account"] = "account_digits"
    if not holder or len(holder) > 120 or not holder.isprintable():  # noqa: PLR2004  # column width
        wrong["holder"] = "holder_invalid"
    if len(bank) > 80 or not bank.isprintable():  # noqa: PLR2004  # column width
        wrong["bank"] = "text_long"
    steps = tuple(step.strip() for step in details.steps if step.strip())
    if len(steps) > MOST_STEPS or any(len(step) > LONGEST_STEP for step in steps):
        wrong["steps"] = "steps_long"
    least, most = _amounts(details)
    if least is not None and most is not None and not 0 <= least <= most <= MOST:
        wrong["most"] = "amounts_order"
    if wrong:
        raise InvalidInput(wrong)
    return BankDetails(holder, clabe, account, bank, steps, least, most)


def _amounts(details: BankDetails) -> tuple[Decimal | None, Decimal | None]:
    """Both ends, or none."""
    if details.least is None and details.most is None:
        return None, None
    return (
        Decimal(0) if details.least is None else details.least,
        MOST if details.most is None else details.most,
    )


async def bank_accounts(session: AsyncSession, actor: Actor) -> list[BankAccount]:
    """The default one first."""
    _require_owner(actor)
    return await fetch_as(
        session,
        BankAccount,
        """SELECT id, bank, holder, clabe, account, steps, is_sample, is_default,
                  least, most
           FROM payment_instructions ORDER BY is_default DESC, id""",
    )


async def add(session: AsyncSession, actor: Actor, details: BankDetails) -> int:
    """The first real one takes the place of a sample as the default."""
    _require_owner(actor)
    new = checked(details)
    await _lock(session)
    only_sample = await scalar(
        session, "SELECT coalesce(bool_and(is_sample), true) FROM payment_instructions"
    )
    if only_sample:
        await run(session, "UPDATE payment_instructions SET is_default = false WHERE is_default")
    made = await scalar(
        session,
        """INSERT INTO payment_instructions (bank, holder, clabe, account, steps, least, most,
                                             is_default)
           VALUES (%(bank)s, %(holder)s, %(clabe)s, %(account)s, %(steps)s, %(least)s, %(most)s,
                   %(is_default)s)
           RETURNING id""",
        **_columns(new),
        is_default=bool(only_sample),
    )
    after = {name: _said(value) for name, value in asdict(new).items()}
    await audit(session, actor, "bank.add", "bank_account", made, after=after)
    await tell(session, TOPIC)
    return int(made)


async def change(
    session: AsyncSession, actor: Actor, *, account_id: int, details: BankDetails
) -> None:
    """Orders already placed keep what they were told. A sample is one no longer."""
    _require_owner(actor)
    new = checked(details)
    await _lock(session)
    before = await _account(session, account_id)
    await run(
        session,
        """UPDATE payment_instructions
           SET bank = %(bank)s, holder = %(holder)s, clabe = %(clabe)s, account = %(account)s,
               steps = %(steps)s, least = %(least)s, most = %(most)s, is_sample = false,
               updated_at = now()
           WHERE id = %(id)s""",
        **_columns(new),
        id=account_id,
    )
    await audit(
        session,
        actor,
        "bank.change",
        "bank_account",
        account_id,
        before={name: _said(getattr(before, name)) for name in asdict(new)},
        after={name: _said(value) for name, value in asdict(new).items()},
    )
    await tell(session, TOPIC)


async def change_default(session: AsyncSession, actor: Actor, details: BankDetails) -> None:
    """Change what new orders are told, or say it for the first time."""
    known = await bank_accounts(session, actor)
    if known and known[0].is_default:
        await change(session, actor, account_id=known[0].id, details=details)
    else:
        await add(session, actor, details)


async def make_default(session: AsyncSession, actor: Actor, *, account_id: int) -> None:
    _require_owner(actor)
    await _lock(session)
    account = await _account(session, account_id)
    if account.is_sample:
        raise Conflict("bank_sample")
    before = await scalar(session, "SELECT id FROM payment_instructions WHERE is_default")
    if before == account_id:
        return
    await run(session, "UPDATE payment_instructions SET is_default = false WHERE is_default")
    await run(
        session,
        "UPDATE payment_instructions SET is_default = true WHERE id = %(id)s",
        id=account_id,
    )
    await audit(session, actor, "bank.default", "bank_account", account_id, before=before)
    await tell(session, TOPIC)


async def remove(session: AsyncSession, actor: Actor, *, account_id: int) -> None:
    """The default one stays: without it nobody could order. Raises `Conflict`."""
    _require_owner(actor)
    await _lock(session)
    account = await _account(session, account_id)
    if account.is_default:
        raise Conflict("bank_default")
    await run(session, "DELETE FROM payment_instructions WHERE id = %(id)s", id=account_id)
    before = {name: _said(value) for name, value in asdict(account).items()}
    await audit(session, actor, "bank.remove", "bank_account", account_id, before=before)
    await tell(session, TOPIC)


async def _lock(session: AsyncSession) -> None:
    """One owner at a time; whoever places an order only reads."""
    await run(session, "LOCK TABLE payment_instructions IN SHARE ROW EXCLUSIVE MODE")


async def _account(session: AsyncSession, account_id: int) -> BankAccount:
    found = await fetch_as(
        session,
        BankAccount,
        """SELECT id, bank, holder, clabe, account, steps, is_sample, is_default,
                  least, most
           FROM payment_instructions WHERE id = %(id)s""",
        id=account_id,
    )
    if not found:
        raise NotFound
    return found[0]


def _said(value: Any) -> Any:
    """As the log can keep it."""
    return str(value) if isinstance(value, Decimal) else value


def _columns(details: BankDetails) -> dict[str, Any]:
    return {**asdict(details), "steps": Jsonb(details.steps)}


def _require_owner(actor: Actor) -> None:
    if not actor.owner:
        raise Forbidden
