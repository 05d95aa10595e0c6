"""Reporting a problem from the card: choose what is wrong, read what may help, send."""

import reflex as rx

from pages.components.buttons import quiet_button, submit_button
from pages.components.dialog import dialog, dismiss_dialog, show_dialog
from pages.components.feedback import alert, error_region, skeleton
from pages.components.forms import choice, choices, text_area
from pages.storefront.delivery_parts import field_error
from state.storefront.account_cards import AccessCard
from state.storefront.claims import ProblemView, ReportProblem

NAME = "reportar"


def claim_news(card: AccessCard) -> rx.Component:
    """What has become of a report; it is read aloud when it changes."""
    told = rx.el.div(
        rx.el.p(card.news),
        rx.cond(
            card.answer,
            rx.el.p(
                rx.el.span("Te respondimos: ", class_name="font-semibold"),
                card.answer,
                class_name="mt-1 whitespace-pre-line [overflow-wrap:anywhere]",
            ),
        ),
    )
    return rx.el.div(
        rx.cond(
            card.news,
            rx.cond(
                card.news_tone == "success",
                alert(told, tone="success"),
                alert(told, tone="info"),
            ),
        ),
        role="status",
        class_name="empty:hidden",
    )


def report_action(card: AccessCard) -> rx.Component:
    return rx.cond(
        card.reported,
        rx.fragment(),
        rx.el.button(
            "Reportar un problema",
            type="button",
            on_click=[show_dialog(NAME), ReportProblem.ask(card.id)],
            class_name="cu-link cu-small inline-flex items-center min-h-11 cursor-pointer",
            custom_attrs={
                "aria-haspopup": "dialog",
                "aria-label": f"Reportar un problema con {card.service}",
            },
        ),
    )


def report_dialog() -> rx.Component:
    return dialog(
        NAME,
        ReportProblem.title,
        rx.cond(
            ReportProblem.said,
            _said(),
            rx.cond(
                ReportProblem.problems,
                _form(),
                rx.cond(
                    ReportProblem.notice,
                    rx.el.div(
                        error_region(ReportProblem.notice), _back(), class_name="cu-stack mt-4"
                    ),
                    rx.el.div(
                        rx.el.p("Cargando…", role="status", class_name="sr-only"),
                        skeleton("h-60"),
                        skeleton("h-12"),
                        class_name="cu-stack mt-4",
                    ),
                ),
            ),
        ),
    )


def _form() -> rx.Component:
    errors = ReportProblem.errors
    return rx.el.form(
        rx.el.div(
            choices("¿Qué pasa?", rx.foreach(ReportProblem.problems, _problem)),
            field_error(errors["kind"]),
            class_name="grid gap-2",
        ),
        text_area(
            "Cuéntanos más (opcional)",
            "details",
            hint="Por ejemplo, qué dice la pantalla. No escribas contraseñas.",
            error=errors["details"],
            max_length=500,
            rows=3,
        ),
        rx.cond(errors, rx.fragment(), error_region(ReportProblem.notice)),
        rx.el.div(submit_button("Enviar reporte"), _back(), class_name="grid gap-2"),
        key=ReportProblem.times,
        on_submit=ReportProblem.send,
        no_validate=True,
        class_name="cu-stack mt-2",
    )


def _problem(one: ProblemView) -> rx.Component:
    """What may help stands below its problem once that is chosen."""
    described = f"ayuda-{one.kind}"
    return rx.el.div(
        choice(
            one.name,
            name="kind",
            value=one.kind,
            custom_attrs={"aria-describedby": described},
        ),
        rx.el.p(
            one.aid,
            class_name="hidden group-has-checked:block px-4 py-2 cu-small",
            custom_attrs={"id": described},
        ),
        class_name="group",
        key=one.kind,
    )


def _said() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.cond(
                ReportProblem.tone == "success",
                alert(ReportProblem.said, tone="success"),
                alert(ReportProblem.said, tone="info"),
            ),
            role="status",
        ),
        quiet_button(
            "Entendido", on_click=dismiss_dialog(NAME), class_name="btn-block", auto_focus=True
        ),
        class_name="cu-stack mt-4",
    )


def _back() -> rx.Component:
    return quiet_button("Ahora no", on_click=dismiss_dialog(NAME), class_name="btn-block")
