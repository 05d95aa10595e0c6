"""A mail server on loopback: STARTTLS or TLS, a login, and refusals on demand."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import ssl
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import partial
from pathlib import Path
from typing import Any, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from infra.clock import now

OK = "250 OK"
LOGIN = LoginPassword(b"tienda", b"clave-de-correo")


@dataclass(frozen=True)
class Authority:
    """`file` is the authority's certificate; `server` has one of its own, signed by it."""

    file: Path
    server: ssl.SSLContext

    @staticmethod
    def made(folder: Path, server: str = "127.0.0.1") -> Authority:
        signer, served = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        own = _certificate("Autoridad de prueba", None, None)
        root = own.public_key(signer.public_key()).sign(signer, hashes.SHA256())
        at = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(server))])
        certificate = (
            _certificate(server, root.subject, at)
            .public_key(served.public_key())
            .sign(signer, hashes.SHA256())
        )
        file, pair = folder / "authority.pem", folder / "server.pem"
        file.write_bytes(root.public_bytes(serialization.Encoding.PEM))
        pair.write_bytes(
            served.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            + certificate.public_bytes(serialization.Encoding.PEM)
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair)
        return Authority(file, context)


def _certificate(
    name: str, issuer: x509.Name | None, names: x509.SubjectAlternativeName | None
) -> x509.CertificateBuilder:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer or subject)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
    )
    return made if names is None else made.add_extension(names, critical=False)


@dataclass
class FakeSmtp:
    """Each answer is given for its command; `over_tls` says how each message came."""

    port: int = 0
    to_sender: str = OK
    to_recipient: str = OK
    to_data: str = OK
    stays_silent: bool = False
    mailbox: list[EmailMessage] = field(default_factory=list)
    over_tls: list[bool] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    silence: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle_MAIL(  # noqa: N802  # the library's name
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.stays_silent:
            await self.silence.wait()
        if self.to_sender == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return self.to_sender

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.to_recipient == OK:
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(  # noqa: N802  # the library's name
        self, server: SMTP, _session: Any, envelope: Envelope
    ) -> str:
        if self.to_data == OK:
            content = cast("bytes", envelope.content)
            self.mailbox.append(
                cast("EmailMessage", message_from_bytes(content, policy=policy.default))
            )
            self.recipients.append(envelope.rcpt_tos)
            self.over_tls.append(server.transport.get_extra_info("sslcontext") is not None)
        return self.to_data


def _let_in(_server: Any, _session: Any, _envelope: Any, _how: str, given: Any) -> AuthResult:
    return AuthResult(success=given == LOGIN, handled=False)


@contextlib.asynccontextmanager
async def fake_smtp(
    authority: Authority, *, at_once: bool = False, in_clear: bool = False
) -> AsyncGenerator[FakeSmtp]:
    """With STARTTLS and a login; `at_once` speaks TLS from the first byte, `in_clear` never."""
    fake, loop = FakeSmtp(), asyncio.get_running_loop()
    with_tls = not (at_once or in_clear)
    make = partial(
        SMTP,
        fake,
        hostname="localhost",
        loop=loop,
        tls_context=authority.server if with_tls else None,
        require_starttls=with_tls,
        authenticator=_let_in,
        auth_required=with_tls,
        auth_require_tls=with_tls,
    )
    server = await loop.create_server(
        make, "127.0.0.1", 0, ssl=authority.server if at_once else None
    )
    fake.port = server.sockets[0].getsockname()[1]
    try:
        yield fake
    finally:
        fake.silence.set()
        server.close()
        await server.wait_closed()
