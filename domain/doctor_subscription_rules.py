"""The rules about subscriptions, from delivery to release, and about what warns of them."""

# ruff: noqa: S608  # statements are built from constants

from __future__ import annotations

from domain.doctor_rules import LIVE, PAID, SUBSCRIPTION, Rule

SAME_UNIT = "{0}.unit_index / i.profiles_per_unit = a.unit_index / i.profiles_per_unit"

SUBSCRIPTIONS = (
    Rule(
        "late_release",
        "Acceso que debió terminar",
        "Revisa que el proceso de tareas esté corriendo, o libéralo desde Vencimientos.",
        "assignment",
        "{service} del pedido #{order} terminó el {ends} y sigue abierto.",
        f"""SELECT {SUBSCRIPTION}, to_char(a.ends_on, 'DD/MM/YYYY') AS ends FROM {LIVE}
            WHERE a.released_at IS NULL AND a.ends_on + %(grace)s + 1 < %(today)s AND NOT EXISTS (
                SELECT 1 FROM assignments f
                JOIN order_items r ON r.renews_id = f.id JOIN orders o ON o.id = r.order_id
                WHERE f.order_item_id = a.order_item_id AND {SAME_UNIT.format("f")}
                  AND o.status = 'pending_payment' AND o.expires_at > now())""",
    ),
    Rule(
        "unpaid_time",
        "Fin que no es el tiempo comprado",
        "Compara los pedidos y renovaciones de la suscripción con su fecha de término.",
        "assignment",
        "{service} del pedido #{order} termina el {ends}, y no es lo que se pagó.",
        f"""WITH steps AS (
                SELECT a.id, 0 AS part, NULL::date AS ended, NULL::date AS anchor,
                       NULL::int AS months, a.starts_on AS starts, i.duration_months AS bought,
                       (a.starts_on + make_interval(months => i.duration_months))::date AS ends
                FROM assignments a JOIN order_items i ON i.id = a.order_item_id
                UNION ALL
                SELECT r.assignment_id, 1, r.ended_before, r.anchor_before, r.months_before,
                       r.starts_on, i.duration_months, r.ends_on
                FROM renewals r JOIN order_items i ON i.id = r.order_item_id
                WHERE r.undone_at IS NULL
                UNION ALL
                SELECT a.id, 2, a.ends_on, a.anchor_on, a.months, NULL, NULL, NULL
                FROM assignments a),
            joined AS (
                SELECT s.*, lag(ends) OVER w AS was_end, lag(anchor) OVER w AS was_anchor,
                       lag(months) OVER w AS was_months, lag(starts) OVER w AS was_start,
                       lag(bought) OVER w AS was_bought, lag(ended) OVER w AS was_ended
                FROM steps s WINDOW w AS (PARTITION BY id ORDER BY part, ended))
            SELECT DISTINCT {SUBSCRIPTION}, to_char(a.ends_on, 'DD/MM/YYYY') AS ends
            FROM joined j JOIN {LIVE} ON true
            WHERE a.id = j.id AND j.part > 0 AND (j.ended <> j.was_end OR NOT (
                coalesce(j.was_start = j.was_ended + 1 AND j.anchor = j.was_anchor
                         AND j.months = j.was_months + j.was_bought, false)
                OR (coalesce(j.was_start > j.was_ended, true) AND j.anchor = j.was_start
                    AND j.months = j.was_bought))
                OR j.was_end <> (j.anchor + make_interval(months => j.months))::date)""",
    ),
    Rule(
        "other_customer",
        "Suscripción de otro cliente",
        "Abre el pedido: el acceso está a nombre de quien no lo compró.",
        "assignment",
        "{service} del pedido #{order} está a nombre de otro cliente.",
        f"""SELECT {SUBSCRIPTION} FROM {LIVE} JOIN orders o ON o.id = i.order_id
            WHERE a.customer_id <> o.customer_id
               OR EXISTS (SELECT 1 FROM renewals r JOIN order_items n ON n.id = r.order_item_id
                          JOIN orders b ON b.id = n.order_id
                          WHERE r.assignment_id = a.id AND b.customer_id <> a.customer_id)""",
    ),
    Rule(
        "ended_order_holds",
        "Suscripción viva de un pedido que no está pagado",
        "Abre el pedido: está cancelado o sin pagar y el cliente conserva el acceso.",
        "assignment",
        "{service} sigue abierto y el pedido #{order} está «{status}».",
        f"""SELECT {SUBSCRIPTION}, o.status FROM {LIVE} JOIN orders o ON o.id = i.order_id
            WHERE a.released_at IS NULL AND o.status NOT IN {PAID}""",
    ),
    Rule(
        "broken_unit",
        "Cuenta completa partida",
        "Cámbiale la cuenta completa: sus perfiles están en dos cuentas o terminaron por partes.",
        "assignment",
        "{service} del pedido #{order}: la cuenta completa no está entera.",
        f"""SELECT {SUBSCRIPTION} FROM {LIVE}
            WHERE a.unit_index %% i.profiles_per_unit = 0 AND EXISTS (
                SELECT 1 FROM assignments b JOIN profiles q ON q.id = b.profile_id
                WHERE b.order_item_id = a.order_item_id AND {SAME_UNIT.format("b")}
                  AND (q.account_id <> p.account_id OR b.ends_on <> a.ends_on
                       OR (b.released_at IS NULL) <> (a.released_at IS NULL)))""",
    ),
    Rule(
        "replacement_chain",
        "Cambios de acceso que no se siguen",
        "Compara la historia de cambios con el perfil que el cliente tiene hoy.",
        "assignment",
        "{service} del pedido #{order}: el último cambio no llega al perfil {label}.",
        f"""WITH moves AS (
                SELECT assignment_id, to_profile_id, lead(from_profile_id)
                           OVER (PARTITION BY assignment_id ORDER BY id) AS left_from
                FROM replacements)
            SELECT DISTINCT {SUBSCRIPTION}, p.label FROM {LIVE}
            JOIN moves m ON m.assignment_id = a.id
            WHERE m.to_profile_id <> coalesce(m.left_from, a.profile_id)""",
    ),
    Rule(
        "claim_on_released",
        "Reporte abierto de un acceso que ya terminó",
        "Cierra el reporte y dile al cliente por qué.",
        "claim",
        "{service} del pedido #{order} terminó y su reporte sigue abierto.",
        f"""SELECT k.id, i.order_id AS "order", c.id AS account, i.service_name AS service
            FROM claims k JOIN {LIVE} ON true WHERE a.id = k.assignment_id
              AND k.status = 'open' AND a.released_at IS NOT NULL""",
    ),
    Rule(
        "untold_delivery",
        "Entrega de la que no se avisó",
        "Escríbele al cliente: no hay mensaje de que su acceso está listo.",
        "assignment",
        "{service} del pedido #{order} se entregó sin ningún mensaje.",
        f"""SELECT {SUBSCRIPTION} FROM {LIVE} WHERE a.released_at IS NULL AND NOT EXISTS (
                SELECT 1 FROM messages m WHERE m.assignment_id = a.id
                  AND m.kind = 'delivered')""",
    ),
)

