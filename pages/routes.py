"""Every address of the site, so that no page spells a link by hand."""

import reflex as rx

HOME = "/"
SERVICE = "/servicio/[slug]"
SIGN_IN = "/ingresar"
CART = "/carrito"
CHECKOUT = "/pago"
ORDER = "/pedido/[number]"
MY_ORDERS = "/mis-pedidos"
MY_ACCOUNTS = "/mis-cuentas"
PROFILE = "/perfil"
HELP = "/ayuda"
SUPPORT = "/soporte"
TICKET = "/soporte/[number]"
CONTACT = "/contacto"
TERMS = "/terminos"
PRIVACY = "/privacidad"

ADMIN = "/admin"
ADMIN_SIGN_IN = "/admin/ingresar"
ADMIN_ORDERS = "/admin/pedidos"
ADMIN_ORDER = "/admin/pedidos/[number]"
ADMIN_SALE = "/admin/vender"
ADMIN_PAYMENTS = "/admin/pagos"
ADMIN_PAYMENT_LIST = "/admin/pagos/lista"
ADMIN_STATEMENTS = "/admin/pagos/estados-de-cuenta"
ADMIN_STATEMENT = "/admin/pagos/estados-de-cuenta/[number]"
ADMIN_CASH = "/admin/pagos/caja"
ADMIN_COUPONS = "/admin/cupones"
ADMIN_INTEGRATIONS = "/admin/integraciones"
ADMIN_INTEGRATION = "/admin/integraciones/[number]"
ADMIN_INVENTORY = "/admin/inventario"
ADMIN_NEW_ACCOUNT = "/admin/inventario/nueva"
ADMIN_IMPORT = "/admin/inventario/importar"
ADMIN_STOCK = "/admin/inventario/disponibilidad"
ADMIN_ACCOUNT = "/admin/inventario/[number]"
ADMIN_CUSTOMERS = "/admin/clientes"
ADMIN_CUSTOMER = "/admin/clientes/[number]"
ADMIN_CATALOG = "/admin/catalogo"
ADMIN_NEW_SERVICE = "/admin/catalogo/nuevo"
ADMIN_PRICES = "/admin/catalogo/precios"
ADMIN_SERVICE = "/admin/catalogo/[number]"
ADMIN_EXPIRATIONS = "/admin/vencimientos"
ADMIN_CLAIMS = "/admin/garantias"
ADMIN_CLAIM = "/admin/garantias/[number]"
ADMIN_MESSAGES = "/admin/mensajes"
ADMIN_TEMPLATES = "/admin/mensajes/plantillas"
ADMIN_TEMPLATE = "/admin/mensajes/plantillas/[template]"
ADMIN_SUPPORT = "/admin/soporte"
ADMIN_TICKET = "/admin/soporte/[number]"
ADMIN_REPLIES = "/admin/soporte/respuestas"
ADMIN_LOG = "/admin/bitacora"
ADMIN_SEARCH = "/admin/buscar"
ADMIN_DIAGNOSIS = "/admin/diagnostico"
ADMIN_TEAM = "/admin/equipo"
ADMIN_TEAM_MEMBER = "/admin/equipo/[number]"
ADMIN_SETTINGS = "/admin/ajustes"
ADMIN_INVITATION = "/admin/invitacion"
ADMIN_MY_ACCOUNT = "/admin/mi-cuenta"
ADMIN_KEYS = "/admin/llaves"
DEMO_MESSAGES = "/demo/mensajes"

NOT_FOUND = "404"


def service(slug: str | rx.Var[str]) -> rx.Var[str]:
    return _join("/servicio/", slug)


def order(number: int | str | rx.Var[int] | rx.Var[str]) -> rx.Var[str]:
    return _join("/pedido/", number)


def ticket(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join("/soporte/", number)


def support_about_access(number: str | rx.Var[str]) -> rx.Var[str]:
    return _join(f"{SUPPORT}?acceso=", number)


def support_about_order(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join(f"{SUPPORT}?pedido=", number)


def admin_order(number: int | str | rx.Var[int] | rx.Var[str]) -> rx.Var[str]:
    return _join("/admin/pedidos/", number)


def admin_account(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join("/admin/inventario/", number)


def admin_service(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join("/admin/catalogo/", number)


def admin_customer(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join("/admin/clientes/", number)


def admin_receipt(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join(f"{ADMIN_PAYMENTS}?comprobante=", number)


def admin_statement(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join("/admin/pagos/estados-de-cuenta/", number)


def admin_integration(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join("/admin/integraciones/", number)


def admin_claim(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join("/admin/garantias/", number)


def admin_template(name: str | rx.Var[str]) -> rx.Var[str]:
    return _join("/admin/mensajes/plantillas/", name)


def admin_ticket(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join("/admin/soporte/", number)


def admin_team_member(number: int | rx.Var[int]) -> rx.Var[str]:
    return _join("/admin/equipo/", number)


def _join(prefix: str, last: int | str | rx.Var) -> rx.Var[str]:
    """Append one path segment, known now or only in the browser."""
    return rx.Var.create(f"{prefix}{last}")
