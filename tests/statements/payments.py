"""Deposits that pay an order, and how a careful person can tell."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from tests.statements.events import (
    EVERY,
    PRICES,
    WITH_ACCOUNT,
    WITH_KEY,
    WITH_PAYER,
    WITH_REFERENCE,
    Events,
)
from tests.statements.people import printed

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


class Payments(Events):
    def plainly_named(self, count: int) -> None:
        regulars = [self.people.customer() for _ in range(count // 2)]
        for n in range(count):
            order = self.order(self.rng.choice(regulars))
            payer = printed(self.people.name()) if n % 7 == 0 else ""  # a friend pays
            if n % 3 == 0:
                words = self.rng.choice(FREE)
                self.pays(order, WITH_REFERENCE, words, "reference", reference=True, payer=payer)
            elif n % 3 == 1:
                words = self.rng.choice(PLAIN)
                self.pays(order, EVERY, words, "order_number", payer=payer)
            else:
                self.pays(order, WITH_REFERENCE, "Orden {n}", "reference", reference=True)

    def equal_on_one_day(self, pairs: int) -> None:
        for n in range(pairs):
            file, total = self.file(WITH_REFERENCE), self.rng.choice(PRICES)
            customer = self.people.customer() if n % 4 == 0 else None
            orders = [self.order(customer, total) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            for order in orders:
                self.pays(order, (file,), "pago", "reference", reference=True, day=day)

    def garbled(self, each: int) -> None:
        for why, patterns in GARBLED.items():
            files = ("scotiabank.txt", "banregio", "azteca.csv", "generic.csv", "stp.csv")
            for n in range(each + (why == "look_alike") * 6):
                words = patterns[n % len(patterns)]
                self.pays(self.order(), files, words, why, reference=False)

    def lost_zeros(self, count: int) -> None:
        for _ in range(count):
            order, words = self.order(), self.rng.choice(FREE)
            self.pays(order, ("hsbc.csv", "inbursa.xlsx"), words, "lost_zeros", reference=True)

    def known_payers(self, count: int) -> None:
        for n in range(count):
            if n % 5 == 0:
                payer, files = f"BNET 01{self.rng.randrange(10**8):08d}", WITH_ACCOUNT
            else:
                payer, files = printed(self.people.name()), WITH_PAYER
            order = self.order(self.people.customer(payers=(payer,)))
            self.pays(order, files, self.rng.choice(FREE), "payer", payer=payer)

    def told_keys(self, count: int) -> None:
        for n in range(count):
            order = self.order()
            order.key = self.key(order.placed_on)
            payer = "" if n % 2 else printed(self.people.name())
            words = self.rng.choice(FREE)
            self.pays(order, WITH_KEY, words, "tracking_key", key=order.key, payer=payer)

    def in_parts(self, count: int) -> None:
        for n in range(count):
            order = self.order(total=Decimal((259, 299, 349, 398)[n % 4]))
            first = Decimal(200) if n % 2 else (order.total / 2).quantize(Decimal("0.01"))
            file, day = self.file(WITH_REFERENCE), order.placed_on
            words = "anticipo Orden {n}" if n % 3 else "pago 1 de 2"
            self.pays(
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
            self.pays(order, (file,), "resto", "reference", amount=rest, day=later, reference=True)

    def too_much(self, count: int) -> None:
        for n in range(count):
            order = self.order(total=Decimal((149, 199, 89, 299)[n % 4]))
            amount = order.total + (1 if n % 3 else 51)
            words = "Orden {n}" if n % 2 else "sin cambio"
            self.pays(
                order,
                WITH_REFERENCE,
                words,
                "reference",
                expect="over",
                amount=amount,
                reference=True,
            )

    def twice(self, count: int) -> None:
        for n in range(count):
            order, file = self.order(), self.file(WITH_REFERENCE)
            day = order.placed_on
            words = "Orden {n}" if n % 2 else "pago"
            self.pays(order, (file,), words, "reference", day=day, reference=True)
            again = day + timedelta(days=n % 4)
            self.pays(
                order, (file,), words, "reference", expect="duplicate", day=again, reference=True
            )

    def too_late(self, count: int) -> None:
        for n in range(count):
            order = self.order()
            order.status = "expired"
            words = "Orden {n}" if n % 2 else "perdon por la tardanza"
            self.pays(
                order,
                WITH_REFERENCE,
                words,
                "reference",
                expect="late",
                reference=True,
                day=order.placed_on + timedelta(days=3),
            )
