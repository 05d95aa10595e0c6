"""Where customers are told to pay."""

from __future__ import annotations

from api import routing
from api.schemas import Answer
from domain import bank_told
from infra.database import reading

router = routing.router("/instrucciones-pago", "payments")


class BankInstructions(Answer):
    bank: str
    holder: str
    clabe: str
    account: str
    steps: list[str]


@router.get("", summary="Where to pay")
async def read() -> BankInstructions:
    async with reading() as session:
        return BankInstructions.model_validate(await bank_told.told(session))
