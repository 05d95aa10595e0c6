"""What an SMTP server's refusals mean: for this recipient, for our account there, or for now."""

from __future__ import annotations

import ssl

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectResponseError,
    SMTPHeloError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
)

from infra.messaging.errors import NotSentError

BUSY = frozenset({421, 451})
LOGIN = frozenset({432, 454, 530, 534, 535, 538})  # RFC 4954: who we are, not what we send
FINAL = 500
# Said before the server knows anything of the message.
OURS = (SMTPAuthenticationError, SMTPConnectResponseError, SMTPHeloError)


def refusal(error: Exception) -> NotSentError:
    """The reason without a word of the server's, which quotes the address it refuses."""
    if isinstance(error, SMTPRecipientsRefused):
        return _coded(error.recipients[0])
    if isinstance(error, SMTPResponseException):
        return _coded(error)
    if isinstance(error, ValueError) and not isinstance(error, OSError):  # as a bad certificate is
        return NotSentError("bad_letter", final=True)
    return NotSentError(_without_code(error), provider_fault=True)


def _coded(error: SMTPResponseException) -> NotSentError:
    """4xx may pass and 5xx will not, unless it is our account's: an owner can mend that."""
    code = error.code
    if code in BUSY:
        return NotSentError("busy", provider_fault=True)
    if isinstance(error, SMTPSenderRefused) and code >= FINAL and code not in LOGIN:
        return NotSentError("smtp_sender", provider_fault=True)
    ours = code in LOGIN or isinstance(error, OURS)
    return NotSentError(f"smtp_{code}", final=code >= FINAL and not ours, provider_fault=ours)


def _without_code(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "timeout"
    if isinstance(error.__cause__ or error, ssl.SSLError):
        return "smtp_tls"
    # The rest are lost connections, and a server without STARTTLS or without a way to sign in.
    return "unreachable" if isinstance(error, OSError) else "smtp_unsupported"
