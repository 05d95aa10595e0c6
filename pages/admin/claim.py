"""One report: what is wrong, with whose access, what happened before, and what to do about it."""

import reflex as rx

from pages import routes
from pages.admin.claim_parts import actions, history, no_stock
from pages.components.badges import badge
from pages.components.cards import card, line, lines
from pages.components.feedback import alert, found, skeleton, status_region
from pages.components.links import link
from pages.components.service_tile import service_heading
from pages.frames import admin_page
from state.admin.claim import AdminClaim

CLAIM = AdminClaim.claim


def claim() -> rx.Component:
    return admin_page(
        found(
            AdminClaim,
            _claim(),
            waiting=_loading(),
            missing="Aquí no hay ningún reporte",
            hint="Revisa el número, o búscalo en la lista.",
            others=("Ver los reportes", routes.ADMIN_CLAIMS),
        ),
        title=CLAIM.title,
        back=("Garantías", routes.ADMIN_CLAIMS),
        active=routes.ADMIN_CLAIMS,
    )


def _claim() -> rx.Component:
    one = CLAIM.row
    return rx.el.div(
        rx.el.div(
            badge(one.state, tone=one.state_tone),
            rx.el.span(f"Reportado {one.age}"),
            rx.el.span(one.when, class_name="cu-muted cu-small cu-num"),
            rx.cond(
                CLAIM.closed,
                rx.el.span(f"Cerrado {CLAIM.closed}", class_name="cu-muted cu-small cu-num"),
            ),
            role="status",
            class_name="flex flex-wrap items-center gap-x-3 gap-y-2",
        ),
        status_region(AdminClaim.said),
        no_stock(AdminClaim.notice),
        rx.cond(CLAIM.several, _several()),
        card(_problem()),
        rx.el.div(
            rx.el.div(
                rx.cond(CLAIM.open, actions()),
                card(_customer(), title="Cliente"),
                class_name="cu-stack lg:order-last",
            ),
            rx.el.div(
                card(_access(), title="Acceso reportado"),
                rx.cond(
                    CLAIM.replacements,
                    card(history(CLAIM.replacements), title="Cambios de esta suscripción"),
                ),
                rx.cond(CLAIM.earlier, card(history(CLAIM.earlier), title="Reportes anteriores")),
                class_name="cu-stack",
            ),
            class_name="grid gap-4 items-start lg:grid-cols-[minmax(0,1fr)_22rem]",
        ),
        class_name="cu-stack",
    )


def _several() -> rx.Component:
    return alert(
        rx.el.p(CLAIM.several),
        link(
            "Abrir la cuenta",
            to=routes.admin_account(CLAIM.row.account),
            class_name="cu-link inline-flex items-center min-h-11 -mb-2",
        ),
        tone="warning",
    )


def _problem() -> rx.Component:
    one = CLAIM.row
    return rx.el.div(
        rx.el.h2(one.problem, class_name="text-xl"),
        rx.cond(
            one.details,
            rx.el.p(one.details, class_name="whitespace-pre-line [overflow-wrap:anywhere]"),
            rx.el.p("No escribió más.", class_name="cu-muted"),
        ),
        rx.cond(
            one.answer,
            rx.el.p(
                rx.el.span("Respuesta: ", class_name="font-semibold"),
                one.answer,
                class_name="pt-2 border-t border-base-300 whitespace-pre-line "
                "[overflow-wrap:anywhere]",
            ),
        ),
        class_name="grid gap-2",
    )


def _access() -> rx.Component:
    one = CLAIM.row
    look = "cu-link inline-flex items-center min-h-11 -my-2"
    return rx.el.div(
        service_heading(one.service, one.initials, tone=one.tone, detail=one.plan),
        lines(
            line("Perfil", one.profile),
            line(
                "Cuenta",
                link(
                    f"Cuenta {one.account}", to=routes.admin_account(one.account), class_name=look
                ),
            ),
            line("Último día", CLAIM.ends),
            line("Abrió estos datos", CLAIM.seen),
            line(
                "Pedido",
                link(f"Pedido #{one.order}", to=routes.admin_order(one.order), class_name=look),
            ),
        ),
        rx.cond(one.warning, alert(one.warning, tone="warning")),
        class_name="grid gap-2",
    )


def _customer() -> rx.Component:
    return rx.el.div(
        lines(line("Nombre", CLAIM.row.customer), line("Celular", CLAIM.row.phone)),
        rx.el.div(
            rx.el.a("Llamar", href=CLAIM.phone_link, class_name="btn btn-outline btn-sm grow"),
            rx.el.a(
                "WhatsApp",
                href=CLAIM.chat_link,
                target="_blank",
                rel="noopener noreferrer",
                class_name="btn btn-outline btn-sm grow",
            ),
            class_name="mt-2 flex gap-3",
        ),
    )


def _loading() -> rx.Component:
    return rx.el.div(
        rx.el.p("Cargando…", role="status", class_name="sr-only"),
        skeleton("h-8 max-w-sm"),
        skeleton("h-72 rounded-box"),
        class_name="cu-stack",
    )
