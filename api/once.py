"""`Idempotency-Key`: a POST that creates or pays is carried out once for each key.

async def create(body: New, actor: CustomerActor, once: Once) -> Order:
    return await once(actor, body, Order, lambda session: …)
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel
from sqlmodel.ext.asyncio.session import AsyncSession

from domain import idempotency
from domain.actors import Actor
from infra.database import unit_of_work

A = TypeVar("A", bound=BaseModel)


class Doing:
    """One unit of work around what a request asks for."""

    def __init__(self, request: Request, response: Response, key: str) -> None:
        self.place = f"{request.method} {request.url.path}?{request.url.query}"
        self.response, self.key = response, key

    async def __call__(
        self,
        actor: Actor,
        body: BaseModel | str,
        kind: type[A],
        work: Callable[[AsyncSession], Awaitable[A]],
    ) -> A:
        async with unit_of_work() as session:
            if not self.key:
                return await work(session)

            async def written() -> object:
                return (await work(session)).model_dump(mode="json")

            sent = body if isinstance(body, str) else _canonical(body)
            answer, known = await idempotency.once(
                session, actor, key=self.key, request=f"{self.place}\n{sent}", work=written
            )
        if known:
            self.response.headers["Idempotent-Replayed"] = "true"
        return kind.model_validate(answer)


def _canonical(body: BaseModel) -> str:
    """Order of fields and spaces do not make another request."""
    return json.dumps(body.model_dump(mode="json", exclude_unset=True), sort_keys=True)


async def doing(
    request: Request,
    response: Response,
    key: Annotated[
        str,
        Header(
            alias="Idempotency-Key",
            max_length=255,
            pattern=r"^[\x21-\x7e]*$",
            description="The same key and body within 24 h get the first answer again.",
        ),
    ] = "",
) -> Doing:
    return Doing(request, response, key)


Once = Annotated[Doing, Depends(doing)]
