"""Where customers are told to pay."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from api import routing
from api.access import OwnerActor
from api.schemas import Answer, Body
from domain import bank_accounts, bank_told
from domain.bank_accounts import LONGEST_STEP, MOST_STEPS, BankDetails
from infra.database import reading, unit_of_work

router = routing.router("/instrucciones-pago", "payments")


class BankInstructions(Answer):
    bank: str
    holder: str
    clabe: str
    account: str
    steps: list[str]


class BankChange(Body):
    """Without a bank, the one its CLABE names."""

    holder: str = Field(max_length=120)
    clabe: str = Field(max_length=30)
    account: str = Field(default="", max_length=30)
    bank: str = Field(default="", max_length=80)
    steps: list[Annotated[str, Field(max_length=LONGEST_STEP)]] = Field(
        default_factory=list, max_length=MOST_STEPS
    )


@router.get("", summary="Where to pay", responses={404: {}})
async def read() -> BankInstructions:
    async with reading() as session:
        return BankInstructions.model_validate(await bank_told.told(session))


@router.put("", summary="Change where new orders are paid")
async def change(body: BankChange, actor: OwnerActor) -> BankInstructions:
    """The owner in person: no key decides where the money goes. Orders placed keep theirs."""
    details = BankDetails(body.holder, body.clabe, body.account, body.bank, tuple(body.steps))
    async with unit_of_work() as session:
        await bank_accounts.change_default(session, actor, details)
        return BankInstructions.model_validate(await bank_told.told(session))
