"""Text whose columns are aligned by spaces, as it is printed: cut where the names say.

A column ends before the next name, at the place that is blank in most lines of movements: words
stand left below their name, amounts right. A line without a day is what goes on of a concept: it is
never cut inside its words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from domain.statement_columns import is_header

FEWEST_NAMES = 3
LONGEST_PREAMBLE = 120
_NAME = re.compile(r"\S+(?: \S+)*")  # one space parts words, more part columns
_WORD = re.compile(r"\S+")
_AMOUNT = re.compile(r"[-+($]*[\d.,]+[-+)]*")
_DAY = re.compile(
    r"\d{1,4}[-/. ](?:\d{1,2}|[A-Za-z]{3,10})\b|\d{1,2} ?de |[A-Za-z]{3}\.? ?\d{1,2}\b"
)

Span = tuple[int, int]


def names_in(lines: Sequence[str]) -> list[Span] | None:
    """Where the names stand in the first line that names a day and an amount."""
    for line in lines[:LONGEST_PREAMBLE]:
        spans = [found.span() for found in _NAME.finditer(line.expandtabs())]
        if len(spans) >= FEWEST_NAMES and is_header([line.expandtabs()[a:b] for a, b in spans]):
            return spans
    return None


def aligned_rows(lines: Sequence[str], names: Sequence[Span]) -> Iterator[tuple[int, list[str]]]:
    shown = [line.replace("\f", "").expandtabs().rstrip() for line in lines]
    cuts = _cuts([line for line in shown if _DAY.match(line.lstrip())], names)
    for number, line in enumerate(shown, 1):
        if line and set(line) <= set("-=_ "):  # ruled off
            continue
        moves = _DAY.match(line.lstrip()) or _reads(line, names)
        yield number, _cut(line, cuts) if moves else _placed(line, [0, *cuts])


def _cuts(movements: Sequence[str], names: Sequence[Span]) -> list[int]:
    return [_cut_between(movements, left, right) for left, right in pairwise(names)]


def _cut_between(movements: Sequence[str], left: Span, right: Span) -> int:
    """Between two names, as far right as most lines are blank; then the next column begins."""
    places = range(left[1], right[0])
    blank = {at: sum(line[at : at + 1].strip() == "" for line in movements) for at in places}
    most = max(blank.values())
    return max(at for at, lines in blank.items() if lines == most) + 1


def _reads(line: str, names: Sequence[Span]) -> bool:
    return is_header([line[a:b] for a, b in names])


def _cut(line: str, cuts: Sequence[int]) -> list[str]:
    places = [0, *(_beside_a_word(line, cut) for cut in cuts), len(line)]
    return [line[a:b].strip() for a, b in pairwise(places)]


def _beside_a_word(line: str, cut: int) -> int:
    """An amount too wide for its column begins further left, other words end further right."""
    word = next((f for f in _WORD.finditer(line) if f.start() < cut < f.end()), None)
    if word is None:
        return cut
    return word.start() if _AMOUNT.fullmatch(word[0]) else word.end()


def _placed(line: str, begins: Sequence[int]) -> list[str]:
    """Each run of words in the column that it begins in."""
    cells = [""] * len(begins)
    for found in _NAME.finditer(line):
        at = max(i for i, begin in enumerate(begins) if begin <= found.start())
        cells[at] = f"{cells[at]} {found[0]}".strip()
    return cells
