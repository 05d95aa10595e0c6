"""E6, E7: a request is signed as the standard says, and goes to public places only."""

import base64
import secrets
import socket
from collections.abc import Generator
from datetime import timedelta
from typing import Any

import pytest
import requests
from standardwebhooks import Webhook, WebhookVerificationError

from infra import clock, webhooks
from infra.settings import SettingsError, settings
from infra.vault import Secret
from tests.fixtures import Shop
from tests.receiver import Receiver, receiver

BODY = '{"type":"order.placed","timestamp":"2026-11-21T16:00:00Z","data":{"order_id":1}}'


def new_secret() -> Secret:
    return Secret("whsec_" + base64.b64encode(secrets.token_bytes(32)).decode())


SECRET, FORMER, STRANGER = new_secret(), new_secret(), new_secret()


@pytest.fixture
def program(shop: Shop) -> Generator[Receiver]:
    shop.configure(webhooks_to_loopback=True)
    with receiver() as opened:
        yield opened


@pytest.fixture
def closed(shop: Shop) -> Generator[Receiver]:
    """As a shop is: the receiver stands where no webhook may go."""
    shop.configure(webhooks_to_loopback=False)
    with receiver() as opened:
        yield opened


def verified(secret: Secret, headers: dict[str, str], body: str = BODY) -> dict[str, Any]:
    return Webhook(secret.disclose()).verify(body, headers)


async def test_the_published_library_verifies_what_arrives(program: Receiver) -> None:
    said = await webhooks.post(program.url, "evento-1", BODY, [SECRET])
    assert (said.status, said.text, said.error) == (200, "ok", "")
    [got] = program.got
    assert verified(SECRET, got.headers, got.body)["data"] == {"order_id": 1}
    assert got.headers["content-type"] == "application/json"
    with pytest.raises(WebhookVerificationError):
        verified(STRANGER, got.headers, got.body)
    with pytest.raises(WebhookVerificationError):
        verified(SECRET, got.headers, got.body.replace("1}", "2}"))
    with pytest.raises(WebhookVerificationError):
        verified(SECRET, {**got.headers, "webhook-id": "evento-2"}, got.body)


async def test_while_a_secret_is_replaced_both_verify(program: Receiver) -> None:
    await webhooks.post(program.url, "evento-1", BODY, [SECRET, FORMER])
    [got] = program.got
    assert verified(SECRET, got.headers) == verified(FORMER, got.headers)
    with pytest.raises(WebhookVerificationError):
        verified(STRANGER, got.headers)


@pytest.mark.parametrize(("minutes", "holds"), [(-6, False), (-4, True), (4, True), (6, False)])
def test_a_signature_of_another_time_is_refused(shop: Shop, minutes: int, holds: bool) -> None:
    del shop
    at = clock.now() + timedelta(minutes=minutes)
    with clock.told_by(lambda: at):
        headers = webhooks.signed("evento-1", BODY, [SECRET])
    if holds:
        verified(SECRET, headers)
        return
    with pytest.raises(WebhookVerificationError, match="too"):
        verified(SECRET, headers)


FORMS = [
    "127.0.0.1",
    "127.1",
    "127.0.0.2",
    "2130706433",  # decimal
    "0x7f000001",  # hexadecimal
    "0177.0.0.1",  # octal
    "0",
    "0.0.0.0",  # noqa: S104  # what is refused
    "localhost",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[64:ff9b::7f00:1]",  # NAT64
    "[2002:7f00:1::]",  # 6to4
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # a cloud's metadata
    "[fe80::1]",
    "[fd00:ec2::254]",  # the same by IPv6
    "100.64.0.1",  # of carriers
    "224.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "198.18.0.1",
    "２１３０７０６４３３",  # digits of another width
    "①②⑦.0.0.1",
]


@pytest.mark.parametrize("host", FORMS)
async def test_no_form_of_a_private_address_is_reached(closed: Receiver, host: str) -> None:
    port = closed.url.split(":")[2].split("/")[0]
    for scheme in ("http", "https"):
        said = await webhooks.post(f"{scheme}://{host}:{port}/avisos", "e", BODY, [SECRET])
        assert said.status is None
        assert said.error in {"address", "unreachable"}
    assert closed.got == []


