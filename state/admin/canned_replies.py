"""Answers written in advance, as the staff edits them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx

from domain import canned_replies
from domain.canned_replies import LONGEST_TITLE
from domain.ticket_entries import LONGEST_WORDS
from infra.database import reading, unit_of_work
from state import forms
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told

MOST_VERSIONS = 2**31 - 1


@dataclass(frozen=True)
class ReplyRow:
    id: int
    title: str
    body: str
    version: int


class CannedReplies(Outcomes, rx.State):
    """`editing` is the reply the errors speak of, 0 for a new one; `times` empties its form."""

    replies: list[ReplyRow] = []  # noqa: RUF012  # Reflex copies defaults for each tab
    editing: int = 0
    times: int = 0
    said: str = ""
    loaded: bool = False

    @rx.event
    @allow(Gate.OPERATOR)
    async def load(self) -> None:
        self.said = ""
        async with told(self):
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def save(self, form: dict[str, Any]) -> None:
        self.said, said = "", forms.fields(form)
        async with told(self):
            self.editing = forms.whole(said.get("reply", 0), "reply", least=0, most=2**63 - 1)
            written = {
                "title": forms.text(said.get("title"), "title", longest=20 * LONGEST_TITLE),
                "body": forms.text(said.get("body"), "body", longest=20 * LONGEST_WORDS),
            }
            async with unit_of_work() as session:
                if self.editing:
                    await canned_replies.change(
                        session,
                        actor(),
                        reply_id=self.editing,
                        version=_version(said.get("version")),
                        **written,
                    )
                else:
                    await canned_replies.add(session, actor(), **written)
            self.said, self.times = f"«{written['title']}» quedó guardada.", self.times + 1
        if not self.notice:  # what was refused stays as it was typed
            await self._show()

    @rx.event
    @allow(Gate.OPERATOR)
    async def remove(self, reply: int, version: int) -> None:
        self.said = ""
        async with told(self):
            number = forms.row_id(reply, "reply")
            async with unit_of_work() as session:
                await canned_replies.remove(
                    session, actor(), reply_id=number, version=_version(version)
                )
            self.said = "La respuesta se borró."
        await self._show()

    async def _show(self) -> None:
        async with reading() as session:
            found = await canned_replies.all_replies(session, actor())
        self.replies = [ReplyRow(one.id, one.title, one.body, one.version) for one in found]
        self.loaded = True


def _version(raw: object) -> int:
    return forms.whole(raw, "version", least=1, most=MOST_VERSIONS)
