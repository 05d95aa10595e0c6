"""A customer's own data over HTTP: theirs alone, whole JSON, and written down."""

from __future__ import annotations

import httpx
import pytest

from tests.builders import make_customer, make_staff, sign_in_customer, sign_in_staff

pytestmark = pytest.mark.usefixtures("shop")


async def test_the_copy_is_a_file_of_whole_json_and_theirs_alone(
    program: httpx.AsyncClient,
) -> None:
    token = await sign_in_customer(await make_customer("+525512345678", name="Ana"))
    answer = await program.get("/api/perfil/datos", headers={"Authorization": f"Bearer {token}"})
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.json()["perfil"][0]["nombre"] == "Ana"
    assert (await program.get("/api/perfil/datos")).status_code == 401
    staff = await sign_in_staff(await make_staff("owner"))
    refused = await program.get("/api/perfil/datos", headers={"Authorization": f"Bearer {staff}"})
    assert refused.status_code == 403
