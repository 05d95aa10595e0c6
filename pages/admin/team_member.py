"""One person who runs the shop, as an owner arranges them."""

import reflex as rx

from pages import routes
from pages.admin.alert_address_parts import alert_addresses_card
from pages.admin.invitation_parts import invitation_dialog
from pages.admin.session_parts import session_list
from pages.admin.team import ROLES
from pages.components.badges import badge
from pages.components.buttons import primary_button, quiet_button
from pages.components.cards import card, line, lines
from pages.components.dialog import confirm_dialog, dismiss_dialog, open_dialog
from pages.components.feedback import error_region, skeleton_cards, toast, until_ready
from pages.components.forms import select_field
from pages.frames import admin_page
from state.admin.team_member import TeamMember

MEMBER = TeamMember.member
AGAIN, OUT, ONE_STEP = "invite-again", "disable", "one-step"


def team_member() -> rx.Component:
    return admin_page(
        rx.cond(
            MEMBER.row.id,
            rx.el.div(
                error_region(TeamMember.notice),
                rx.el.div(
                    rx.el.div(_access(), _sessions(), class_name="cu-stack"),
                    rx.el.div(
                        _role(),
                        alert_addresses_card(
                            email=MEMBER.email,
                            whatsapp=MEMBER.whatsapp,
                            errors=TeamMember.errors,
                            on_save=TeamMember.save_addresses.throttle(1000),
                        ),
                        class_name="cu-stack",
                    ),
                    class_name="grid gap-4 items-start lg:grid-cols-2",
                ),
                _dialogs(),
                class_name="cu-stack",
            ),
            until_ready(TeamMember.notice, on_retry=TeamMember.load, waiting=skeleton_cards(2)),
        ),
        toast(TeamMember.said, times=TeamMember.said_times),
        title=rx.cond(MEMBER.row.name, MEMBER.row.name, "Equipo"),
        active=routes.ADMIN_TEAM,
        back=("Equipo", routes.ADMIN_TEAM),
    )


def _access() -> rx.Component:
    return card(
        lines(
            line("Papel", MEMBER.row.role),
            line(
                "Dos pasos",
                rx.cond(MEMBER.row.second_factor, "Activados", "Sin activar"),
            ),
        ),
        rx.cond(
            MEMBER.row.me,
            rx.el.p(
                "Tu contraseña y tus dos pasos se cambian en Mi cuenta.",
                class_name="cu-muted cu-small",
            ),
            _actions(),
        ),
        title="Acceso",
        aside=badge(MEMBER.row.standing, tone=MEMBER.row.tone),
    )


def _actions() -> rx.Component:
    return rx.el.div(
        rx.cond(
            MEMBER.enabled,
            rx.fragment(
                quiet_button(
                    rx.cond(MEMBER.joined, "Restablecer acceso", "Nueva invitación"),
                    icon_name="key",
                    on_click=open_dialog(AGAIN),
                    class_name="grow",
                ),
                rx.cond(
                    MEMBER.row.second_factor,
                    quiet_button(
                        "Quitar dos pasos",
                        icon_name="shield",
                        on_click=open_dialog(ONE_STEP),
                        class_name="grow",
                    ),
                ),
                quiet_button(
                    "Desactivar", icon_name="lock", on_click=open_dialog(OUT), class_name="grow"
                ),
            ),
            primary_button("Activar otra vez", on_click=TeamMember.enable.throttle(1000)),
        ),
        class_name="flex flex-wrap gap-3",
    )


def _role() -> rx.Component:
    return card(
        select_field(
            "Qué puede hacer",
            "role",
            ROLES,
            error=TeamMember.errors["role"],
            value=MEMBER.role,
            on_change=TeamMember.change_role,
        ),
        title="Papel",
    )


def _sessions() -> rx.Component:
    return card(
        rx.cond(
            MEMBER.open_sessions,
            session_list(MEMBER.open_sessions, TeamMember.end_session),
            rx.el.p("No tiene sesiones abiertas.", class_name="cu-muted"),
        ),
        title="Sesiones abiertas",
    )


def _dialogs() -> rx.Component:
    return rx.fragment(
        invitation_dialog(
            AGAIN,
            "Nueva invitación",
            rx.el.p(
                "Haremos un enlace para que elija una contraseña nueva. La que tenga deja de "
                "servir ahora mismo, y cerramos sus sesiones.",
            ),
            rx.el.div(
                quiet_button("No, volver", on_click=dismiss_dialog(AGAIN), class_name="grow"),
                primary_button(
                    "Crear enlace",
                    on_click=TeamMember.invite_again.throttle(1500),
                    class_name="grow",
                ),
                class_name="flex flex-wrap gap-3",
            ),
        ),
        confirm_dialog(
            OUT,
            f"¿Desactivar a {MEMBER.row.name}?",
            "Sale al instante de todos sus dispositivos. Lo que hizo queda registrado, y puedes "
            "activarla otra vez.",
            confirm="Sí, desactivar",
            on_confirm=TeamMember.disable,
        ),
        confirm_dialog(
            ONE_STEP,
            "¿Quitar la verificación en dos pasos?",
            "Solo si perdió su teléfono y sus códigos. Entrará con su contraseña, y cerramos sus "
            "sesiones.",
            confirm="Sí, quitar",
            on_confirm=TeamMember.remove_second_factor,
        ),
    )
