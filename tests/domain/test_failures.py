"""Whatever an adapter can answer, an operator reads a sentence and no code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from domain.failures import FAILURES, failure_sentence
from infra.messaging.smtp_answers import BUSY
from infra.messaging.twilio_answers import TROUBLE

ADAPTERS = Path(__file__).parents[2] / "infra" / "messaging"
RAISED = re.compile(r'(?:NotSentError\(|code = |return |else )f?"([a-z_]+)"')


def written_in_the_adapters() -> set[str]:
    return {
        code
        for file in ADAPTERS.glob("*.py")
        if file.name
        in {"channels.py", "smtp.py", "smtp_answers.py", "twilio.py", "twilio_answers.py"}
        for code in RAISED.findall(file.read_text())
    }


def test_every_reason_an_adapter_names_has_a_sentence_of_its_own() -> None:
    named = written_in_the_adapters()
    assert {"timeout", "no_provider", "unclear", "smtp_tls", "bad_letter"} <= named
    assert named <= set(FAILURES)


@pytest.mark.parametrize("code", sorted(TROUBLE | {21211, 21610, 63016, 63024, 30003}))
def test_twilios_numbers_are_explained(code: int) -> None:
    assert failure_sentence(f"twilio_{code}").endswith(".")


@pytest.mark.parametrize("code", sorted(BUSY | {450, 535, 550, 571}))
def test_a_mail_servers_numbers_are_explained(code: int) -> None:
    assert failure_sentence(f"smtp_{code}").endswith(".")


def test_a_code_without_words_is_named_so_that_it_can_be_looked_up() -> None:
    assert failure_sentence("twilio_12345") == "Twilio no lo aceptó (código 12345)."
    assert failure_sentence("smtp_571") == "El servidor de correo no lo aceptó (código 571)."
    assert failure_sentence("otra cosa") == "No se pudo mandar."
    assert failure_sentence("") == ""
