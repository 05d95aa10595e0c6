"""The pages of the back office: route, component, title and what loads first."""

from __future__ import annotations

from cuenty_app.page import Page
from pages import routes
from pages.admin import account as admin_account
from pages.admin import api_keys as admin_keys
from pages.admin import canned_replies as admin_replies
from pages.admin import cash as admin_cash
from pages.admin import catalog as admin_catalog
from pages.admin import catalog_service as admin_service
from pages.admin import claim as admin_claim
from pages.admin import claims as admin_claims
from pages.admin import coupons as admin_coupons
from pages.admin import customer as admin_customer
from pages.admin import customers as admin_customers
from pages.admin import diagnosis as admin_diagnosis
from pages.admin import expirations as admin_expirations
from pages.admin import home as admin_home
from pages.admin import imports as admin_imports
from pages.admin import inventory as admin_inventory
from pages.admin import invitation as admin_invitation
from pages.admin import log as admin_log
from pages.admin import messages as admin_messages
from pages.admin import my_account as admin_my_account
from pages.admin import new_account as admin_new_account
from pages.admin import order as admin_order
from pages.admin import orders as admin_orders
from pages.admin import payment_list as admin_payment_list
from pages.admin import price_rises as admin_prices
from pages.admin import receipts as admin_receipts
from pages.admin import sale as admin_sale
from pages.admin import search as admin_search
from pages.admin import settings as admin_settings
from pages.admin import sign_in as admin_sign_in
from pages.admin import statement as admin_statement
from pages.admin import statements as admin_statements
from pages.admin import stock as admin_stock
from pages.admin import team as admin_team
from pages.admin import team_member as admin_team_member
from pages.admin import template as admin_template
from pages.admin import templates as admin_templates
from pages.admin import ticket as admin_ticket
from pages.admin import tickets as admin_tickets
from pages.admin import webhook as admin_webhook
from pages.admin import webhooks as admin_webhooks
from state.admin.account import AccountPage
from state.admin.account_holders import AccountHolders
from state.admin.account_versions import AccountVersions
from state.admin.api_keys import ApiKeys
from state.admin.banks import Banks
from state.admin.canned_replies import CannedReplies
from state.admin.cash import CashReport
from state.admin.catalog import AdminCatalog
from state.admin.catalog_service import AdminService
from state.admin.claim import AdminClaim
from state.admin.claims import AdminClaims
from state.admin.coupons import AdminCoupons
from state.admin.customer import AdminCustomer
from state.admin.customer_credit import CustomerCredit
from state.admin.customers import AdminCustomers
from state.admin.diagnosis import Diagnosis
from state.admin.expirations import Expirations
from state.admin.home import AdminHome
from state.admin.imports import AdminImports
from state.admin.inventory import Inventory
from state.admin.invitation import InvitationPage
from state.admin.log import AdminLog
from state.admin.messages import AdminMessages
from state.admin.my_account import MyAccount
from state.admin.new_account import NewAccount
from state.admin.order import AdminOrder
from state.admin.orders import AdminOrders
from state.admin.payment_list import PaymentList
from state.admin.price_rises import PriceRises
from state.admin.receipts import ReceiptReview
from state.admin.sale import SalesDesk
from state.admin.shop_rules import ShopRules
from state.admin.sign_in import AdminSignIn
from state.admin.statements import AdminStatements
from state.admin.stock import AdminStock
from state.admin.team import Team
from state.admin.team_member import TeamMember
from state.admin.template import MessageTemplate
from state.admin.templates import MessageTemplates
from state.admin.ticket import AdminTicket
from state.admin.tickets import AdminTickets
from state.admin.webhook import AdminWebhook
from state.admin.webhooks import AdminWebhooks

