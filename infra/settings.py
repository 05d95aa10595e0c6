"""Everything that can be configured, read once from the environment and checked before start.

What the owner decides on a screen (`decide`) goes before the environment, in the same places.
Production refuses to start on a missing or sample secret and names the variable. Demo mode makes
its own secrets inside its data folder, listens on loopback only and never sends a message out.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from platformdirs import user_state_path
from pydantic import Field, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
STOCK_NAME = "Cuenty"  # of a shop that has given itself none, and of the pages as they are built


class SettingsError(Exception):
    """A setting is missing or unsafe; the message names the variable."""


def default_data_dir() -> Path:
    """One folder per checkout, so two clones on one machine never share a database."""
    base = Path("/var/lib/cuenty") if os.geteuid() == 0 else user_state_path("cuenty")
    mark = hashlib.sha256(str(PROJECT).encode()).hexdigest()[:8]
    return base / f"shop-{mark}"


def _loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Settings(BaseSettings):
    """Read from `CUENTY_*`; `DATABASE_URL`, `REDIS_URL` and `PORT` keep their usual names."""

    model_config = SettingsConfigDict(env_prefix="CUENTY_", extra="ignore", frozen=True)

    env: Literal["demo", "production"] = "demo"
    data_dir: Path = Field(default_factory=default_data_dir)
    port: int = Field(default=3000, ge=1, le=65535, validation_alias="PORT")
    host: str = "127.0.0.1"
    public_url: str = ""
    trusted_proxies: int = Field(default=0, ge=0, le=5)
    worker_in_app: bool = True

    database_url: str = Field(default="", validation_alias="DATABASE_URL")
    redis_url: str = Field(default="", validation_alias="REDIS_URL")
    pool_size: int = Field(default=5, ge=1, le=50)
    pool_overflow: int = Field(default=5, ge=0, le=50)

    keys: str = ""  # "id:base64,id:base64": the first seals, all of them open
    jwt_secret: str = ""
    pepper: str = ""  # keys the HMAC of login codes, tickets, IP addresses and searchable logins

    shop_name: str = STOCK_NAME
    seller_name: str = "CUENTY DIGITAL S.A. DE C.V."
    support_whatsapp: str = ""
    terms_text: str = ""  # in place of the shop's own; a blank line ends a paragraph
    privacy_text: str = ""
    allowed_countries: Annotated[tuple[str, ...], NoDecode] = ("MX",)
    hold_hours: int = Field(default=24, ge=1, le=720)
    max_unpaid_orders: int = Field(default=2, ge=1, le=50)
    promise_hours: int = Field(default=24, ge=1, le=720)  # to a paid order that waits for stock
    grace_days: int = Field(default=3, ge=0, le=60)  # access after the last paid day
    reminder_first: int = Field(default=5, ge=2, le=60)  # days before the last one
    reminder_second: int = Field(default=1, ge=1, le=59)
    reminder_after: int = Field(default=2, ge=1, le=60)  # days after it, within those of grace
    quiet_from: int = Field(default=21, ge=0, le=23)  # local hours in which no reminder goes out
    quiet_until: int = Field(default=9, ge=0, le=23)
    receipt_hold_hours: int = Field(default=24, ge=1, le=720)  # more, once a receipt was sent
    receipts_per_order: int = Field(default=6, ge=1, le=100)
    receipts_per_day: int = Field(default=20, ge=1, le=1000)  # per customer
    bank_rule: Literal["default", "amount", "turns"] = "default"
    replace_every_days: int = Field(default=0, ge=0, le=365)  # automatic replacements; 0 is never

    support_reply_hours: int = Field(default=4, ge=1, le=720)  # promised to a ticket that waits
    support_reopen_days: int = Field(
        default=7, ge=0, le=365
    )  # a solved ticket's; then it is closed
    support_open_tickets: int = Field(default=5, ge=1, le=100)  # per customer
    support_messages_per_hour: int = Field(default=30, ge=1)  # per customer
    contacts_per_address_hour: int = Field(default=5, ge=1)  # messages of the contact page
    contacts_per_hour: int = Field(default=100, ge=1)  # the same, the whole shop's

    code_resend_seconds: int = Field(default=30, ge=0)
    codes_per_10_minutes: int = Field(default=5, ge=1)
    codes_per_day: int = Field(default=10, ge=1)
    codes_per_address_hour: int = Field(default=20, ge=1)
    codes_per_hour: int = Field(default=500, ge=1)  # the whole shop: the SMS bill's ceiling
    codes_per_day_total: int = Field(default=3000, ge=1)
    failures_per_day: int = Field(default=20, ge=1)
    failures_in_a_row: int = Field(default=100, ge=1)
    failures_per_hour_total: int = Field(default=1000, ge=1)
    staff_logins_per_5_minutes: int = Field(default=10, ge=1)
    # Messages other than codes: the shop's ceiling, and one address's.
    messages_per_hour: int = Field(default=2000, ge=1)
    messages_per_day: int = Field(default=20000, ge=1)
    messages_per_address_day: int = Field(default=40, ge=1)

    # The API: other sites whose pages may call it, and requests a minute from one address.
    api_origins: Annotated[tuple[str, ...], NoDecode] = ()
    api_per_minute: int = Field(default=1200, ge=1)

    webhooks_to_loopback: bool = False  # the demo's, to try a receiver on this machine
    # Who may say that a payment came in: the secrets (whsec_…) that sign the bank's notices.
    bank_notice_secrets: Annotated[tuple[str, ...], NoDecode] = ()

    # Payments with a card: both of them or neither.
    mercadopago_access_token: str = ""
    mercadopago_webhook_secret: str = ""
    mercadopago_api_url: str = ""  # another address of Mercado Pago's API: a proxy
    mercadopago_timeout_seconds: float = Field(default=10, gt=0)

    twilio_account_sid: str = ""
    twilio_auth_token: str = ""
    twilio_sms_from: str = ""
    twilio_whatsapp_from: str = ""
    twilio_timeout_seconds: float = Field(default=10, gt=0)
    twilio_api_url: str = ""  # another address of Twilio's API: one of its edges, or a proxy

    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_username: str = ""
    smtp_password: str = ""
    smtp_from: str = ""  # "Cuenty <avisos@cuenty.mx>"
    smtp_security: Literal["starttls", "tls", "plain"] = "starttls"
    smtp_ca_file: str = ""  # of a private authority, in place of the system's
    smtp_timeout_seconds: float = Field(default=20, gt=0)  # the whole conversation

    @field_validator("allowed_countries", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return (
            tuple(p.strip().upper() for p in value.split(",")) if isinstance(value, str) else value
        )

    @field_validator("api_origins", mode="before")
    @classmethod
    def _split_origins(cls, value: object) -> object:
        """Pages of these sites may read what the API answers; "*" would be every site."""
        if not isinstance(value, str):
            return value
        named = tuple(part.strip().rstrip("/") for part in value.split(",") if part.strip())
        for origin in named:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or parts.path or not parts.hostname:
                raise SettingsError(f"CUENTY_API_ORIGINS: {origin} is not https://name[:port]")
        return named

    @field_validator("bank_notice_secrets", mode="before")
    @classmethod
    def _split_secrets(cls, value: object) -> object:
        """Short ones could be guessed; the message quotes none of them."""
        if not isinstance(value, str):
            return value
        named = tuple(part.strip() for part in value.split(",") if part.strip())
        for secret in named:
            try:
                key = base64.b64decode(secret.removeprefix("whsec_") + "==", validate=False)
            except ValueError:
                key = b""
            if len(key) < 24:  # noqa: PLR2004  # as standard-webhooks asks
                raise SettingsError(
                    "CUENTY_BANK_NOTICE_SECRETS must be whsec_ and at least 24 bytes as base64"
                )
        return named

    @model_validator(mode="after")
    def _refuse_unsafe_production(self) -> Settings:
        if self.env != "production":
            return self
        for name in ("keys", "jwt_secret", "pepper"):
            secret = getattr(self, name)
            if not secret:
                raise SettingsError(f"CUENTY_{name.upper()} is required when CUENTY_ENV=production")
            if len(secret) < 32:  # noqa: PLR2004  # 256 bits written as hex or base64
                raise SettingsError(f"CUENTY_{name.upper()} is too short: use `cuenty secrets`")
        if self.webhooks_to_loopback:
            raise SettingsError("CUENTY_WEBHOOKS_TO_LOOPBACK is only for the demo")
        if not self.public_url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise SettingsError("CUENTY_PUBLIC_URL must be the shop's https:// address")
        return self

    @model_validator(mode="after")
    def _refuse_unsafe_cards(self) -> Settings:
        """Half a set-up would lose notices; a demo takes no real money, a shop only that."""
        token = self.mercadopago_access_token
        if bool(token) != bool(self.mercadopago_webhook_secret):
            raise SettingsError(
                "CUENTY_MERCADOPAGO_ACCESS_TOKEN and CUENTY_MERCADOPAGO_WEBHOOK_SECRET: "
                "set both of them or neither"
            )
        api = urlsplit(self.mercadopago_api_url)
        nearby = bool(api.hostname) and _loopback(api.hostname or "")
        if self.mercadopago_api_url and not (
            api.hostname and (api.scheme == "https" or (api.scheme == "http" and nearby))
        ):
            raise SettingsError("CUENTY_MERCADOPAGO_API_URL must be an https:// address")
        if self.test_money and not self.demo:
            raise SettingsError(
                "CUENTY_MERCADOPAGO_ACCESS_TOKEN is of Mercado Pago's test mode: "
                "CUENTY_ENV=production takes real money only"
            )
        if token and self.demo and not (self.test_money or nearby):
            raise SettingsError(
                "CUENTY_MERCADOPAGO_ACCESS_TOKEN takes real money: the demo takes one of "
                "Mercado Pago's test mode (TEST-…)"
            )
        return self

    @model_validator(mode="after")
    def _refuse_unsafe_messaging(self) -> Settings:
        """What is sent holds credentials, and sending takes a password: neither goes in clear."""
        api = urlsplit(self.twilio_api_url)
        if self.twilio_api_url and (
            not api.hostname
            or not (api.scheme == "https" or (api.scheme == "http" and _loopback(api.hostname)))
        ):
            raise SettingsError("CUENTY_TWILIO_API_URL must be an https:// address")
        if not self.smtp_host:
            return self
        if self.smtp_security == "plain" and not _loopback(self.smtp_host):
            raise SettingsError(
                "CUENTY_SMTP_SECURITY=plain is only for a server on this machine: "
                "use starttls or tls"
            )
        if "@" not in parseaddr(self.smtp_from)[1] or not self.smtp_from.isprintable():
            raise SettingsError("CUENTY_SMTP_FROM must be an address, such as avisos@example.mx")
        if self.smtp_ca_file and not Path(self.smtp_ca_file).is_file():
            raise SettingsError("CUENTY_SMTP_CA_FILE is not a file")
        return self

    @property
    def demo(self) -> bool:
        return self.env == "demo"

    @property
    def test_money(self) -> bool:
        """Whether Mercado Pago only plays; its credentials say so themselves."""
        return self.mercadopago_access_token.startswith("TEST-")

    @property
    def origin(self) -> str:
        """Scheme, host and port as browsers write it in the Origin header."""
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Origins that may open the socket or post with the cookie."""
        own = (self.origin, f"http://127.0.0.1:{self.port}", f"http://localhost:{self.port}")
        return tuple(dict.fromkeys(own)) if not self.public_url else (self.origin,)

    @property
    def https(self) -> bool:
        return self.origin.startswith("https://")

    @property
    def listen(self) -> str:
        """Demo mode has a known password and shows its messages: loopback, whatever else is set."""
        return "127.0.0.1" if self.demo else self.host


_decided: dict[str, object] = {}


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process: the owner's decisions, then the environment, then defaults."""
    return configured().model_copy(update=_decided)


def configured() -> Settings:
    """As the environment has it, with the demo's own secrets filled in."""
    read = Settings()
    return read if not read.demo else _with_demo_secrets(read)


def decide(values: Mapping[str, object]) -> None:
    """Put these in place of the environment's from now on, and no others decided before."""
    _decided.clear()
    _decided.update(values)
    settings.cache_clear()


def _with_demo_secrets(read: Settings) -> Settings:
    """Random secrets kept in the data folder: a second start opens what the first one sealed."""
    file = read.data_dir / "demo-secrets.json"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = {
            "keys": "demo:" + base64.b64encode(secrets.token_bytes(32)).decode(),
            "jwt_secret": secrets.token_hex(32),
            "pepper": secrets.token_hex(32),
        }
        draft = file.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(made), encoding="utf-8")
        draft.chmod(0o600)
        draft.replace(file)
    kept = json.loads(file.read_text(encoding="utf-8"))
    return read.model_copy(update={k: v for k, v in kept.items() if not getattr(read, k)})
