"""The owner's programs hear of what happens: set up over HTTP, as on the pages."""

import importlib
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from api.webhooks import WebhookIn
from domain import api_keys, webhooks
from domain.sql import fetch, run, scalar
from domain.webhook_events import EVENTS
from infra.database import reading, unit_of_work
from tests.api.people import of_customer, of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, place_order
from tests.fixtures import Shop
from tests.receiver import receiver

PATH = "/api/webhooks"
WANTED = {
    "url": "https://programa.invalid/avisos",
    "events": ["order.paid", "order.placed"],
    "description": "Contabilidad",
}
KEY = {"Idempotency-Key": "alta-0001"}


@pytest.fixture
async def owner(program: httpx.AsyncClient) -> dict[str, str]:
    del program  # its shop
    return await of_staff("owner")


async def added(
    program: httpx.AsyncClient, owner: dict[str, str], **changes: Any
) -> dict[str, Any]:
    answer = await program.post(PATH, json={**WANTED, **changes}, headers=owner)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def tried(program: httpx.AsyncClient, owner: dict[str, str], webhook_id: int) -> None:
    answer = await program.post(f"{PATH}/{webhook_id}/probar", headers=owner)
    assert answer.status_code == 204, answer.text


async def send() -> None:
    await importlib.import_module("jobs.webhooks").send()


async def test_a_secret_is_told_once_and_never_to_be_kept(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    answer = await program.post(PATH, json=WANTED, headers=owner)
    made = answer.json()
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    secret = made.pop("secret")
    assert secret.startswith(webhooks.PREFIX)
    assert made["events"] == ["order.placed", "order.paid"]
    listed = await program.get(PATH, headers=owner)
    assert listed.json() == {"items": [made], "next_cursor": None}
    changed = await program.put(
        f"{PATH}/{made['id']}", json={**WANTED, "active": True}, headers=owner
    )
    assert (changed.status_code, changed.json()) == (200, made)
    assert secret not in listed.text + changed.text


async def test_a_repeated_request_adds_one_and_its_secret_is_kept_nowhere(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    first = await program.post(PATH, json=WANTED, headers={**owner, **KEY})
    again = await program.post(PATH, json=WANTED, headers={**owner, **KEY})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.headers["idempotent-replayed"] == "true"
    told = first.json()
    secret = told.pop("secret")
    assert again.json() == told
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM webhooks") == 1
        [kept] = await fetch(session, "SELECT answer::text AS answer FROM idempotent_answers")
    assert f'"id": {told["id"]}' in kept.answer
    assert secret not in kept.answer


async def test_a_new_secret_signs_beside_the_one_before_it(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    made = await added(program, owner)
    rotated = await program.post(f"{PATH}/{made['id']}/secreto", headers=owner)
    assert (rotated.status_code, rotated.headers["cache-control"]) == (200, "no-store")
    assert rotated.json()["secret"] != made["secret"]
    [line] = (await program.get(PATH, headers=owner)).json()["items"]
    assert line["former_until"] == rotated.json()["former_until"] is not None
    assert "secret" not in line


async def test_what_reached_a_program_is_listed_as_it_was_sent(
    program: httpx.AsyncClient, owner: dict[str, str], shop: Shop
) -> None:
    shop.configure(webhooks_to_loopback=True)
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    with receiver() as accounting:
        made = await added(program, owner, url=accounting.url)
        order = await place_order(await make_customer(), plan)
        await send()
        [got] = accounting.got
        Webhook(made["secret"]).verify(got.body, got.headers)
        page = await program.get(f"{PATH}/{made['id']}/entregas", headers=owner)
        [line] = page.json()["items"]
        assert (line["type"], line["state"], line["last_status"]) == (
            *("order.placed", "delivered"),
            200,
        )
        assert (line["event_id"], line["body"], line["answer"]) == (got.id, got.body, "ok")
        assert line["next_attempt_at"] is None
        assert got.told["data"]["order_id"] == order.id

        where = f"{PATH}/{made['id']}/entregas/{line['id']}/reenviar"
        again = await program.post(where, headers=owner)
        assert (again.status_code, again.json()["state"]) == (200, "waiting")
        assert again.json()["next_attempt_at"] is not None
        await send()
        assert [one.id for one in accounting.got] == [got.id, got.id]


async def test_an_event_for_trying_is_sent_whatever_was_asked_for(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    made = await added(program, owner)
    await tried(program, owner, made["id"])
    page = await program.get(f"{PATH}/{made['id']}/entregas", headers=owner)
    assert [(line["type"], line["state"]) for line in page.json()["items"]] == [
        ("webhook.test", "waiting")
    ]


async def test_deliveries_come_in_pages_without_repeating_any(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    made = await added(program, owner)
    for _ in range(5):
        await tried(program, owner, made["id"])
    seen, cursor = list[int](), ""
    while cursor is not None:
        page = await program.get(
            f"{PATH}/{made['id']}/entregas", params={"limit": 2, "cursor": cursor}, headers=owner
        )
        seen += [line["id"] for line in page.json()["items"]]
        cursor = page.json()["next_cursor"]
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == 5


async def test_one_that_is_switched_off_is_sent_nothing(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    made = await added(program, owner)
    await tried(program, owner, made["id"])
    where = f"{PATH}/{made['id']}"
    [line] = (await program.get(f"{where}/entregas", headers=owner)).json()["items"]
    off = await program.put(where, json={**WANTED, "active": False}, headers=owner)
    assert (off.json()["active"], off.json()["disabled_reason"]) == (False, "owner")
    for refused in ("probar", f"entregas/{line['id']}/reenviar"):
        answer = await program.post(f"{where}/{refused}", headers=owner)
        assert (answer.status_code, answer.json()["code"]) == (409, "webhook_inactive")
    on = await program.put(where, json={**WANTED, "active": True}, headers=owner)
    assert (on.json()["active"], on.json()["disabled_reason"]) == (True, "")
    await tried(program, owner, made["id"])


async def test_whether_it_is_switched_on_has_to_be_said(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    made = await added(program, owner)
    answer = await program.put(f"{PATH}/{made['id']}", json=WANTED, headers=owner)
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"active"})


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "ftp://programa.invalid/"}, "url"),
        ({"url": "mi-programa"}, "url"),
        ({"url": "https://ana:clave@programa.invalid/"}, "url"),
        ({"url": "https://programa.invalid/" + "x" * 500}, "url"),
        ({"events": []}, "events"),
        ({"events": ["order.eaten"]}, "events"),
        ({"events": ["webhook.test"]}, "events"),
        ({"description": "x" * 81}, "description"),
    ],
)
async def test_what_is_wrong_is_named_beside_its_field(
    program: httpx.AsyncClient, owner: dict[str, str], changes: dict[str, Any], field: str
) -> None:
    new = await program.post(PATH, json={**WANTED, **changes}, headers=owner)
    assert (new.status_code, set(new.json()["errors"])) == (422, {field})
    made = await added(program, owner)
    changed = await program.put(
        f"{PATH}/{made['id']}", json={**WANTED, **changes, "active": False}, headers=owner
    )
    assert (changed.status_code, set(changed.json()["errors"])) == (422, {field})
    [kept] = (await program.get(PATH, headers=owner)).json()["items"]
    assert (kept["url"], kept["active"]) == (WANTED["url"], True)


async def test_outside_the_demo_only_https_will_do(
    program: httpx.AsyncClient, owner: dict[str, str], shop: Shop
) -> None:
    plain = {**WANTED, "url": "http://programa.invalid/"}
    assert (await program.post(PATH, json=plain, headers=owner)).status_code == 201
    shop.configure(
        env="production", public_url="https://cuenty.mx", jwt_secret="j" * 40, pepper="p" * 40
    )
    answer = await program.post(PATH, json=plain, headers=await of_staff("owner"))
    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"url"})