async def test_a_redirect_into_the_shops_own_network_is_not_followed(program: Receiver) -> None:
    with receiver() as inside:
        for status in (301, 302, 303, 307, 308):
            program.says(status, Location=inside.url)
            said = await webhooks.post(program.url, "e", BODY, [SECRET])
            assert (said.status, said.error) == (status, "redirect")
        assert inside.got == []


class Rebinding:
    """A name that leads to a public place when it is looked at, and to loopback ever after."""

    def __init__(self, port: int) -> None:
        self.asked, self.port, self.real = 0, port, socket.getaddrinfo
        self.connected: list[str] = []

    def __call__(self, host: Any, port: Any, *args: Any, **more: Any) -> Any:
        if host == "cambia.example":
            self.asked += 1
            host = "93.184.215.14" if self.asked == 1 else "127.0.0.1"
        self.connected.append(str(host))
        if host == "93.184.215.14":  # nothing of a test leaves this machine
            return [
                (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 1 if port is None else port))
            ]
        return self.real(host, port, *args, **more)


async def test_a_name_that_changes_its_address_is_asked_once(
    closed: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(closed.url.split(":")[2].split("/")[0])
    names = Rebinding(port)
    tried: list[str] = []
    monkeypatch.setattr(socket, "getaddrinfo", names)
    monkeypatch.setattr("urllib3.util.connection.create_connection", refuse(tried))
    said = await webhooks.post(f"http://cambia.example:{port}/avisos", "e", BODY, [SECRET])
    assert (said.error, names.asked, tried) == ("unreachable", 1, ["93.184.215.14"])
    assert closed.got == []


def refuse(tried: list[str]) -> Any:
    def connect(address: tuple[str, int], *_: Any, **__: Any) -> None:
        tried.append(address[0])
        raise OSError

    return connect


async def test_control_without_the_library_such_a_name_leads_inside(
    closed: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = int(closed.url.split(":")[2].split("/")[0])
    names = Rebinding(port)
    monkeypatch.setattr(socket, "getaddrinfo", names)
    monkeypatch.setattr(webhooks, "_session", requests.Session)
    assert socket.getaddrinfo("cambia.example", port)[0][4][0] == "93.184.215.14"  # looked at
    said = await webhooks.post(f"http://cambia.example:{port}/avisos", "e", BODY, [SECRET])
    assert said.status == 200
    assert len(closed.got) == 1


async def test_control_without_the_library_every_way_leads_inside(
    closed: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "_session", requests.Session)
    port = closed.url.split(":")[2].split("/")[0]
    for host in ("127.0.0.1", "2130706433", "localhost", "0"):
        assert (await webhooks.post(f"http://{host}:{port}/", "e", BODY, [SECRET])).status == 200
    assert len(closed.got) == 4


async def test_an_answer_is_kept_in_part(program: Receiver) -> None:
    program.says(500, b"x" * 100_000)
    said = await webhooks.post(program.url, "e", BODY, [SECRET])
    assert (said.status, said.error) == (500, "status")
    assert said.text == "x" * webhooks.LONGEST_ANSWER
    program.says(200, b"\xff\xfe nada \x00")
    assert (await webhooks.post(program.url, "e", BODY, [SECRET])).error == ""


async def test_nobody_there_is_an_answer_too(shop: Shop) -> None:
    shop.configure(webhooks_to_loopback=True)
    with receiver() as program:
        gone = program.url
    assert (await webhooks.post(gone, "e", BODY, [SECRET])).error == "unreachable"


async def test_only_the_demo_may_send_to_this_machine(shop: Shop) -> None:
    shop.configure(webhooks_to_loopback=True)
    assert settings().webhooks_to_loopback
    shop.configure(env="production", public_url="https://tienda.mx", webhooks_to_loopback=True)
    with pytest.raises(SettingsError, match="WEBHOOKS_TO_LOOPBACK"):
        settings()
