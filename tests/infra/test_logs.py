"""C4, C6: what somebody typed or carries reaches no log record."""

import logging
from collections.abc import Generator

import pytest

from infra import logs

CANARY = "canario-4711"
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def cleaning() -> Generator[None]:
    before = logging.getLogRecordFactory()
    logs.quiet()
    yield
    logging.setLogRecordFactory(before)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("reflex.app", f"Received event from session x with no token. Event data: {CANARY}"),
        ("reflex.app", f"Failed to deserialize event data: {{'code': '{CANARY}'}}."),
        ("reflex.app", f"Event data must be a dictionary, but received {CANARY} of type str."),
        ("reflex.app", f"Attempting to send delta to disconnected client '{CANARY}'"),
        (
            "reflex_base.event.processor.base_state_processor",
            f"Error transforming event argument 'code' with value '{CANARY}' and type hint int",
        ),
        (
            "reflex_base.event.processor.event_processor",
            f"Error processing event queue entry for Event(name='x', payload='{CANARY}')",
        ),
        ("engineio.server", f"x: Received packet MESSAGE data 2['event', '{CANARY}']"),
        ("granian.access", f"GET /_event?token={CANARY}&transport=websocket"),
        ("shop", f"GET /x?a=1&ticket={CANARY}"),
        ("shop", f"cookie: cuenty_session={CANARY}; cuenty_visitor={CANARY}"),
        ("shop", f"__Host-cuenty_session={CANARY}"),
        ("shop", f"Authorization: Bearer {CANARY}"),
        ("shop", f"{{'password': '{CANARY}', 'pin': \"{CANARY}\"}}"),
        ("shop", f"password={CANARY}"),
        ("shop", f"postgresql+psycopg://cuenty:{CANARY}@db/shop is down"),
    ],
)
def test_secrets_are_cut_from_messages(
    caplog: pytest.LogCaptureFixture, name: str, said: str
) -> None:
    with caplog.at_level(logging.DEBUG, logger=name):
        logging.getLogger(name).warning(said)
        logging.getLogger(name).warning("%s", said)
    assert len(caplog.records) == 2
    assert CANARY not in caplog.text


def test_a_token_is_cut_wherever_it_stands(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("shop").warning("here %s there", JWT)
    assert "eyJ" not in caplog.text
    assert caplog.text.rstrip().endswith("here [hidden] there")


def test_a_traceback_names_kinds_and_places_only(caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        try:
            {}[CANARY]
        except KeyError as error:
            raise ValueError(CANARY) from error

    try:
        fail()
    except ValueError:
        logging.getLogger("shop").exception("it failed")
    assert CANARY not in caplog.text
    for part in ("it failed", "ValueError", "KeyError", "test_logs.py", "in fail"):
        assert part in caplog.text


def test_ordinary_messages_stay_as_they_are(caplog: pytest.LogCaptureFixture) -> None:
    said = "order 123 paid: 150.00 MXN by operator 4 (2 of 3)"
    logging.getLogger("shop").warning(said)
    logging.getLogger("shop").warning("a template %s that does not fit %s", *["one"])
    assert caplog.records[0].getMessage() == said
    assert len(caplog.records) == 2
