"""Rows become accounts, or a sentence about what is wrong with them. Nothing is written here.

Rows of the same service and login are one account with several profiles. A row that names no
profile makes an account with as many numbered profiles as its service allows. An account comes in
whole or not at all: when one of its rows is wrong, its other rows are held back. A row that only
repeats an earlier one is left out, and harms nothing.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.import_columns import plain
from domain.import_files import Row
from domain.inventory import NewProfile, login_hash
from infra.vault import Secret

LONGEST_SECRET = 256
LONGEST_LABEL = 60
LONGEST_PIN = 12
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ].*)?")
DAY_FIRST = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
SERIAL = re.compile(r"[2-7]\d{4}")  # Excel's days since 1900, from 1954 to 2118
EXCEL_ZERO = date(1899, 12, 30)
YEARS = range(2000, 2101)
MONEY = re.compile(r"(?:\d{1,7}|\d{1,3}(?:,\d{3}){1,2})(?:\.\d{1,2})?")


@dataclass(frozen=True, slots=True)
class Issue:
    """`field` is the column it speaks of, `code` its sentence in the catalogue."""

    line: int
    field: str
    code: str
    data: dict[str, Any] = dataclasses.field(default_factory=dict[str, Any])


class WrongCellError(Exception):
    """A cell that cannot be read; it becomes an issue of its row."""

    def __init__(self, field: str, code: str, **data: Any) -> None:
        super().__init__(code)
        self.field, self.code, self.data = field, code, data


@dataclass(slots=True)
class Incoming:
    """An account as a file describes it; `line` is where it was first named."""

    line: int
    service_id: int
    login: Secret
    login_hash: str
    password: Secret | None
    plan_id: int | None
    paid_until: date | None
    cost: Decimal | None
    profiles: list[NewProfile] = dataclasses.field(default_factory=list[NewProfile])
    lines: list[int] = dataclasses.field(default_factory=list[int])
    labels: dict[str, int] = dataclasses.field(default_factory=dict[str, int])

    @property
    def key(self) -> tuple[int, str]:
        return self.service_id, self.login_hash


@dataclass(frozen=True, slots=True)
class ServiceRead:
    id: int
    name: str
    max_profiles: int
    plans: Mapping[str, int]


class Catalogue:
    """Services and plans by their names, whatever their case and accents."""

    def __init__(self, services: Iterable[tuple[str, ServiceRead]]) -> None:
        """`services` are pairs of slug and service; an exact name goes before a similar one."""
        self.by_id: dict[int, ServiceRead] = {}
        self._exact: dict[str, ServiceRead] = {}
        self._similar: dict[str, ServiceRead | None] = {}
        for slug, service in services:
            self.by_id[service.id] = service
            self._exact[service.name.casefold()] = self._exact[slug] = service
            for name in {plain(service.name), plain(slug)}:
                self._similar[name] = None if name in self._similar else service
        self._plans = {name for service in self.by_id.values() for name in service.plans}

    def service(self, name: str) -> ServiceRead:
        found = self._exact.get(name.casefold()) or self._similar.get(plain(name))
        if found is None:
            raise WrongCellError("service", "row_service_unknown")
        return found

    def plan(self, service: ServiceRead, name: str) -> int:
        found = service.plans.get(plain(name))
        if found is not None:
            return found
        code = "row_plan_elsewhere" if plain(name) in self._plans else "row_plan_unknown"
        raise WrongCellError("plan", code, service=service.name)


class Examination:
    """Reads row after row; then `leave_out` what the shop has, then `settle`."""

    def __init__(
        self, catalogue: Catalogue, mapping: Mapping[str, int], service_id: int | None
    ) -> None:
        self.catalogue, self.mapping = catalogue, mapping
        self.service = catalogue.by_id.get(service_id) if service_id else None
        self.issues: list[Issue] = []
        self._accounts: dict[tuple[int, str], Incoming] = {}

    def read(self, rows: Sequence[Row]) -> None:
        for row in rows:
            cells = {
                name: row.cells[column] if column < len(row.cells) else ""
                for name, column in self.mapping.items()
            }
            if len(row.cells) == 1 and ":" in row.cells[0]:
                self.issues.append(Issue(row.line, "login", "row_ambiguous"))
                continue
            self._take(row.line, cells)

    @property
    def hashes(self) -> list[str]:
        return [account.login_hash for account in self._accounts.values()]

    def leave_out(self, taken: Iterable[tuple[int, str]]) -> None:
        for key in taken:
            account = self._accounts.get(key)
            if account is not None:
                self.issues.append(Issue(account.line, "login", "row_login_taken"))

    def settle(self) -> list[Incoming]:
        """The accounts that can come in; the issues are then complete, in the file's order."""
        named = {issue.line for issue in self.issues}
        wrong = {issue.line for issue in self.issues if issue.code != "row_twice"}
        good: list[Incoming] = []
        for account in self._accounts.values():
            bad = wrong.intersection(account.lines)
            if not bad:
                account.lines = [line for line in account.lines if line not in named]
                good.append(account)
                continue
            self.issues += [
                Issue(line, "", "row_held_back", {"first": min(bad)})
                for line in account.lines
                if line not in named
            ]
        self.issues.sort(key=lambda issue: issue.line)
        return good

    def _take(self, line: int, cells: Mapping[str, str]) -> None:
        """Every cell that cannot be read is named; a row is one account's when it says whose."""
        wrong: list[Issue] = []

        def get(name: str, parse: Any, *words: Any) -> Any:
            try:
                return parse(*words, cells.get(name, ""))
            except WrongCellError as error:
                wrong.append(Issue(line, error.field, error.code, error.data))
                return None

        service = get("service", self._service)
        plan = get("plan", self._plan, service)
        login = get("login", _secret, "login")
        password = get("password", _secret, "password")
        label = get("profile", _label)
        pin = get("pin", _pin)
        paid_until = get("paid_until", _day)
        cost = get("cost", _money)
        if pin is not None and label == "" and service and service.max_profiles > 1:
            wrong.append(Issue(line, "profile", "row_pin_alone"))
        account = None
        if service and login:
            hashed = login_hash(login)
            account = self._accounts.get((service.id, hashed))
            if account is None:
                account = Incoming(
                    line, service.id, login, hashed, password, plan, paid_until, cost
                )
                self._accounts[account.key] = account
            elif not wrong:
                wrong += _disagreements(line, account, password, plan, paid_until, cost)
            account.lines.append(line)
            if not wrong:
                wrong += _add_profiles(line, account, service, label, pin)
        self.issues += wrong

    def _service(self, said: str) -> ServiceRead:
        if said:
            return self.catalogue.service(said)
        if self.service is None:
            raise WrongCellError("service", "row_service_missing")
        return self.service

    def _plan(self, service: ServiceRead | None, said: str) -> int | None:
        return self.catalogue.plan(service, said) if said and service else None


