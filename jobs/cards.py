"""The provider of card payments is asked what it knows, and asked to give money back."""

from __future__ import annotations

import logging
from datetime import timedelta

from domain import card_checkouts, card_payments, card_refund_outcomes, card_work
from domain.card_refund_outcomes import Outgoing
from infra.clock import now
from infra.database import unit_of_work
from infra.payments.provider import card_provider, configured
from infra.payments.shapes import CardProviderError, ProviderPayment, ProviderRefund
from infra.queue import queue

log = logging.getLogger(__name__)
BACK = timedelta(days=3)  # a notice that got lost longer ago was seen by an earlier look


@queue().task(name="cards.ask")
async def ask(payment_id: int | None = None) -> None:
    """Of payments that somebody told of. What cannot be asked now is due again by itself."""
    async with unit_of_work() as session:
        taken = await card_work.take(session, "card_payments", only=payment_id)
    for row in taken:
        try:
            said = await card_provider().payment(row.number)
        except CardProviderError as error:
            log.warning("cards: asking for a payment ended by %s", error.code)
            continue
        async with unit_of_work() as session:
            if said is None:
                await card_payments.unknown(session, row)
            else:
                await card_payments.settle(session, said)
            await card_work.settled(session, "card_payments", row.id, row.due_at)


@queue().task(name="cards.look")
async def look(checkout_id: int | None = None) -> None:
    """What was paid on open checkouts, whether a notice came or not."""
    async with unit_of_work() as session:
        taken = await card_work.take(session, "card_checkouts", only=checkout_id)
    for row in taken:
        try:
            found = await card_provider().payments_of(row.reference)
        except CardProviderError as error:
            log.warning("cards: asking for a checkout ended by %s", error.code)
            continue
        await _settle(found)
        async with unit_of_work() as session:
            await card_checkouts.asked(session, row.id)


@queue().task(name="cards.refund")
async def refund(refund_id: int | None = None) -> None:
    """Twice is harmless: the provider knows each refund by its key, and is asked for it first."""
    async with unit_of_work() as session:
        taken = await card_refund_outcomes.take(session, only=refund_id)
    for one in taken:
        try:
            given = await _given_back(one)
        except CardProviderError as error:
            log.warning("cards: a refund ended by %s", error.code)
            async with unit_of_work() as session:
                if error.final:
                    await card_refund_outcomes.refused(session, one.id, error.code)
                else:
                    await card_refund_outcomes.unsure(session, one, error.code)
            continue
        async with unit_of_work() as session:
            await card_refund_outcomes.given(session, one.id, given)


async def _given_back(one: Outgoing) -> ProviderRefund:
    provider = card_provider()
    if one.tries > 1:
        said = await provider.payment(one.number)
        if said is not None and (found := one.among(said.refunds)) is not None:
            return found
    return await provider.give_back(one.number, one.amount, str(one.key))


@queue().periodic(cron="* * * * *")
@queue().task(name="cards.due", lock="cards.due")
async def due(timestamp: int) -> None:
    """Whatever nobody asked, or asked in vain."""
    del timestamp
    if not configured():
        return
    await ask()
    await look()
    await refund()


@queue().periodic(cron="35 5 * * *")
@queue().task(name="cards.reconcile", lock="cards.reconcile")
async def reconcile(timestamp: int) -> None:
    """Once a day all that changed lately, so that a lost notice hides no refund and no dispute."""
    del timestamp
    if not configured():
        return
    try:
        await _settle(await card_provider().changed_since(now() - BACK))
    except CardProviderError as error:
        log.warning("cards: the daily look ended by %s", error.code)


async def _settle(found: list[ProviderPayment]) -> None:
    for said in found:
        async with unit_of_work() as session:
            await card_payments.settle(session, said)
