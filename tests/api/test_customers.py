"""Customers over HTTP, as staff and their programs find, note and keep them out."""

import httpx

from tests.api.people import of_customer, of_key, of_staff
from tests.builders import make_customer

USERS = "/api/usuarios"


async def test_a_customer_is_found_by_phone_mail_and_name(program: httpx.AsyncClient) -> None:
    luis = await of_staff()
    rosa = await make_customer("+525587654321", name="Rosa Núñez", email="rosa@correo.mx")
    await make_customer(name="Eva")
    for q in ("4321", "rosa@", "nunez", "+52 55 8765 4321"):
        found = (await program.get(USERS, params={"q": q}, headers=luis)).json()["items"]
        assert [line["id"] for line in found] == [rosa.id], q
    everybody = (await program.get(USERS, params={"limit": 1}, headers=luis)).json()
    rest = await program.get(USERS, params={"cursor": everybody["next_cursor"]}, headers=luis)
    assert [c["name"] for c in everybody["items"] + rest.json()["items"]] == ["Eva", "Rosa Núñez"]
    never = await program.get(USERS, params={"only": "never_bought"}, headers=luis)
    assert len(never.json()["items"]) == 2


async def test_what_is_not_named_stays(program: httpx.AsyncClient) -> None:
    luis = await of_staff()
    rosa = await make_customer(name="Rosa", email="rosa@correo.mx")
    path = f"{USERS}/{rosa.id}"
    noted = await program.put(path, json={"notes": "Paga los viernes"}, headers=luis)
    assert (noted.status_code, noted.json()["notes"]) == (200, "Paga los viernes")
    renamed = (await program.put(path, json={"name": " Rosa  N. "}, headers=luis)).json()
    assert (renamed["name"], renamed["email"], renamed["notes"]) == (
        *("Rosa N.", "rosa@correo.mx"),
        "Paga los viernes",
    )
    wrong = {"email": "", "delivery_preference": "email"}
    refused = await program.put(path, json=wrong, headers=luis)
    assert (refused.status_code, set(refused.json()["errors"])) == (422, {"email"})


async def test_who_is_blocked_is_out_at_once_and_comes_back_in_only_anew(
    program: httpx.AsyncClient,
) -> None:
    rosa = await make_customer()
    hers, writer = await of_customer(rosa), await of_key("customers:write")
    assert (await program.get("/api/cart", headers=hers)).status_code == 200
    path = f"{USERS}/{rosa.id}"
    for blocked in (True, True, False):
        answer = await program.put(path, json={"blocked": blocked}, headers=writer)
        assert (answer.status_code, answer.json()["blocked"]) == (200, blocked)
        assert (await program.get("/api/cart", headers=hers)).status_code == 401
    assert (await program.get("/api/cart", headers=await of_customer(rosa))).status_code == 200
