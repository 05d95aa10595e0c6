"""Deposits that nobody can settle, and movements that pay no order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from tests.statements.events import EVERY, PRICES, WITH_CHARGES, WITH_PAYER, WITH_REFERENCE, Events
from tests.statements.people import printed


class Doubts(Events):
    def could_be_two(self) -> None:
        for n in range(6):  # a customer's two orders of one price
            payer = printed(self.people.name())
            customer = self.people.customer(payers=(payer,))
            total = self.rng.choice(PRICES)
            orders = [self.order(customer, total) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            for _ in range(1 + (n == 0)):  # once, both were paid, equal to the letter
                file = "generic.csv" if n == 0 else self.file(WITH_PAYER)
                told = {"payer": payer, "reference": ""}
                entry = self.entry(day, total, "pago", **told)
                self.doubtful(file, entry, "two_orders_of_payer", orders)
        for _ in range(5):  # two strangers' orders of one price
            total = self.price_of_its_own()
            orders = [self.order(total=total) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            self.doubtful(self.file(EVERY), self.entry(day, total, "pago"), "amount_only", orders)
        for _ in range(4):  # a father pays for two children
            payer, total = printed(self.people.name()), self.rng.choice(PRICES)
            orders = [self.order(self.people.customer(payers=(payer,)), total) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            entry = self.entry(day, total, "netflix", payer=payer)
            self.doubtful(self.file(WITH_PAYER), entry, "payer_of_two", orders)
        for n in range(4):  # who is almost called like a payer
            family = printed(self.people.name()).split(" ", 1)[1]
            known, other = f"MARIA GUADALUPE {family}", f"MARIA G {family}"
            order = self.order(self.people.customer(payers=(known,)))
            payer = other if n % 2 else f"MARIO GUADALUPE {family}"
            entry = self.entry(order.placed_on, order.total, "pago", payer=payer)
            self.doubtful(self.file(WITH_PAYER), entry, "similar_name", [order])
        for _ in range(3):  # one transfer for two orders
            customer = self.people.customer()
            orders = [self.order(customer) for _ in range(2)]
            day = max(order.placed_on for order in orders)
            total = sum((order.total for order in orders), Decimal())
            payer = printed(customer.name)
            entry = self.entry(day, total, "Orden {others}", payer=payer)
            self.doubtful(self.file(EVERY), entry, "two_named", orders, named=orders[0])

    def wrongly_named(self) -> None:
        for _ in range(6):  # two digits swapped: the amount is that of the order meant
            order = self.order(total=self.price_of_its_own())
            payer = printed(order.customer.name)
            entry = self.entry(order.placed_on, order.total, "Orden {swapped}", payer=payer)
            self.doubtful(self.file(EVERY), entry, "wrong_number", [order], named=order)
        for n in range(8):  # somebody else's number, and the amount of the payer's own order
            payer = printed(self.people.name())
            customer = (
                self.people.customer(payers=(payer,)) if n % 2 else self.people.customer(payer)
            )
            order, other = self.order(customer, Decimal(149)), self.order(total=Decimal(199))
            day = max(order.placed_on, other.placed_on)
            entry = self.entry(day, order.total, "Orden {n}", payer=payer)
            self.doubtful(self.file(WITH_PAYER), entry, "wrong_number", [order, other], named=other)
        for _ in range(4):  # a reference whose check digit is wrong
            order = self.order()
            payer = printed(self.people.name())
            entry = self.entry(order.placed_on, order.total, "{wrong}", payer=payer, reference="")
            self.doubtful(self.file(EVERY), entry, "wrong_check_digit", [order], named=order)
        for _ in range(3):  # last month's concept, saved in the app, for this month's order
            customer = self.people.customer()
            old, new = (self.order(customer, Decimal(219)) for _ in range(2))
            file = self.file(WITH_REFERENCE)
            day = max(old.placed_on, new.placed_on)
            self.pays(old, (file,), "pago", "reference", day=day, reference=True)
            entry = self.entry(
                day + timedelta(days=1), new.total, "pago", payer=printed(customer.name)
            )
            self.doubtful(file, entry, "saved_concept", [old, new], named=old)
            self.deposits[-1].gives_reference = True

    def not_ours(self) -> None:
        strange = (
            *("RENTA DEPTO 1005", "FACTURA {n}", "PRESTAMO", "renta noviembre", "Tanda semana 12"),
            *("ANTICIPO COTIZACION 1118", "Orden 4821", "PAGO PEDIDO 90210", "poliza 1033"),
        )
        for n in range(18):
            words = strange[n % len(strange)]
            amount = Decimal(2600 + 417 * n) + Decimal("0.35")
            named = self.order() if "{n}" in words else None
            entry = self.entry(self.day(), amount, words, reference="")
            if named:
                entry = replace(entry, day=named.placed_on)
            self.doubtful(self.file(EVERY), entry, "stranger", named=named, expect="none")
        for n in range(8):
            words = ("TRASPASO ENTRE CUENTAS PROPIAS", "INTERESES PAGADOS", "DEVOLUCION DE COMPRA")
            amount = self.rng.choice(PRICES) if n % 2 else Decimal("3.17") + n
            entry = self.entry(self.day(), amount, words[n % 3], reference="")
            self.doubtful(self.file(WITH_CHARGES), entry, "no_sale", expect="none")

    def charges(self, count: int) -> None:
        words = (
            *("COMISION POR TRANSFERENCIA", "IVA COMISION POR TRANSFERENCIA", "SPEI ENVIADO RENTA"),
            *("PAGO DE SERVICIO CFE", "RETIRO SIN TARJETA", "COMPRA OXXO GAS", "ISR RETENIDO"),
        )
        for n in range(count):
            amount = -(self.rng.choice(PRICES) if n % 4 == 0 else Decimal(5 + n) + Decimal("0.80"))
            entry = replace(
                self.entry(self.day(), amount, words[n % len(words)], reference=""),
                payer="",
                key="",
            )
            self.doubtful(self.file(WITH_CHARGES), entry, "charge", expect="ignored")
