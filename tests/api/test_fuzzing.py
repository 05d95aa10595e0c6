"""F1: schemathesis asks everything the description allows, and what it does not, as two roles.

No worker runs beside it: none of the addresses it invents for webhooks is ever called.
`make fuzz` invents two hundred requests for each operation instead of three (`FUZZ_EXAMPLES`).
"""

import asyncio
import base64
import os
import sys
from decimal import Decimal
from pathlib import Path

import pytest

import models
from domain import (
    claims,
    credit,
    drafts,
    my_accounts,
    receipts,
    webhook_deliveries,
    webhooks,
)
from domain.receipts import ReceiptTold
from domain.sql import scalar
from domain.statement_movements import Movement
from infra.clock import today
from infra.database import reading, unit_of_work
from tests.api.people import of_customer, of_staff
from tests.builders import (
    as_customer,
    as_staff,
    keep,
    make_account,
    make_bank,
    make_customer,
    make_plan,
    make_staff,
    make_statement,
    pay,
    place_order,
)
from tests.fixtures import Shop
from tests.race.api_server import served

HERE = Path(__file__).parent
EXAMPLES = os.environ.get("FUZZ_EXAMPLES", "3")


@pytest.mark.parametrize("role", ["customer", "owner"])
async def test_every_answer_is_what_the_description_says(
    shop: Shop, tmp_path: Path, role: str
) -> None:
    shop.configure(
        bank_notice_secrets="whsec_" + base64.b64encode(b"s" * 32).decode(),
        mercadopago_access_token="TEST-token",
        mercadopago_webhook_secret="secret-of-the-test",
        mercadopago_api_url="http://127.0.0.1:9",
    )
    await make_bank()
    plan = await make_plan()
    await make_account(plan.service_id)
    ana = await make_customer()
    order = await place_order(ana, plan)
    await pay(order.id, order.total)
    await make_webhook()
    await make_money(ana, plan)
    await make_work(ana, plan)
    tokens = {}
    for name in ("TOKEN", "SPARE_TOKEN"):
        who = await of_customer(ana) if role == "customer" else await of_staff("owner")
        tokens[name] = who["Authorization"].removeprefix("Bearer ")
    async with served(shop) as origin:
        asking = await asyncio.create_subprocess_exec(
            str(Path(sys.executable).parent / "st"),
            *("--config-file", str(HERE / "schemathesis.toml")),
            *("run", f"{origin}/api/openapi.json", "--checks", "all"),
            *("--max-examples", EXAMPLES, "--seed", "1", "--no-color"),
            cwd=tmp_path,
            env={**os.environ, **tokens},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await asking.communicate()
    assert asking.returncode == 0, said.decode(errors="replace")
    async with reading() as session:
        assert (
            await scalar(session, "SELECT count(*) FROM webhook_deliveries WHERE attempts > 0") == 0
        )


async def make_webhook() -> None:
    """With a delivery that waits, so that there is something to list."""
    owner = as_staff(await make_staff("owner"))
    async with unit_of_work() as session:
        made = await webhooks.create(
            session, owner, url="https://programa.invalid/", events=["order.paid"]
        )
        await webhook_deliveries.send_test(session, owner, hook_id=made.id)


async def make_money(ana: models.Customer, plan: models.Plan) -> None:
    """A coupon, some credit, a receipt to look at and a statement to apply."""
    await keep(models.Coupon(code="BUENFIN", percent=Decimal(10)))
    owner, order = as_staff(await make_staff("owner")), await place_order(ana, plan)
    async with unit_of_work() as session:
        await credit.give(
            session, owner, customer_id=ana.id or 0, amount=Decimal(500), reason="por la espera"
        )
        told = ReceiptTold("MBAN0100231125", "BBVA", today())
        await receipts.send(session, as_customer(ana), order_id=order.id, told=told)
    await make_statement(Movement(1, today(), Decimal(150), f"ORDEN {order.id}"))


async def make_work(ana: models.Customer, plan: models.Plan) -> None:
    """A report that waits, a draft, and a plan that is sold out."""
    staff = as_staff(await make_staff())
    await make_plan()
    async with unit_of_work() as session:
        [held, *_] = await my_accounts.held_by(session, as_customer(ana))
        await claims.report(session, as_customer(ana), assignment_id=held.id, kind="other")
        await drafts.keep(
            session,
            staff,
            phone=ana.phone,
            name="Ana",
            lines={plan.id or 0: 1},
            delivery_preference="web",
        )
