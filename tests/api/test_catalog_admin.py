"""The catalog over HTTP: the owner makes it, staff read it, cost is shown to the owner only."""

from typing import Any

import httpx

from domain import shelf
from tests.api.people import of_key, of_staff
from tests.builders import make_account, make_bank, make_customer, make_plan, place_order

PRIME = {"name": "Prime Video", "category": "video", "max_profiles": 6}


def month(service_id: int, **values: Any) -> dict[str, Any]:
    return {
        "service_id": service_id,
        "name": "1 mes",
        "duration_months": 1,
        "cost": "50.00",
        "margin": "29.50",
        **values,
    }


async def test_the_owner_makes_a_service_with_a_plan_and_it_is_on_the_shelf(
    program: httpx.AsyncClient,
) -> None:
    owner = await of_staff("owner")
    made = await program.post("/api/servicios", json=PRIME, headers=owner)
    assert made.status_code == 201, made.text
    service = made.json()
    assert (service["slug"], service["active"], service["archived"]) == (
        *("prime-video", True),
        False,
    )
    answer = await program.post("/api/planes", json=month(service["id"]), headers=owner)
    assert answer.status_code == 201, answer.text
    plan = answer.json()
    assert (plan["sale_price"], plan["cost"], plan["margin"]) == ("79.50", "50.00", "29.50")
    shelf.forget()
    shown = (await program.get(f"/api/servicios/{service['id']}")).json()
    assert [p["id"] for p in shown["plans"]] == [plan["id"]]
    change = {"name": "1 mes", "cost": "60.00", "margin": "29.50"}
    changed = await program.put(f"/api/planes/{plan['id']}", json=change, headers=owner)
    assert changed.json()["sale_price"] == "89.50", changed.text
    renamed = {**PRIME, "name": "Prime", "terms": "Un dispositivo", "position": 3, "active": False}
    kept = await program.put(f"/api/servicios/{service['id']}", json=renamed, headers=owner)
    assert (kept.json()["slug"], kept.json()["position"], kept.json()["active"]) == (
        *("prime-video", 3),
        False,
    )


async def test_staff_read_the_whole_catalog_without_its_costs(program: httpx.AsyncClient) -> None:
    plan = await make_plan(active=False)
    staff, owner = await of_staff(), await of_staff("owner")
    answer = await program.get("/api/planes", headers=staff)
    assert [p["id"] for p in answer.json()["items"]] == [plan.id]
    assert "cost" not in answer.text
    assert "margin" not in answer.text
    assert (await program.get("/api/planes", headers=owner)).json()["items"][0]["cost"] == "120.00"
    found = await program.get("/api/servicios", params={"q": "SERVICIO"}, headers=staff)
    assert [s["id"] for s in found.json()["items"]] == [plan.service_id]
    body = {"name": "Otro", "category": "video", "max_profiles": 5, "terms": "Nuevos"}
    path = f"/api/servicios/{plan.service_id}"
    assert (await program.put(path, json=body, headers=staff)).json()["terms"] == "Nuevos"
    moved = await program.put(path, json={**body, "slug": "otra-direccion"}, headers=staff)
    assert moved.status_code == 403


async def test_what_was_sold_is_archived_and_what_was_not_is_gone(
    program: httpx.AsyncClient,
) -> None:
    await make_bank()
    sold, unsold = await make_plan(), await make_plan()
    await make_account(sold.service_id)
    await place_order(await make_customer(), sold)
    owner = await of_staff("owner")
    for plan in (sold, unsold):
        answer = await program.delete(f"/api/servicios/{plan.service_id}", headers=owner)
        assert answer.status_code == 204, answer.text
    left = (await program.get("/api/servicios", headers=owner)).json()["items"]
    assert [(s["id"], s["archived"]) for s in left] == [(sold.service_id, True)]
    again = await program.delete(f"/api/planes/{unsold.id}", headers=owner)
    assert again.status_code == 404


async def test_wrong_prices_and_names_are_named_by_field(program: httpx.AsyncClient) -> None:
    plan = await make_plan()
    owner = await of_staff("owner")
    for change, field in (
        ({"cost": "-1.00"}, "cost"),
        ({"cost": 50}, "cost"),
        ({"margin": "-50.00"}, "margin"),
        ({"duration_months": 0}, "duration_months"),
        ({"capacity": "half"}, "capacity"),
        ({"name": ""}, "name"),
        ({"sale_price": "1.00"}, "sale_price"),
    ):
        wrong = month(plan.service_id, **change)
        answer = await program.post("/api/planes", json=wrong, headers=owner)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {field}), change
    gone = await program.post("/api/planes", json=month(999_999), headers=owner)
    assert gone.status_code == 404


async def test_a_key_changes_prices_only_with_the_owners_role(program: httpx.AsyncClient) -> None:
    plan = await make_plan()
    for role, status in (("operator", 403), ("owner", 201)):
        who = await of_key("catalog:write", role=role)
        answer = await program.post("/api/planes", json=month(plan.service_id), headers=who)
        assert answer.status_code == status
