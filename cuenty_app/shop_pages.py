"""The pages of the shop: route, component, title and what loads first."""

from __future__ import annotations

from cuenty_app.page import Page
from pages import demo, routes
from pages.storefront import (
    cart,
    checkout,
    contact,
    home,
    my_accounts,
    my_orders,
    order,
    privacy,
    profile,
    service,
    sign_in,
    terms,
    ticket,
    tickets,
)
from pages.storefront import help as help_page
from pages.titles import front, titled
from state.demo import DemoMessages
from state.storefront.cart import CartPage
from state.storefront.checkout import Checkout
from state.storefront.contact import ContactForm
from state.storefront.home import Shelves
from state.storefront.my_accounts import MyAccounts
from state.storefront.my_data import MyData
from state.storefront.my_orders import MyOrders
from state.storefront.order import OrderStatusPage
from state.storefront.profile import ProfilePage
from state.storefront.service import ServicePage
from state.storefront.sign_in import SignIn
from state.storefront.ticket import TicketPage
from state.storefront.tickets import MyTickets

SHOP_PAGES = (
    Page(
        routes.HOME,
        home.home,
        front("Netflix, Disney+, Spotify y más al mejor precio"),
        (Shelves.load,),
        "Compra acceso a tus plataformas favoritas, paga por transferencia y recibe tus accesos.",
        listed=True,
    ),
    Page(
        routes.SERVICE,
        service.service,
        titled(ServicePage.title),
        (ServicePage.load,),
        "Planes de 1 a 12 meses con precio final, y lo que queda disponible.",
        listed=True,
    ),
    Page(routes.SIGN_IN, sign_in.sign_in, "Iniciar sesión", (SignIn.load,)),
    Page(routes.CART, cart.cart, "Tu carrito", (CartPage.load,)),
    Page(routes.CHECKOUT, checkout.checkout, "Confirmar pedido", (Checkout.load,)),
    Page(routes.ORDER, order.order, "Tu pedido", (OrderStatusPage.load,)),
    Page(routes.MY_ORDERS, my_orders.my_orders, "Mis pedidos", (MyOrders.load,)),
    Page(routes.MY_ACCOUNTS, my_accounts.my_accounts, "Mis cuentas", (MyAccounts.load,)),
    Page(routes.PROFILE, profile.profile, "Tu perfil", (ProfilePage.load, MyData.load)),
    Page(routes.SUPPORT, tickets.tickets, "Soporte", (MyTickets.load,)),
    Page(routes.TICKET, ticket.ticket, "Tu ticket", (TicketPage.load,)),
    Page(
        routes.CONTACT,
        contact.contact,
        "Contacto",
        (ContactForm.load,),
        "Escríbenos: te respondemos por correo, WhatsApp o teléfono.",
        listed=True,
    ),
    Page(routes.HELP, help_page.help_page, "Ayuda", listed=True),
    Page(routes.TERMS, terms.terms, "Términos y garantía", listed=True),
    Page(routes.PRIVACY, privacy.privacy, "Aviso de privacidad", listed=True),
    Page(routes.DEMO_MESSAGES, demo.demo, "Mensajes de la demo", (DemoMessages.load,)),
)
