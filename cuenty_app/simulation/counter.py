"""What the operator does for customers: confirms payments, answers reports, mends what is found."""

from __future__ import annotations

from datetime import date

from cuenty_app.simulation import stockroom
from cuenty_app.simulation.people import foresee_end, take_note
from cuenty_app.simulation.world import Transfer, World
from domain import claims, doctor, payments, replacements, settlements
from domain.doctor import Disagreement
from domain.errors import Conflict
from domain.sql import fetch
from infra import clock
from infra.database import reading, unit_of_work

PASSES = 5  # what one repair brings up, the next one mends


async def round_(world: World) -> None:
    """Twice a day: the bank, the reports, then the stock."""
    await _confirm(world)
    await _answer(world)
    await stockroom.tend(world)


async def _confirm(world: World) -> None:
    transfers, world.bank = world.bank, []
    for transfer in transfers:
        await _confirm_one(world, transfer)
        if transfer.double_tap:
            await _confirm_one(world, transfer, again=True)


async def _confirm_one(world: World, transfer: Transfer, *, again: bool = False) -> None:
    """The ledger counts the money once, however often the button is pressed."""
    notice = payments.PaymentNotice(
        amount=transfer.amount, paid_on=clock.today(), reference=transfer.reference
    )
    async with unit_of_work() as session:
        done = await payments.confirm_payment(
            session, world.owner, order_id=transfer.order, notice=notice
        )
        if done.status == "cancelled" and not world.ledger.orders[transfer.order].dropped:
            await settlements.revive(session, world.owner, order_id=transfer.order)  # it waits
    if again:
        return
    world.tally("income", transfer.amount)
    world.tally("payments")
    longer = world.ledger.pay(transfer.order, transfer.amount)
    if longer is not None:
        world.tally("lengthened")
        foresee_end(world, longer)


async def _answer(world: World) -> None:
    """Every open report, the oldest first."""
    async with reading() as session:
        rows = await fetch(
            session,
            """SELECT k.id, k.kind, k.assignment_id, p.account_id FROM claims k
               JOIN profiles p ON p.id = k.profile_id WHERE k.status = 'open' ORDER BY k.id""",
        )
    for account_id in sorted({r.account_id for r in rows if r.account_id in world.dead}):
        await stockroom.mark_down(world, account_id)
    for row in rows:
        if row.account_id not in world.dead:  # those were swapped, which closed their reports
            await _answer_one(world, row.id, row.kind, row.assignment_id)


async def _answer_one(world: World, claim_id: int, kind: str, assignment_id: int) -> None:
    if kind in {"profile_taken", "account_down"} or world.chance(0.2):
        try:
            async with unit_of_work() as session:
                await replacements.replace(
                    session, world.owner, assignment_id=assignment_id, claim_id=claim_id
                )
        except Conflict as refusal:
            if refusal.code != "no_replacement":
                raise
        else:
            world.tally("replaced")
            return
    status = "rejected" if world.chance(0.1) else "solved"
    async with unit_of_work() as session:
        await claims.close(
            session, world.owner, claim_id=claim_id, status=status, answer="Ya quedó, pruébalo."
        )
    world.tally("answered")


async def close_the_day(world: World) -> None:
    """Read the doctor's list and do what it advises, where a rule fires for a good reason.

    A subscription sold beyond what the supplier is paid: the supplier is paid, or the customer
    moved. One in a dead account: everybody in it is moved. All else is nobody's to repair by hand.
    """
    for attempt in range(PASSES):
        await take_note(world)
        async with reading() as session:
            found = await doctor.examine(session)
        dead = sorted({row.details["account"] for row in found if row.rule == "dead_account"})
        beyond = [row for row in found if row.rule == "beyond_paid_until"]
        if not dead and not beyond:
            return
        for account_id in dead:
            await stockroom.swap_all(world, account_id)
        await _reach(world, beyond, may_move=attempt == 0)


async def _reach(world: World, beyond: list[Disagreement], *, may_move: bool) -> None:
    ends: dict[int, date] = {}
    for row in beyond:
        unit, account_id = world.ledger.holds.get(row.object_id), row.details["account"]
        if unit is None:
            continue
        if may_move and world.chance(0.08) and await _moved(world, unit.first, account_id):
            continue
        ends[account_id] = max(unit.end, ends.get(account_id, date.min))
    for account_id, end in sorted(ends.items()):
        await stockroom.pay_supplier(world, account_id, at_least=end)


async def _moved(world: World, assignment_id: int, account_id: int) -> bool:
    try:
        async with unit_of_work() as session:
            await replacements.replace(
                session, world.owner, assignment_id=assignment_id, from_account=account_id
            )
    except Conflict:  # no other stock, or the whole account moved with its first profile
        return False
    world.tally("replaced")
    return True
