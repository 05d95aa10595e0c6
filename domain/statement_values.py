"""Days, amounts and long numbers as Mexican banks write them.

Days stand first, as in `21/11/2026`, unless a whole column can only be read month first. A day
without a year is the latest such day that is not in the future. A transfer of Friday night is of
the next working day: so much may a day lie ahead and no more.

Of `,` and `.` the last one parts the decimals when both stand in an amount. With one of them, three
digits behind it say nothing: the other amounts of the file decide, and where none does it parts
thousands, since money has two decimals. What stays doubtful is no amount.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

from domain.import_columns import plain
from domain.import_rows import EXCEL_ZERO, YEARS

CENT = Decimal("0.01")
MOST = Decimal("9999999999.99")
AHEAD = timedelta(days=4)  # over a long weekend
MONTHS = (
    *("enero january", "febrero february", "marzo march", "abril april", "mayo may"),
    *("junio june", "julio july", "agosto august", "septiembre setiembre september sept"),
    *("octubre october", "noviembre november", "diciembre december"),
)
GROUP = 3  # digits of a group of thousands
LEAP_YEARS_APART = 8  # at most, around 2100

TIME = r"(?:[T ]+\d{1,2}:\d{2}.*)?"
YEAR_FIRST = re.compile(r"(\d{4})[-/. ](\d{1,2})[-/. ](\d{1,2})" + TIME)
YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})(?:[-/. ](\d{4}|\d{2}))?" + TIME)
WEEKDAY = re.compile(r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo) ")
NAMED = re.compile(
    r"(\d{1,2}) ?(?:de )?([a-z]{3,10})(?: ?(?:del? )?(\d{4}|\d{2}))?(?: \d{1,2} .*)?"
)
NAME_FIRST = re.compile(r"([a-z]{3,10}) (\d{1,2})(?: (\d{4}))?(?: \d{1,2} .*)?")
EIGHT = re.compile(r"\d{8}")
SERIAL = re.compile(r"([2-7]\d{4})(?:\.\d+)?")  # Excel's days since 1900, from 1954 to 2118

CURRENCY = re.compile(r"MX\$|\$|MXN|MXP|PESOS|M\.?N\.?(?![A-Z])", re.IGNORECASE)
EXACT = 15  # digits of a number that a spreadsheet keeps
ROUNDED = re.compile(r"-?\d+(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
MINUS = str.maketrans("−–—", "---")  # as word processors write it
AMOUNT = re.compile(r"(\()?([+-]?)((?:\d[\d.,]*)|(?:[.,]\d+))([+-]?)(\))?")


def bare(cell: str) -> str:
    """A cell without what only protects it from Excel (`'0042`, `="0042"`) and odd spaces."""
    text = " ".join(cell.split())
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text[1:].removesuffix("'").strip() if text.startswith("'") else text


def read_date(text: str, today: date, *, month_first: bool = False) -> date | None:
    text = bare(text)
    if found := YEAR_FIRST.fullmatch(text):
        year, month, day = map(int, found.groups())
        return _date(year, month, day)
    if found := YEAR_LAST.fullmatch(text):
        day, month = (int(found[2]), int(found[1])) if month_first else map(int, found.groups()[:2])
        return _date(_year(found[3]), month, day) if found[3] else _latest(month, day, today)
    if EIGHT.fullmatch(text):
        return _date(int(text[:4]), int(text[4:6]), int(text[6:])) or _date(
            int(text[4:]), int(text[2:4]), int(text[:2])
        )
    if found := SERIAL.fullmatch(text):
        return EXCEL_ZERO + timedelta(days=int(found[1]))
    return _named(WEEKDAY.sub("", plain(text), count=1), today)


def _named(text: str, today: date) -> date | None:
    if found := NAMED.fullmatch(text):
        day, name, year = found.groups()
    elif found := NAME_FIRST.fullmatch(text):
        name, day, year = found.groups()
    else:
        return None
    month = _month(name)
    if not month:
        return None
    return _date(_year(year), month, int(day)) if year else _latest(month, int(day), today)


def _month(name: str) -> int:
    """1 to 12 by the name or how it begins; 0 for another word."""
    return next(
        (
            n
            for n, names in enumerate(MONTHS, 1)
            if any(whole.startswith(name) for whole in names.split())
        ),
        0,
    )


def month_first(cells: Iterable[str]) -> bool:
    """Whether the days of a column stand behind the months, as in an English export."""
    found = [match for cell in cells if (match := YEAR_LAST.fullmatch(bare(cell)))]
    most_first = max((int(match[1]) for match in found), default=0)
    most_second = max((int(match[2]) for match in found), default=0)
    return most_first <= len(MONTHS) < most_second


def read_amount(text: str, decimal: str = "") -> Decimal | None:
    """In pesos with its sign, `None` for none. `decimal` is what parts decimals in this file."""
    found = AMOUNT.fullmatch(_bare_amount(text))
    if found is None or bool(found[1]) != bool(found[5]) or (found[2] and found[4]):
        return None
    digits = found[3]
    value = _value(digits, _decimal_in(digits), decimal)
    if value is None or value > MOST:
        return None
    return -value if found[1] or "-" in (found[2], found[4]) else value


def decimal_sign(cells: Iterable[str]) -> str:
    """What parts the decimals in most amounts of a file, empty when no amount shows it."""
    shown = Counter(
        sign
        for cell in cells
        if (found := AMOUNT.fullmatch(_bare_amount(cell))) and (sign := _decimal_in(found[3]))
    )
    return max(sorted(shown, reverse=True), key=shown.__getitem__, default="")


def whole(text: str) -> str:
    """A long number as it was; nothing when a spreadsheet rounded it, as in `1.23E+17`.

    What is left of it names any of a thousand numbers, so it must name none.
    """
    if ROUNDED.fullmatch(text) or (text.isdigit() and not text[EXACT:].strip("0") and text[EXACT:]):
        return ""
    return text


def is_signed(cells: Iterable[str]) -> bool:
    """Whether the amounts of a column say by their signs which way money went."""
    shown = [_bare_amount(cell) for cell in cells]
    return any(cell[:1] in "(+-" or cell[-1:] in "+-" for cell in shown if cell.strip("-"))


def is_blank(text: str) -> bool:
    """Banks also write a dash, or only the peso sign, where there is no amount."""
    return not _bare_amount(text).strip("-")


def _bare_amount(text: str) -> str:
    return CURRENCY.sub("", "".join(bare(text).translate(MINUS).split()))


def _decimal_in(digits: str) -> str:
    """The sign that can only part decimals here, empty in doubt."""
    signs = [c for c in digits if c in ".,"]
    if not signs:
        return ""
    last = signs[-1]
    whole, _, behind = digits.rpartition(last)
    if len(set(signs)) > 1:
        return last
    if len(signs) > 1:
        return "." if last == "," else ","
    grouped = len(behind) == GROUP and 1 <= len(whole) <= GROUP and whole != "0"
    return "" if grouped else last


def _value(digits: str, own: str, decimal: str) -> Decimal | None:
    if own:
        whole, _, behind = digits.rpartition(own) if own in digits else (digits, "", "")
    elif decimal and decimal in digits:  # `1.234` where points part decimals
        return None
    else:
        whole, behind = digits, ""
    groups = re.split(r"[.,]", whole)
    if len(groups) > 1 and not (1 <= len(groups[0]) <= GROUP and _are_groups(groups[1:])):
        return None
    if own and own in whole:
        return None
    if behind[2:].strip("0"):
        return None
    return Decimal(f"{''.join(groups) or '0'}.{behind[:2] or '0'}").quantize(CENT)


def _are_groups(groups: list[str]) -> bool:
    return all(len(group) == GROUP for group in groups)


def _year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else 2000 + int(digits)  # noqa: PLR2004  # `26`


def _latest(month: int, day: int, today: date) -> date | None:
    for year in range(today.year, today.year - LEAP_YEARS_APART - 1, -1):
        found = _date(year, month, day)
        if found and found <= today:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found.year in YEARS else None
