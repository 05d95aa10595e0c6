"""The two ways in which WhatsApp knows a Mexican mobile."""

from __future__ import annotations

import re

MEXICAN = re.compile(r"\+52([0-9]{10})")


def wa_form(to: str) -> str:
    """`+521…` for a Mexican `+52…`; any other number as it is.

    Mexico dropped the 1 of its mobiles in 2019; WhatsApp still knows many of them with it.
    """
    found = MEXICAN.fullmatch(to)
    return f"+521{found[1]}" if found else to
