"""Who calls the API in a test: headers of a customer, a member of staff, a program with a key."""

from collections.abc import Collection

import models
from domain import api_keys
from infra.database import unit_of_work
from tests.builders import as_staff, make_staff, sign_in_customer, sign_in_staff


async def of_customer(customer: models.Customer) -> dict[str, str]:
    return bearer(await sign_in_customer(customer))


async def of_staff(role: str = "operator") -> dict[str, str]:
    return bearer(await sign_in_staff(await make_staff(role)))


async def of_key(*scopes: str, role: str = "operator", days: int = 30) -> dict[str, str]:
    return bearer((await key(scopes, role=role, days=days)).key.disclose())


async def key(
    scopes: Collection[str], *, role: str = "operator", days: int = 30
) -> api_keys.NewKey:
    owner = as_staff(await make_staff("owner"))
    async with unit_of_work() as session:
        return await api_keys.create(
            session, owner, name="Contabilidad", scopes=scopes, days=days, role=role
        )


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}
