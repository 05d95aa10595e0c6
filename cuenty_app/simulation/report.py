"""What an owner reads: the months one below the other, then what was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from cuenty_app.simulation import expected
from cuenty_app.simulation.findings import Check
from cuenty_app.simulation.scenario import OPENING
from cuenty_app.simulation.year import Lived

MOST_SHOWN = 8

# Heading and what it counts.
TABLES = (
    (
        "Customers and orders",
        (
            ("new", "new customers"),
            ("orders", "orders"),
            ("renewals", "renewals"),
            ("late", "paid late"),
            ("dropped", "cancelled"),
            ("sold out", "sold out"),
            ("asked", "asked to be told"),
            ("MXN in", "income"),
        ),
    ),
    (
        "Subscriptions",
        (
            ("given", "given"),
            ("waited", "waited"),
            ("longer", "lengthened"),
            ("ended", "released"),
            ("reports", "reports"),
            ("answered", "answered"),
            ("replaced", "replaced"),
            ("live", "live"),
        ),
    ),
    (
        "Stock",
        (
            ("bought", "accounts bought"),
            ("died", "accounts died"),
            ("retired", "accounts retired"),
            ("rotations", "rotations"),
            ("marked", "marked rotated"),
            ("paid sup.", "supplier payments"),
            ("of it late", "supplier paid late"),
            ("MXN out", "supplier"),
        ),
    ),
)
STATES = frozenset({"live"})  # not summed up


def report(lived: Lived, checks: Sequence[Check]) -> str:
    scenario = lived.world.scenario
    lines = [
        f"{scenario.days} days from {OPENING}, seed {scenario.seed}",
        f"{scenario.customers} customers, {scenario.accounts} accounts at the opening",
        *_downtimes(lived),
        "",
    ]
    for title, columns in TABLES:
        lines += [title, *_table(lived.world.diary, columns), ""]
    if scenario.downtimes:
        lines += [*_missed(lived), ""]
    lines += ["Findings", *(_checked(one) for one in checks)]
    for one in checks:
        if one.found:
            lines += ["", f"{one.title}:", *(f"  - {said}" for said in one.found[:MOST_SHOWN])]
            if len(one.found) > MOST_SHOWN:
                lines.append(f"  … and {len(one.found) - MOST_SHOWN} more")
    total = sum(len(one.found) for one in checks)
    return "\n".join([*lines, "", f"Found: {total}."])


def _missed(lived: Lived) -> list[str]:
    """What the downtime cost, by the shop's own rules."""
    ledger = lived.world.ledger
    all_of_them = expected.reminders(ledger, [*ledger.runs, *ledger.missed])
    swallowed = len(all_of_them - expected.reminders(ledger, ledger.runs))
    return [
        f"Reminders whose day passed without a worker: {swallowed}.",
        f"Rows the doctor left to the missing worker on those days: {lived.excused}.",
    ]


def _downtimes(lived: Lived) -> list[str]:
    days = lived.world.scenario.calendar()
    return [
        f"No worker from {days[down.first]} for {down.days} days; customers and the operator went "
        "on by hand."
        for down in lived.world.scenario.downtimes
        if down.days and down.first < len(days)
    ]


def _table(diary: dict[str, Counter[str]], columns: Sequence[tuple[str, str]]) -> list[str]:
    widths = [max(len(head), 9 if head.startswith("MXN") else 7) for head, _ in columns]
    lines = [_row("", [head for head, _ in columns], widths)]
    total: Counter[str] = Counter()
    for month in sorted(diary):
        total.update(diary[month])
        lines.append(_row(month, [_number(diary[month][what]) for _, what in columns], widths))
    summed = ["" if what in STATES else _number(total[what]) for _, what in columns]
    return [*lines, _row("total", summed, widths)]


def _row(name: str, cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = "  ".join(cell.rjust(width) for cell, width in zip(cells, widths, strict=True))
    return f"  {name:<8}{padded}".rstrip()


def _number(value: int | Decimal) -> str:
    return f"{value:,.0f}"


def _checked(one: Check) -> str:
    return f"  {one.title:<48}{len(one.found):>5}  in {one.looked_at:,} {one.of}"