# The object of an alert's kind: 12 of `beyond_paid_until:12`.
_NAMED = "substring(l.kind FROM ':([0-9]+)$')::bigint"
OVER = f"""SELECT l.id, l.kind, {_NAMED} AS account FROM alerts l
    WHERE l.closed_at IS NULL AND NOT CASE split_part(l.kind, ':', 1)
        WHEN 'beyond_paid_until' THEN EXISTS (
            SELECT 1 FROM {LIVE}
            WHERE c.id = {_NAMED} AND a.released_at IS NULL AND a.ends_on > c.paid_until)
        WHEN 'account_reports' THEN EXISTS (
            SELECT 1 FROM claims k JOIN profiles p ON p.id = k.profile_id
            WHERE p.account_id = {_NAMED} AND k.status = 'open'
              AND k.kind = 'account_down')
        WHEN 'waiting_stock' THEN EXISTS (
            SELECT 1 FROM order_items i WHERE i.fulfilment = 'waiting_stock')
        WHEN 'card_refund' THEN EXISTS (
            SELECT 1 FROM card_refunds f WHERE f.order_id = {_NAMED}
              AND (f.state = 'failed' OR (f.state = 'waiting' AND f.error <> '')))
        WHEN 'card_returned' THEN l.opened_at > now() - interval '3 days'
        WHEN 'card_ignored' THEN l.opened_at > now() - interval '3 days'
        WHEN 'card_disputed' THEN EXISTS (
            SELECT 1 FROM card_payments k JOIN payments p ON p.id = k.payment_id
            WHERE p.order_id = {_NAMED} AND k.disputed AND k.returned < p.amount)
        WHEN 'message_budget' THEN l.opened_at > now() - interval '1 day'
        WHEN 'messages_failing' THEN EXISTS (
            SELECT 1 FROM messages m WHERE m.status = 'failed'
              AND m.error_code <> 'not_needed' AND m.updated_at > now() - interval '1 day'
              AND m.kind NOT IN ('login_code', 'test', 'staff_alert')
              AND NOT EXISTS (SELECT 1 FROM messages f WHERE f.fallback_of = m.id))
        ELSE true END"""

ALERTS = (
    Rule(
        "alert_over",
        "Aviso abierto sin motivo",
        "Se cierra solo en unos minutos. Si no, revisa que el proceso de tareas esté corriendo.",
        "alert",
        "El aviso «{kind}» sigue abierto y su motivo ya pasó.",
        OVER,
    ),
)
