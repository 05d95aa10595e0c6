"""Rows become movements by what their columns are said to hold, each with its sign or a problem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from domain.import_columns import plain
from domain.import_files import Row
from domain.statement_columns import MONEY, Mapping, is_header, name_of
from domain.statement_guards import Guards
from domain.statement_movements import Movement
from domain.statement_sides import IN, OUT, sides
from domain.statement_signs import Booked, signed
from domain.statement_values import (
    AHEAD,
    bare,
    decimal_sign,
    is_blank,
    is_signed,
    month_first,
    read_amount,
    read_date,
    whole,
)
from domain.statement_wording import key_in, parted, payer_in, payer_of, reference_in
from domain.texts import REFUSALS

MOVES = 3  # a day, words, an amount
LOST_ZEROS = re.compile(r"(\d{1,7})(?:\.0+)?")
BELOW = re.compile(
    r"(?:sub ?)?total(?:es)?\b|saldo\b|resumen\b|fin de\b|numero de\b|pagina\b|hoja\b"
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that moves money, as it seems, and cannot be read; `code` is in the catalogue.

    Line 0 stands for the whole file.
    """

    line: int
    code: str

    @property
    def message(self) -> str:
        return REFUSALS[self.code]


@dataclass(slots=True)
class Draft:
    """A row that moves money; `side` is what the file says of it, None when it says nothing."""

    row: Row
    booked_on: date
    amount: Decimal
    side: int | None
    balance: Decimal | None
    goes_on: list[str] = field(default_factory=list[str])


