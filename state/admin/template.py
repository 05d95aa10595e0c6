"""One text of the shop's messages: written, tried out, put in force, and brought back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import reflex as rx

from domain import message_templates
from domain.errors import NotFound
from domain.message_templates import NEVER_APPROVED, Rendered, Template
from domain.message_texts import VARIABLES
from infra.database import reading, unit_of_work
from state import forms
from state.access import Gate, actor, allow
from state.admin.templates import GROUPS, group_of, written
from state.outcomes import Outcomes, told

LONGEST = 2000  # of what is typed; the domain knows how much of it may go out


@dataclass(frozen=True)
class VariableView:
    """`needed` says that the message would be of no use without it."""

    name: str
    written: str
    meaning: str
    sample: str
    needed: bool
    approvable: bool


@dataclass(frozen=True)
class SlotView:
    """A place of WhatsApp's approved template, and the variable that fills it."""

    field: str
    label: str
    chosen: str


@dataclass(frozen=True)
class VersionView:
    number: int
    title: str
    body: str
    in_force: bool


@dataclass(frozen=True)
class TemplateView:
    name: str = ""
    title: str = ""
    group: str = ""
    version: int = 0
    subject: str = ""
    body: str = ""
    content_sid: str = ""
    with_subject: bool = False
    variables: list[VariableView] = field(default_factory=list[VariableView])
    slots: list[SlotView] = field(default_factory=list[SlotView])
    versions: list[VersionView] = field(default_factory=list[VersionView])


@dataclass(frozen=True)
class PreviewView:
    subject: str = ""
    body: str = ""


class MessageTemplate(Outcomes, rx.State):
    """`phase` is `loading`, `ready` or `missing`; with a notice, `loading` has failed."""

    text: TemplateView = TemplateView()
    shown: PreviewView = PreviewView()
    phase: str = "loading"
    said: str = ""
    said_times: int = 0

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        async with told(self):
            await self._show(self.router.url.path.rstrip("/").rpartition("/")[2][:40])

    @rx.event
    @allow(Gate.OPERATOR)
    async def preview(self, subject: str, body: str) -> None:
        async with told(self):
            filled = message_templates.preview(
                self.text.name,
                forms.text(subject, "subject", longest=LONGEST),
                forms.text(body, "body", longest=LONGEST),
            )
            self.shown = _shown(filled)

    @rx.event
    @allow(Gate.OWNER)
    async def save(self, form: dict[str, Any]) -> None:
        async with told(self):
            said, name = forms.fields(form), self.text.name
            async with unit_of_work() as session:
                version = await message_templates.save(
                    session, actor(), name=name, **_written(said, len(self.text.slots))
                )
            same = version == self.text.version
            await self._show(name)
            self._say("Ya decía eso." if same else f"Guardado: versión {version} en uso.")

    @rx.event
    @allow(Gate.OWNER)
    async def restore(self, version: int) -> None:
        async with told(self):
            number = forms.whole(version, "version", least=0, most=10**6)
            name = self.text.name
            async with unit_of_work() as session:
                await message_templates.restore(
                    session, actor(), name=name, version=number, seen=self.text.version
                )
            await self._show(name)
            self._say("Volvió el texto de esa versión.")

    async def _show(self, name: str) -> None:
        try:
            async with reading() as session:
                found = await message_templates.current(session, name)
                before = await message_templates.versions(session, actor(), name=name)
        except NotFound:
            self.text, self.phase = TemplateView(), "missing"
            return
        self.text, self.phase = _view(found, before), "ready"
        self.shown = _shown(message_templates.sampled(found))

    def _say(self, said: str) -> None:
        self.said, self.said_times = said, self.said_times + 1


def _written(said: dict[str, object], slots: int) -> dict[str, Any]:
    """The fields of the form; places of the approved template are filled from the first on."""
    chosen = [forms.text(said.get(f"slot_{n}"), "slots", longest=40) for n in range(1, slots + 1)]
    while chosen and not chosen[-1]:
        chosen.pop()
    return {
        "seen": forms.whole(said.get("seen"), "seen", least=0, most=10**6),
        "subject": forms.text(said.get("subject"), "subject", longest=LONGEST),
        "body": forms.text(said.get("body"), "body", longest=LONGEST),
        "content_sid": forms.text(said.get("content_sid"), "content_sid", longest=LONGEST),
        "content_variables": tuple(chosen),
    }


def _shown(filled: Rendered) -> PreviewView:
    return PreviewView(filled.subject, filled.body)


def _view(found: Template, before: list[Template]) -> TemplateView:
    default = found.default
    approvable = [name for name in default.variables if name not in NEVER_APPROVED]
    original = Template(found.name, 0, default.category, default.subject, default.body, "", ())
    return TemplateView(
        name=found.name,
        title=default.title,
        group=GROUPS[group_of(found)][0],
        version=found.version,
        subject=found.subject,
        body=found.body,
        content_sid=found.content_sid,
        with_subject=bool(default.subject),
        variables=[_variable(name, found) for name in default.variables],
        slots=[_slot(n, found.content_variables) for n in range(1, len(approvable) + 1)],
        versions=[_version(one, found.version) for one in (*before, original)],
    )


def _variable(name: str, template: Template) -> VariableView:
    known = VARIABLES[name]
    return VariableView(
        name=name,
        written=f"{{{name}}}",
        meaning=known.meaning,
        sample=known.sample,
        needed=name in template.default.needed,
        approvable=name not in NEVER_APPROVED,
    )


def _slot(number: int, chosen: tuple[str, ...]) -> SlotView:
    return SlotView(
        field=f"slot_{number}",
        label=f"{{{{{number}}}}}",
        chosen=chosen[number - 1] if number <= len(chosen) else "",
    )


def _version(one: Template, in_force: int) -> VersionView:
    return VersionView(one.version, written(one), one.body, one.version == in_force)
