"""E4: only what Twilio signed counts, and nothing a stranger posts raises."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from twilio.request_validator import RequestValidator

from infra.messaging.callbacks import signed

TOKEN = "token-of-the-callbacks"
URL = "https://cuenty.mx/api/twilio/status?m=7"
FIELDS = {"MessageSid": "SM1", "MessageStatus": "delivered", "To": "+525512345678", "New": "ñ"}
BODY = '{"MessageSid":"SM1","text":"ñ"}'
JSON_URL = f"{URL}&bodySHA256={hashlib.sha256(BODY.encode()).hexdigest()}"


@pytest.fixture(autouse=True)
def token(configure: Callable[..., None]) -> None:
    configure(twilio_auth_token=TOKEN)


def sign(url: str, fields: Any = None, token: str = TOKEN) -> str:
    return RequestValidator(token).compute_signature(url, fields or {})


@pytest.mark.parametrize("params", [FIELDS, list(FIELDS.items()), list(FIELDS.items())[::-1]])
def test_what_twilio_signed_counts_in_whatever_order_it_comes(params: Any) -> None:
    assert signed(URL, params, sign(URL, FIELDS))


def test_a_field_that_comes_twice_is_signed_twice() -> None:
    class Twice(dict[str, list[str]]):
        def getlist(self, name: str) -> list[str]:
            return self[name]

    fields = [("MediaUrl", "b"), ("MediaUrl", "a"), ("To", "+52")]
    signature = sign(URL, Twice(MediaUrl=["a", "b"], To=["+52"]))
    assert signed(URL, fields, signature)
    assert not signed(URL, fields[1:], signature)


@pytest.mark.parametrize("told", ["https://cuenty.mx/x", "https://cuenty.mx:443/x"])
@pytest.mark.parametrize("sees", ["https://cuenty.mx/x", "https://cuenty.mx:443/x"])
def test_the_port_may_be_written_or_not(told: str, sees: str) -> None:
    assert signed(sees, FIELDS, sign(told, FIELDS))


@pytest.mark.parametrize("body", [BODY, BODY.encode()], ids=["text", "bytes"])
def test_a_json_body_counts_with_its_hash_in_the_address(body: str | bytes) -> None:
    assert signed(JSON_URL, body, sign(JSON_URL))


SIGNATURE = sign(URL, FIELDS)


@pytest.mark.parametrize(
    ("url", "params", "signature"),
    [
        (URL, FIELDS, None),
        (URL, FIELDS, ""),
        (URL, FIELDS, "x"),
        (URL, FIELDS, "ñ" * len(SIGNATURE)),
        (URL, FIELDS, SIGNATURE.encode()),
        (URL, FIELDS, SIGNATURE.lower()),
        (URL, FIELDS, sign(URL, FIELDS, "another token")),
        (URL, {**FIELDS, "MessageStatus": "read"}, SIGNATURE),
        (URL, {**FIELDS, "More": "1"}, SIGNATURE),
        (URL, {"MessageSid": "SM1"}, SIGNATURE),
        (URL, {}, SIGNATURE),
        (URL, {"MessageSid": 5}, SIGNATURE),
        (URL, [("MessageSid", b"SM1")], SIGNATURE),
        (URL, [("one", "two", "three")], SIGNATURE),
        (URL, None, SIGNATURE),
        (URL.replace("m=7", "m=8"), FIELDS, SIGNATURE),
        (URL.replace("cuenty.mx", "otra.mx"), FIELDS, SIGNATURE),
        (URL.replace("https", "http"), FIELDS, SIGNATURE),
        ("https://[cuenty.mx/x", FIELDS, SIGNATURE),
        ("https://cuenty.mx:puerto/x", FIELDS, SIGNATURE),
        ("", FIELDS, SIGNATURE),
        (URL, BODY, SIGNATURE),
        (URL, BODY, sign(URL)),
        (URL, "", sign(URL)),
        (URL, b"", sign(URL)),
        (f"{URL}&bodySHA256=", BODY, sign(f"{URL}&bodySHA256=")),
        (JSON_URL, BODY + " ", sign(JSON_URL)),
        (JSON_URL, b"\xff\xfe", sign(JSON_URL)),
        (JSON_URL, BODY, sign(URL)),
        (JSON_URL, BODY, None),
    ],
)
def test_anything_else_is_refused_and_nothing_raises(url: str, params: Any, signature: Any) -> None:
    assert signed(url, params, signature) is False


def test_without_a_token_nothing_is_twilios(configure: Callable[..., None]) -> None:
    configure(twilio_auth_token="")
    assert not signed(URL, FIELDS, sign(URL, FIELDS, ""))


def test_control_the_validator_alone_raises_or_believes() -> None:
    validator = RequestValidator(TOKEN)
    for params, signature in ((FIELDS, None), (BODY, SIGNATURE)):
        with pytest.raises(TypeError):
            validator.validate(URL, params, signature)
    assert validator.validate(URL, "", sign(URL))
    assert RequestValidator("").validate(URL, FIELDS, sign(URL, FIELDS, ""))
