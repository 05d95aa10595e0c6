"""C4-C6: known secrets go through a whole purchase, then everything the shop wrote is searched.

The secrets are a login code, a ticket, a session's token, passwords, and an account's login,
password and PIN. Strangers, other customers and staff are connected all the while, and broken and
unknown events, bodies and addresses carry the same secrets.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import psycopg
import pytest

from infra import browser, clock
from tests.architecture.matrix import registered
from tests.browser.backdoor import fresh_phone, inside, token_of
from tests.browser.conftest import Served
from tests.browser.people import look_up
from tests.browser.wire import EVENT, Wire, cookies, wire
from tests.builders import PASSWORD as STAFF_PASSWORD
from tests.builders import make_account, make_plan, make_service, make_staff, sign_in_staff
from tests.canaries import dump, hits

EVENTS = {h.key.split(".")[-2] + "." + h.name: h.event for h in registered() if h.name != "setvar"}
LOGIN, PASSWORD, PIN = "fuga-del-acceso@correo.mx", "fuga-de-la-clave", "fugadelpin77"
TYPED = "fuga-de-lo-que-alguien-escribe"
SIX_DIGITS = re.compile(r"\b\d{6}\b")


@dataclass
class Flow:
    """What a purchase left: the secrets by name, and every text somebody else got to see."""

    secrets: dict[str, str]
    own: list[str] = field(default_factory=list)
    others: dict[str, list[str]] = field(default_factory=dict)
    answers: list[str] = field(default_factory=list)
    phone: str = ""


@pytest.fixture(scope="module")
async def flow(served: Served) -> AsyncGenerator[Flow]:
    async with (
        inside(served),
        AsyncExitStack() as stack,
        httpx.AsyncClient(base_url=served.origin, timeout=30) as client,
    ):
        done = Flow({"login": LOGIN, "password": PASSWORD, "pin": PIN, "typed": TYPED})
        done.secrets["staff password"] = STAFF_PASSWORD
        service = await make_service()
        plan = await make_plan(service)
        assert service.id is not None
        await make_account(service.id, profiles=2, login=LOGIN, password=PASSWORD, pin=PIN)
        stranger = await stack.enter_async_context(wire(served))
        other = await stack.enter_async_context(wire(served, await token_of("customer")))
        owner = await make_staff("owner")
        operator = await stack.enter_async_context(wire(served, await sign_in_staff(owner)))

        token = await _sign_in(served, client, done)
        ana = await stack.enter_async_context(wire(served, token))
        number = await _order(ana, plan.id)
        await _confirm(operator, number)
        for tab in (stranger, other, operator):
            await _look_everywhere(tab, number)
        await _open_access(served, ana, number)

        for tab in (stranger, other):
            await _send_nonsense(tab, done.secrets)
        await _type_passwords(stranger, operator, owner.username)
        done.answers += await _ask_wrongly(client, done.secrets)
        done.own = ana.frames
        done.others = {"stranger": stranger.frames, "other": other.frames}
        done.others["operator"] = operator.frames
        look_up(served, "UPDATE services SET active = false WHERE id = %s RETURNING id", service.id)
        yield done


async def _sign_in(served: Served, client: httpx.AsyncClient, done: Flow) -> str:
    """As the page does it: code, ticket, cookie. A wrong code is tried before."""
    done.phone, visitor = fresh_phone(), browser.new_visitor()
    async with wire(served, visitor=visitor, path="/ingresar") as tab:
        form = {"phone": done.phone, "channel": "sms"}
        assert (await tab.call(EVENTS["SignIn.request"], {"form": form})).deltas
        kept = await client.get("/api/demo/messages", params={"to": done.phone})
        found = SIX_DIGITS.search(kept.json()[0]["body"])
        assert found is not None
        code = found.group()
        done.secrets["code"] = code
        wrong = f"{(int(code) + 1) % 10**6:06d}"
        await tab.call(EVENTS["SignIn.verify"], {"form": {"code": wrong}})
        answer = await tab.call(EVENTS["SignIn.verify"], {"form": {"code": code}})
        [script] = answer.told
        ticket = re.search(r'\\?"ticket\\?": \\?"([\w-]+)', json.dumps(script))
        assert ticket is not None
        done.secrets["ticket"] = ticket[1]
        assert hits({"code": code}, tab.frames) == []
    headers = {"Cookie": cookies(visitor=visitor), "Origin": served.origin}
    entered = await client.post("/api/auth/session", data={"ticket": ticket[1]}, headers=headers)
    token = str(entered.cookies[browser.session_cookie()])
    client.cookies.clear()
    done.secrets |= {"token": token, "signature": token.rpartition(".")[2], "visitor": visitor}
    return token


async def _order(ana: Wire, plan: int | None) -> int:
    await ana.call(EVENTS["Shelves.add"], {"plan_id": plan})
    await ana.call(EVENTS["Checkout.load"])
    form = {"delivery_preference": "whatsapp", "terms": "on"}
    [went] = (await ana.call(EVENTS["Checkout.place"], {"form": form})).went
    return int(went.rpartition("/")[2])


async def _confirm(operator: Wire, number: int) -> None:
    await operator.go(f"/admin/pedidos/{number}")
    shown = await operator.call(EVENTS["AdminOrder.load"])
    order = shown.of(EVENTS["AdminOrder.load"].rpartition(".")[0])["order"]
    form = {"amount": order["missing_plain"], "paid_on": clock.today().isoformat()}
    await operator.call(EVENTS["AdminOrder.confirm"], {"form": form})


LOADS = {n: e for n, e in EVENTS.items() if n.endswith(".load") and n != "DemoMessages.load"}


async def _look_everywhere(tab: Wire, number: int) -> None:
    for event in LOADS.values():
        await tab.go(f"/pedido/{number}")
        await tab.call(event)
    await tab.call(EVENTS["State.hydrate"])


async def _open_access(served: Served, ana: Wire, number: int) -> None:
    await ana.go(f"/pedido/{number}")
    for name in ("OrderStatusPage.load", "MyAccounts.load", "State.hydrate"):
        await ana.call(EVENTS[name])
    assert hits({"login": LOGIN, "password": PASSWORD, "pin": PIN}, ana.frames) == []
    [(held,)] = look_up(served, HELD, number)
    await ana.call(EVENTS["MyAccounts.reveal"], {"card_id": str(held)})
    await ana.call(EVENTS["MyAccounts.load"])
    await ana.call(EVENTS["State.hydrate"])


HELD = """SELECT a.id FROM assignments a JOIN order_items i ON i.id = a.order_item_id
    WHERE i.order_id = %s"""


async def _send_nonsense(tab: Wire, secrets: dict[str, str]) -> None:
    """Events nobody knows, arguments nothing takes, packets that are none."""
    route = {"pathname": "/", "asPath": "/"}
    for secret in secrets.values():
        for name in (*EVENTS.values(), "reflex___state____state.setvar", "no.such.event"):
            if not name.startswith("reflex___state____state.hydrate") and "on_load" not in name:
                payload: dict[str, Any] = {"value": secret, "vars": {secret: secret}, "x": secret}
                await tab.call(name, payload)
        for data in (secret, [secret], {"name": secret}, {"name": "x", "payload": secret}):
            await tab.raw(f"{EVENT}{json.dumps(data)}]")
        for argument in ({"plan_id": secret}, {"plan_id": {secret: [secret]}}):
            await tab.call(EVENTS["Shelves.add"], argument)
        broken = {"name": EVENTS["CartPage.change"], "payload": [secret], "router_data": route}
        await tab.raw(f"{EVENT}{json.dumps(broken)}]")
        await tab.raw(f'42/_event,["{secret}",{{}}]')
        await tab.raw(f'42/_event,{{"{secret}')
        report = {"message": f'TypeError: "{secret}" is not a function', "kind": "uncaught"}
        await tab.raw(f"42/_event,{json.dumps(['client_error', report])}")
    await tab.fence()


async def _type_passwords(stranger: Wire, operator: Wire, username: str) -> None:
    for password in (TYPED, STAFF_PASSWORD):
        form = {"username": username, "password": password}
        await stranger.call(EVENTS["AdminSignIn.sign_in"], {"form": form})
    for new in (TYPED, "corta"):
        form = {"current": TYPED, "new": new, "again": TYPED}
        await operator.call(EVENTS["AdminPassword.change"], {"form": form})


async def _ask_wrongly(client: httpx.AsyncClient, secrets: dict[str, str]) -> list[str]:
    """Bodies, addresses and headers the shop refuses; what it answered."""
    said = []
    for secret in secrets.values():
        bodies: list[dict[str, Any]] = [
            {"json": {"username": secret, "password": secret, "more": secret}},
            {"json": [secret]},
            {"content": f'{{"password": "{secret}'.encode()},
            {"data": {"ticket": secret, "next": "/"}},
        ]
        for path in ("/api/auth/login", "/api/auth/user/phone/verify-code", "/api/auth/session"):
            said += [await client.post(path, **body) for body in bodies]
        bearer = {"Authorization": f"Bearer {secret}x"}
        said.append(await client.get("/api/auth/user/profile", headers=bearer))
        said.append(await client.get("/api/nada", params={"token": secret, "code": secret}))
        said.append(await client.get(f"/{secret.replace('@', '-')}/no-hay"))
    said.append(await client.get("/health"))
    return [f"{answer.text}{dict(answer.headers)}" for answer in said]


def test_the_log_holds_no_secret(served: Served, flow: Flow) -> None:
    log = served.log.read_text(errors="replace")
    assert "gate: refused" in log
    assert hits(flow.secrets, [log]) == []


def test_a_dump_of_the_database_holds_no_secret(served: Served, flow: Flow) -> None:
    said = dump(served.database)
    assert flow.phone in said
    assert hits(flow.secrets, [said]) == []


def test_nobody_else_s_tab_gets_a_secret(flow: Flow) -> None:
    for who, frames in flow.others.items():
        assert len(frames) > 2 * len(LOADS), who
        assert (who, hits(flow.secrets, frames)) == (who, [])


def test_no_answer_repeats_what_was_sent_to_it(flow: Flow) -> None:
    assert hits(flow.secrets, flow.answers) == []


def test_the_customer_s_own_tab_gets_the_access_once_and_never_the_cookie(flow: Flow) -> None:
    for name in ("login", "password", "pin"):
        assert sum(flow.secrets[name] in frame for frame in flow.own) == 1, name
    rest = {k: v for k, v in flow.secrets.items() if k not in {"login", "password", "pin"}}
    assert hits(rest, flow.own) == []


async def test_the_demo_shows_the_code_to_its_phone_and_no_access(
    served: Served, flow: Flow
) -> None:
    async with httpx.AsyncClient(base_url=served.origin, timeout=30) as client:
        own = (await client.get("/api/demo/messages", params={"to": flow.phone})).text
        other = (await client.get("/api/demo/messages", params={"to": fresh_phone()})).text
    assert hits(flow.secrets, [own]) == ["code"]
    assert json.loads(other) == []


def test_no_file_of_the_shop_holds_a_secret(served: Served, flow: Flow) -> None:
    files = [file for file in served.log.parent.rglob("*") if file.is_file()]
    assert served.log in files
    for file in files:
        assert hits(flow.secrets, [file.read_bytes().decode(errors="replace")]) == [], file.name


async def test_control_the_search_finds_what_is_planted(served: Served, flow: Flow) -> None:
    """In the database, as text and as bytes; in the log; in frames."""
    planted = {name: f"fuga-sembrada-{name}" for name in ("text", "bytes", "log")}
    with psycopg.connect(served.database, autocommit=True) as link:
        link.execute("CREATE TABLE planted (said text, sealed bytea)")
        row = [planted["text"], planted["bytes"].encode()]
        link.execute("INSERT INTO planted VALUES (%s, %s)", row)
        found = hits(planted, [dump(served.database)])
        link.execute("DROP TABLE planted")
    assert found == ["bytes", "text"]

    async with wire(served) as tab:
        report = {"message": planted["log"], "kind": "uncaught"}
        await tab.raw(f"42/_event,{json.dumps(['client_error', report])}")
        await tab.fence()
    assert hits(planted, [served.log.read_text(errors="replace")]) == ["log"]
    assert hits(flow.secrets, flow.own) == ["login", "password", "pin"]