class Reader:
    """Reads one table. `above` are the rows over it, which printed pages repeat."""

    def __init__(
        self, mapping: Mapping, headers: Sequence[str], above: Sequence[Row], today: date
    ) -> None:
        self._columns: dict[str, list[int]] = {}
        for column, name in enumerate(mapping):
            self._columns.setdefault(name, []).append(column)
        self._headers, self._today = headers, today
        self._guards = Guards(headers)
        self._names = [name_of(cell) for cell in headers]
        self._letterhead = {_shape(row) for row in above}
        self.problems: list[Problem] = []

    def movements(self, body: Sequence[Row]) -> list[Movement]:
        self._learn(body)
        drafts: list[Draft] = []
        chain: list[Draft | Decimal] = []
        goes_on = False  # whether the row above belongs to a movement
        last_line = 0
        for row in body:
            goes_on = goes_on and row.line <= last_line + 1
            last_line = row.line
            if self._is_words(row):
                if self._repeats(row):
                    goes_on = False
                    continue
                if is_header(row.cells) and any(self._names):
                    self.problems.append(Problem(row.line, "statement_other_table"))
                    break
            if goes_on and (more := self._continues(row)):
                drafts[-1].goes_on.append(more)
                continue
            draft = self._draft(row)
            goes_on = draft is not None
            if draft is not None:
                drafts.append(draft)
                chain.append(draft)
            elif (balance := self._balance(row)) is not None:
                chain.append(balance)
        return self._signed(chain)

    def _learn(self, body: Sequence[Row]) -> None:
        """What only all the rows together tell: how days, decimals and signs are written."""
        money = [name for name in (*MONEY, "balance") if name in self._columns]
        self._month_first = month_first(self._cell(row, "date") for row in body)
        self._decimal = decimal_sign(self._cell(row, name) for row in body for name in money)
        self._is_signed = is_signed(self._cell(row, "amount") for row in body)
        header = self._headers[self._columns["type"][0]] if "type" in self._columns else ""
        self._sides = sides((self._cell(row, "type") for row in body), header)

    def _cells(self, row: Row, name: str) -> list[str]:
        found = (row.cells[i] for i in self._columns.get(name, ()) if i < len(row.cells))
        return [part for cell in found if (part := bare(cell))]

    def _cell(self, row: Row, name: str) -> str:
        """What stands in the columns of this name; only a concept has several."""
        return " ".join(self._cells(row, name))

    def _balance(self, row: Row) -> Decimal | None:
        return read_amount(self._cell(row, "balance"), self._decimal)

    def _is_words(self, row: Row) -> bool:
        """Whether names or a letterhead may stand here: not where a day and two values do."""
        return not self._cell(row, "date")[:1].isdigit() or sum(map(bool, row.cells)) < MOVES

    def _repeats(self, row: Row) -> bool:
        """A printed page begins with the same letterhead and names as the first one."""
        return [name_of(cell) for cell in row.cells] == self._names or (
            _shape(row) in self._letterhead
        )

    def _continues(self, row: Row) -> str:
        """The words by which the concept above goes on; banks put them below it or at the left."""
        here = {i for i, cell in enumerate(row.cells) if cell}
        if here <= set(self._columns.get("concept", ())):
            words = self._cell(row, "concept")
        elif here == {self._columns["date"][0]} or here == {0}:
            [only] = here
            words = bare(row.cells[only])
            if read_date(words, self._today) or read_amount(words) is not None:
                return ""
        else:
            return ""
        return "" if _is_below(words) else words

    def _draft(self, row: Row) -> Draft | None:
        day = self._cell(row, "date")
        money = any(not is_blank(self._cell(row, name)) for name in MONEY)
        if not day or not money or _is_below(day):
            return None
        booked_on = read_date(day, self._today, month_first=self._month_first)
        if booked_on is None:
            if any(read_amount(self._cell(row, name), self._decimal) for name in MONEY):
                self.problems.append(Problem(row.line, "statement_day"))
            return None
        amount = self._amount(row) if len(row.cells) <= len(self._headers) else None
        wrong = (
            "statement_amount"
            if amount is None
            else "statement_ahead"
            if booked_on > self._today + AHEAD
            else self._guards.against(row)
        )
        if wrong:
            self.problems.append(Problem(row.line, wrong))
            return None
        if not amount:
            return None
        return Draft(row, booked_on, amount, self._side(row, amount), self._balance(row))

    def _amount(self, row: Row) -> Decimal | None:
        """As it stands. A file with two columns says by the column which way money went."""
        values: dict[str, Decimal] = {}
        for name in MONEY:
            cell = self._cell(row, name)
            if is_blank(cell):
                continue
            value = read_amount(cell, self._decimal)
            if value is None:
                return None
            values[name] = value
        if "amount" in values:
            return values["amount"]
        charge, credit = abs(values.get("charge", Decimal())), values.get("credit", Decimal())
        return None if charge and credit else credit - charge

    def _side(self, row: Row, amount: Decimal) -> int | None:
        by_sign = IN if amount > 0 else OUT
        if "type" in self._columns:
            side = self._sides.of(self._cell(row, "type"))
            return None if side == IN and by_sign == OUT else side  # a deposit taken back
        return by_sign if self._is_signed or "amount" not in self._columns else None

    def _signed(self, chain: Sequence[Draft | Decimal]) -> list[Movement]:
        drafts = [one for one in chain if isinstance(one, Draft)]
        first, last = (drafts[0].booked_on, drafts[-1].booked_on) if drafts else (None, None)
        said = signed(
            [self._booked(one) for one in chain],
            newest_first=None if first is None or last is None or first == last else first > last,
            told="type" in self._columns,
        )
        found: list[Movement] = []
        for one, amount in zip(chain, said, strict=True):
            if isinstance(one, Draft):
                if isinstance(amount, str):
                    self.problems.append(Problem(one.row.line, amount))
                else:
                    found.append(self._movement(one, amount))
        self.problems.sort(key=lambda problem: problem.line)
        return found

    def _booked(self, one: Draft | Decimal) -> Booked:
        if isinstance(one, Draft):
            return Booked(one.amount, one.side, one.balance, self._cell(one.row, "concept"))
        return Booked(None, None, one, "")

    def _movement(self, draft: Draft, amount: Decimal) -> Movement:
        """With what the whole concept says and no column did."""
        row = draft.row
        concept = parted(" ".join((self._cell(row, "concept"), *draft.goes_on)).strip())
        key = "".join(self._cell(row, "tracking_key").split()).upper()
        alone = (payer_of(cell) for cell in self._cells(row, "concept"))
        read = Movement(
            line=row.line,
            booked_on=draft.booked_on,
            amount=amount,
            concept=concept,
            reference=_reference(whole(self._cell(row, "reference"))),
            tracking_key=whole(key) if key else whole(key_in(concept)),
            payer=self._cell(row, "payer") or next(filter(None, alone), ""),
            balance=draft.balance,
        )
        return replace(
            read,
            reference=read.reference or _reference(reference_in(concept)),
            payer=read.payer or payer_in(concept),
        )


def _shape(row: Row) -> str:
    """A row whatever numbers are in it: `Página 2` is `Página 1` again."""
    return re.sub(r"\d+", "0", plain(" ".join(row.cells)))


def _is_below(text: str) -> bool:
    return BELOW.match(plain(text)) is not None


def _reference(text: str) -> str:
    """Seven digits, their lost zeros put back; nothing but zeros says nothing."""
    found = LOST_ZEROS.fullmatch(text)
    if not text.strip("0"):
        return ""
    return found[1].zfill(7) if found else text
