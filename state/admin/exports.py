"""The owner takes the stock out with its secrets: the password again, then one download."""

from __future__ import annotations

import json
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from domain import exports
from infra.database import unit_of_work
from state import forms
from state.access import Gate, actor, allow
from state.outcomes import Outcomes, told

# The filters are those of the address on screen. A posted form carries the cookie and the Origin.
DOWNLOAD = """(() => {
  const asked = new URLSearchParams(window.location.search);
  asked.set("formato", %s);
  const form = document.createElement("form");
  form.method = "post";
  form.action = "/api/admin/exportar/inventario/con-accesos?" + asked;
  form.append(Object.assign(document.createElement("input"),
    { type: "hidden", name: "permiso", value: %s }));
  document.body.append(form);
  form.submit();
  form.remove();
  document.getElementById(%s)?.close();
})()"""
DIALOG = "exportar-con-accesos"
FORMATS = frozenset({"csv", "xlsx"})


class StockExport(Outcomes, rx.State):
    """`times` counts the downloads of this tab: a new one empties the form."""

    times: int = 0

    @rx.event
    @allow(Gate.OWNER)
    async def download(self, form: dict[str, Any]) -> EventSpec | None:
        async with told(self):
            given = forms.fields(form)
            password = forms.secret(given.get("password"), "password")
            kind = forms.choice(given.get("format"), "format", FORMATS)
            async with unit_of_work() as session:
                ticket = await exports.permit(session, actor(), password=password)
            self.times += 1
            written = (json.dumps(part) for part in (kind, ticket, DIALOG))
            return rx.call_script(DOWNLOAD % tuple(written))
        return None
