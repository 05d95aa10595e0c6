"""Payments, the cash of the days, coupons and a customer's credit, as staff see them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import models
from domain import cash, credit, export_lists, money_back, payment_pages
from domain.payment_pages import Filters
from domain.refund_notices import RefundNotice
from domain.sql import scalar
from infra.clock import today
from infra.database import reading, unit_of_work
from models.payments import PaymentSource
from state.admin.cash import CashReport
from state.admin.coupons import AdminCoupons
from state.admin.customer_credit import CustomerCredit
from state.admin.order import AdminOrder
from state.admin.order_money import OrderMoney
from state.admin.payment_list import PaymentList
from tests.builders import (
    as_staff,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    pay,
    place_order,
    sign_in_staff,
)
from tests.tabs import Tab, tabs

pytestmark = pytest.mark.usefixtures("shop")
NONSENSE: list[Any] = [None, {}, [], -1, 10**400, "1\x00", "²", "\ud800", "x" * 10**5]


@pytest.fixture
async def ana(shop: object) -> models.Customer:
    """Two orders: one overpaid through a statement, one paid twice of which a part went back."""
    del shop
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id, profiles=5)
    ana = await make_customer(name="Ana")
    boss = as_staff(await make_staff("owner", username="bea"))
    over, twice = [await place_order(ana, plan) for _ in range(2)]
    await pay(over.id, Decimal(200), bank="BBVA", source=PaymentSource.STATEMENT, reference="0042")
    await pay(twice.id, Decimal(150), tracking_key="RAST1", bank="STP")
    await pay(twice.id, Decimal(150), reference="OTRA")
    notice = RefundNotice(Decimal(100), "cash", "pagó dos veces", "DEV-1", today())
    async with unit_of_work() as session:
        await money_back.refund(session, boss, order_id=twice.id, notice=notice)
        await money_back.move_to_credit(session, boss, order_id=twice.id)
    return ana


async def sign_in(open_tab: Any, role: str = "operator", path: str = "") -> Tab:
    tab: Tab = open_tab(await sign_in_staff(await make_staff(role)))
    tab.path = path
    return tab


def seen(tab: Tab) -> list[tuple[int, str, str]]:
    return [(row.order, row.amount, row.loose) for row in tab.sees(PaymentList)["view"].rows]


async def test_payments_are_filtered_and_found_by_what_is_written_on_them(
    ana: models.Customer,
) -> None:
    del ana
    async with tabs() as open_tab:
        tab = await sign_in(open_tab)
        everything = [
            (2, "$150.00 MXN", ""),
            (2, "$150.00 MXN", ""),
            (1, "$200.00 MXN", "$50.00 MXN"),
        ]
        for asked, rows in (
            ("", everything),
            ("?sin-destino=1", everything[2:]),
            ("?fuente=statement", everything[2:]),
            ("?tipo=duplicate", everything[:1]),
            ("?banco=stp", everything[1:2]),
            ("?monto=$200", everything[2:]),
            ("?q=0042", everything[2:]),
            ("?q=rast1", everything[1:2]),
            ("?q=%232", everything[:2]),
            ("?desde=2999-01-01", []),
            ("?hasta=x&fuente=oro&monto=NaN&before=x", everything),
        ):
            tab.path = f"/admin/pagos/lista{asked}"
            await tab.send(PaymentList.load)
            assert seen(tab) == rows, asked


async def test_a_page_follows_another_without_a_gap(ana: models.Customer) -> None:
    del ana
    staff = as_staff(await make_staff())
    async with reading() as session:
        first = await payment_pages.payment_list(session, staff, Filters(), limit=2)
        rest = await payment_pages.payment_list(session, staff, Filters(), before=first[-1].id)
    assert [one.id for one in (*first, *rest)] == [3, 2, 1]


async def test_the_cash_of_a_day_is_what_came_less_what_went_and_credit_is_apart(
    ana: models.Customer,
) -> None:
    del ana
    async with tabs() as open_tab:
        tab = await sign_in(open_tab)
        for asked, one_day in (("", False), (f"?desde={today()}&hasta={today()}", True)):
            tab.path = f"/admin/pagos/caja{asked}"
            await tab.send(CashReport.load)
            view = tab.sees(CashReport)["view"]
            total = view.total
            assert (total.received, total.refunded, total.net, total.credit_given) == (
                "$500.00 MXN",
                "$100.00 MXN",
                "$400.00 MXN",
                "$50.00 MXN",
            )
            assert len(view.movements) == (5 if one_day else 0)
            assert len(view.days) == (0 if one_day else 1)
            assert [step.amount for step in view.bridge] == [
                "$300.00 MXN",
                "−$100.00 MXN",
                "+$200.00 MXN",
                "$400.00 MXN",
            ]
        names = [place.name for place in view.places]
        assert names == [
            "Estado de cuenta · BBVA (1)",
            "A mano (1)",
            "A mano · STP (1)",
            "Devolución en efectivo (1)",
        ]


async def test_the_accountants_file_has_a_row_per_movement_and_its_columns_sum(
    ana: models.Customer,
) -> None:
    del ana
    staff = as_staff(await make_staff())
    async with unit_of_work() as session:
        sheet = await export_lists.begin(session, staff, "caja", {}, form="csv")
        rows, _last = await sheet.page(session, staff, None)
    sums = {
        name: sum(Decimal(str(row[sheet.header.index(name)] or 0)) for row in rows)
        for name in ("Entra", "Sale", "Saldo dado", "Saldo usado")
    }
    assert sums == {"Entra": 500, "Sale": 100, "Saldo dado": 50, "Saldo usado": 0}
    assert not {"Costo", "Ganancia"} & set(sheet.header)
    async with unit_of_work() as session:
        sheet = await export_lists.begin(session, staff, "cobros", {"sin-destino": "1"}, form="csv")
        rows, _last = await sheet.page(session, staff, None)
    assert [row[0] for row in rows] == [1]


async def test_a_year_of_cash_is_exported_day_by_day(ana: models.Customer) -> None:
    del ana
    async with reading() as session:
        span = cash.Span.of({"desde": "2020-01-01", "hasta": str(today())})
        assert (span.until - span.since).days == cash.MOST_DAYS
        first = await cash.next_day(session, span, None)
        assert first == today()
        assert await cash.next_day(session, span, first) is None


async def test_the_owner_makes_a_coupon_and_each_mistake_stands_beside_its_field(
    ana: models.Customer,
) -> None:
    del ana
    form: dict[str, Any] = {"code": "buen fin", "kind": "percent", "value": "10", "active": "on"}
    async with tabs() as open_tab:
        tab = await sign_in(open_tab, "owner", "/admin/cupones")
        await tab.send(AdminCoupons.load)
        for wrong, field in (
            ({"code": "é"}, "code"),
            ({"value": "101"}, "value"),
            ({"value": "0"}, "value"),
            ({"kind": "gratis"}, "kind"),
            ({"scope": "s99"}, "scope"),
            ({"limit_each": "0"}, "limit_each"),
            ({"from_on": "2026-02-02", "until_on": "2026-02-01"}, "until_on"),
        ):
            await tab.send(AdminCoupons.save, form={**form, **wrong})
            assert set(tab.sees(AdminCoupons)["errors"]) == {field}, wrong
        await tab.send(AdminCoupons.save, form=form)
        [row] = tab.sees(AdminCoupons)["desk"].rows
        assert (row.code, row.off, row.state) == ("BUENFIN", "10 %", "Activo")
        await tab.send(AdminCoupons.edit, coupon=row.id)
        await tab.send(AdminCoupons.save, form={**form, "active": "", "value": "12.5"})
        [row] = tab.sees(AdminCoupons)["desk"].rows
        assert (row.off, row.state) == ("12.5 %", "Apagado")
        for nonsense in NONSENSE:
            await tab.send(AdminCoupons.save, form=nonsense)
            await tab.send(AdminCoupons.edit, coupon=nonsense)


async def test_the_owner_gives_credit_and_pays_it_out(ana: models.Customer) -> None:
    async with tabs() as open_tab:
        tab = await sign_in(open_tab, "owner", f"/admin/clientes/{ana.id}")
        await tab.send(CustomerCredit.load)
        assert tab.sees(CustomerCredit)["credit"].balance == "$50.00 MXN"
        await tab.send(CustomerCredit.give, form={"gift": "25", "reason": "por la espera"})
        assert tab.sees(CustomerCredit)["credit"].balance == "$75.00 MXN"
        paid = {
            "refund_amount": "75",
            "method": "cash",
            "refund_reference": "R",
            "refund_reason": "lo pidió",
        }
        await tab.send(CustomerCredit.pay_out, form={**paid, "refund_amount": "76"})
        assert set(tab.sees(CustomerCredit)["errors"]) == {"amount"}
        await tab.send(CustomerCredit.pay_out, form=paid)
        assert tab.sees(CustomerCredit)["credit"].balance == "$0.00 MXN"
        for nonsense in NONSENSE:
            await tab.send(CustomerCredit.give, form=nonsense)
            await tab.send(CustomerCredit.pay_out, form=nonsense)
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM credit_entries") == 3


async def test_an_operator_moves_what_is_too_much_and_a_stale_button_moves_nothing(
    ana: models.Customer,
) -> None:
    async with tabs() as open_tab:
        both = [await sign_in(open_tab, path="/admin/pedidos/1") for _ in range(2)]
        for tab in both:
            await tab.send(AdminOrder.load)
            assert tab.sees(AdminOrder)["order"].money.loose == "$50.00 MXN"
        await both[0].send(OrderMoney.to_credit)
        assert both[0].sees(AdminOrder)["said"] == "$50.00 MXN pasaron a su saldo a favor."
        await both[1].send(OrderMoney.to_credit)
        assert "cambió mientras tanto" in both[1].sees(OrderMoney)["notice"]
    async with reading() as session:
        owner = as_staff(await make_staff("owner"))
        assert await credit.balance(session, owner, customer_id=ana.id or 0) == 100
