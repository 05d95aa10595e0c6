"""The figures of a period as a page shows them: with the change since the one before, and bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

import reflex as rx

from domain import statistics
from domain.cash import Span
from domain.statistics import Figures, Part, Period, Statistics
from state import asked, forms, views

PATH, CASH = "/admin", "/admin/pagos/caja"
DEFAULT, CUSTOM = "30", "otro"
NAMES = {"hoy": "Hoy", "7": "7 días", DEFAULT: "30 días", "mes": "Este mes"}
MOST_BARS = 62  # days; a longer period shows months


@dataclass(frozen=True)
class PeriodTab:
    label: str
    address: str
    active: bool
    count: str = ""


@dataclass(frozen=True)
class PeriodView:
    """`since` and `until` fill the form; `key` changes when it must be drawn anew."""

    tabs: Sequence[PeriodTab] = ()
    since: str = ""
    until: str = ""
    key: str = ""


@dataclass(frozen=True)
class FigureView:
    """`change` says how it moved since the period before; `good` and `bad` colour it."""

    label: str
    value: str
    change: str
    good: bool = False
    bad: bool = False


@dataclass(frozen=True)
class BarView:
    """`share` is the bar in percent of the longest, `gain` the profit in percent of the bar.

    The bar is `net`: what was sold less what went back. `detail` says how much, where anything did.
    """

    label: str
    units: str
    net: str
    detail: str
    profit: str
    share: str
    gain: str


@dataclass(frozen=True)
class StepView:
    label: str
    count: str
    share: str
    of_placed: str


@dataclass(frozen=True)
class FiguresView:
    """`first` and `last` name the ends of the row of days.

    `with_profit` is whether whoever looks may know what things cost; `cash` is the address of the
    cash report of the same days.
    """

    said: str = ""
    cards: Sequence[FigureView] = ()
    days: Sequence[BarView] = ()
    first: str = ""
    last: str = ""
    services: Sequence[BarView] = ()
    funnel: Sequence[StepView] = ()
    profiles: str = ""
    with_profit: bool = False
    cash: str = ""


def asked_period(state: rx.State) -> Period:
    """The period in the address. Raises `InvalidInput` for days that are none or go backwards."""
    said = asked.query(state)
    if said.get("periodo") == CUSTOM:
        return Period(forms.day(said.get("desde"), "since"), forms.day(said.get("hasta"), "until"))
    return {
        "hoy": statistics.last_days(1),
        "7": statistics.last_days(7),
        "mes": statistics.this_month(),
    }.get(said.get("periodo", ""), statistics.last_days(30))


def periods(state: rx.State) -> PeriodView:
    """The choices, with the form filled as it was sent."""
    said = asked.query(state)
    chosen = said.get("periodo", DEFAULT)
    chosen = chosen if chosen in {*NAMES, CUSTOM} else DEFAULT
    since, until = (forms.echoed(said.get(name, ""), longest=10) for name in ("desde", "hasta"))
    return PeriodView(
        tuple(
            PeriodTab(
                label,
                asked.address(PATH, {"periodo": "" if name == DEFAULT else name}),
                name == chosen,
            )
            for name, label in NAMES.items()
        ),
        since if chosen == CUSTOM else "",
        until if chosen == CUSTOM else "",
        f"{chosen}{since}{until}",
    )


def figures_view(seen: Statistics) -> FiguresView:
    period = seen.period
    days = _bars([_named_day(one, period) for one in _by_span(seen.by_day, period)])
    return FiguresView(
        said=_said(period),
        cards=tuple(_cards(seen.figures, seen.before)),
        days=days,
        first=days[0].label,
        last=days[-1].label if len(days) > 1 else "",
        services=_bars(seen.by_service),
        funnel=_funnel(seen),
        profiles=f"Perfiles: {seen.profiles_occupied} ocupados · {seen.profiles_free} libres",
        with_profit=seen.figures.profit is not None,
        cash=asked.address(CASH, Span(period.since, period.until).said()),
    )


def _said(period: Period) -> str:
    if period.since == period.until:
        return f"{views.day(period.since)}, contra el día anterior"
    days = (period.until - period.since).days + 1
    return (
        f"Del {views.near_day(period.since)} al {views.day(period.until)}, "
        f"contra los {days} días anteriores"
    )


def _cards(now: Figures, before: Figures) -> list[FigureView]:
    sold = [
        _money("Ingresos", now.revenue, before.revenue),
        _money("Devoluciones", now.returned, before.returned, wanted=False),
        _money("Neto", now.net, before.net),
    ]
    cards = [
        _count("Pedidos", now.total_orders, before.total_orders),
        _count("Pagados", now.orders_paid, before.orders_paid),
        _count("Entregados", now.orders_delivered, before.orders_delivered),
        _money("Ticket promedio", now.average_ticket, before.average_ticket),
        FigureView("Por pagar", f"{now.pending_payments:,}", "Pedidos del periodo sin pago"),
    ]
    if now.profit is None or now.cost is None or before.profit is None or before.cost is None:
        return [*sold, *cards]
    margin = "—" if now.margin is None else f"{now.margin} %"
    was = "Sin ventas antes" if before.margin is None else f"Antes {before.margin} %"
    owners = [
        _money("Ganancia", now.profit, before.profit),
        _money("Costo", now.cost, before.cost, wanted=None),
        FigureView("Margen", margin, was),
    ]
    return [*sold, *owners, *cards]


def _money(label: str, now: Decimal, before: Decimal, *, wanted: bool | None = True) -> FigureView:
    return _moved(label, _pesos(now), now, before, wanted=wanted)


def _count(label: str, now: int, before: int) -> FigureView:
    return _moved(label, f"{now:,}", Decimal(now), Decimal(before), wanted=True)


def _pesos(amount: Decimal) -> str:
    """Short: on this page everything is in Mexican pesos."""
    said = views.pesos(abs(amount)).removesuffix(" MXN")
    return f"−{said}" if amount < 0 else said


def _moved(
    label: str, value: str, now: Decimal, before: Decimal, *, wanted: bool | None
) -> FigureView:
    """`wanted`: more of it is good news; None: neither good nor bad."""
    if now == before:
        return FigureView(label, value, "Igual que antes")
    more = now > before
    change = "Antes no hubo" if not before else f"{abs(100 * (now - before) / before):,.0f} %"
    said = change if not before else f"{'▲' if more else '▼'} {change}"
    return FigureView(label, value, said, wanted is more, wanted is not None and wanted is not more)


def _by_span(days: Sequence[Part], period: Period) -> list[Part]:
    """Days as they are or, of a long period, months."""
    if (period.until - period.since).days < MOST_BARS:
        return list(days)
    months = groupby(days, key=lambda part: part.name[:7])
    return [_sum(name, list(parts)) for name, parts in months]


def _sum(name: str, parts: Sequence[Part]) -> Part:
    profits = [part.profit for part in parts if part.profit is not None]
    return Part(
        name,
        sum(part.units for part in parts),
        sum((part.revenue for part in parts), Decimal(0)),
        sum((part.returned for part in parts), Decimal(0)),
        sum(profits, Decimal(0)) if profits else None,
    )


def _named_day(part: Part, period: Period) -> Part:
    if len(part.name) == len("2026-01"):
        year, month = part.name.split("-")
        name = f"{views.MONTHS[int(month) - 1]} {year}"
    else:
        day = date.fromisoformat(part.name)
        name = views.near_day(day) if day.year == period.until.year else views.day(day)
    return replace(part, name=name)


def _bars(parts: Sequence[Part]) -> tuple[BarView, ...]:
    most = max((part.net for part in parts), default=Decimal(0))
    return tuple(
        BarView(
            label=part.name,
            units=f"{part.units:,}",
            net=_pesos(part.net),
            detail=_detail(part),
            profit="" if part.profit is None else _pesos(part.profit),
            share=_percent(part.net, most),
            gain=_percent(part.profit or Decimal(0), part.net),
        )
        for part in parts
    )


def _detail(part: Part) -> str:
    return f"{_pesos(part.returned)} devuelto" if part.returned else ""


def _percent(amount: Decimal, most: Decimal) -> str:
    if most <= 0 or amount <= 0:
        return "0%"
    return f"{100 * amount / most:.1f}%"


def _funnel(seen: Statistics) -> tuple[StepView, ...]:
    placed = seen.funnel.placed
    steps = (
        ("Realizados", placed),
        ("Pagados", seen.funnel.paid),
        ("Entregados", seen.funnel.delivered),
    )
    return tuple(
        StepView(
            label,
            f"{count:,}",
            _percent(Decimal(count), Decimal(placed)),
            f"{100 * count / placed:.0f} %" if placed else "—",
        )
        for label, count in steps
    )
