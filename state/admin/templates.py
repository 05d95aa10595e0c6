"""The texts of messages by whom and what they are for, and whether they carry the password."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from domain import message_templates, shop_settings
from domain.message_templates import Template
from infra.database import reading, unit_of_work
from state import forms, views
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told

STAFF = "staff"
GROUPS = {
    "authentication": ("Códigos de acceso", "Autenticación: salen a cualquier hora y sin enlaces."),
    "utility": ("Avisos al cliente", "Utilidad: hablan de algo que el cliente compró."),
    "marketing": ("Promoción", "Marketing: solo a quien pidió que le avisáramos."),
    STAFF: ("Para el equipo", "Los reciben quienes dejaron su WhatsApp o correo."),
}


@dataclass(frozen=True)
class TemplateLine:
    name: str
    title: str
    body: str
    written: str
    approved: bool


@dataclass(frozen=True)
class TemplateGroup:
    name: str
    title: str
    detail: str
    lines: list[TemplateLine]


class MessageTemplates(Outcomes, rx.State):
    """`credentials` says whether messages carry the password itself."""

    groups: list[TemplateGroup] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    credentials: bool = False
    said: str = ""
    said_times: int = 0

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            async with reading() as session:
                found = await message_templates.all_current(session, actor())
                credentials = await shop_settings.credentials_in_messages(session)
            self.groups, self.credentials = _groups(found), credentials

    @rx.event
    @allow(Gate.OWNER)
    async def send_credentials(self, wanted: bool) -> None:
        async with told(self):
            chosen = forms.flag(wanted)
            async with unit_of_work() as session:
                await shop_settings.set_credentials_in_messages(session, actor(), wanted=chosen)
            self.credentials = chosen
            self.said_times += 1
            self.said = (
                "Los mensajes llevarán usuario y contraseña."
                if chosen
                else "Los mensajes ya no llevan la contraseña."
            )


def group_of(template: Template) -> str:
    return STAFF if template.name.startswith("staff_") else template.category


def _groups(found: list[Template]) -> list[TemplateGroup]:
    return [
        TemplateGroup(name, title, detail, lines)
        for name, (title, detail) in GROUPS.items()
        if (lines := [_line(one) for one in found if group_of(one) == name])
    ]


def _line(one: Template) -> TemplateLine:
    return TemplateLine(
        name=one.name,
        title=_title(one),
        body=one.body,
        written=written(one),
        approved=bool(one.content_sid),
    )


def _title(one: Template) -> str:
    """Without the group it stands in."""
    said = one.default.title.removeprefix("Para el equipo: ")
    return said[:1].upper() + said[1:]


def written(one: Template) -> str:
    """Which version it is, and whose."""
    if one.version == 0:
        return "El texto original"
    by = f" · {one.changed_by}" if one.changed_by else ""
    return f"Versión {one.version}{by} · {views.moment(one.changed_at)}"