async def test_one_that_is_taken_away_is_gone_with_what_it_was_sent(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    made = await added(program, owner)
    await tried(program, owner, made["id"])
    where = f"{PATH}/{made['id']}"
    assert (await program.delete(where, headers=owner)).status_code == 204
    assert (await program.delete(where, headers=owner)).status_code == 404
    assert (await program.get(f"{where}/entregas", headers=owner)).status_code == 404
    async with reading() as session:
        assert await scalar(session, "SELECT count(*) FROM webhook_deliveries") == 0


async def test_a_delivery_is_sent_again_by_its_own_webhook_only(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    one, other = await added(program, owner), await added(program, owner)
    await tried(program, owner, one["id"])
    [line] = (await program.get(f"{PATH}/{one['id']}/entregas", headers=owner)).json()["items"]
    async with unit_of_work() as session:
        await run(session, "UPDATE webhook_deliveries SET state = 'failed'")
    strange = f"{PATH}/{other['id']}/entregas/{line['id']}/reenviar"
    assert (await program.post(strange, headers=owner)).status_code == 404
    [kept] = (await program.get(f"{PATH}/{one['id']}/entregas", headers=owner)).json()["items"]
    assert kept["state"] == "failed"


async def test_there_are_twenty_at_most(program: httpx.AsyncClient, owner: dict[str, str]) -> None:
    for _ in range(webhooks.MOST):
        await added(program, owner)
    answer = await program.post(PATH, json=WANTED, headers=owner)
    assert (answer.status_code, answer.json()["code"]) == (409, "webhooks_limit")


async def test_only_the_owner_and_keys_for_it_are_let_in(
    program: httpx.AsyncClient, owner: dict[str, str]
) -> None:
    made = await added(program, owner)
    where = f"{PATH}/{made['id']}"
    reads = [("GET", PATH), ("GET", f"{where}/entregas")]
    writes = [("POST", f"{where}/probar"), ("POST", f"{where}/secreto"), ("DELETE", where)]
    others = sorted(set(api_keys.SCOPES) - {"webhooks:read", "webhooks:write"})
    strangers = [
        await of_customer(await make_customer()),
        await of_staff(),
        await of_key(*api_keys.SCOPES),
        await of_key(*others, role="owner"),
    ]
    reader = await of_key("webhooks:read", role="owner")
    writer = await of_key("webhooks:write", role="owner")
    for method, path in reads + writes:
        assert (await program.request(method, path)).status_code == 401
        for stranger in strangers:
            assert (await program.request(method, path, headers=stranger)).status_code == 403
    for method, path in reads:
        assert (await program.request(method, path, headers=writer)).status_code == 403
        assert (await program.request(method, path, headers=reader)).status_code == 200
    for method, path in writes:
        assert (await program.request(method, path, headers=reader)).status_code == 403
        assert (await program.request(method, path, headers=writer)).is_success


def test_the_description_names_every_event() -> None:
    items = WebhookIn.model_json_schema()["properties"]["events"]["items"]
    assert items["enum"] == list(EVENTS)
