"""What a coupon and the customer's credit leave to pay, in finished words."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from infra.payments.provider import configured
from state import views

NOTHING = Decimal(0)


@dataclass(frozen=True)
class OfferView:
    """`credit` is empty without any; `using` is how much of it, `coupon` the code that counts.

    `to_pay` is what is left after both, `covered` that nothing is; `cards` that a card may pay it.
    """

    subtotal: str = ""
    coupon: str = ""
    discount: str = ""
    total: str = ""
    credit: str = ""
    using: str = ""
    using_plain: str = ""
    to_pay: str = ""
    covered: bool = False
    cards: bool = False


def offer(
    subtotal: Decimal, *, coupon: str, discount: Decimal, credit: Decimal, using: Decimal
) -> OfferView:
    total = subtotal - discount
    used = min(using, credit, total)
    return OfferView(
        subtotal=views.pesos(subtotal),
        coupon=coupon,
        discount=f"−{views.pesos(discount)}" if discount else "",
        total=views.pesos(total),
        credit=views.pesos(credit) if credit and total else "",
        using=f"−{views.pesos(used)}" if used else "",
        using_plain=f"{used:.2f}" if used else "",
        to_pay=views.pesos(total - used),
        covered=subtotal > 0 and used == total,
        cards=configured() and used < total,
    )
