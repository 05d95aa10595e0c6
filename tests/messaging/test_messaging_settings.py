"""A password or a credential never travels in clear because of a setting."""

from __future__ import annotations

from typing import Any

import pytest

from infra.settings import Settings, SettingsError

SMTP = {"smtp_host": "mail.cuenty.mx", "smtp_from": "Cuenty <avisos@cuenty.mx>"}


def test_control_a_usual_configuration_is_accepted() -> None:
    for security in ("starttls", "tls"):
        Settings(**SMTP, smtp_security=security)  # type: ignore[arg-type]
    Settings(twilio_api_url="https://api.dublin.ie1.twilio.com")


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
def test_mail_in_clear_is_for_this_machine(host: str) -> None:
    Settings(**{**SMTP, "smtp_host": host}, smtp_security="plain")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "name"),
    [
        ({"smtp_security": "plain"}, "CUENTY_SMTP_SECURITY"),
        ({"smtp_security": "plain", "smtp_host": "10.0.0.5"}, "CUENTY_SMTP_SECURITY"),
        ({"smtp_security": "plain", "smtp_host": "127.0.0.1.mx"}, "CUENTY_SMTP_SECURITY"),
        ({"smtp_from": ""}, "CUENTY_SMTP_FROM"),
        ({"smtp_from": "Cuenty"}, "CUENTY_SMTP_FROM"),
        ({"smtp_from": "avisos@cuenty.mx\nBcc: x@example.mx"}, "CUENTY_SMTP_FROM"),
        ({"smtp_ca_file": "/nowhere.pem"}, "CUENTY_SMTP_CA_FILE"),
        ({"twilio_api_url": "http://api.example.mx"}, "CUENTY_TWILIO_API_URL"),
        ({"twilio_api_url": "http://127.0.0.1.example.mx"}, "CUENTY_TWILIO_API_URL"),
        ({"twilio_api_url": "api.twilio.com"}, "CUENTY_TWILIO_API_URL"),
        ({"twilio_api_url": "https://"}, "CUENTY_TWILIO_API_URL"),
    ],
)
def test_what_is_unsafe_or_incomplete_is_refused_by_name(
    changed: dict[str, Any], name: str
) -> None:
    with pytest.raises(SettingsError, match=name):
        Settings(**{**SMTP, **changed})  # type: ignore[arg-type]
