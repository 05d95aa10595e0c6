"""Who is at this browser, as the frames of all pages show it. It holds no token and no secret.

Pages load it first: `on_load=[Visitor.load, …]`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

import reflex as rx
from reflex_base.event import EventSpec

from domain import carts
from infra import browser
from infra.database import reading
from infra.payments.provider import configured
from infra.settings import settings
from state import views
from state.access import Gate, actor, allow, principal
from state.live import live
from state.outcomes import Outcomes, told

PARAGRAPHS = re.compile(r"(?:\r?\n[ \t]*){2,}")
# A form, because only an answer to a page's own request may set an HttpOnly cookie. The tab's
# token goes too, so the next person in this browser starts with an empty state.
POST = """(() => {
  sessionStorage.clear();
  const form = document.createElement("form");
  form.method = "post";
  form.action = %s;
  for (const [name, value] of Object.entries(%s)) {
    const input = document.createElement("input");
    Object.assign(input, { type: "hidden", name, value });
    form.append(input);
  }
  document.body.append(form);
  form.submit();
})()"""


def enter(ticket: str, next_path: str = "/") -> EventSpec:
    """Change a ticket of `domain.sessions` for the cookie, then load `next_path` afresh."""
    fields = {"ticket": ticket, "next": browser.local_path(next_path)}
    return rx.call_script(POST % (json.dumps("/api/auth/session"), json.dumps(fields)))


def leave() -> EventSpec:
    """End the session and load the front page afresh."""
    return rx.call_script(POST % (json.dumps("/api/auth/session/end"), "{}"))


@dataclass(frozen=True)
class ShopView:
    """The shop, who sells there and where to write to them; `whatsapp` has digits, or nothing.

    `cards`: one may pay with a card, too.

    `legal` is the owner's own text for the page that is shown, in paragraphs; empty where Cuenty's
    own stands. No other page carries it.
    """

    name: str
    seller: str
    whatsapp: str
    cards: bool
    legal: tuple[str, ...] = ()


def _shop(path: str = "") -> ShopView:
    texts = {"/terminos": settings().terms_text, "/privacidad": settings().privacy_text}
    parts = PARAGRAPHS.split(texts.get(path.rstrip("/"), ""))
    legal = tuple(part.strip() for part in parts if part.strip())
    return ShopView(
        views.shop_name(), views.seller(), views.support_whatsapp(), configured(), legal
    )


class Visitor(Outcomes, rx.State):
    """`name` is empty while nobody is signed in; `kind` is `guest`, `customer` or `staff`."""

    name: str = ""
    kind: str = "guest"
    role: str = ""
    signed_in: bool = False
    is_staff: bool = False
    is_owner: bool = False
    must_change_password: bool = False
    cart_count: str = ""
    demo: bool = settings().demo
    shop: ShopView = _shop()

    @rx.event
    @allow(Gate.PUBLIC)
    async def load(self) -> None:
        async with told(self):
            who, person = actor(), principal()
            if who.staff:
                live.watch(self, f"session:{who.session_id}")
            count = await cart_count()
            self.kind, self.role = who.kind, who.role
            self.name = person.name if person else ""
            self.signed_in = who.kind == "customer"
            self.is_staff, self.is_owner = who.staff, who.owner
            self.must_change_password = bool(person and person.must_change_password)
            self.cart_count = count
            self.demo = settings().demo
            self.shop = _shop(self.router.url.path)

    async def _look_again(self) -> None:
        """The session is watched for its end alone, and then nobody looks again: the tab leaves."""

    @rx.event
    @allow(Gate.PUBLIC)
    async def sign_out(self) -> EventSpec:
        return leave()


async def cart_count() -> str:
    """How many units are in the cart of whoever asks, empty for none; for layouts' badges."""
    async with reading() as session:
        count = await carts.count(session, actor())
    return str(count) if count else ""
