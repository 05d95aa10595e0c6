"""The tables and enums of the shop; importing this package registers all of them."""

from sqlmodel import SQLModel

from models.api_keys import ApiKey as ApiKey
from models.assignments import Assignment as Assignment
from models.assignments import Renewal as Renewal
from models.audit import Alert as Alert
from models.audit import AuditEntry as AuditEntry
from models.audit import AuditLink as AuditLink
from models.audit import AuditSeal as AuditSeal
from models.audit import AuditTail as AuditTail
from models.audit import VaultCanary as VaultCanary
from models.base import give_defaults_to_the_database
from models.cards import CardCheckout as CardCheckout
from models.cards import CardPayment as CardPayment
from models.cards import CardRefund as CardRefund
from models.carts import Cart as Cart
from models.carts import CartItem as CartItem
from models.claims import Claim as Claim
from models.claims import Replacement as Replacement
from models.codes import LoginCode as LoginCode
from models.codes import SigninAttempt as SigninAttempt
from models.coupons import Coupon as Coupon
from models.coupons import CouponUse as CouponUse
from models.customers import Customer as Customer
from models.customers import ErasureRequest as ErasureRequest
from models.customers import FormerPhone as FormerPhone
from models.exports import ExportTicket as ExportTicket
from models.figures import ChangedDay as ChangedDay
from models.figures import DayFigures as DayFigures
from models.figures import DayServiceFigures as DayServiceFigures
from models.idempotency import IdempotentAnswer as IdempotentAnswer
from models.imports import ImportBatch as ImportBatch
from models.imports import ImportChunk as ImportChunk
from models.imports import ImportIssue as ImportIssue
from models.inventory import Account as Account
from models.inventory import Profile as Profile
from models.inventory import SupplierRenewal as SupplierRenewal
from models.messages import Message as Message
from models.messages import MessageEvent as MessageEvent
from models.messages import MessageLink as MessageLink
from models.messages import MessageTemplate as MessageTemplate
from models.messages import ProviderState as ProviderState
from models.messages import SendCount as SendCount
from models.money import CreditEntry as CreditEntry
from models.money import Refund as Refund
from models.orders import Order as Order
from models.orders import OrderItem as OrderItem
from models.orders import TimelineEntry as TimelineEntry
from models.payments import Payment as Payment
from models.payments import PaymentInstruction as PaymentInstruction
from models.plans import Plan as Plan
from models.prices import PriceChange as PriceChange
from models.receipts import Receipt as Receipt
from models.restocks import RestockRequest as RestockRequest
from models.rotations import CredentialVersion as CredentialVersion
from models.rotations import CredentialView as CredentialView
from models.services import Service as Service
from models.sessions import LoginSession as LoginSession
from models.sessions import LoginTicket as LoginTicket
from models.shop_settings import ShopSetting as ShopSetting
from models.staff import RecoveryCode as RecoveryCode
from models.staff import StaffInvitation as StaffInvitation
from models.staff import StaffSecondFactor as StaffSecondFactor
from models.staff import StaffUser as StaffUser
from models.statements import Statement as Statement
from models.statements import StatementLayout as StatementLayout
from models.statements import StatementLine as StatementLine
from models.tickets import CannedReply as CannedReply
from models.tickets import ContactMessage as ContactMessage
from models.tickets import Ticket as Ticket
from models.tickets import TicketEntry as TicketEntry
from models.webhooks import Webhook as Webhook
from models.webhooks import WebhookDelivery as WebhookDelivery
from models.webhooks import WebhookEvent as WebhookEvent

give_defaults_to_the_database(SQLModel.metadata)