ADMIN_PAGES = (
    Page(routes.ADMIN_SIGN_IN, admin_sign_in.admin_sign_in, "Administración", (AdminSignIn.load,)),
    Page(routes.ADMIN, admin_home.admin_home, "Resumen", (AdminHome.load,)),
    Page(routes.ADMIN_ORDERS, admin_orders.admin_orders, "Pedidos", (AdminOrders.load,)),
    Page(routes.ADMIN_SALE, admin_sale.sale, "Vender", (SalesDesk.load,)),
    Page(routes.ADMIN_ORDER, admin_order.admin_order, "Pedido", (AdminOrder.load,)),
    Page(routes.ADMIN_PAYMENTS, admin_receipts.receipts, "Comprobantes", (ReceiptReview.load,)),
    Page(routes.ADMIN_PAYMENT_LIST, admin_payment_list.payment_list, "Pagos", (PaymentList.load,)),
    Page(routes.ADMIN_CASH, admin_cash.cash, "Caja", (CashReport.load,)),
    Page(routes.ADMIN_COUPONS, admin_coupons.coupons, "Cupones", (AdminCoupons.load,)),
    Page(routes.ADMIN_CATALOG, admin_catalog.admin_catalog, "Catálogo", (AdminCatalog.load,)),
    Page(
        routes.ADMIN_NEW_SERVICE,
        admin_service.new_service,
        "Agregar servicio",
        (AdminService.begin,),
    ),
    Page(routes.ADMIN_PRICES, admin_prices.price_rises, "Cambiar precios", (PriceRises.load,)),
    Page(routes.ADMIN_SERVICE, admin_service.admin_service, "Servicio", (AdminService.load,)),
    Page(routes.ADMIN_CUSTOMERS, admin_customers.customers, "Clientes", (AdminCustomers.load,)),
    Page(
        routes.ADMIN_CUSTOMER,
        admin_customer.customer,
        "Cliente",
        (AdminCustomer.load, CustomerCredit.load),
    ),
    Page(routes.ADMIN_INVENTORY, admin_inventory.admin_inventory, "Inventario", (Inventory.load,)),
    Page(
        routes.ADMIN_NEW_ACCOUNT,
        admin_new_account.admin_new_account,
        "Agregar cuenta",
        (NewAccount.load,),
    ),
    Page(
        routes.ADMIN_IMPORT,
        admin_imports.admin_imports,
        "Importar cuentas",
        (AdminImports.load,),
    ),
    Page(routes.ADMIN_KEYS, admin_keys.api_keys, "Llaves de API", (ApiKeys.load,)),
    Page(
        routes.ADMIN_INTEGRATIONS,
        admin_webhooks.webhooks,
        "Integraciones",
        (AdminWebhooks.load,),
    ),
    Page(routes.ADMIN_INTEGRATION, admin_webhook.webhook, "Integración", (AdminWebhook.load,)),
    Page(routes.ADMIN_STOCK, admin_stock.admin_stock, "Disponibilidad", (AdminStock.load,)),
    Page(
        routes.ADMIN_ACCOUNT,
        admin_account.admin_account,
        "Cuenta",
        (AccountPage.load, AccountHolders.load, AccountVersions.load),
    ),
    Page(
        routes.ADMIN_STATEMENTS,
        admin_statements.statements,
        "Estados de cuenta",
        (AdminStatements.load,),
    ),
    Page(
        routes.ADMIN_STATEMENT,
        admin_statement.statement,
        "Estado de cuenta",
        (AdminStatements.load,),
    ),
    Page(
        routes.ADMIN_EXPIRATIONS,
        admin_expirations.expirations,
        "Vencimientos",
        (Expirations.load,),
    ),
    Page(routes.ADMIN_CLAIMS, admin_claims.claims, "Garantías", (AdminClaims.load,)),
    Page(routes.ADMIN_CLAIM, admin_claim.claim, "Reporte", (AdminClaim.load,)),
    Page(routes.ADMIN_SUPPORT, admin_tickets.tickets, "Soporte", (AdminTickets.load,)),
    Page(routes.ADMIN_TICKET, admin_ticket.ticket, "Ticket", (AdminTicket.load,)),
    Page(
        routes.ADMIN_REPLIES,
        admin_replies.canned_replies,
        "Respuestas guardadas",
        (CannedReplies.load,),
    ),
    Page(routes.ADMIN_MESSAGES, admin_messages.messages, "Mensajes", (AdminMessages.load,)),
    Page(routes.ADMIN_TEMPLATES, admin_templates.templates, "Plantillas", (MessageTemplates.load,)),
    Page(routes.ADMIN_TEMPLATE, admin_template.template, "Plantilla", (MessageTemplate.load,)),
    Page(routes.ADMIN_DIAGNOSIS, admin_diagnosis.diagnosis, "Diagnóstico", (Diagnosis.load,)),
    Page(routes.ADMIN_TEAM, admin_team.team, "Equipo", (Team.load,)),
    Page(routes.ADMIN_TEAM_MEMBER, admin_team_member.team_member, "Equipo", (TeamMember.load,)),
    Page(routes.ADMIN_SETTINGS, admin_settings.settings, "Ajustes", (Banks.load, ShopRules.load)),
    Page(
        routes.ADMIN_INVITATION,
        admin_invitation.invitation,
        "Tu invitación",
        (InvitationPage.load,),
    ),
    Page(routes.ADMIN_MY_ACCOUNT, admin_my_account.my_account, "Mi cuenta", (MyAccount.load,)),
    Page(routes.ADMIN_SEARCH, admin_search.search, "Buscar"),
    Page(routes.ADMIN_LOG, admin_log.log, "Bitácora", (AdminLog.load,)),
)
