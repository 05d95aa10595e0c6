"""Signing in and out: tokens for programs."""

from __future__ import annotations

from typing import Literal

from fastapi import Request
from pydantic import Field

from api import routing
from api.access import Anyone, CustomerActor, StaffActor, where_used
from api.schemas import Answer, Body, Flag, Money
from domain import codes, customers, sessions, staff
from infra.database import reading, unit_of_work

router = routing.router("/auth", "auth")


class Login(Body):
    username: str = Field(max_length=60)
    password: str = Field(max_length=256)
    totp: str | None = Field(default=None, max_length=20)  # or a recovery code


class StaffToken(Answer):
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105  # the name of a scheme
    expires_in: int
    role: str


class CodeRequest(Body):
    phone: str = Field(max_length=40)
    channel: Literal["sms", "whatsapp"] = "sms"


class CodeSent(Answer):
    phone: str
    channel: str
    expires_in: int
    resend_in: int


class CodeEntry(Body):
    phone: str = Field(max_length=40)
    code: str = Field(max_length=20)


class Profile(Answer):
    id: int
    phone: str
    name: str
    email: str
    delivery_preference: Literal["whatsapp", "email", "web"]
    reminders: bool
    verified: bool
    credit: Money


class ProfileChange(Body):
    """`reminders` of what ends soon; they stay as they are where it is not named."""

    name: str = Field(default="", max_length=200)
    email: str = Field(default="", max_length=300)
    delivery_preference: Literal["whatsapp", "email", "web"]
    reminders: Flag | None = None


class CustomerToken(Answer):
    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105
    expires_in: int
    is_new: bool
    customer: Profile


@router.post("/login", summary="Sign a member of staff in")
async def login(body: Login, actor: Anyone, request: Request) -> StaffToken:
    async with unit_of_work() as session:
        signed = await staff.sign_in(
            session,
            actor,
            username=body.username,
            password=body.password,
            code=(body.totp or "").strip(),
        )
        await sessions.describe(session, signed.session_id, **where_used(request))
        token = await sessions.issue_token(session, signed.session_id)
    seconds = int(sessions.STAFF_LIFE.total_seconds())
    return StaffToken(access_token=token, expires_in=seconds, role=signed.role)


@router.post("/logout", status_code=204, summary="End this staff session")
async def logout(actor: StaffActor) -> None:
    async with unit_of_work() as session:
        await sessions.revoke(session, actor)


@router.post("/user/phone/request-code", status_code=202, summary="Send a login code")
async def request_code(body: CodeRequest, actor: Anyone) -> CodeSent:
    async with unit_of_work() as session:
        sent = await codes.request(session, actor, phone=body.phone, channel=body.channel)
    return CodeSent.model_validate(sent)


@router.post("/user/phone/verify-code", summary="Sign a customer in with the code")
async def verify_code(body: CodeEntry, actor: Anyone) -> CustomerToken:
    async with unit_of_work() as session:
        signed = await codes.verify(session, actor, phone=body.phone, code=body.code)
        token = await sessions.issue_token(session, signed.session_id)
        profile = await customers.profile_of(session, signed.customer_id)
    return CustomerToken(
        access_token=token,
        expires_in=int(sessions.CUSTOMER_LIFE.total_seconds()),
        is_new=signed.is_new,
        customer=Profile.model_validate(profile),
    )


@router.get("/user/profile", summary="The customer's own data")
async def read_profile(actor: CustomerActor) -> Profile:
    async with reading() as session:
        return Profile.model_validate(await customers.profile(session, actor))


@router.put("/user/profile", summary="Change the customer's own data")
async def change_profile(body: ProfileChange, actor: CustomerActor) -> Profile:
    async with unit_of_work() as session:
        changed = await customers.update_profile(
            session,
            actor,
            name=body.name,
            email=body.email,
            delivery_preference=body.delivery_preference,
        )
        if body.reminders is not None:
            await customers.want_reminders(session, actor, wanted=body.reminders)
            changed = await customers.profile(session, actor)
    return Profile.model_validate(changed)


@router.post("/user/logout", status_code=204, summary="End this customer session")
async def user_logout(actor: CustomerActor) -> None:
    async with unit_of_work() as session:
        await sessions.revoke(session, actor)
