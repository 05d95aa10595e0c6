"""Signing in over HTTP: B1, B2, B6, B8, C4, C7, F6, F7."""

import base64
import hmac
import json
import re
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
import time_machine
from pyotp import TOTP

from domain import my_second_factor, sessions
from infra import browser as browsers
from infra import clock
from infra.database import unit_of_work
from infra.settings import settings
from tests.api.conftest import client
from tests.builders import (
    PASSWORD,
    as_staff,
    make_customer,
    make_staff,
    sign_in_customer,
    sign_in_staff,
)
from tests.fixtures import Shop

PHONE = "+525512345678"


async def code_for(program: httpx.AsyncClient, phone: str = PHONE) -> str:
    answer = await program.post("/api/auth/user/phone/request-code", json={"phone": phone})
    assert answer.status_code == 202, answer.text
    kept = (await program.get("/api/demo/messages", params={"to": phone})).json()
    found = re.search(r"\b\d{6}\b", kept[0]["body"])
    assert found is not None
    return found[0]


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def ticket_for(session_id: Any) -> str:
    async with unit_of_work() as session:
        return await sessions.issue_ticket(session, session_id)


async def test_a_program_signs_a_customer_in(program: httpx.AsyncClient) -> None:
    asked = await program.post(
        "/api/auth/user/phone/request-code", json={"phone": "55 1234 5678", "channel": "whatsapp"}
    )
    assert asked.status_code == 202
    expected = {"phone": PHONE, "channel": "whatsapp", "expires_in": 600, "resend_in": 30}
    assert asked.json() == expected
    kept = (await program.get("/api/demo/messages", params={"to": "5512345678"})).json()
    code = re.search(r"\b\d{6}\b", kept[0]["body"])
    assert code is not None
    entered = await program.post(
        "/api/auth/user/phone/verify-code", json={"phone": "5512345678", "code": code[0]}
    )
    assert entered.status_code == 200
    token = entered.json()
    assert (token["token_type"], token["expires_in"], token["is_new"]) == ("bearer", 604800, True)
    assert token["customer"]["phone"] == PHONE
    assert token["customer"]["verified"]
    profile = await program.get("/api/auth/user/profile", headers=bearer(token["access_token"]))
    assert profile.json() == token["customer"]
    left = await program.post("/api/auth/user/logout", headers=bearer(token["access_token"]))
    assert left.status_code == 204
    after = await program.get("/api/auth/user/profile", headers=bearer(token["access_token"]))
    assert after.status_code == 401


async def test_staff_sign_in_and_out(program: httpx.AsyncClient) -> None:
    user = await make_staff("owner")
    body = {"username": user.username, "password": PASSWORD}
    answer = await program.post("/api/auth/login", json=body)
    assert answer.status_code == 200
    assert answer.json()["role"] == "owner"
    assert answer.json()["expires_in"] == 43200
    token = bearer(answer.json()["access_token"])
    assert (await program.get("/api/auth/user/profile", headers=token)).status_code == 403
    assert (await program.post("/api/auth/logout", headers=token)).status_code == 204
    assert (await program.post("/api/auth/logout", headers=token)).status_code == 401


