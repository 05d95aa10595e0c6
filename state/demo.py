"""The demo's messages, which it keeps instead of sending. No other shop shows any."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass

import reflex as rx
from reflex.experimental.client_state import ClientStateVar
from reflex_base.event import EventSpec

from domain import demo
from domain.demo import KeptMessage
from infra.database import reading
from infra.settings import settings
from state import asked, views
from state.access import Gate, allow
from state.order_parts import CHANNELS
from state.outcomes import Outcomes, told
from state.pushed import push

LONGEST_PHONE = 40
CODE = re.compile(r"código es (\d{6})")


@dataclass(frozen=True)
class MessageView:
    """`code` is the login code in the body, to be copied; most messages have none."""

    channel: str
    to: str
    when: str
    body: str
    code: str


# Bodies hold login codes: they live in the browser that asked, and in no State.
KEPT = ClientStateVar.create("demo_messages", default=[])


class DemoMessages(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed."""

    phase: str = "loading"
    to: str = ""
    none: bool = False

    @rx.event
    @allow(Gate.PUBLIC)
    async def load(self) -> EventSpec | None:
        if not settings().demo:
            self.phase = "missing"
            return None
        async with told(self):
            self.to = asked.query(self).get("to", "")[:LONGEST_PHONE]
            async with reading() as session:
                kept = await demo.messages(session, to=self.to)
            self.phase, self.none = "ready", not kept
            return push(KEPT, [asdict(_view(one)) for one in kept])
        return push(KEPT, [])


def _view(kept: KeptMessage) -> MessageView:
    code = CODE.search(kept.body)
    return MessageView(
        channel=CHANNELS.get(kept.channel, kept.channel),
        to=views.phone(kept.to),
        when=views.moment(kept.created_at),
        body=kept.body,
        code=code[1] if code else "",
    )
