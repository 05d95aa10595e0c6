"""How the shop goes in a period: figures, bars by day and by service, how far orders got."""

from collections.abc import Sequence

import reflex as rx

from pages import routes
from pages.components.bars import as_table, column, columns, meter
from pages.components.buttons import quiet_button
from pages.components.cards import card
from pages.components.feedback import error_region
from pages.components.forms import text_field
from pages.components.kinds import Child, Text
from pages.components.search import QueryForm
from pages.components.table import cell, row, table
from pages.components.tabs import counted_tab, tabs
from state.admin.home import AdminHome
from state.admin.home_figures import BarView, FigureView, StepView

FIGURES = AdminHome.figures
PERIOD = AdminHome.period


def figures() -> rx.Component:
    return rx.el.section(
        rx.el.h2("Cómo va la tienda", class_name="text-xl"),
        tabs("Periodo", [rx.foreach(PERIOD.tabs, counted_tab)]),
        _other_period(),
        error_region(AdminHome.notice),
        rx.cond(FIGURES.cards, _shown()),
        class_name="cu-stack mt-2",
    )


def _other_period() -> rx.Component:
    """Two dates; sent as an address, so that the period can be shared and reloaded."""
    return QueryForm.create(
        rx.el.input(type="hidden", name="periodo", value="otro"),
        text_field(
            "Desde",
            "desde",
            error=AdminHome.errors["since"],
            type="date",
            default_value=PERIOD.since,
            key=f"desde-{PERIOD.key}",
        ),
        text_field(
            "Hasta",
            "hasta",
            error=AdminHome.errors["until"],
            type="date",
            default_value=PERIOD.until,
            key=f"hasta-{PERIOD.key}",
        ),
        rx.el.div(quiet_button("Ver periodo", type="submit"), class_name="sm:pt-7"),
        method="get",
        action=routes.ADMIN,
        role="search",
        custom_attrs={"aria-label": "Otro periodo"},
        class_name="grid gap-3 grid-cols-2 sm:grid-cols-[11rem_11rem_auto] items-start "
        "justify-start",
    )


def _shown() -> rx.Component:
    return rx.el.div(
        rx.el.p(FIGURES.said, class_name="cu-muted cu-small", role="status"),
        rx.el.dl(
            rx.foreach(FIGURES.cards, _figure),
            class_name="grid gap-3 grid-cols-2 md:grid-cols-3 2xl:grid-cols-5",
        ),
        rx.el.div(
            rx.el.div(
                card(_by_day(), title="Ingresos"),
                card(_funnel(), title="Hasta dónde llegan los pedidos"),
                class_name="cu-stack",
            ),
            card(_by_service(), title="Por servicio"),
            class_name="grid gap-4 items-start xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]",
        ),
        class_name="cu-stack",
    )


def _figure(one: FigureView) -> rx.Component:
    return rx.el.div(
        rx.el.dt(one.label, class_name="cu-muted cu-small font-semibold"),
        rx.el.dd(
            rx.el.span(one.value, class_name="cu-price text-xl sm:text-2xl block"),
            rx.el.span(
                one.change,
                class_name=rx.cond(
                    one.good,
                    "cu-small text-success",
                    rx.cond(one.bad, "cu-small text-error", "cu-small cu-muted"),
                ),
            ),
            class_name="mt-1",
        ),
        class_name="cu-card min-w-0",
    )


def _by_day() -> rx.Component:
    days = FIGURES.days
    return rx.el.div(
        columns(
            rx.foreach(days, _day),
            first=FIGURES.first,
            last=FIGURES.last,
        ),
        rx.cond(
            FIGURES.with_profit,
            rx.el.p("La parte fuerte de cada barra es ganancia.", class_name="cu-muted cu-small"),
        ),
        as_table("Ver como tabla", _table("Ingresos por día", "Día", "Pedidos", days)),
        class_name="cu-stack",
    )


def _day(day: BarView) -> rx.Component:
    tip = rx.cond(
        day.profit,
        f"{day.label}: {day.revenue}, ganancia {day.profit}",
        f"{day.label}: {day.revenue}",
    )
    return column(day.share, day.gain, tip=tip, with_inner=FIGURES.with_profit)


def _by_service() -> rx.Component:
    return rx.cond(
        FIGURES.services,
        rx.el.div(
            rx.foreach(
                FIGURES.services,
                lambda one: meter(one.label, one.revenue, one.share),
            ),
            as_table(
                "Ver como tabla",
                _table("Ingresos por servicio", "Servicio", "Unidades", FIGURES.services),
            ),
            class_name="cu-stack",
        ),
        rx.el.p("En este periodo no se pagó ningún pedido.", class_name="cu-muted"),
    )


def _table(caption: str, named: str, counted: str, bars: Sequence[BarView]) -> rx.Component:
    return rx.cond(
        FIGURES.with_profit,
        table(
            caption,
            (named, counted, "Ingresos", "Ganancia"),
            rx.foreach(
                bars, lambda bar: row(*_cells(named, counted, bar), _amount("Ganancia", bar.profit))
            ),
            numeric=(counted, "Ingresos", "Ganancia"),
        ),
        table(
            caption,
            (named, counted, "Ingresos"),
            rx.foreach(bars, lambda bar: row(*_cells(named, counted, bar))),
            numeric=(counted, "Ingresos"),
        ),
    )


def _cells(named: str, counted: str, bar: BarView) -> tuple[Child, ...]:
    return cell(named, bar.label), _amount(counted, bar.units), _amount("Ingresos", bar.revenue)


def _amount(label: str, value: Text) -> rx.Component:
    return cell(label, value, numeric=True)


def _funnel() -> rx.Component:
    return rx.el.div(
        rx.foreach(FIGURES.funnel, _step),
        rx.el.p(FIGURES.profiles, class_name="cu-muted cu-small cu-num"),
        class_name="cu-stack",
    )


def _step(step: StepView) -> rx.Component:
    return meter(step.label, f"{step.count} · {step.of_placed}", step.share)
