"""Parts of a text's page: what it may name, how it will look, what was said before."""

from typing import Any

import reflex as rx

from pages.components.badges import badge
from pages.components.browser import in_browser
from pages.components.buttons import ghost_button
from pages.components.cards import card
from pages.components.forms import text_field
from pages.components.icons import icon
from pages.components.kinds import Text
from state.admin.template import MessageTemplate, SlotView, VariableView, VersionView
from state.session import Visitor

TEXT = MessageTemplate.text
SHOWN = MessageTemplate.shown
# The name comes from the button that was tapped; the text stays as long as the server lets it.
INSERT = """
  const name = window.event?.target.closest("[data-variable]")?.dataset.variable;
  const body = document.getElementById("body");
  if (!name || !body || body.readOnly) return;
  body.focus();
  body.setRangeText(name, body.selectionStart, body.selectionEnd, "end");
"""


def look() -> Any:
    """See what is typed at this moment, saved or not."""
    return MessageTemplate.preview(_typed("subject"), _typed("body"))


def _typed(field: str) -> rx.Var[str]:
    return rx.Var(f"(document.getElementById('{field}')?.value ?? '')").to(str)


def variables() -> rx.Component:
    return rx.el.div(
        rx.el.p("Variables", class_name="cu-label", custom_attrs={"id": "variables"}),
        rx.el.p("Toca una para ponerla en el texto.", class_name="cu-muted cu-small"),
        rx.el.ul(
            rx.foreach(TEXT.variables, _variable),
            class_name="mt-2 grid gap-2 sm:grid-cols-2",
            custom_attrs={"aria-labelledby": "variables"},
        ),
    )


def _variable(one: VariableView) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(
                rx.el.code(one.written, class_name="font-bold"),
                rx.cond(one.needed, rx.el.span("necesaria", class_name="cu-muted cu-small")),
                class_name="w-full flex items-baseline justify-between gap-2",
            ),
            rx.el.span(one.meaning, class_name="block cu-small"),
            rx.cond(
                one.sample,
                rx.el.span(
                    f"Por ejemplo: {one.sample}",
                    class_name="block cu-muted cu-small [overflow-wrap:anywhere]",
                ),
            ),
            type="button",
            on_click=in_browser(INSERT),
            class_name="flex flex-col w-full h-full min-h-11 px-3 py-2 text-left rounded-field "
            "border border-base-300 hover:bg-base-200 cursor-pointer",
            custom_attrs={"data-variable": one.written},
        ),
        key=one.name,
    )


def approved(locked: dict[str, Any]) -> rx.Component:
    """WhatsApp takes a text of ours only as an answer; otherwise one it has approved before."""
    errors = MessageTemplate.errors
    return rx.el.details(
        rx.el.summary(
            icon("right", "transition-transform group-open:rotate-90"),
            rx.el.span("Plantilla aprobada de WhatsApp", class_name="font-semibold grow"),
            rx.cond(TEXT.content_sid, badge("Puesta", tone="success"), badge("Sin poner")),
            class_name="flex items-center gap-2 min-h-11 cursor-pointer list-none",
        ),
        rx.el.div(
            rx.el.p(
                "Si el cliente no escribió en las últimas 24 horas, WhatsApp solo acepta "
                "plantillas aprobadas. Escribe la clave que le dio Twilio y qué variable llena "
                "cada lugar.",
                class_name="cu-muted cu-small",
            ),
            text_field(
                "ContentSid",
                "content_sid",
                error=errors["content_sid"],
                default_value=TEXT.content_sid,
                placeholder="HX…",
                auto_complete="off",
                max_length=64,
                **locked,
            ),
            rx.el.div(
                rx.foreach(TEXT.slots, _slot),
                class_name="grid gap-2 sm:grid-cols-2",
            ),
            rx.el.div(
                rx.cond(
                    errors["content_variables"],
                    rx.el.p(icon("warning"), errors["content_variables"], class_name="cu-error"),
                ),
                custom_attrs={"aria-live": "polite"},
            ),
            class_name="cu-stack !gap-3 pt-2",
        ),
        open=_told(TEXT.content_sid)
        | _told(errors["content_sid"])
        | _told(errors["content_variables"]),
        class_name="group border-y border-base-300 py-2",
    )


def _told(text: Text) -> rx.Var[bool]:
    return rx.Var.create(text).bool()


def _slot(slot: SlotView) -> rx.Component:
    return rx.el.label(
        rx.el.code(slot.label, class_name="flex-none w-14 whitespace-nowrap"),
        rx.el.select(
            rx.el.option("(nada)", value=""),
            rx.foreach(TEXT.variables, _option),
            name=slot.field,
            default_value=slot.chosen,
            disabled=rx.cond(Visitor.is_owner, False, True),
            class_name="select",
        ),
        key=slot.field,
        class_name="flex items-center gap-2",
    )


def _option(one: VariableView) -> rx.Component:
    return rx.cond(one.approvable, rx.el.option(one.meaning, value=one.name))


def preview() -> rx.Component:
    return card(
        rx.el.div(
            rx.el.p("SMS y WhatsApp", class_name="cu-muted cu-small"),
            rx.el.p(
                SHOWN.body,
                class_name="w-fit max-w-full rounded-box rounded-tl-none bg-base-200 px-4 py-3 "
                "whitespace-pre-line [overflow-wrap:anywhere]",
            ),
            rx.cond(
                TEXT.with_subject,
                rx.fragment(
                    rx.el.p("Correo", class_name="cu-muted cu-small mt-3"),
                    rx.el.div(
                        rx.el.p(
                            SHOWN.subject,
                            class_name="font-bold border-b border-base-300 px-4 py-2 "
                            "[overflow-wrap:anywhere]",
                        ),
                        rx.el.p(
                            SHOWN.body,
                            class_name="px-4 py-3 whitespace-pre-line [overflow-wrap:anywhere]",
                        ),
                        class_name="rounded-field border border-base-300",
                    ),
                ),
            ),
            role="status",
            class_name="grid gap-2",
        ),
        title="Vista previa",
    )


def versions() -> rx.Component:
    return card(
        rx.el.ol(
            rx.foreach(TEXT.versions, _version),
            class_name="divide-y divide-base-300",
            custom_attrs={"aria-label": "Versiones"},
        ),
        title="Versiones",
    )


def _version(one: VersionView) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.h3(one.title, class_name="!text-base min-w-0 cu-num"),
            rx.cond(one.in_force, badge("En uso", tone="success")),
            class_name="flex flex-wrap items-center justify-between gap-x-3 gap-y-1",
        ),
        rx.el.p(one.body, class_name="cu-small mt-1 [overflow-wrap:anywhere]"),
        rx.cond(
            Visitor.is_owner & (one.in_force == False),  # noqa: E712  # a Var
            ghost_button(
                "Volver a esta versión",
                icon_name="refresh",
                on_click=MessageTemplate.restore(one.number),
                class_name="btn-sm -ml-3 mt-1",
            ),
        ),
        key=one.number,
        class_name="py-3 first:pt-0 last:pb-0",
    )
