"""What a bank's sentence says of who paid: a stranger's words must never stand for a payer."""

from __future__ import annotations

import pytest

from domain.statement_wording import payer_in, payer_of

CLABE = "072180001234567895"


@pytest.mark.parametrize(
    "sentence",
    [
        "SPEI RECIBIDO DEL CLIENTE ANA RUIZ CRUZ DE LA CLABE 072180001234567895 CON RFC ND",
        "PAGO RECIBIDO DE BANORTE POR ORDEN DE ANA RUIZ CRUZ REF. 0010012",
        "DEPÓSITO SPEI:pago INSTITUCIÓN EMISORA:AZTECA ORDENANTE:ANA RUIZ CRUZ CUENTA ORDENANTE:07",
        f"SPEI RECIBIDO DE 072-BANORTE CUENTA:{CLABE} EMISOR:ANA RUIZ CRUZ RFC EMISOR:ND",
        f"SPEI RECIBIDO CTA ORDENANTE:{CLABE} CONCEPTO:pago ORDENANTE:ANA RUIZ CRUZ",
        "BANCO EMISOR: AZTECA ORDENANTE: ANA RUIZ CRUZ CONCEPTO: pago",
        f"SPEI RECIBIDO STP {CLABE} ANA RUIZ CRUZ REF:1234567 RASTREO:261104650318838 gracias",
        f"INT 10313468-646 SPEI, STP,{CLABE},ANA RUIZ CRUZ,MBAN0100261105451459208,0000000,pago",
    ],
)
def test_the_payer_is_read_wherever_a_bank_writes_it(sentence: str) -> None:
    assert payer_in(sentence) == "ANA RUIZ CRUZ"


@pytest.mark.parametrize(
    "sentence",
    [
        f"SPEI RECIBIDO {CLABE} pago netflix",
        f"SPEI RECIBIDO {CLABE} ana ruiz cruz",
        f"SPEI RECIBIDO {CLABE} pago de netflix REF:1234567",
        f"SPEI RECIBIDO {CLABE},pago de mi cuenta,gracias",
        "BANCO ORDENANTE: AZTECA CONCEPTO: pago",
        "EMISOR: BBVA MEXICO CONCEPTO: pago",
        "SPEI RECIBIDO ORDENANTE: MERCADO PAGO W REF 12",
        "gracias por todo",
    ],
)
def test_banks_and_what_was_typed_are_no_payers(sentence: str) -> None:
    assert payer_in(sentence) == ""


@pytest.mark.parametrize(
    ("cell", "payer"),
    [
        ("Transferencia recibida ANA RUIZ CRUZ", "ANA RUIZ CRUZ"),
        ("Transferencia recibida de Ana Ruiz Cruz", "Ana Ruiz Cruz"),
        ("Transferencia recibida pago de netflix", ""),
        ("Transferencia recibida mil gracias amiga", ""),
        ("Transferencia recibida", ""),
        ("Transferencia recibida de Ana Ruiz Cruz orden 1001", ""),
    ],
)
def test_a_wallet_s_sentence_names_a_payer_only_by_a_whole_name(cell: str, payer: str) -> None:
    assert payer_of(cell) == payer
