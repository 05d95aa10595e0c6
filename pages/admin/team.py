"""The people who run the shop."""

import reflex as rx

from pages import routes
from pages.admin.invitation_parts import invitation_dialog
from pages.components.badges import badge
from pages.components.buttons import primary_button, quiet_button, submit_button
from pages.components.dialog import dismiss_dialog, open_dialog
from pages.components.feedback import error_region, skeleton_cards, until_ready
from pages.components.forms import select_field, text_field
from pages.components.icons import icon
from pages.components.links import link
from pages.frames import admin_page
from state.admin.team import MemberRow, Team

INVITE = "invite"
ROLES = (
    ("operator", "Operador: pedidos, clientes e inventario"),
    ("owner", "Dueño: todo, también dinero, equipo y ajustes"),
)


def team() -> rx.Component:
    return admin_page(
        rx.el.div(
            rx.el.p(
                "Cada quien entra con su usuario, y lo que hace queda registrado a su nombre.",
                class_name="cu-muted max-w-prose",
            ),
            primary_button("Invitar a alguien", icon_name="plus", on_click=open_dialog(INVITE)),
            class_name="flex flex-wrap items-center justify-between gap-3",
        ),
        rx.cond(
            Team.loaded,
            rx.el.ul(rx.foreach(Team.members, _member), class_name="grid gap-3 lg:grid-cols-2"),
            until_ready(Team.notice, on_retry=Team.load, waiting=skeleton_cards(2)),
        ),
        invitation_dialog(INVITE, "Invitar a alguien", _form()),
        title="Equipo",
        active=routes.ADMIN_TEAM,
    )


def _member(member: MemberRow) -> rx.Component:
    return rx.el.li(
        link(
            rx.el.span(icon("user"), class_name="cu-round flex-none"),
            rx.el.div(
                rx.el.div(
                    rx.el.h2(member.name, class_name="text-lg truncate"),
                    rx.cond(member.me, rx.el.span("Eres tú", class_name="cu-muted cu-small")),
                    class_name="flex items-baseline gap-2 min-w-0",
                ),
                rx.el.p(f"{member.role} · {member.sessions}", class_name="cu-muted cu-small"),
                rx.el.div(
                    badge(member.standing, tone=member.tone),
                    rx.cond(member.second_factor, badge("Dos pasos", tone="success")),
                    class_name="flex flex-wrap gap-2 mt-2",
                ),
                class_name="grow min-w-0",
            ),
            icon("right", "cu-muted"),
            to=routes.admin_team_member(member.id),
            class_name="cu-card flex items-center gap-3 h-full",
        ),
        key=member.id,
    )


def _form() -> rx.Component:
    return rx.el.form(
        error_region(Team.notice),
        text_field(
            "Usuario",
            "username",
            hint="Con él entra: letras minúsculas, números, puntos o guiones.",
            error=Team.errors["username"],
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
        ),
        select_field("Papel", "role", ROLES, error=Team.errors["role"]),
        text_field(
            "Correo para avisos (opcional)",
            "email",
            error=Team.errors["email"],
            type="email",
            auto_complete="off",
        ),
        text_field(
            "WhatsApp para avisos (opcional)",
            "whatsapp",
            error=Team.errors["whatsapp"],
            type="tel",
            auto_complete="off",
        ),
        submit_button("Crear invitación"),
        quiet_button("Cancelar", on_click=dismiss_dialog(INVITE), class_name="btn-block"),
        on_submit=Team.invite.throttle(1500),
        no_validate=True,
        class_name="cu-stack",
    )