async def test_refusals_are_problems_with_stable_codes(program: httpx.AsyncClient) -> None:
    wrong = await program.post("/api/auth/login", json={"username": "x", "password": "y"})
    assert wrong.status_code == 401
    assert wrong.headers["content-type"] == "application/problem+json"
    assert wrong.json()["code"] == "login_wrong"
    assert wrong.headers["www-authenticate"] == "Bearer"
    unknown = await program.post(
        "/api/auth/login", json={"username": "x", "password": "y", "role": "owner"}
    )
    assert unknown.status_code == 422
    assert set(unknown.json()["errors"]) == {"role"}
    assert (await program.get("/api/nowhere")).json()["code"] == "not_found"
    assert (await program.get("/api/auth/login")).status_code == 405
    await code_for(program)
    again = await program.post("/api/auth/user/phone/request-code", json={"phone": PHONE})
    assert again.status_code == 429
    assert 0 < int(again.headers["retry-after"]) <= 31


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"phone": 5512345678}',
        b'{"phone": "\xff\xfe"}',
        b'{"phone": "\\u0000"}',
        b'{"phone": "\\ud800"}',
        b'{"phone": "' + b"5" * 900_000 + b'"}',
        b'{"phone": ' + b"[" * 50_000 + b"]" * 50_000 + b"}",
        b'{"phone": ' + b"9" * 5_000 + b"}",
        b'{"phone": "5512345678", "channel": "pigeon"}',
        b'{"phone": "5512345678", "channel": null}',
    ],
)
async def test_bad_bodies_are_refused_without_an_echo(
    program: httpx.AsyncClient, body: bytes
) -> None:
    answer = await program.post(
        "/api/auth/user/phone/request-code",
        content=body,
        headers={"Content-Type": "application/json"},
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert "pigeon" not in answer.text


async def test_a_body_over_the_limit_is_refused_announced_or_not(
    program: httpx.AsyncClient,
) -> None:
    async def endless() -> Any:
        for _ in range(300):
            yield b"x" * 10_000

    headers = {"Content-Type": "application/json"}
    for content in (b"x" * 2_000_000, endless()):
        answer = await program.post("/api/auth/login", content=content, headers=headers)
        assert answer.status_code == 413
        assert answer.json()["code"] == "too_large"


def forged(good: str) -> dict[str, str]:
    """B1: what a forger sends instead of a token of ours."""
    now = int(clock.now().timestamp())
    secret = settings().jwt_secret
    kid = jwt.get_unverified_header(good)["kid"]
    base: dict[str, Any] = jwt.decode(good, options={"verify_signature": False})

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    def raw(header: dict[str, Any], signature: str = "") -> str:
        return f"{part(header)}.{part(base)}.{signature}"

    def signed(claims: dict[str, Any], key: str = secret, **header: Any) -> str:
        """By hand: the library refuses to make most of these."""
        whole = {"alg": "HS256", "typ": "JWT", "kid": kid, **header}
        text = f"{part(whole)}.{part(claims)}"
        digest = "sha512" if whole["alg"] == "HS512" else "sha256"
        mac = hmac.digest(key.encode(), text.encode(), digest)
        return f"{text}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"

    def without(name: str) -> dict[str, Any]:
        return {key: value for key, value in base.items() if key != name}

    body, _, signature = signed(base).rpartition(".")
    cases = {"untouched": signed(base)}
    cases |= {
        f"alg {a}": raw({"alg": a, "typ": "JWT", "kid": kid})
        for a in ("none", "None", "nOnE", "NONE", "", "HS512", "RS256")
    }
    cases |= {f"no {name}": signed(without(name)) for name in base}
    cases |= {
        "no signature": body + ".",
        "other signature": f"{body}.{'A' * len(signature)}",
        "cut signature": f"{body}.{signature[:-2]}",
        "HS512": signed(base, alg="HS512"),
        "other key": signed(base, key="x" * 64),
        "empty key": signed(base, key="\x00" * 32),
        "unknown kid": signed(base, kid="deadbeef"),
        "path kid": signed(base, kid="../../dev/null"),
        "crit": signed(base, crit=["exp"]),
        "b64": signed(base, b64=True, crit=["b64"]),
        "jku": signed(base, jku="https://example.com/keys"),
        "expired": signed({**base, "exp": now - 1}),
        "exp text": signed({**base, "exp": "never"}),
        "not yet": signed({**base, "nbf": now + 60}),
        "issued later": signed({**base, "iat": now + 60}),
        "other audience": signed({**base, "aud": "staff"}),
        "audiences": signed({**base, "aud": ["customer", "staff"]}),
        "strange audience": signed({**base, "aud": "admin"}),
        "other issuer": signed({**base, "iss": "elsewhere"}),
        "other subject": signed({**base, "sub": "999999"}),
        "subject injected": signed({**base, "sub": "1 OR 1=1"}),
        "session injected": signed({**base, "sid": "' OR ''='"}),
        "unknown session": signed({**base, "sid": "00000000-0000-4000-8000-000000000000"}),
        "garbage": "a.b.c",
        "empty": "",
        "spaces": "   ",
        "10 MB": "a" * 10_000_000,
        "8 KB": signed({**base, "x": "y" * 8_000}),
    }
    return cases


async def test_every_forged_token_is_refused(program: httpx.AsyncClient) -> None:
    """B1; the untouched token is the control."""
    good = await sign_in_customer(await make_customer())
    cases = forged(good)
    for control in (good, cases.pop("untouched")):
        answer = await program.get("/api/auth/user/profile", headers=bearer(control))
        assert answer.status_code == 200
    assert len(cases) >= 24
    for name, token in cases.items():
        answer = await program.get("/api/auth/user/profile", headers=bearer(token))
        assert answer.status_code == 401, name


async def test_a_token_ends_when_its_time_is_over(program: httpx.AsyncClient) -> None:
    token = bearer(await sign_in_customer(await make_customer()))
    for days, status in ((6.99, 200), (7.01, 401)):
        with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
            answer = await program.get("/api/auth/user/profile", headers=token)
            assert answer.status_code == status


async def test_tokens_do_not_pass_the_other_side_s_door(program: httpx.AsyncClient) -> None:
    """B2."""
    customer = bearer(await sign_in_customer(await make_customer()))
    staff = bearer(await sign_in_staff(await make_staff("owner")))
    assert (await program.post("/api/auth/logout", headers=customer)).status_code == 403
    assert (await program.get("/api/auth/user/profile", headers=staff)).status_code == 403


async def test_the_ticket_becomes_a_cookie_once(browser: httpx.AsyncClient) -> None:
    """B6."""
    ana = await make_customer()
    assert ana.id is not None
    async with unit_of_work() as session:
        opened = await sessions.open_for_customer(session, ana.id)
    form = {"ticket": await ticket_for(opened), "next": "/mis-cuentas?a=1"}
    answer = await browser.post("/api/auth/session", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/mis-cuentas?a=1"
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("cuenty_session=eyJ")
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert "Path=/" in cookie
    assert (await browser.get("/api/auth/user/profile")).json()["id"] == ana.id
    again = await browser.post("/api/auth/session", data=form)
    assert again.headers["location"] == "/ingresar"
    assert "set-cookie" not in again.headers


async def test_under_https_the_cookie_is_tied_to_the_host(shop: Shop) -> None:
    shop.configure(public_url="https://tienda.example")
    ana = await make_customer()
    assert ana.id is not None
    async with unit_of_work() as session:
        opened = await sessions.open_for_customer(session, ana.id)
    async with client(headers={"Origin": "https://tienda.example"}) as browser:
        answer = await browser.post("/api/auth/session", data={"ticket": await ticket_for(opened)})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-cuenty_session=")
        assert "Secure" in cookie
        assert "Domain" not in cookie
        assert "max-age" in answer.headers["strict-transport-security"]


async def test_a_ticket_lives_a_minute(browser: httpx.AsyncClient) -> None:
    ana = await make_customer()
    assert ana.id is not None
    async with unit_of_work() as session:
        opened = await sessions.open_for_customer(session, ana.id)
    ticket = await ticket_for(opened)
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        answer = await browser.post("/api/auth/session", data={"ticket": ticket})
    assert answer.headers["location"] == "/ingresar"


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil",
        "javascript:1",
        "",
        "/a\r\nSet-Cookie: x=1",
        "/\t/evil.example",
        "evil.example",
        "/" + "x" * 1_000,
    ],
)
async def test_signing_in_never_leads_to_another_site(
    browser: httpx.AsyncClient, wanted: str
) -> None:
    ana = await make_customer()
    assert ana.id is not None
    async with unit_of_work() as session:
        opened = await sessions.open_for_customer(session, ana.id)
    form = {"ticket": await ticket_for(opened), "next": wanted}
    answer = await browser.post("/api/auth/session", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000.evil.example"},
        {"Origin": "http://localhost:3001"},
        {"Origin": "https://localhost:3000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    ],
)
async def test_cookies_from_another_page_change_nothing(
    shop: Shop, headers: dict[str, str]
) -> None:
    """B8."""
    del shop
    ana = await make_customer()
    token = await sign_in_customer(ana)
    async with client(headers=headers, cookies={browsers.session_cookie(): token}) as browser:
        body = {"name": "Eva", "delivery_preference": "web"}
        for method, path, options in (
            ("PUT", "/api/auth/user/profile", {"json": body}),
            ("POST", "/api/auth/user/logout", {}),
            ("POST", "/api/auth/session/end", {}),
            ("POST", "/api/auth/session", {"data": {"ticket": "x"}}),
        ):
            answer = await browser.request(method, path, **options)  # type: ignore[arg-type]
            assert answer.status_code == 403, path
        assert (await browser.get("/api/auth/user/profile")).json()["name"] == "Ana"


async def test_a_plain_form_of_another_site_is_no_json(program: httpx.AsyncClient) -> None:
    answer = await program.post(
        "/api/auth/user/phone/request-code",
        content=b'{"phone": "5512345678"}',
        headers={"Content-Type": "text/plain"},
    )
    assert answer.status_code in {415, 422}


async def test_signing_out_ends_the_session_and_the_cookie(browser: httpx.AsyncClient) -> None:
    token = await sign_in_customer(await make_customer())
    browser.cookies.set(browsers.session_cookie(), token)
    answer = await browser.post("/api/auth/session/end")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=0" in answer.headers["set-cookie"]
    async with client() as program:
        after = await program.get("/api/auth/user/profile", headers=bearer(token))
    assert after.status_code == 401


async def test_a_new_session_in_a_browser_ends_its_earlier_one(
    browser: httpx.AsyncClient,
) -> None:
    token = await sign_in_customer(await make_customer())
    eva = await make_customer()
    assert eva.id is not None
    browser.cookies.set(browsers.session_cookie(), token)
    async with unit_of_work() as session:
        opened = await sessions.open_for_customer(session, eva.id)
    await browser.post("/api/auth/session", data={"ticket": await ticket_for(opened)})
    async with client() as program:
        after = await program.get("/api/auth/user/profile", headers=bearer(token))
    assert after.status_code == 401


async def test_every_answer_carries_its_security_headers(program: httpx.AsyncClient) -> None:
    """C7."""
    for path in ("/health", "/api", "/api/openapi.json", "/api/nowhere", "/nowhere"):
        headers = (await program.get(path)).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "referrer-policy" in headers
        assert "strict-transport-security" not in headers
    assert (await program.post("/api/auth/login")).headers["cache-control"] == "no-store"


async def test_a_foreign_host_name_is_refused(program: httpx.AsyncClient) -> None:
    answer = await program.get("/api", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert (await program.get("/api", headers={"Host": "127.0.0.1:3000"})).status_code == 200


async def test_a_client_s_own_word_about_its_address_is_ignored(shop: Shop) -> None:
    """F7: 1,000 addresses of one peer are one client."""
    shop.configure(codes_per_address_hour=3)
    sent = 0
    async with client() as program:
        for n in range(1_000):
            answer = await program.post(
                "/api/auth/user/phone/request-code",
                json={"phone": f"+5255{50_000_000 + n}"},
                headers={"X-Forwarded-For": f"198.51.{n // 250}.{n % 250}"},
            )
            sent += answer.status_code == 202
    assert sent == 3


async def test_our_own_proxy_s_word_counts(shop: Shop) -> None:
    shop.configure(codes_per_address_hour=1, trusted_proxies=1)
    said = []
    async with client() as program:
        for n, forwarded in enumerate(("9.9.9.9, 192.0.2.1", "8.8.8.8, 192.0.2.1", "192.0.2.2")):
            answer = await program.post(
                "/api/auth/user/phone/request-code",
                json={"phone": f"+5255{50_000_000 + n}"},
                headers={"X-Forwarded-For": forwarded},
            )
            said.append(answer.status_code)
    assert said == [202, 429, 202]


async def test_health_says_little_and_enough(shop: Shop) -> None:
    async with client() as program:
        well = await program.get("/health")
        assert well.status_code == 200
        assert set(well.json()) == {"status", "database", "worker", "version"}
        assert well.json()["database"] == "ok"
        from infra import database  # noqa: PLC0415

        await database.close()
        shop.patch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
        settings.cache_clear()
        down = await program.get("/health")
        assert down.status_code == 503
        assert "127.0.0.1" not in down.text
        answer = await program.get("/api/demo/messages")
        assert answer.status_code == 503
        assert answer.json()["code"] == "unavailable"
        await database.close()


async def test_kept_messages_exist_in_the_demo_only(shop: Shop) -> None:
    async with client() as program:
        assert (await program.get("/api/demo/messages")).status_code == 200
        shop.configure(env="production", public_url="http://localhost:3000")
        assert (await program.get("/api/demo/messages")).status_code == 404


async def test_a_revoked_or_demoted_member_of_staff_is_out_at_once(
    program: httpx.AsyncClient,
) -> None:
    """B2: effect on the next request."""
    user = await make_staff("operator")
    owner = await make_staff("owner")
    token = bearer(await sign_in_staff(user))
    assert user.id is not None
    async with unit_of_work() as session:
        ended = await sessions.revoke_all_of(session, as_staff(owner), staff_id=user.id)
    assert ended == 1
    assert (await program.post("/api/auth/logout", headers=token)).status_code == 401


async def test_a_program_gives_the_code_with_the_password(program: httpx.AsyncClient) -> None:
    user = await make_staff("owner")
    async with unit_of_work() as session:
        setup = await my_second_factor.begin(session, as_staff(user))
    with time_machine.travel(clock.now(), tick=False) as traveller:
        totp = TOTP(setup.secret.disclose())
        async with unit_of_work() as session:
            await my_second_factor.enable(session, as_staff(user), code=totp.now())
        traveller.shift(60)
        body = {"username": user.username, "password": PASSWORD}
        needed = await program.post("/api/auth/login", json=body)
        assert (needed.status_code, needed.json()["code"]) == (401, "totp_needed")
        wrong = await program.post("/api/auth/login", json={**body, "totp": "000000"})
        assert wrong.json()["code"] == "totp_wrong"
        right = {**body, "totp": totp.now()}
        assert (await program.post("/api/auth/login", json=right)).status_code == 200
        again = await program.post("/api/auth/login", json=right)
        assert again.json()["code"] == "totp_wrong"
