"""What must agree with what: a code, what it means to an operator, and the rows that break it.

A statement gives `id` of the object, `order` and `account` where there is one to open, and what
its sentence names. `%(today)s` is the business date, `%(grace)s` the days of grace.
"""

# ruff: noqa: S608  # statements are built from constants

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    title: str
    advice: str
    object_type: str
    says: str
    statement: str


# A live subscription with its line, its profile and its account.
LIVE = """assignments a JOIN order_items i ON i.id = a.order_item_id
    JOIN profiles p ON p.id = a.profile_id JOIN accounts c ON c.id = p.account_id"""
SUBSCRIPTION = 'a.id, i.order_id AS "order", c.id AS account, i.service_name AS service'
_PROFILE = 'p.id, p.account_id AS account, p.label, p.reserved_order_id AS "order"'
_LINE = 'i.id, i.order_id AS "order", i.service_name AS service, i.plan_name AS plan'
PAID = "('paid', 'processing', 'delivered')"

STOCK = (
    Rule(
        "assigned_without_subscription",
        "Perfil asignado que nadie tiene",
        "Revisa la cuenta: si nadie lo usa, cambia su PIN o su contraseña y márcalo como rotado.",
        "profile",
        "El perfil {label} de la cuenta {account} está asignado sin una suscripción viva.",
        f"""SELECT {_PROFILE} FROM profiles p WHERE p.status = 'assigned' AND NOT EXISTS (
            SELECT 1 FROM assignments a WHERE a.profile_id = p.id AND a.released_at IS NULL)""",
    ),
    Rule(
        "subscription_without_assigned",
        "Suscripción viva en un perfil que no está asignado",
        "No vendas ese perfil. Cámbiale el acceso al cliente desde su pedido.",
        "assignment",
        "{service}: el perfil {label} tiene dueño y su estado es «{status}».",
        f"""SELECT {SUBSCRIPTION}, p.label, p.status FROM {LIVE}
            WHERE a.released_at IS NULL AND p.status <> 'assigned'""",
    ),
    Rule(
        "dead_account",
        "Suscripción viva en una cuenta caída o retirada",
        "Abre la cuenta y cambia a todos sus clientes de una vez.",
        "assignment",
        "{service}: la cuenta {account} no sirve y alguien la tiene pagada hasta el {ends}.",
        f"""SELECT {SUBSCRIPTION}, to_char(a.ends_on, 'DD/MM/YYYY') AS ends FROM {LIVE}
            WHERE a.released_at IS NULL AND c.status IN ('down', 'retired')""",
    ),
    Rule(
        "beyond_paid_until",
        "Suscripción que termina después de lo pagado al proveedor",
        "Renueva la cuenta con el proveedor, o cambia al cliente a otra que alcance.",
        "assignment",
        "{service}: termina el {ends} y la cuenta {account} está pagada hasta el {paid}.",
        f"""SELECT {SUBSCRIPTION}, to_char(a.ends_on, 'DD/MM/YYYY') AS ends,
                   to_char(c.paid_until, 'DD/MM/YYYY') AS paid FROM {LIVE}
            WHERE a.released_at IS NULL AND a.ends_on > c.paid_until""",
    ),
    Rule(
        "hold_without_order",
        "Perfil apartado para un pedido que no puede apartar",
        "Abre el pedido; si ya terminó, cancela lo que quede de él para soltar el perfil.",
        "profile",
        "El perfil {label} de la cuenta {account} sigue apartado para el pedido #{order}.",
        f"""SELECT {_PROFILE} FROM profiles p
            WHERE p.reserved_order_id IS NOT NULL AND p.status = 'free' AND NOT EXISTS (
                SELECT 1 FROM orders o WHERE o.id = p.reserved_order_id
                  AND o.status IN ('pending_payment', 'paid', 'processing'))""",
    ),
    Rule(
        "hold_on_taken_profile",
        "Perfil apartado que no está libre",
        "Revisa la cuenta: un perfil asignado o por rotar no puede estar apartado.",
        "profile",
        "El perfil {label} de la cuenta {account} está apartado y su estado es «{status}».",
        f"""SELECT {_PROFILE}, p.status FROM profiles p
            WHERE p.reserved_order_id IS NOT NULL AND p.status <> 'free'""",
    ),
    Rule(
        "endless_hold",
        "Perfil apartado sin fin",
        "Solo un pedido pagado que espera stock aparta sin límite. Abre el pedido y revísalo.",
        "profile",
        "El perfil {label} de la cuenta {account} está apartado sin fin para el pedido #{order}.",
        f"""SELECT {_PROFILE} FROM profiles p JOIN orders o ON o.id = p.reserved_order_id
            WHERE p.status = 'free' AND p.reserved_until >= '9999-01-01'
              AND o.status IN ('pending_payment', 'paid', 'processing') AND NOT EXISTS (
                SELECT 1 FROM order_items i WHERE i.order_id = o.id
                  AND i.fulfilment = 'waiting_stock' AND o.status = 'processing')""",
    ),
    Rule(
        "profile_copy",
        "Perfil que no coincide con su cuenta",
        "Guarda otra vez los datos de la cuenta para que sus perfiles los repitan.",
        "profile",
        "El perfil {label} no repite el servicio, el plan, la fecha o el estado de la cuenta "
        "{account}.",
        f"""SELECT {_PROFILE} FROM profiles p JOIN accounts c ON c.id = p.account_id
            WHERE (p.service_id, p.dedicated_to, p.paid_until, p.sellable) IS DISTINCT FROM
                  (c.service_id, coalesce(c.plan_id, 0), coalesce(c.paid_until, '9999-12-31'),
                   c.status = 'active')""",
    ),
)

