"""What customers and strangers sent to the accounts of the second corpus.

Who judges is the same careful person as in the first one, who sees only what the file shows.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.statements.events import PRICES, Events
from tests.statements.people import printed

FIRST_NUMBER = 20411
WITH_REFERENCE = (
    *("afirme.csv", "inbursa.txt", "multiva.csv", "bx.xlsx", "bbva.csv", "stp.csv"),
    *("bancoppel.txt", "banregio.xls"),
)
WITH_KEY = (
    *("banbajio.csv", "afirme.csv", "nu.csv", "multiva.csv", "bbva.csv", "stp.csv"),
    *("scotiabank.txt", "banregio.xls"),
)
WITH_PAYER = (
    *("banbajio.csv", "afirme.csv", "mercado_pago.csv", "nu.csv", "multiva.csv", "bx.xlsx"),
    *("stp.csv", "banregio.xls"),
)
WITH_WORDS = (
    *("banbajio.csv", "afirme.csv", "nu.csv", "inbursa.txt", "multiva.csv", "bx.xlsx"),
    *("bbva.csv", "stp.csv", "bancoppel.txt", "scotiabank.txt", "banregio.xls"),
)
WITH_CHARGES = (
    *(file for file in WITH_WORDS if file != "stp.csv"),
    *("mercado_pago.csv", "mercado_pago.csv"),
)
FREE = ("gracias", "pago servicio", "PAGO", "hbo max", "transferencia", "cuenta de disney", "x")
NAMED = (
    *("orden {n}", "Pago orden {n}", "mi orden {n}", "Orden {n} gracias", "#{n}", "pedido {n}"),
    *("ORDEN NO {n}", "orden:{n}", "soy ana orden {n}", "compra orden {n} hbo", "ORDEN # {n}"),
    *("pago del pedido {n}", "Orden {n} de netflix", "Orden {n}.", "orden num {n}"),
)
GARBLED = (
    *("0rden {n}", "ordn {n}", "orden{n}", "ORD. {n}", "pedido no.{n}", "orden n {n}"),
    *("ordenn {n}", "Orden numero {n}", "oden {n}", "PAGO-ORDEN-{n}", "pedido{n}"),
)
TYPED_REFERENCE = ("{r}", "ref {r}", "pago {r}", "referencia {r}", "{r} netflix")


class Cases(Events):
    def __init__(self, seed: int) -> None:
        super().__init__(seed)
        self._named()
        self._known()
        self._amounts()
        self._doubts()
        self._not_ours()
        self.orders.sort(key=lambda order: order.placed_on)
        for number, order in enumerate(self.orders, FIRST_NUMBER):
            order.number = number

    def _named(self) -> None:
        for n in range(132):
            words = NAMED[n % len(NAMED)]
            self.pays(self.order(), WITH_WORDS, words, "order_number")
        for _ in range(104):
            words = self.rng.choice(FREE)
            self.pays(self.order(), WITH_REFERENCE, words, "reference", reference=True)
        for n in range(33):
            self.pays(self.order(), WITH_WORDS, GARBLED[n % len(GARBLED)], "garbled")
        for n in range(11):
            words = TYPED_REFERENCE[n % len(TYPED_REFERENCE)]
            self.pays(self.order(), WITH_WORDS, words, "typed_reference")

    def _known(self) -> None:
        for n in range(48):
            order = self.order()
            order.key = self.key(order.placed_on)
            self.pays(order, WITH_KEY, FREE[n % len(FREE)], "tracking_key", key=order.key)
        for n in range(48):
            payer = printed(self.people.name())
            order = self.order(self.people.customer(payers=(payer,)))
            files = ("mercado_pago.csv",) if n % 3 == 0 else WITH_PAYER
            self.pays(order, files, FREE[n % len(FREE)], "payer", payer=payer)

    def _amounts(self) -> None:
        for n in range(8):  # in two parts
            order = self.order(total=Decimal((259, 299, 349, 398)[n % 4]))
            file, half = (self.file(WITH_REFERENCE),), order.total - Decimal(100)
            told = {"expect": "partial", "amount": half, "day": order.placed_on, "reference": True}
            self.pays(order, file, "Orden {n}", "reference", **told)
            later = order.placed_on + timedelta(days=2)
            self.pays(
                order, file, "resto", "reference", amount=Decimal(100), day=later, reference=True
            )
        for _ in range(8):  # a little more
            order = self.order(total=Decimal(149))
            told = {"expect": "over", "amount": Decimal(150), "reference": True}
            self.pays(order, WITH_REFERENCE, "Orden {n}", "reference", **told)
        for _ in range(8):  # twice
            order, file = self.order(), (self.file(WITH_REFERENCE),)
            day, again = order.placed_on, order.placed_on + timedelta(days=2)
            self.pays(order, file, "Orden {n}", "reference", day=day, reference=True)
            told = {"expect": "duplicate", "day": again, "reference": True}
            self.pays(order, file, "Orden {n}", "reference", **told)
        for _ in range(8):  # after its hold lapsed
            order = self.order()
            order.status = "expired"
            late = order.placed_on + timedelta(days=3)
            told = {"expect": "late", "day": late, "reference": True}
            self.pays(order, WITH_REFERENCE, "Orden {n}", "reference", **told)

    def _doubts(self) -> None:
        for n in range(5):  # a known payer's two orders of one price
            payer = printed(self.people.name())
            customer = self.people.customer(payers=(payer,))
            orders = [self.order(customer, PRICES[n]) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            entry = self.entry(day, PRICES[n], "pago", payer=payer, reference="")
            self.doubtful(self.file(WITH_PAYER), entry, "two_orders_of_payer", orders)
        for _ in range(6):  # only the amount agrees
            total = self.price_of_its_own()
            order = self.order(total=total)
            entry = self.entry(order.placed_on, total, "gracias", reference="")
            self.doubtful(self.file(WITH_PAYER), entry, "amount_only", [order])
        for _ in range(5):  # a reference whose check digit is wrong
            order = self.order()
            entry = self.entry(order.placed_on, order.total, "pago {wrong}", reference="")
            self.doubtful(self.file(WITH_WORDS), entry, "wrong_check_digit", [order], named=order)
        for _ in range(5):  # another number, the amount of the order meant
            order = self.order(total=self.price_of_its_own())
            entry = self.entry(order.placed_on, order.total, "Orden {swapped}", reference="")
            self.doubtful(self.file(WITH_WORDS), entry, "wrong_number", [order], named=order)
        for _ in range(5):  # sent back by the bank
            order = self.order()
            entry = self.entry(order.placed_on, order.total, "Orden {n}")
            entry = replace(entry, bank="DEVUELTA")
            self.doubtful("stp.csv", entry, "returned", named=order, expect="none")
            self.deposits[-1].gives_reference = True

    def _not_ours(self) -> None:
        strange = ("RENTA LOCAL 20455", "FACTURA A 20520", "tanda", "prestamo", "Pedido 77120")
        for n in range(12):
            entry = self.entry(
                self.day(), Decimal(3100 + 211 * n), strange[n % len(strange)], reference=""
            )
            self.doubtful(self.file(WITH_WORDS), entry, "stranger", expect="none")
        words = ("INTERESES PAGADOS", "DEVOLUCION COMISION", "TRASPASO ENTRE CUENTAS PROPIAS")
        for n in range(6):
            entry = self.entry(self.day(), Decimal("2.11") + n, words[n % 3], reference="")
            self.doubtful(self.file(WITH_WORDS), entry, "no_sale", expect="none")
        spent = ("COMISION SPEI", "IVA COMISION", "RETIRO CAJERO", "SPEI ENVIADO", "PAGO DE LUZ")
        for n in range(48):
            price = self.rng.choice(PRICES) if n % 2 else Decimal(5 + n) + Decimal("0.80")
            entry = self.entry(self.day(), -price, spent[n % len(spent)], reference="")
            entry = replace(entry, payer="", key="")
            self.doubtful(self.file(WITH_CHARGES), entry, "charge", expect="ignored")
