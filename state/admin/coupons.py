"""The owner's coupons: a list, one being made or changed, and who used it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import coupon_desk
from domain.coupon_desk import CouponLine, CouponTerms, Use
from infra.clock import today
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told

EDIT, USES = "cupon", "usos-del-cupon"
LONGEST = 40


@dataclass(frozen=True)
class CouponRow:
    """As listed, and as its form starts: `kind` is percent or amount, `scope` is as in scopes."""

    id: int = 0
    code: str = ""
    off: str = ""
    scope_said: str = ""
    limits: str = ""
    used: str = ""
    state: str = ""
    tone: str = "neutral"
    kind: str = "percent"
    value: str = ""
    scope: str = ""
    minimum: str = ""
    limit_total: str = ""
    limit_each: str = ""
    from_on: str = ""
    until_on: str = ""
    active: bool = True


@dataclass(frozen=True)
class UseRow:
    order: int
    who: str
    amount: str
    when: str
    returned: bool


@dataclass(frozen=True)
class ScopeOption:
    key: str
    said: str


@dataclass(frozen=True)
class CouponDesk:
    """`editing` without an id is a new one; `times` empties its form."""

    rows: tuple[CouponRow, ...] = ()
    scopes: tuple[ScopeOption, ...] = ()
    editing: CouponRow = CouponRow()
    uses: tuple[UseRow, ...] = ()
    times: int = 0
    said: str = ""
    loaded: bool = False


class AdminCoupons(Outcomes, rx.State):
    desk: CouponDesk = CouponDesk()

    @rx.event
    @allow(Gate.OWNER)
    async def load(self) -> None:
        async with told(self):
            await self._show("")

    @rx.event
    @allow(Gate.OWNER)
    async def edit(self, coupon: int) -> EventSpec | None:
        """Open the form with one of the list, or with 0 for a new one."""
        async with told(self):
            number = forms.whole(coupon, "id", least=0, most=2**63 - 1)
            chosen = next((row for row in self.desk.rows if row.id == number), CouponRow())
            self.desk = _with(self.desk, editing=chosen, times=self.desk.times + 1)
            return rx.run_script(f"document.getElementById('{EDIT}')?.showModal()")
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def save(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            said, number = forms.fields(form), self.desk.editing.id
            terms = coupon_terms(said)
            async with unit_of_work() as session:
                if number:
                    await coupon_desk.change(session, actor(), coupon_id=number, terms=terms)
                else:
                    code = forms.text(said.get("code"), "code", longest=LONGEST, required=True)
                    await coupon_desk.create(session, actor(), code=code, terms=terms)
            await self._show("Guardamos el cupón." if number else "El cupón ya se puede usar.")
            return rx.run_script(f"document.getElementById('{EDIT}')?.close()")
        return None

    @rx.event
    @allow(Gate.OWNER)
    async def show_uses(self, coupon: int) -> EventSpec | None:
        async with told(self):
            number = forms.row_id(coupon)
            async with reading() as session:
                found = await coupon_desk.uses(session, actor(), coupon_id=number)
            chosen = next((row for row in self.desk.rows if row.id == number), CouponRow())
            self.desk = _with(self.desk, editing=chosen, uses=tuple(map(_use, found)))
            return rx.run_script(f"document.getElementById('{USES}')?.showModal()")
        return None

    async def _show(self, said: str) -> None:
        async with reading() as session:
            found = await coupon_desk.coupon_list(session, actor())
            scopes = await coupon_desk.scopes(session, actor())
        self.desk = CouponDesk(
            rows=tuple(_row(one) for one in found),
            scopes=tuple(ScopeOption(*one) for one in scopes),
            times=self.desk.times + 1,
            said=said,
            loaded=True,
        )


def _with(desk: CouponDesk, **changed: Any) -> CouponDesk:
    known = {name: getattr(desk, name) for name in CouponDesk.__dataclass_fields__}
    return CouponDesk(**{**known, "said": "", **changed})


def coupon_terms(said: dict[str, object]) -> CouponTerms:
    """A coupon as its form says it; each field's mistake stands beside it."""
    kind = forms.choice(said.get("kind"), "kind", {"percent", "amount"})
    value = forms.money(said.get("value"), "value")
    scope = forms.text(said.get("scope"), "scope", longest=LONGEST)
    return CouponTerms(
        percent=value if kind == "percent" else None,
        amount=value if kind == "amount" else None,
        service_id=forms.row_id(scope[1:], "scope") if scope.startswith("s") else None,
        plan_id=forms.row_id(scope[1:], "scope") if scope.startswith("p") else None,
        minimum=forms.money(said["minimum"], "minimum", least=Decimal(0))
        if said.get("minimum")
        else Decimal(0),
        limit_total=_limit(said, "limit_total"),
        limit_each=_limit(said, "limit_each"),
        from_on=forms.day(said["from_on"], "from_on") if said.get("from_on") else None,
        until_on=forms.day(said["until_on"], "until_on") if said.get("until_on") else None,
        active=forms.flag(said.get("active")),
    )


def _limit(said: dict[str, object], field: str) -> int | None:
    if not said.get(field):
        return None
    return forms.whole(said[field], field, least=1, most=coupon_desk.HIGHEST)


def _row(one: CouponLine) -> CouponRow:
    state, tone = _state(one)
    off = f"{one.percent.normalize():f} %" if one.percent else views.pesos(one.amount or Decimal(0))
    most = f" de {one.limit_total}" if one.limit_total else ""
    saved = f" · {views.pesos(one.saved)} en descuentos" if one.saved else ""
    scope = f"s{one.service_id}" if one.service_id else f"p{one.plan_id}" if one.plan_id else ""
    return CouponRow(
        id=one.id,
        code=one.code,
        off=off,
        scope_said=one.scope or "Todo el catálogo",
        limits=_limits(one),
        used=f"{one.uses}{most} {'uso' if one.uses == 1 and not most else 'usos'}{saved}",
        state=state,
        tone=tone,
        kind="percent" if one.percent else "amount",
        value=str(one.percent.normalize() if one.percent else one.amount),
        scope=scope,
        minimum=f"{one.minimum:.2f}" if one.minimum else "",
        limit_total=str(one.limit_total or ""),
        limit_each=str(one.limit_each or ""),
        from_on=str(one.from_on or ""),
        until_on=str(one.until_on or ""),
        active=one.active,
    )


def _state(one: CouponLine) -> tuple[str, str]:
    day = today()
    if not one.active:
        return "Apagado", "neutral"
    if one.until_on is not None and one.until_on < day:
        return "Vencido", "neutral"
    if one.limit_total is not None and one.uses >= one.limit_total:
        return "Agotado", "warning"
    if one.from_on is not None and one.from_on > day:
        return "Por empezar", "info"
    return "Activo", "success"


def _limits(one: CouponLine) -> str:
    said = (
        one.minimum and f"Desde {views.pesos(one.minimum)}",
        one.limit_each and f"{one.limit_each} por cliente",
        one.from_on and f"del {views.day(one.from_on)}",
        one.until_on and f"hasta el {views.day(one.until_on)}",
    )
    return " · ".join(str(part) for part in said if part)


def _use(one: Use) -> UseRow:
    return UseRow(
        order=one.order_id,
        who=one.customer_name or "Sin nombre",
        amount=views.pesos(one.amount),
        when=views.moment(one.used_at),
        returned=one.returned,
    )