ORDERS = (
    Rule(
        "item_not_served",
        "Artículo pagado sin asignar ni esperar",
        "Abre el pedido: al cliente le falta o le sobra un acceso.",
        "order_item",
        "Pedido #{order}, {service} {plan}: pagó {wanted}, se le dieron {given} y se renovaron "
        "{renewed}; el artículo dice «{fulfilment}».",
        f"""SELECT {_LINE}, i.fulfilment, i.quantity * i.profiles_per_unit AS wanted,
                   done.given, done.renewed
            FROM order_items i JOIN orders o ON o.id = i.order_id CROSS JOIN LATERAL (
                SELECT (SELECT count(*) FROM assignments a WHERE a.order_item_id = i.id) AS given,
                       (SELECT count(*) FROM renewals r WHERE r.order_item_id = i.id
                          AND r.undone_at IS NULL) AS renewed,
                       (SELECT count(*) FROM assignments f
                        JOIN order_items s ON s.id = f.order_item_id
                        JOIN assignments m ON m.order_item_id = f.order_item_id
                         AND m.unit_index / s.profiles_per_unit =
                             f.unit_index / s.profiles_per_unit
                        WHERE f.id = i.renews_id) AS unit) AS done
            WHERE o.status IN {PAID} AND NOT CASE
                WHEN i.fulfilment = 'waiting_payment' THEN false
                WHEN i.fulfilment = 'waiting_stock' THEN done.given = 0 AND done.renewed = 0
                WHEN done.renewed > 0 THEN done.renewed = done.unit AND done.given = 0
                ELSE done.given = i.quantity * i.profiles_per_unit END""",
    ),
    Rule(
        "delivered_but_waiting",
        "Pedido entregado con algo en espera",
        "Abre el pedido: dice entregado y un artículo sigue esperando stock.",
        "order",
        "El pedido #{order} está entregado y {service} {plan} espera stock.",
        f"""SELECT {_LINE} FROM order_items i JOIN orders o ON o.id = i.order_id
            WHERE o.status = 'delivered' AND i.fulfilment = 'waiting_stock'""",
    ),
    Rule(
        "processing_without_waiting",
        "Pedido pagado sin entregar y sin nada en espera",
        "Abre el pedido: nada lo detiene y no se ha entregado.",
        "order",
        "El pedido #{order} sigue en proceso y ningún artículo espera stock.",
        """SELECT o.id, o.id AS "order" FROM orders o WHERE o.status IN ('paid', 'processing')
            AND NOT EXISTS (SELECT 1 FROM order_items i
                            WHERE i.order_id = o.id AND i.fulfilment = 'waiting_stock')""",
    ),
    Rule(
        "waiting_in_ended_order",
        "Artículo en espera de un pedido que ya no espera",
        "Abre el pedido: está cancelado o sin pagar, y un artículo suyo ocupa la fila.",
        "order_item",
        "{service} {plan} espera stock para el pedido #{order}, que está «{status}».",
        f"""SELECT {_LINE}, o.status FROM order_items i JOIN orders o ON o.id = i.order_id
            WHERE i.fulfilment = 'waiting_stock' AND o.status NOT IN {PAID}""",
    ),
    Rule(
        "waiting_without_promise",
        "Artículo en espera sin hora prometida",
        "Dile al cliente para cuándo tendrá su acceso.",
        "order_item",
        "Pedido #{order}: {service} {plan} espera stock y nadie prometió cuándo.",
        f"""SELECT {_LINE} FROM order_items i JOIN orders o ON o.id = i.order_id
            WHERE o.status = 'processing' AND i.fulfilment = 'waiting_stock'
              AND i.promised_at IS NULL""",
    ),
    Rule(
        "overdue_unpaid",
        "Pedido vencido sin cancelar",
        "Revisa que el proceso de tareas esté corriendo: debía cancelarlo y soltar su stock.",
        "order",
        "El tiempo para pagar el pedido #{order} terminó y sigue apartando.",
        """SELECT o.id, o.id AS "order" FROM orders o WHERE o.status = 'pending_payment'
            AND o.payment_status = 'unpaid' AND o.expires_at < now() - interval '15 minutes'
            AND NOT EXISTS (SELECT FROM receipts r
                            WHERE r.order_id = o.id AND r.status = 'waiting')""",
    ),
    Rule(
        "order_sums",
        "Total que no es la suma de sus artículos",
        "Abre el pedido y compara sus artículos con lo que se cobró.",
        "order",
        "El pedido #{order} dice {total} con costo {cost}; sus artículos suman {lines} con costo "
        "{costs}.",
        """SELECT o.id, o.id AS "order", o.total, o.cost, sums.lines, sums.costs
            FROM orders o CROSS JOIN LATERAL (
                SELECT coalesce(sum(i.line_total), 0) AS lines,
                       coalesce(sum(i.unit_cost * i.quantity), 0) AS costs
                FROM order_items i WHERE i.order_id = o.id) AS sums
            WHERE o.status <> 'pending'
              AND (o.total <> sums.lines OR o.cost <> sums.costs)""",
    ),
    Rule(
        "payment_status",
        "Estado de pago que no coincide con los pagos",
        "Abre el pedido y revisa sus pagos uno por uno.",
        "order",
        "El pedido #{order} dice «{said}»; recibió {received} de {total}.",
        """SELECT o.id, o.id AS "order", o.payment_status AS said, paid.received, o.total
            FROM orders o CROSS JOIN LATERAL (
                SELECT coalesce(sum(p.amount), 0) AS received
                FROM payments p WHERE p.order_id = o.id) AS paid
            WHERE o.payment_status <> CASE
                WHEN paid.received = 0 THEN 'unpaid' WHEN paid.received < o.total THEN 'partial'
                WHEN paid.received = o.total THEN 'paid' ELSE 'overpaid' END""",
    ),
    Rule(
        "paid_without_money",
        "Pedido pagado sin el dinero completo",
        "Abre el pedido: se entregó o está por entregarse sin haberse pagado.",
        "order",
        "El pedido #{order} está «{status}» y su pago es «{said}».",
        f"""SELECT o.id, o.id AS "order", o.status, o.payment_status AS said FROM orders o
            WHERE o.status IN {PAID} AND o.payment_status NOT IN ('paid', 'overpaid')""",
    ),
)
