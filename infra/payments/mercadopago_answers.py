"""What Mercado Pago's answers mean, read as from a stranger: another shape is no answer."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, cast

from infra.payments.shapes import CardProviderError, ProviderPayment, ProviderRefund

DISPUTED = frozenset({"charged_back", "in_mediation"})
REFUSED, TOO_MANY, BROKEN = 400, 429, 500
# Not let in, too early, in each other's way, too often: the question itself may be right.
PASSING = frozenset({401, 403, 408, 409, 423, 425, TOO_MANY})


def payment_of(said: object) -> ProviderPayment:
    """Raises `CardProviderError` (`unclear`)."""
    row = _object(said)
    status = _text(row, "status")
    came_back = cast("list[object]", row.get("refunds") or [])
    return ProviderPayment(
        number=_text(row, "id"),
        status=status,
        amount=_money(row.get("transaction_amount")),
        currency=_text(row, "currency_id"),
        reference=str(row.get("external_reference") or ""),
        live=row.get("live_mode") is True,
        paid=status == "approved",
        paid_at=_moment(row.get("date_approved")),
        disputed=status in DISPUTED,
        refunds=tuple(refund_of(one) for one in came_back if _went(one)),
    )


def refund_of(said: object) -> ProviderRefund:
    """Raises `CardProviderError`: `unclear`; `refund_waits`, on its way; `refund_refused`."""
    row = _object(said)
    if not _went(row):
        refused = row["status"] in {"rejected", "cancelled"}
        raise CardProviderError("refund_refused" if refused else "refund_waits", final=refused)
    return ProviderRefund(
        number=_text(row, "id"),
        amount=_money(row.get("amount")),
        at=_moment(row.get("date_created")),
    )


def _went(said: object) -> bool:
    """An answer without a status is of before they had any."""
    return _object(said).get("status") in {None, "approved"}


def rows_of(said: object) -> list[object]:
    found = _object(said).get("results")
    if not isinstance(found, list):
        raise CardProviderError("unclear")
    return cast("list[object]", found)


def refusal(status: int, said: object) -> CardProviderError:
    """A refused question is final; a refused account, a limit and a broken provider can pass."""
    if status < REFUSED:
        return CardProviderError("unclear")
    if status >= BROKEN:
        return CardProviderError("unreachable")
    if status == TOO_MANY:
        return CardProviderError("busy")
    causes = cast("dict[str, Any]", said).get("cause") if isinstance(said, dict) else None
    first = cast("list[Any]", causes)[0] if isinstance(causes, list) and causes else None
    code = cast("dict[str, Any]", first).get("code") if isinstance(first, dict) else None
    named = str(code) if str(code).isdecimal() and len(str(code)) < 9 else str(status)  # noqa: PLR2004
    return CardProviderError(f"mercadopago_{named}", final=status not in PASSING)


def _object(said: object) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise CardProviderError("unclear")
    return cast("dict[str, Any]", said)


def _text(row: dict[str, Any], name: str) -> str:
    """Short, and there: numbers of theirs come as numbers or as text."""
    value = row.get(name)
    if not isinstance(value, str | int) or isinstance(value, bool) or not 0 < len(str(value)) <= 40:  # noqa: PLR2004
        raise CardProviderError("unclear")
    return str(value)


def _money(value: object) -> Decimal:
    """Pesos with centavos; a float of theirs is read as it is written."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise CardProviderError("unclear")
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        raise CardProviderError("unclear") from None
    if not amount.is_finite() or amount != amount.quantize(Decimal("0.01")) or amount < 0:
        raise CardProviderError("unclear")
    return amount.quantize(Decimal("0.01"))


def _moment(value: object) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None
