"""The frames pages are hung in. What changes comes in as text or Vars; no State is known here."""

from collections.abc import Sequence

import reflex as rx

from pages import routes
from pages.components import frame
from pages.components.brand import theme_switch, wordmark
from pages.components.demo_banner import demo_banner
from pages.components.frame import NavItem
from pages.components.icons import icon
from pages.components.kinds import Child, Count, Flag, Handler, Text
from pages.components.links import back_link, link
from pages.components.search import ask_form

STORE_BAR: Sequence[NavItem] = (
    ("Inicio", routes.HOME, "home"),
    ("Carrito", routes.CART, "cart"),
    ("Pedidos", routes.MY_ORDERS, "orders"),
    ("Cuentas", routes.MY_ACCOUNTS, "key"),
    ("Perfil", routes.PROFILE, "user"),
)

ADMIN_NAV: Sequence[NavItem] = (
    ("Resumen", routes.ADMIN, "chart"),
    ("Pedidos", routes.ADMIN_ORDERS, "orders"),
    ("Pagos", routes.ADMIN_PAYMENTS, "receipt"),
    ("Vender", routes.ADMIN_SALE, "cart"),
    ("Clientes", routes.ADMIN_CUSTOMERS, "user"),
    ("Catálogo", routes.ADMIN_CATALOG, "tag"),
    ("Inventario", routes.ADMIN_INVENTORY, "key"),
    ("Vencimientos", routes.ADMIN_EXPIRATIONS, "clock"),
    ("Garantías", routes.ADMIN_CLAIMS, "shield"),
    ("Mensajes", routes.ADMIN_MESSAGES, "bell"),
    ("Soporte", routes.ADMIN_SUPPORT, "chat"),
    ("Diagnóstico", routes.ADMIN_DIAGNOSIS, "check"),
)

OWNER_NAV: Sequence[NavItem] = (
    ("Cupones", routes.ADMIN_COUPONS, "percent"),
    ("Equipo", routes.ADMIN_TEAM, "team"),
    ("Ajustes", routes.ADMIN_SETTINGS, "settings"),
    ("Llaves de API", routes.ADMIN_KEYS, "lock"),
    ("Integraciones", routes.ADMIN_INTEGRATIONS, "link"),
    ("Bitácora", routes.ADMIN_LOG, "eye"),
)


def storefront(
    *children: Child,
    title: Text = "",
    active: str = "",
    back: tuple[str, str] | None = None,
    search: Child | None = None,
    cart_count: Count = 0,
    signed_in: Flag = False,
    customer: Text = "",
    on_sign_out: Handler = None,
    demo: Flag = False,
    shop: Text = "",
    narrow: bool = False,
) -> rx.Component:
    """Frame a customer's page; `active` is the route of the section it belongs to.

    `narrow` keeps reading width where there is one column: a cart, an order, a form.
    """
    return rx.el.div(
        frame.skip_link(),
        demo_banner(demo),
        rx.el.header(
            rx.el.div(
                frame.home_link(shop),
                *_search_slot(search),
                frame.top_links(STORE_BAR, active),
                theme_switch(),
                frame.cart_link(cart_count, active),
                frame.account_menu(signed_in, customer, on_sign_out, active),
                class_name="cu-wrap flex flex-wrap items-center gap-1 min-h-16 py-2",
            ),
            class_name="relative z-20 bg-base-100",
        ),
        rx.el.div(class_name="cu-picado", **frame.hidden()),
        _main(title, back, children, narrow=narrow),
        frame.footer(shop),
        rx.el.nav(
            *(frame.bar_link(item, active, cart_count) for item in STORE_BAR),
            class_name="cu-bar md:hidden",
            **frame.label("Secciones"),
        ),
        class_name="min-h-dvh flex flex-col pb-[calc(var(--cu-bar)+env(safe-area-inset-bottom))] "
        "md:pb-0",
    )


