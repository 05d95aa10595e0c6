"""Which order a movement pays, decided over a picture of the shop: two things must agree."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.payments import reference_of
from domain.statement_clues import payer_key
from domain.statement_facts import OrderFacts, PaymentFacts, Picture, Verdict
from domain.statement_matching import match
from domain.statement_movements import Movement

DAY = date(2026, 11, 20)
BEFORE = DAY - timedelta(days=1)


def order(number: int, total: int = 150, *, customer: int = 0, **values: Any) -> OrderFacts:
    values = {"status": "pending_payment", "received": Decimal(0), "placed_on": BEFORE} | values
    return OrderFacts(number, customer or number, "", total=Decimal(total), **values)


def paid(number: int, total: int = 150, **values: Any) -> OrderFacts:
    return order(number, total, status="delivered", received=Decimal(total), **values)


def deposit(concept: str = "SPEI RECIBIDO", amount: int = 150, **values: Any) -> Movement:
    return Movement(1, values.pop("on", DAY), Decimal(amount), concept, **values)


def payment(number: int, amount: int = 150, **values: Any) -> PaymentFacts:
    return PaymentFacts(9, number, Decimal(amount), values.pop("on", DAY), **values)


def decide(movement: Movement, *orders: OrderFacts, **known: Any) -> Verdict:
    [verdict] = match([movement], Picture({o.id: o for o in orders}, **known), statement=1)
    return verdict


def said(verdict: Verdict) -> tuple[str, bool, int | None]:
    return verdict.result.value, verdict.sure, verdict.order_id


def offered(verdict: Verdict) -> list[int]:
    return [candidate.order_id for candidate in verdict.candidates]


REFERENCE = reference_of(123)


@pytest.mark.parametrize(
    ("concept", "reference"),
    [
        ("SPEI RECIBIDO BANORTE", REFERENCE),
        ("SPEI RECIBIDO BANORTE", REFERENCE.lstrip("0")),
        ("SPEI RECIBIDO BANORTE", f"000{REFERENCE}"),
        ("SPEI RECIBIDO BANORTE", f"{REFERENCE.lstrip('0')}.0"),
        ("SPEI RECIBIDO BANORTE", REFERENCE.replace("0", "O")),
        (f"SPEI RECIBIDO {REFERENCE} JUAN PEREZ", ""),
        (f"PAGO REF. {REFERENCE.lstrip('0')} GRACIAS", ""),
        ("Orden 123", ""),
        ("orden #123", ""),
        ("PAGO ORDEN123", ""),
        ("PAGO ORDEN NO. 123 CUENTY", ""),
        ("PAGO DEL PEDIDO 123", ""),
        ("pago #123 netflix", ""),
        ("0RDEN l23", ""),
        ("ORDEN I2E", "Orden 123"),
        ("TRANSFERENCIA ÓRDEN: 0123", ""),
    ],
)
def test_an_order_that_is_named_and_lacks_just_this_is_sure(concept: str, reference: str) -> None:
    movement = deposit(concept, reference=reference)
    assert said(decide(movement, order(123), order(124))) == ("matched", True, 123)


@pytest.mark.parametrize(
    "concept", ["ORDEN DE PAGO 123456", "PAGO EN 2026", "REORDEN 123", "ORDEN 123ABC", "ORDEN SOL"]
)
def test_words_that_only_look_like_a_number_name_no_order(concept: str) -> None:
    verdict = decide(deposit(concept, 999), order(123))
    assert said(verdict) == ("no_match", False, None)


def test_an_amount_alone_is_only_a_suggestion() -> None:
    verdict = decide(deposit(), order(123), order(124, 420))
    assert said(verdict) == ("ambiguous", False, None)
    assert offered(verdict) == [123]
    assert verdict.candidates[0].why == ("amount",)


def test_nothing_that_fits_is_no_match() -> None:
    assert said(decide(deposit(amount=151), order(123))) == ("no_match", False, None)


def test_less_and_more_than_is_lacking_are_said_of_an_order_that_is_named() -> None:
    assert said(decide(deposit("Orden 123", 100), order(123))) == ("partial", True, 123)
    assert said(decide(deposit("Orden 123", 200), order(123))) == ("over", True, 123)


def test_a_mended_name_needs_the_exact_amount() -> None:
    assert said(decide(deposit("ORDEN l23", 100), order(123)))[0] == "ambiguous"


def test_another_amount_is_doubted_when_a_near_number_lacks_just_that() -> None:
    verdict = decide(deposit("Orden 132", 420), order(132), order(123, 420))
    assert said(verdict)[0] == "ambiguous"
    assert set(offered(verdict)) == {123, 132}


def test_far_more_than_the_price_is_looked_at_by_a_person() -> None:
    assert said(decide(deposit("Orden 123", 15_000), order(123)))[0] == "ambiguous"


def test_two_orders_in_one_transfer_are_left_to_a_person() -> None:
    verdict = decide(deposit("Orden 123 y 124", 300), order(123), order(124))
    assert said(verdict)[0] == "ambiguous"
    assert set(offered(verdict)) == {123, 124}


def test_a_number_of_the_bank_that_passes_for_a_reference_does_not_disturb() -> None:
    movement = deposit(f"Orden 123 AUT {reference_of(77).lstrip('0')}", reference="12")
    assert said(decide(movement, order(123), paid(77))) == ("matched", True, 123)


def test_a_deposit_from_before_the_order_does_not_pay_it() -> None:
    movement = deposit("Orden 123", on=BEFORE - timedelta(days=1))
    assert said(decide(movement, order(123)))[0] == "ambiguous"


def test_equal_deposits_stay_two_and_the_second_is_a_duplicate() -> None:
    picture = Picture({123: order(123)})
    first, second = match([deposit("Orden 123"), deposit("Orden 123")], picture, statement=1)
    assert said(first) == ("matched", True, 123)
    assert said(second) == ("duplicate", True, 123)


def test_a_part_and_the_rest_make_a_whole() -> None:
    picture = Picture({123: order(123)})
    verdicts = match([deposit("Orden 123", 100), deposit("Orden 123", 50)], picture)
    assert [said(v)[0] for v in verdicts] == ["partial", "matched"]


def test_the_order_of_the_days_counts_not_that_of_the_lines() -> None:
    picture = Picture({123: order(123)})
    later, earlier = deposit("Orden 123"), deposit("Orden 123", on=BEFORE)
    assert [said(v)[0] for v in match([later, earlier], picture)] == ["duplicate", "matched"]


def test_the_same_deposit_in_another_file_is_no_duplicate() -> None:
    known = payment(123, statement=7)
    verdict = decide(deposit("Orden 123"), paid(123), payments=[known])
    assert (said(verdict)[0], verdict.why) == ("ambiguous", ("in_other_statement",))


def test_what_was_confirmed_by_hand_is_on_record_already() -> None:
    by_hand = payment(123, on=DAY + timedelta(days=3))
    verdict = decide(deposit("Orden 123"), paid(123), payments=[by_hand])
    assert said(verdict) == ("recorded", True, 123)
    assert verdict.payment_id == 9


def test_a_payment_of_last_week_is_another_one() -> None:
    old = payment(123, on=DAY - timedelta(days=7))
    assert said(decide(deposit("Orden 123"), paid(123), payments=[old]))[0] == "duplicate"


def test_a_payment_on_record_is_claimed_once() -> None:
    picture = Picture({123: paid(123)}, payments=[payment(123)])
    verdicts = match([deposit("Orden 123"), deposit("Orden 123")], picture, statement=1)
    assert [said(v)[0] for v in verdicts] == ["recorded", "duplicate"]


def test_a_tracking_key_names_one_transfer_whoever_recorded_it() -> None:
    known = payment(123, tracking_key="BNET01002511200001", on=DAY - timedelta(days=30))
    movement = deposit("SIN CONCEPTO", tracking_key="BNET01002511200001")
    assert said(decide(movement, paid(123), payments=[known])) == ("recorded", True, 123)
    other = deposit("SIN CONCEPTO", 100, tracking_key="BNET01002511200001")
    assert said(decide(other, paid(123), payments=[known]))[0] == "ambiguous"


def test_the_tracking_key_of_a_receipt_names_the_order() -> None:
    movement = deposit("SIN CONCEPTO", tracking_key="BNET01002511200001")
    receipts = {"BNET01002511200001": {123}}
    assert said(decide(movement, order(123), receipts=receipts)) == ("matched", True, 123)


def test_a_payer_who_paid_for_a_customer_before_pays_their_only_order() -> None:
    movement = deposit(payer="José Pérez López")
    payers = {payer_key("JOSE PEREZ LOPEZ"): {5}}
    assert said(decide(movement, order(123, customer=5), order(124), payers=payers)) == (
        "matched",
        True,
        123,
    )


def test_a_payer_of_two_customers_or_of_two_such_orders_is_asked_about() -> None:
    movement, key = deposit(payer="JOSE PEREZ"), payer_key("JOSE PEREZ")
    orders = order(123, customer=5), order(124, customer=5)
    assert said(decide(movement, *orders, payers={key: {5}}))[0] == "ambiguous"
    assert said(decide(movement, order(123, customer=5), payers={key: {5, 6}}))[0] == "ambiguous"


def test_a_payer_who_names_an_order_nobody_has_is_asked_about() -> None:
    movement = deposit("Orden 999", payer="JOSE PEREZ")
    verdict = decide(movement, order(123, customer=5), payers={payer_key("JOSE PEREZ"): {5}})
    assert said(verdict)[0] == "ambiguous"


def test_the_concept_of_last_month_left_in_the_banks_app_is_no_duplicate() -> None:
    """They paid order 100, ordered 140 at the same price, and repeated the saved transfer."""
    verdict = decide(deposit("Orden 100"), paid(100, customer=5), order(140, customer=5))
    assert said(verdict)[0] == "ambiguous"
    assert set(offered(verdict)) == {100, 140}


def test_a_late_payment_is_sure_by_name_and_exact_amount_alone() -> None:
    def lapsed() -> OrderFacts:
        return order(123, status="cancelled")

    assert said(decide(deposit("Orden 123"), lapsed())) == ("late", True, 123)
    assert said(decide(deposit("Orden 123", 100), lapsed()))[0] == "ambiguous"
    receipts = {"BNET01002511200001": {123}}
    by_key = deposit("X", tracking_key="BNET01002511200001")
    assert said(decide(by_key, lapsed(), receipts=receipts))[0] == "ambiguous"
    assert said(decide(deposit("SPEI"), lapsed()))[0] == "no_match"


@pytest.mark.parametrize(
    ("concept", "amount"),
    [
        ("COMISION SPEI", -5),
        ("Orden 123", -150),
        ("INTERESES GANADOS", 150),
        ("TRASPASO PROPIO", 150),
    ],
)
def test_charges_and_money_that_is_no_sale_are_ignored(concept: str, amount: int) -> None:
    assert said(decide(deposit(concept, amount), order(123))) == ("ignored", False, None)
