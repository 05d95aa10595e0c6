"""How values look on a screen: pesos, dates in Mexico City, names of states. Text only."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.catalog import MANY
from domain.phones import spaced
from domain.texts import ORDER_STATES, TIMELINE, pesos
from infra.clock import local, now, today
from infra.settings import STOCK_NAME, settings

BUILT_NAME = STOCK_NAME  # under which pages are built, before a shop says its own
MONTHS = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")


def signed(value: Decimal) -> str:
    """`+$150.00 MXN`, `−$50.00 MXN`."""
    return f"{'−' if value < 0 else '+'}{pesos(abs(value))}"


def day(value: date) -> str:
    """`23 nov 2026`."""
    return f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def near_day(value: date) -> str:
    """`23 nov`, with its year when it is another than this."""
    return day(value) if value.year != today().year else day(value).rpartition(" ")[0]


def moment(value: datetime | None) -> str:
    """`23 nov 2026, 14:05`, or `hoy, 14:05`."""
    if value is None:
        return ""
    here = local(value)
    when = "hoy" if here.date() == today() else day(here.date())
    return f"{when}, {here:%H:%M}"


def instant(value: datetime) -> str:
    """As `moment`, within a sentence: `hoy, 14:05`, `el 23 nov, 14:05`."""
    here = local(value)
    when = "hoy" if here.date() == today() else f"el {near_day(here.date())}"
    return f"{when}, {here:%H:%M}"


def ago(value: datetime) -> str:
    """How long it has waited: `hace 5 min`, `hace 3 h`, `hace 2 días`."""
    minutes = int((now() - value).total_seconds()) // 60
    if minutes < 1:
        return "hace un momento"
    if minutes < 60:  # noqa: PLR2004  # an hour
        return f"hace {minutes} min"
    hours = minutes // 60
    if hours < 24:  # noqa: PLR2004  # a day
        return f"hace {hours} h"
    return "hace 1 día" if hours < 48 else f"hace {hours // 24} días"  # noqa: PLR2004


def deadline(value: datetime) -> str:
    """`hoy a las 14:05`, `mañana a las 9:00`, `el 26 nov a las 14:05`."""
    here = local(value)
    near = {0: "hoy", 1: "mañana"}.get((here.date() - today()).days)
    return f"{near or f'el {near_day(here.date())}'} a las {here.hour}:{here:%M}"


def iso(value: datetime | None) -> str:
    """For the countdown in the browser."""
    return value.isoformat() if value else ""


def initials(service: str) -> str:
    """`N` for Netflix, `D+` for Disney+, `HM` for HBO Max: at most two, for the service's tile."""
    words = service.split()
    plus = "+" if service.endswith("+") else ""
    return ("".join(word[0] for word in words[:2]).upper() + plus)[:2]


# The colours a tile is drawn in; white text has at least 4.5:1 on each.
COLORS = {
    "#ab0b17": "rojo",
    "#944300": "naranja",
    "#146a37": "verde",
    "#07627f": "celeste",
    "#17398f": "azul",
    "#55299b": "morado",
    "#a12c5a": "rosa",
}


def tone(slug: str, color: str) -> str:
    """The tile's tone: one the owner chose, or the one a known service comes with."""
    return COLORS.get(color, slug)


def phone(value: str) -> str:
    """Spaced for reading; of somebody erased there is none."""
    return "Sin celular" if value.startswith("x") else spaced(value)


def state_name(status: str) -> str:
    return ORDER_STATES[status].capitalize()


def sentence(event: str, data: dict[str, Any]) -> str:
    """A line of the timeline, amounts written as pesos and days as people write them."""
    shown = {key: _shown(key, value) for key, value in data.items()}
    return TIMELINE.get(event, event).format(**shown)


def _shown(key: str, value: Any) -> Any:
    if key in {"amount", "missing"}:
        return pesos(Decimal(value))
    return day(date.fromisoformat(value)) if key == "ends" else value


def availability(units: int) -> str:
    """«12 disponibles», «Últimos 2», «Último disponible», «Agotado»; counting ends at `MANY`."""
    if units <= 0:
        return "Agotado"
    if units == 1:
        return "Último disponible"
    if units >= MANY:
        return f"Más de {MANY - 1} disponibles"
    return f"Últimos {units}" if units <= 3 else f"{units} disponibles"  # noqa: PLR2004


def shop_name() -> str:
    return settings().shop_name


def seller() -> str:
    return settings().seller_name


def support_whatsapp() -> str:
    """The shop's number as a link to a chat takes it, digits only; empty for none."""
    return "".join(c for c in settings().support_whatsapp if c.isdigit())
