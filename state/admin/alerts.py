"""The owner's open alerts as sentences, those of one kind together, with where to look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.alerts import OpenAlert
from domain.failures import PROVIDERS

NAMED = 3  # plans written out before the rest is only counted


@dataclass(frozen=True)
class AlertView:
    """`grave` is shown as an error; `label` and `address` are empty where no page helps."""

    said: str
    grave: bool = True
    label: str = ""
    address: str = ""


SENTENCES = {
    "code_budget": "Se alcanzó el límite de códigos de acceso por enviar: hay clientes que no "
    "pueden entrar. Revisa si alguien los está pidiendo en masa.",
    "signin_paused": "Pausamos el acceso de los clientes por demasiados códigos equivocados. "
    "Puede ser un ataque.",
    "waiting_stock": "Hay pedidos pagados que esperan stock.",
    "messages_failing": "Hay mensajes que no pudieron llegar a nadie por ningún canal.",
    "message_budget": "Se alcanzó el límite de mensajes: los demás salen cuando pase la hora o el "
    "día.",
    "audit_chain": "La bitácora no cuadra: alguien la cambió por fuera de Cuenty. Corre "
    "«cuenty audit verify» en el servidor para ver qué.",
    "code_conversion": "Menos de la mitad de los códigos de acceso de la última hora se usaron: "
    "alguien puede estar pidiéndolos en masa.",
}
ACCOUNTS = ("beyond_paid_until", "account_reports")
# Of payments with a card; each names its orders.
CARDS = {
    "card_ignored": "Llegó un pago con tarjeta que no se contó para {orders}: mira en la bitácora "
    "por qué y devuélvelo en Mercado Pago.",
    "card_returned": "Mercado Pago devolvió dinero de {orders} sin que se pidiera aquí.",
    "card_disputed": "Hay una disputa por el pago con tarjeta de {orders}: respóndela en Mercado "
    "Pago antes de que venza el plazo.",
    "card_refund": "No pudimos devolver a la tarjeta el dinero de {orders}.",
}
WHERE = {"messages_failing": ("Ver cuáles", "/admin/mensajes?tab=fallidos")}


def alert_views(alerts: Sequence[OpenAlert]) -> list[AlertView]:
    """One for each kind, in the order in which the first of each was opened."""
    kinds: dict[str, list[OpenAlert]] = {}
    for alert in alerts:
        kinds.setdefault(alert.kind.partition(":")[0], []).append(alert)
    return [_view(kind, same) for kind, same in kinds.items()]


def _view(kind: str, same: Sequence[OpenAlert]) -> AlertView:
    if kind == "low_stock":
        return AlertView(
            _low_stock(same), False, "Ver disponibilidad", "/admin/inventario/disponibilidad"
        )
    if kind == "doctor":
        found = same[0].data.get("found", 0)
        return AlertView(
            f"Pedidos, accesos y stock no dicen lo mismo. Diferencias: {found}.",
            label="Ver diagnóstico",
            address="/admin/diagnostico",
        )
    for kinds, view in ((ACCOUNTS, _of_accounts), (CARDS, _of_orders)):
        if kind in kinds:
            return view(kind, same)
    if kind == "webhook_off":
        names = ", ".join(sorted(str(alert.data.get("address", "")) for alert in same))
        return AlertView(
            f"Apagamos la integración con {names} porque ya no responde.",
            label="Ver integraciones",
            address="/admin/integraciones",
        )
    if kind == "provider":
        names = ", ".join(sorted(PROVIDERS.get(name, name) for name in _objects(same)))
        return AlertView(f"{names} no responde: los mensajes esperan y se mandan solos después.")
    said = SENTENCES.get(kind, f"Aviso del sistema: {kind}")
    return AlertView(said, True, *WHERE.get(kind, ("", "")))


def _of_accounts(kind: str, same: Sequence[OpenAlert]) -> AlertView:
    count = len(same)
    if kind == "beyond_paid_until":
        accounts = "1 cuenta está vendida" if count == 1 else f"{count} cuentas están vendidas"
        return AlertView(
            f"{accounts} más allá de lo que pagaste al proveedor.", False, *_accounts(same)
        )
    which = "una cuenta" if count == 1 else f"{count} cuentas"
    return AlertView(
        f"Varios clientes dicen que {which} no abre: revisa si sigue viva.", True, *_accounts(same)
    )


def _of_orders(kind: str, same: Sequence[OpenAlert]) -> AlertView:
    orders = sorted(_objects(same), key=int)
    several = len(orders) > 1
    named = ", ".join(f"#{number}" for number in orders)
    return AlertView(
        CARDS[kind].format(orders=f"{'los pedidos' if several else 'el pedido'} {named}"),
        kind != "card_returned",
        "Ver pagos" if several else "Ver el pedido",
        "/admin/pagos/lista?fuente=provider" if several else f"/admin/pedidos/{orders[0]}",
    )


def _objects(same: Sequence[OpenAlert]) -> set[str]:
    return {alert.kind.partition(":")[2] for alert in same}


def _accounts(same: Sequence[OpenAlert]) -> tuple[str, str]:
    """The way to the account or, of several, to where each is named."""
    if len(same) == 1:
        return "Ver la cuenta", f"/admin/inventario/{same[0].kind.partition(':')[2]}"
    return "Ver cuáles", "/admin/diagnostico"


def _low_stock(same: Sequence[OpenAlert]) -> str:
    """«Queda poco: Netflix 1 mes (2), Disney+ 3 meses (agotado) y 4 planes más»."""
    named = [
        f"{alert.data.get('plan', 'un plan')} ({alert.data.get('units') or 'agotado'})"
        for alert in same[:NAMED]
    ]
    more = len(same) - len(named)
    rest = "" if not more else " y 1 plan más" if more == 1 else f" y {more} planes más"
    return f"Queda poco: {', '.join(named)}{rest}."
