"""Phone numbers: written in many ways, kept in one, and only where a code can arrive cheaply."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import PhoneNumberType

from domain.errors import InvalidInput
from infra.settings import settings

HOME = "MX"
TYPED = re.compile(r"\+?[0-9 ().\-\u2010-\u2015\u00a0]{7,30}")
# Mexico numbered its mobiles +52 1 … until 2019; WhatsApp ids still do.
OLD_MOBILE = re.compile(r"(?:\+|00)?521([0-9]{10})")
# Premium, toll-free, shared-cost, personal, satellite and landline numbers are none of these.
REACHABLE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


def canonical(typed: str, *, field: str = "phone") -> str:
    """E.164, such as `+525512345678`; ten digits alone are Mexican.

    Raises `InvalidInput` on `field` for anything a login code must not be sent to.
    """
    text = typed.strip()
    if not TYPED.fullmatch(text):
        raise InvalidInput({field: "phone_invalid"})
    digits = re.sub(r"[^0-9+]", "", text)
    if old := OLD_MOBILE.fullmatch(digits):
        digits = f"+52{old[1]}"
    try:
        number = phonenumbers.parse(digits, HOME)
    except phonenumbers.NumberParseException:
        raise InvalidInput({field: "phone_invalid"}) from None
    if phonenumbers.region_code_for_number(number) not in settings().allowed_countries:
        known = phonenumbers.is_valid_number(number)
        raise InvalidInput({field: "phone_country" if known else "phone_invalid"})
    reachable = phonenumbers.number_type(number) in REACHABLE
    if not reachable or not phonenumbers.is_valid_number(number):
        raise InvalidInput({field: "phone_invalid"})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def spaced(number: str) -> str:
    """`+525512345678` as `55 1234 5678`; other countries, and what is no number, as they are."""
    if number.startswith("+52") and len(number) == 13:  # noqa: PLR2004  # +52 and ten digits
        digits = number[3:]
        return f"{digits[:2]} {digits[2:6]} {digits[6:]}"
    return number
