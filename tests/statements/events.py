"""What a case is made of: orders, deposits that speak of them, and the days of it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random

from domain.payments import reference_of
from tests.statements.entries import Entry
from tests.statements.people import BANKS, Customer, People, printed

FIRST_DAY, LAST_DAY = date(2026, 11, 2), date(2026, 11, 24)
PRICES = [
    Decimal(price)
    for price in (
        *("79", "89", "99", "109", "119", "129", "139", "149", "159", "169.50", "179", "189"),
        *("199", "219", "229", "249", "279", "299", "349", "398", "1234.50"),
    )
]
# Files by what they show; `banregio` is one account in two files that overlap.
WITH_REFERENCE = (
    *("bbva.csv", "bbva.xlsx", "bbva.txt", "santander.csv", "banorte.csv", "citibanamex.csv"),
    *("hsbc.csv", "stp.csv", "scotiabank.txt", "inbursa.xlsx", "banregio"),
)
WITH_KEY = ("bbva.xlsx", "banorte.csv", "citibanamex.csv", "stp.csv", "azteca.csv")
WITH_PAYER = (
    "santander.csv",
    "banorte.csv",
    "citibanamex.csv",
    "stp.csv",
    "inbursa.xlsx",
    "generic.csv",
)
WITH_ACCOUNT = ("bbva.csv", "bbva.txt")
WITH_CHARGES = (*(f for f in WITH_REFERENCE if f != "stp.csv"), "azteca.csv", "generic.csv")
EVERY = (*WITH_REFERENCE, "azteca.csv", "generic.csv")
LOOKS = str.maketrans("0158", "OlSB")


@dataclass(slots=True, eq=False)
class Order:
    customer: Customer
    total: Decimal
    placed_on: date
    status: str = "pending_payment"
    key: str = ""
    number: int = 0

    @property
    def reference(self) -> str:
        return reference_of(self.number)


@dataclass(slots=True)
class Deposit:
    """`words` is a pattern, filled in when orders have numbers. `named` is the one it speaks of."""

    file: str
    entry: Entry
    expect: str
    why: str
    order: Order | None = None
    named: Order | None = None
    gives_reference: bool = False
    candidates: Sequence[Order] = field(default_factory=tuple)

    def written(self) -> Entry:
        order = self.named or self.order
        if order is None:
            return self.entry
        number, reference = str(order.number), order.reference
        words = self.entry.words.format(
            n=number,
            look=number.translate(LOOKS),
            r=reference,
            r3=reference[:3],
            r4=reference[3:],
            rlook=reference.translate(str.maketrans("0", "O")),
            wrong=f"{reference[:-1]}{(int(reference[-1]) + 3) % 10}",
            swapped=swapped(number),
            others=" y ".join(str(one.number) for one in self.candidates),
        )
        typed = reference if self.gives_reference else self.entry.reference
        return replace(self.entry, words=words, reference=typed)


def swapped(number: str) -> str:
    """Another number of the corpus, one slip of the finger away."""
    if number[-1] != number[-2]:
        return number[:-2] + number[-1] + number[-2]
    return number[:-1] + str((int(number[-1]) + 1) % 10)


class Events:
    """Orders and deposits as they come to be, before the orders have numbers."""

    def __init__(self, seed: int) -> None:
        self.rng = Random(seed)  # noqa: S311  # the same files each time
        self.people = People(self.rng)
        self.orders: list[Order] = []
        self.deposits: list[Deposit] = []
        self._files: dict[tuple[str, ...], cycle[str]] = {}
        self._serial = 0
        self._odd = Decimal("411.10")

    def file(self, files: tuple[str, ...]) -> str:
        return next(self._files.setdefault(files, cycle(files)))

    def day(self) -> date:
        return FIRST_DAY + timedelta(days=self.rng.randrange((LAST_DAY - FIRST_DAY).days - 3))

    def order(self, customer: Customer | None = None, total: Decimal | None = None) -> Order:
        made = Order(
            customer or self.people.customer(),
            total if total is not None else self.rng.choice(PRICES),
            self.day(),
        )
        self.orders.append(made)
        return made

    def price_of_its_own(self) -> Decimal:
        """An amount that nothing else costs."""
        self._odd += Decimal("1.37")
        return self._odd

    def key(self, day: date) -> str:
        serial = f"{self.rng.randrange(10**9):09d}"
        return self.rng.choice(
            (
                f"MBAN0100{day:%y%m%d}{serial}",
                f"8846APAA{day:%Y%m%d}{serial}",
                f"{day:%Y%m%d}40014BMOV{serial}",
                f"NU39{serial}K{serial[:4]}",
                f"{day:%y%m%d}{serial}",
            )
        )

    def entry(self, day: date, amount: Decimal, words: str, **told: str) -> Entry:
        self._serial += 1
        bank, code = self.rng.choice(BANKS)
        payer = told.get("payer") or printed(self.people.name())
        reference = told.get("reference", self.rng.choice(("", "1", f"{day:%d%m%y}", "1234567")))
        key = told.get("key") or self.key(day)
        return Entry(
            day, amount, words, reference, key, payer, bank, code, 10_300_000 + self._serial * 37
        )

    def pays(
        self,
        order: Order,
        files: tuple[str, ...],
        words: str,
        why: str,
        *,
        expect: str = "matched",
        amount: Decimal | None = None,
        day: date | None = None,
        reference: bool = False,
        **told: str,
    ) -> Deposit:
        day = day or order.placed_on + timedelta(days=self.rng.randrange(4))
        payer = told.pop("payer", "") or printed(order.customer.name)
        entry = self.entry(day, amount or order.total, words, payer=payer, **told)
        made = Deposit(self.file(files), entry, expect, why, order, gives_reference=reference)
        self.deposits.append(made)
        return made

    def doubtful(
        self,
        file: str,
        entry: Entry,
        why: str,
        candidates: Sequence[Order] = (),
        named: Order | None = None,
        expect: str = "ambiguous",
    ) -> None:
        self.deposits.append(
            Deposit(file, entry, expect, why, named=named, candidates=tuple(candidates))
        )
