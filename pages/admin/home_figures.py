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
from pages.components.links import link
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
                card(_by_day(), title="Neto por día"),
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
        rx.el.p(
            "Lo vendido cuenta el día en que el pedido quedó pagado; lo devuelto, el día en que se "
            "devolvió. El dinero que entró y salió cada día está en ",
            link("Caja", to=FIGURES.cash, class_name="cu-link"),
            ".",
            class_name="cu-muted cu-small",
        ),
        as_table("Ver como tabla", _table("Neto por día", "Día", "Pedidos", days)),
        class_name="cu-stack",
    )


def _day(day: BarView) -> rx.Component:
    tip = rx.cond(
        day.profit,
        f"{day.label}: {day.net}, ganancia {day.profit}",
        f"{day.label}: {day.net}",
    )
    return column(day.share, day.gain, tip=tip, with_inner=FIGURES.with_profit)


def _by_service() -> rx.Component:
    return rx.cond(
        FIGURES.services,
        rx.el.div(
            rx.foreach(
                FIGURES.services,
                lambda one: meter(one.label, one.net, one.share, detail=one.detail),
            ),
            as_table(
                "Ver como tabla",
                _table("Neto por servicio", "Servicio", "Unidades", FIGURES.services),
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
            (named, counted, "Neto", "Ganancia"),
            rx.foreach(
                bars, lambda bar: row(*_cells(named, counted, bar), _amount("Ganancia", bar.profit))
            ),
            numeric=(counted, "Neto", "Ganancia"),
        ),
        table(
            caption,
            (named, counted, "Neto"),
            rx.foreach(bars, lambda bar: row(*_cells(named, counted, bar))),
            numeric=(counted, "Neto"),
        ),
    )


def _cells(named: str, counted: str, bar: BarView) -> tuple[Child, ...]:
    net = cell(
        "Neto",
        bar.net,
        rx.cond(bar.detail, rx.el.span(bar.detail, class_name="block cu-muted cu-small")),
        numeric=True,
    )
    return cell(named, bar.label), _amount(counted, bar.units), net


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
