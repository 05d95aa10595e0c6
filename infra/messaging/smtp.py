"""E-mail through any SMTP server, over TLS whose certificate is checked."""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import Collection
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

from aiosmtplib import SMTP, SMTPException

from infra.clock import now
from infra.messaging.errors import NotSentError
from infra.messaging.letters import Letter
from infra.messaging.smtp_answers import refusal
from infra.settings import Settings

ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")  # ASCII, as every server takes it


class SmtpMail:
    provider = "smtp"

    def __init__(self, configured: Settings) -> None:
        self._settings = configured
        self._host = urlsplit(configured.origin).hostname or "localhost"
        self._tls = ssl.create_default_context(cafile=configured.smtp_ca_file or None)

    async def send(self, letter: Letter) -> str:
        """Its Message-ID, once the server took it over. The whole conversation has one limit."""
        try:
            message = self._written(letter)
        except ValueError:  # it quotes the address
            message = None
        if message is None:
            raise NotSentError("bad_letter", final=True)
        client = self._client()
        try:
            async with asyncio.timeout(self._settings.smtp_timeout_seconds):
                await client.connect()
                await client.send_message(message)
        except (SMTPException, OSError, ValueError) as error:
            why = refusal(error)
        else:
            await self._leave(client)
            return str(message["Message-ID"])
        finally:
            client.close()
        raise why

    async def find(
        self, letter: Letter, *, since: datetime, known: Collection[str] = ()
    ) -> str | None:
        """None: SMTP has no question for it.

        A repeat carries the same Message-ID, by which most mailboxes show the two as one.
        """
        del letter, since, known

    def _client(self) -> SMTP:
        own = self._settings
        return SMTP(
            hostname=own.smtp_host,
            port=own.smtp_port,
            username=own.smtp_username or None,
            password=own.smtp_password or None,
            local_hostname=self._host,
            timeout=own.smtp_timeout_seconds,
            use_tls=own.smtp_security == "tls",
            start_tls=own.smtp_security == "starttls",
            tls_context=None if own.smtp_security == "plain" else self._tls,
        )

    async def _leave(self, client: SMTP) -> None:
        """The server has the message: how the goodbye goes changes nothing."""
        with contextlib.suppress(SMTPException, OSError):
            async with asyncio.timeout(1):
                await client.quit()

    def _written(self, letter: Letter) -> EmailMessage:
        """Raises `ValueError` for an address that is not one, or is more than one."""
        if not ADDRESS.fullmatch(letter.to):
            raise ValueError("not one address")
        name, address = parseaddr(self._settings.smtp_from)
        message = EmailMessage()
        message["From"] = Address(display_name=name, addr_spec=address)
        message["To"] = Address(addr_spec=letter.to)
        message["Subject"] = _one_line(letter.subject)
        message["Date"] = format_datetime(now())
        message["Message-ID"] = f"<{letter.id}@{self._host}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.body.disclose())
        if letter.html is not None:
            message.add_alternative(letter.html.disclose(), subtype="html")
        return message


def _one_line(text: str) -> str:
    """A line break in a header would begin another header."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())
