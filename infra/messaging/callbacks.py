"""Whether a call that claims to be Twilio's is: its signature covers the address and the fields.

Twilio's own `RequestValidator` does the sums. It raises on a missing signature and on a body
without its hash, and takes any signature made with an empty token; here all of that is False.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false
# pyright: reportUnknownArgumentType=false
# Twilio's types stand in its sources; it ships no stubs.

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qs, urlsplit

from infra.settings import settings

HASH = "bodySHA256"
Fields = Sequence[tuple[str, str]] | Mapping[str, str]


class _Form(dict[str, list[str]]):
    """A posted form in which a name may come twice, as the validator asks for it."""

    def __init__(self, fields: Fields) -> None:
        super().__init__()
        for name, value in fields.items() if isinstance(fields, Mapping) else fields:
            self.setdefault(name, []).append(value)

    def getlist(self, name: str) -> list[str]:
        return self[name]


def signed(url: str, params: Fields | bytes | str, signature: str | None) -> bool:
    """True only for what the owner of our Twilio token signed. Never raises.

    `url` is the shop's public address with its query, as Twilio was told it: not what a `Host`
    header says. `params` are all posted fields, known or not, or the raw body of a JSON post,
    which counts only with its hash in the address.
    """
    token = settings().twilio_auth_token
    if not token or not signature:
        return False
    from twilio.request_validator import RequestValidator  # noqa: PLC0415  # heavy; only shops with Twilio need it

    try:
        if isinstance(params, bytes | str):
            if not parse_qs(urlsplit(url).query).get(HASH):
                return False
            said = params.decode() if isinstance(params, bytes) else params
        else:
            said = _Form(params)
        return bool(RequestValidator(token).validate(url, said, signature))
    except (TypeError, ValueError, AttributeError):
        return False