def _disagreements(
    line: int,
    account: Incoming,
    password: Secret,
    plan: int | None,
    paid_until: date | None,
    cost: Decimal | None,
) -> list[Issue]:
    """What this row says of the account and an earlier one says otherwise; blanks agree."""
    known = account.password
    wrong = [("password", "row_password_differs")] if known and password != known else []
    for name, code, new, old in (
        ("plan", "row_plan_differs", plan, account.plan_id),
        ("paid_until", "row_paid_until_differs", paid_until, account.paid_until),
        ("cost", "row_cost_differs", cost, account.cost),
    ):
        if new is not None and old is not None and new != old:
            wrong.append((name, code))
    account.password = known or password
    account.plan_id = account.plan_id or plan
    account.paid_until = account.paid_until or paid_until
    account.cost = cost if account.cost is None else account.cost
    return [Issue(line, name, code, {"first": account.line}) for name, code in wrong]


def _add_profiles(
    line: int, account: Incoming, service: ServiceRead, label: str, pin: Secret | None
) -> list[Issue]:
    key = label.casefold()
    if not account.labels:
        twice = 0
    else:
        twice = account.labels.get(key) or account.labels.get("") or (0 if key else account.line)
    if twice:
        return [Issue(line, "profile" if key else "login", "row_twice", {"first": twice})]
    account.labels[key] = line
    if not key:
        count = service.max_profiles
        account.profiles = [NewProfile(f"Perfil {n + 1}", pin) for n in range(count)]
        return []
    if len(account.profiles) >= service.max_profiles:
        return [
            Issue(
                line,
                "profile",
                "row_many_profiles",
                {"service": service.name, "most": service.max_profiles},
            )
        ]
    account.profiles.append(NewProfile(label, pin))
    return []


def _secret(field: str, said: str) -> Secret:
    if not said:
        raise WrongCellError(field, f"row_{field}_missing")
    if len(said) > LONGEST_SECRET or not said.isprintable():
        raise WrongCellError(field, "row_unreadable")
    return Secret(said)


def _label(said: str) -> str:
    if len(said) > LONGEST_LABEL or not said.isprintable():
        raise WrongCellError("profile", "row_label_long")
    return said


def _pin(said: str) -> Secret | None:
    if not said:
        return None
    if not (said.isascii() and said.isdigit()):
        raise WrongCellError("pin", "row_pin_digits")
    if len(said) > LONGEST_PIN:
        raise WrongCellError("pin", "row_pin_long")
    return Secret(said)


def _day(said: str) -> date | None:
    if not said:
        return None
    try:
        if found := ISO.fullmatch(said):
            day = date(int(found[1]), int(found[2]), int(found[3]))
        elif found := DAY_FIRST.fullmatch(said):
            day = date(int(found[3]), int(found[2]), int(found[1]))
        elif SERIAL.fullmatch(said):
            day = EXCEL_ZERO + timedelta(days=int(said))
        else:
            raise WrongCellError("paid_until", "row_date")
    except ValueError:
        raise WrongCellError("paid_until", "row_date") from None
    if day.year not in YEARS:
        raise WrongCellError("paid_until", "row_date")
    return day


def _money(said: str) -> Decimal | None:
    bare = said.upper().replace("MXN", "").replace("$", "").strip()
    if not bare:
        return None
    if not MONEY.fullmatch(bare):
        raise WrongCellError("cost", "row_cost")
    return Decimal(bare.replace(",", ""))
