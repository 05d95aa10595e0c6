"""Receipts come in and go out through here, for their customer and the staff alone.

A form of several parts is what browsers send files in; its parts stay in memory, since a temporary
file of a stranger's would outlive the request if the process died.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser

from api.access import CustomerActor, PersonActor
from api.schemas import Answer
from domain import receipt_pages, receipts
from domain.errors import InvalidInput
from domain.receipts import MOST_BYTES, ReceiptTold
from infra.database import reading, unit_of_work

router = APIRouter(prefix="/comprobantes", include_in_schema=False)

Number = Annotated[int, Path(ge=1, le=2**63 - 1)]
FIELDS = {"tracking_key": 60, "bank": 120, "paid_on": 10, "amount": 20}
UNSUPPORTED, BAD_REQUEST = 415, 400
CENT = Decimal("0.01")


class Sent(Answer):
    id: int


class InMemory(MultiPartParser):
    spool_max_size = MOST_BYTES + 100_000  # the edge lets no longer body pass

    def close(self) -> None:
        for file in self._files_to_close_on_error:
            file.close()


@router.post("/{number:int}", status_code=201)
async def send(number: Number, request: Request, actor: CustomerActor) -> Sent:
    """For the order of that number: a `file`, or a tracking key with its bank and its day."""
    async with reading() as session:
        await receipts.may_send(session, actor, order_id=number)
    told, content = await _read(request)
    receipts.checked(told, alone=not content)
    picture = await receipts.picture_of(content) if content else None
    async with unit_of_work() as session:
        sent = await receipts.send(session, actor, order_id=number, told=told, picture=picture)
    return Sent(id=sent)


@router.get("/{number:int}")
async def picture(number: Number, actor: PersonActor) -> Response:
    """Of the receipt of that number: our own JPEG.

    The edge sends it under a policy that lets it do nothing, even if it were something else.
    """
    async with reading() as session:
        content = await receipt_pages.picture(session, actor, receipt_id=number)
    return Response(
        content,
        media_type="image/jpeg",
        headers={
            "Content-Disposition": f'attachment; filename="comprobante-{number}.jpg"',
            "Cache-Control": "no-store",
        },
    )


async def _read(request: Request) -> tuple[ReceiptTold, bytes]:
    """What the file is called and says to be does not matter."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        raise HTTPException(UNSUPPORTED)
    parser = InMemory(request.headers, request.stream(), max_files=1, max_fields=len(FIELDS))
    try:
        form = await parser.parse()
        file = form.get("file")
        return _told(form), await file.read() if isinstance(file, UploadFile) else b""
    except (MultiPartException, KeyError, UnicodeDecodeError) as error:
        raise HTTPException(BAD_REQUEST) from error
    finally:
        parser.close()


def _told(form: FormData) -> ReceiptTold:
    """Raises `InvalidInput` with every field that cannot be read."""
    said = {name: form.get(name) for name in FIELDS}
    wrong: dict[str, str] = {
        name: "value_invalid"
        for name, value in said.items()
        if not isinstance(value, str | None) or "\x00" in (value or "")
    } | {
        name: "text_long"
        for name, most in FIELDS.items()
        if isinstance(value := said[name], str) and len(value) > most
    }
    day = amount = None
    try:
        day = date.fromisoformat(str(said["paid_on"])) if said["paid_on"] else None
    except ValueError:
        wrong["paid_on"] = "date_invalid"
    try:
        amount = _money(str(said["amount"])) if said["amount"] else None
    except InvalidOperation:
        wrong["amount"] = "amount_invalid"
    if wrong:
        raise InvalidInput(wrong)
    return ReceiptTold(str(said["tracking_key"] or ""), str(said["bank"] or ""), day, amount)


def _money(said: str) -> Decimal:
    """As people copy it from their bank: `$1,234.50 MXN`. Raises `InvalidOperation`."""
    amount = Decimal(said.upper().replace("MXN", "").replace("$", "").replace(",", "").strip())
    if amount.is_finite() and amount != amount.quantize(CENT):
        raise InvalidOperation
    return amount
