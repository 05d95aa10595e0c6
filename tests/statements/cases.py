"""What customers and strangers send, and what a careful person says of it.

Such a person has the file and the orders. They take a reference or a number that is plainly meant
if the amount agrees, a payer they know if only one order waits for that amount, and a tracking key
they were told. They take nothing that could as well be another order's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random

from domain.payments import reference_of
from tests.statements.people import BANKS, Customer, People, printed
from tests.statements.shapes import Entry

FIRST_DAY, LAST_DAY = date(2026, 11, 2), date(2026, 11, 24)
FIRST_NUMBER = 1001
PRICES = [
    Decimal(price)
    for price in (
        *("79", "89", "99", "109", "119", "129", "139", "149", "159", "169.50", "179", "189"),
        *("199", "219", "229", "249", "279", "299", "349", "398", "1234.50"),
    )
]
FREE = (
    "",
    "pago",
    "netflix",
    "spotify familiar",
    "Gracias!",
    "transferencia",
    "disney y max",
    "SPEI",
)
PLAIN = (
    *("Orden {n}", "ORDEN {n}", "orden #{n}", "Pedido {n}", "pago orden {n}", "Orden {n} netflix"),
    *("PAGO DE LA ORDEN {n}", "orden: {n}", "Orden No. {n}", "pedido no {n}", "Orden num {n} max"),
)
GARBLED = {
    "look_alike": ("Orden {look}", "0rden {n}", "0RDEN {look}", "pedid0 {look}", "orden #{look}"),
    "no_sign": ("ORDEN{n}", "orden{n}", "Ord {n}", "ord{n}", "PED {n}", "Pedido{n}"),
    "glued": ("ORDEN{n}NETFLIX", "PAGOORDEN{n}", "netflixorden{n}", "pagopedido{n}", "Orden{n}max"),
    "typed": ("Ordem {n}", "Órden {n}", "Orden número {n}", "Oreden {n}", "ORDEN-{n}", "Orden_{n}"),
    "reference_look_alike": ("{rlook}", "ref {rlook}", "{rlook} netflix"),
    "reference_in_words": ("{r}", "pago {r}", "{r3} {r4}", "numero {r}"),
}
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


class Cases:
    """Makes everything that happened in these weeks."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)  # noqa: S311  # the same files each time
        self.people = People(self._rng)
        self.orders: list[Order] = []
        self.deposits: list[Deposit] = []
        self._files: dict[tuple[str, ...], cycle[str]] = {}
        self._serial = 0
        self._odd = Decimal("411.10")
        self._all()
        self.orders.sort(key=lambda order: order.placed_on)
        for number, order in enumerate(self.orders, FIRST_NUMBER):
            order.number = number

    def _all(self) -> None:
        self._plainly_named(560)
        self._equal_on_one_day(12)
        self._garbled(9)
        self._lost_zeros(30)
        self._known_payers(40)
        self._told_keys(110)
        self._in_parts(20)
        self._too_much(16)
        self._twice(16)
        self._too_late(16)
        self._could_be_two()
        self._wrongly_named()
        self._not_ours()
        self._charges(64)

    # What every case is made of

    def _file(self, files: tuple[str, ...]) -> str:
        return next(self._files.setdefault(files, cycle(files)))

    def _day(self) -> date:
        return FIRST_DAY + timedelta(days=self._rng.randrange((LAST_DAY - FIRST_DAY).days - 3))

    def _order(self, customer: Customer | None = None, total: Decimal | None = None) -> Order:
        made = Order(
            customer or self.people.customer(),
            total if total is not None else self._rng.choice(PRICES),
            self._day(),
        )
        self.orders.append(made)
        return made

    def _price_of_its_own(self) -> Decimal:
        """An amount that nothing else costs."""
        self._odd += Decimal("1.37")
        return self._odd

    def _key(self, day: date) -> str:
        serial = f"{self._rng.randrange(10**9):09d}"
        return self._rng.choice(
            (
                f"MBAN0100{day:%y%m%d}{serial}",
                f"8846APAA{day:%Y%m%d}{serial}",
                f"{day:%Y%m%d}40014BMOV{serial}",
                f"NU39{serial}K{serial[:4]}",
                f"{day:%y%m%d}{serial}",
            )
        )

    def _entry(self, day: date, amount: Decimal, words: str, **told: str) -> Entry:
        self._serial += 1
        bank, code = self._rng.choice(BANKS)
        payer = told.get("payer") or printed(self.people.name())
        reference = told.get("reference", self._rng.choice(("", "1", f"{day:%d%m%y}", "1234567")))
        key = told.get("key") or self._key(day)
        return Entry(
            day, amount, words, reference, key, payer, bank, code, 10_300_000 + self._serial * 37
        )

    def _pays(
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
        day = day or order.placed_on + timedelta(days=self._rng.randrange(4))
        payer = told.pop("payer", "") or printed(order.customer.name)
        entry = self._entry(day, amount or order.total, words, payer=payer, **told)
        made = Deposit(self._file(files), entry, expect, why, order, gives_reference=reference)
        self.deposits.append(made)
        return made

    def _doubtful(
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

    # Payments

    def _plainly_named(self, count: int) -> None:
        regulars = [self.people.customer() for _ in range(count // 2)]
        for n in range(count):
            order = self._order(self._rng.choice(regulars))
            payer = printed(self.people.name()) if n % 7 == 0 else ""  # a friend pays
            if n % 3 == 0:
                words = self._rng.choice(FREE)
                self._pays(order, WITH_REFERENCE, words, "reference", reference=True, payer=payer)
            elif n % 3 == 1:
                words = self._rng.choice(PLAIN)
                self._pays(order, EVERY, words, "order_number", payer=payer)
            else:
                self._pays(order, WITH_REFERENCE, "Orden {n}", "reference", reference=True)

    def _equal_on_one_day(self, pairs: int) -> None:
        for n in range(pairs):
            file, total = self._file(WITH_REFERENCE), self._rng.choice(PRICES)
            customer = self.people.customer() if n % 4 == 0 else None
            orders = [self._order(customer, total) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            for order in orders:
                self._pays(order, (file,), "pago", "reference", reference=True, day=day)

    def _garbled(self, each: int) -> None:
        for why, patterns in GARBLED.items():
            files = ("scotiabank.txt", "banregio", "azteca.csv", "generic.csv", "stp.csv")
            for n in range(each + (why == "look_alike") * 6):
                words = patterns[n % len(patterns)]
                self._pays(self._order(), files, words, why, reference=False)

    def _lost_zeros(self, count: int) -> None:
        for _ in range(count):
            order, words = self._order(), self._rng.choice(FREE)
            self._pays(order, ("hsbc.csv", "inbursa.xlsx"), words, "lost_zeros", reference=True)

    def _known_payers(self, count: int) -> None:
        for n in range(count):
            if n % 5 == 0:
                payer, files = f"BNET 01{self._rng.randrange(10**8):08d}", WITH_ACCOUNT
            else:
                payer, files = printed(self.people.name()), WITH_PAYER
            order = self._order(self.people.customer(payers=(payer,)))
            self._pays(order, files, self._rng.choice(FREE), "payer", payer=payer)

    def _told_keys(self, count: int) -> None:
        for n in range(count):
            order = self._order()
            order.key = self._key(order.placed_on)
            payer = "" if n % 2 else printed(self.people.name())
            words = self._rng.choice(FREE)
            self._pays(order, WITH_KEY, words, "tracking_key", key=order.key, payer=payer)

    def _in_parts(self, count: int) -> None:
        for n in range(count):
            order = self._order(total=Decimal((259, 299, 349, 398)[n % 4]))
            first = Decimal(200) if n % 2 else (order.total / 2).quantize(Decimal("0.01"))
            file, day = self._file(WITH_REFERENCE), order.placed_on
            words = "anticipo Orden {n}" if n % 3 else "pago 1 de 2"
            self._pays(
                order,
                (file,),
                words,
                "reference",
                expect="partial",
                amount=first,
                day=day,
                reference=True,
            )
            rest, later = order.total - first, day + timedelta(days=1 + n % 3)
            self._pays(order, (file,), "resto", "reference", amount=rest, day=later, reference=True)

    def _too_much(self, count: int) -> None:
        for n in range(count):
            order = self._order(total=Decimal((149, 199, 89, 299)[n % 4]))
            amount = order.total + (1 if n % 3 else 51)
            words = "Orden {n}" if n % 2 else "sin cambio"
            self._pays(
                order,
                WITH_REFERENCE,
                words,
                "reference",
                expect="over",
                amount=amount,
                reference=True,
            )

    def _twice(self, count: int) -> None:
        for n in range(count):
            order, file = self._order(), self._file(WITH_REFERENCE)
            day = order.placed_on
            words = "Orden {n}" if n % 2 else "pago"
            self._pays(order, (file,), words, "reference", day=day, reference=True)
            again = day + timedelta(days=n % 4)
            self._pays(
                order, (file,), words, "reference", expect="duplicate", day=again, reference=True
            )

    def _too_late(self, count: int) -> None:
        for n in range(count):
            order = self._order()
            order.status = "expired"
            words = "Orden {n}" if n % 2 else "perdon por la tardanza"
            self._pays(
                order,
                WITH_REFERENCE,
                words,
                "reference",
                expect="late",
                reference=True,
                day=order.placed_on + timedelta(days=3),
            )

    # What nobody can settle

    def _could_be_two(self) -> None:
        for n in range(6):  # a customer's two orders of one price
            payer = printed(self.people.name())
            customer = self.people.customer(payers=(payer,))
            total = self._rng.choice(PRICES)
            orders = [self._order(customer, total) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            for _ in range(1 + (n == 0)):  # once, both were paid, equal to the letter
                file = "generic.csv" if n == 0 else self._file(WITH_PAYER)
                told = {"payer": payer, "reference": ""}
                entry = self._entry(day, total, "pago", **told)
                self._doubtful(file, entry, "two_orders_of_payer", orders)
        for _ in range(5):  # two strangers' orders of one price
            total = self._price_of_its_own()
            orders = [self._order(total=total) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            self._doubtful(
                self._file(EVERY), self._entry(day, total, "pago"), "amount_only", orders
            )
        for _ in range(4):  # a father pays for two children
            payer, total = printed(self.people.name()), self._rng.choice(PRICES)
            orders = [self._order(self.people.customer(payers=(payer,)), total) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            entry = self._entry(day, total, "netflix", payer=payer)
            self._doubtful(self._file(WITH_PAYER), entry, "payer_of_two", orders)
        for n in range(4):  # who is almost called like a payer
            family = printed(self.people.name()).split(" ", 1)[1]
            known, other = f"MARIA GUADALUPE {family}", f"MARIA G {family}"
            order = self._order(self.people.customer(payers=(known,)))
            payer = other if n % 2 else f"MARIO GUADALUPE {family}"
            entry = self._entry(order.placed_on, order.total, "pago", payer=payer)
            self._doubtful(self._file(WITH_PAYER), entry, "similar_name", [order])
        for _ in range(3):  # one transfer for two orders
            customer = self.people.customer()
            orders = [self._order(customer) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            total = sum((order.total for order in orders), Decimal())
            payer = printed(customer.name)
            entry = self._entry(day, total, "Orden {others}", payer=payer)
            self._doubtful(self._file(EVERY), entry, "two_named", orders, named=orders[0])

    def _wrongly_named(self) -> None:
        for _ in range(6):  # two digits swapped: the amount is that of the order meant
            order = self._order(total=self._price_of_its_own())
            payer = printed(order.customer.name)
            entry = self._entry(order.placed_on, order.total, "Orden {swapped}", payer=payer)
            self._doubtful(self._file(EVERY), entry, "wrong_number", [order], named=order)
        for n in range(8):  # somebody else's number, and the amount of the payer's own order
            payer = printed(self.people.name())
            customer = (
                self.people.customer(payers=(payer,)) if n % 2 else self.people.customer(payer)
            )
            order, other = self._order(customer, Decimal(149)), self._order(total=Decimal(199))
            day = max(order.placed_on, other.placed_on)
            entry = self._entry(day, order.total, "Orden {n}", payer=payer)
            self._doubtful(
                self._file(WITH_PAYER), entry, "wrong_number", [order, other], named=other
            )
        for _ in range(4):  # a reference whose check digit is wrong
            order = self._order()
            payer = printed(self.people.name())
            entry = self._entry(order.placed_on, order.total, "{wrong}", payer=payer, reference="")
            self._doubtful(self._file(EVERY), entry, "wrong_check_digit", [order], named=order)
        for _ in range(3):  # last month's concept, saved in the app, for this month's order
            customer = self.people.customer()
            old, new = (self._order(customer, Decimal(219)) for _ in range(2))
            file = self._file(WITH_REFERENCE)
            day = max(old.placed_on, new.placed_on)
            self._pays(old, (file,), "pago", "reference", day=day, reference=True)
            entry = self._entry(
                day + timedelta(days=1), new.total, "pago", payer=printed(customer.name)
            )
            self._doubtful(file, entry, "saved_concept", [old, new], named=old)
            self.deposits[-1].gives_reference = True

    # What is no payment

    def _not_ours(self) -> None:
        strange = (
            *("RENTA DEPTO 1005", "FACTURA {n}", "PRESTAMO", "renta noviembre", "Tanda semana 12"),
            *("ANTICIPO COTIZACION 1118", "Orden 4821", "PAGO PEDIDO 90210", "poliza 1033"),
        )
        for n in range(18):
            words = strange[n % len(strange)]
            amount = Decimal(2600 + 417 * n) + Decimal("0.35")
            named = self._order() if "{n}" in words else None
            entry = self._entry(self._day(), amount, words, reference="")
            if named:
                entry = replace(entry, day=named.placed_on)
            self._doubtful(self._file(EVERY), entry, "stranger", named=named, expect="none")
        for n in range(8):
            words = ("TRASPASO ENTRE CUENTAS PROPIAS", "INTERESES PAGADOS", "DEVOLUCION DE COMPRA")
            amount = self._rng.choice(PRICES) if n % 2 else Decimal("3.17") + n
            entry = self._entry(self._day(), amount, words[n % 3], reference="")
            self._doubtful(self._file(WITH_CHARGES), entry, "no_sale", expect="none")

    def _charges(self, count: int) -> None:
        words = (
            *("COMISION POR TRANSFERENCIA", "IVA COMISION POR TRANSFERENCIA", "SPEI ENVIADO RENTA"),
            *("PAGO DE SERVICIO CFE", "RETIRO SIN TARJETA", "COMPRA OXXO GAS", "ISR RETENIDO"),
        )
        for n in range(count):
            amount = -(self._rng.choice(PRICES) if n % 4 == 0 else Decimal(5 + n) + Decimal("0.80"))
            entry = replace(
                self._entry(self._day(), amount, words[n % len(words)], reference=""),
                payer="",
                key="",
            )
            self._doubtful(self._file(WITH_CHARGES), entry, "charge", expect="ignored")