def admin(
    *children: Child,
    title: Text = "",
    active: str = "",
    back: tuple[str, str] | None = None,
    banner: Child | None = None,
    on_search: Handler = None,
    person: Text = "",
    is_owner: Flag = False,
    on_sign_out: Handler = None,
    demo: Flag = False,
    shop: Text = "",
) -> rx.Component:
    """Frame an operator's page; `banner` stands above the title (a password to change).

    `on_search` takes the words of the search above every page. The daily work comes first, then
    what only an owner arranges, then what is one's own.
    """
    mine = ("Mi cuenta", routes.ADMIN_MY_ACCOUNT, "user")
    return rx.el.div(
        frame.skip_link(),
        demo_banner(demo),
        rx.el.header(
            rx.el.div(
                link(
                    wordmark(shop, " · Admin"), to=routes.ADMIN, class_name="grow basis-32 min-w-0"
                ),
                rx.el.div(ask_form(on_search), class_name="hidden md:block w-80 lg:w-96"),
                link(
                    icon("search"),
                    to=routes.ADMIN_SEARCH,
                    class_name="btn btn-ghost btn-square md:hidden",
                    **frame.label("Buscar"),
                ),
                theme_switch(),
                frame.drop_down(
                    "menu",
                    "Menú",
                    *_sections(active, is_owner),
                    frame.menu_link(mine, active),
                    *frame.sign_out(on_sign_out),
                    class_name="md:hidden",
                ),
                class_name="flex items-center gap-1 min-h-16 px-4 md:px-6",
            ),
            class_name="relative z-20 bg-base-100 border-b border-base-300",
        ),
        rx.el.div(
            rx.el.nav(
                *_sections(active, is_owner),
                rx.el.div(
                    rx.el.p(person, class_name="px-3.5 py-2 cu-muted cu-small truncate"),
                    frame.menu_link(mine, active),
                    frame.menu_link(("Ver la tienda", routes.HOME, "shop"), ""),
                    *frame.sign_out(on_sign_out),
                    class_name="mt-auto pt-4",
                ),
                class_name="hidden md:flex flex-col gap-1 w-60 flex-none p-4 border-r "
                "border-base-300 bg-base-100 sticky top-0 h-dvh overflow-y-auto",
                **frame.label("Administración"),
            ),
            rx.el.div(
                _main(title, back, children, banner),
                class_name="grow min-w-0 flex flex-col",
            ),
            class_name="grow flex",
        ),
        class_name="min-h-dvh flex flex-col",
    )


def _sections(active: str, is_owner: Flag) -> list[Child]:
    owners = rx.el.div(
        *(frame.menu_link(item, active) for item in OWNER_NAV),
        class_name="grid gap-1 mt-2 pt-2 border-t border-base-300",
    )
    return [
        *(frame.menu_link(item, active) for item in ADMIN_NAV),
        rx.cond(is_owner, owners),
    ]


def plain(
    *children: Child, title: Text = "", detail: Text = "", demo: Flag = False, shop: Text = ""
) -> rx.Component:
    """Frame one task on one card: signing in, an error."""
    heading: list[Child] = [] if isinstance(title, str) and not title else [rx.el.h1(title)]
    return rx.el.div(
        frame.skip_link(),
        demo_banner(demo),
        rx.el.header(
            frame.home_link(shop),
            theme_switch(),
            class_name="cu-wrap flex items-center min-h-16",
        ),
        rx.el.main(
            rx.el.div(
                rx.el.div(class_name="cu-picado", **frame.hidden()),
                rx.el.div(
                    *heading,
                    rx.cond(detail, rx.el.p(detail, class_name="cu-muted")),
                    *children,
                    class_name="cu-stack p-6",
                ),
                class_name="cu-card !p-0 overflow-hidden w-full max-w-md",
            ),
            class_name="cu-wrap grow grid place-items-center content-center py-6",
            **frame.target(),
        ),
        frame.footer(shop),
        class_name="min-h-dvh flex flex-col",
    )


def _main(
    title: Text,
    back: tuple[str, str] | None,
    children: Sequence[Child],
    banner: Child | None = None,
    *,
    narrow: bool = False,
) -> rx.Component:
    top: list[Child] = [banner] if banner is not None else []
    head: list[Child] = [back_link(back[0], to=back[1])] if back else []
    if not isinstance(title, str) or title:
        head.append(rx.el.h1(title))
    if head:
        top.append(rx.el.div(*head, class_name="grid gap-1 justify-items-start"))
    return rx.el.main(
        *top,
        *children,
        class_name="cu-wrap cu-stack content-start grow py-6 md:py-8"
        + (" !max-w-3xl" if narrow else ""),
        **frame.target(),
    )


def _search_slot(search: Child | None) -> list[rx.Component]:
    """Give the search its own line on a phone and a place in the bar on a wide screen."""
    if search is None:
        return []
    return [
        rx.el.div(search, class_name="order-last w-full pb-1 lg:order-none lg:w-72 lg:mr-2 lg:pb-0")
    ]
