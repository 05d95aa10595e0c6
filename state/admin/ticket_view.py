"""A ticket's page on the staff's side, in finished words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from domain.canned_replies import Reply, fill
from domain.texts import TICKET_PRIORITIES
from domain.ticket_pages import ENTRIES, Beside, HeldAccess, RecentOrder, Thread
from state import ticket_parts, views
from state.admin.ticket_rows import age, ticket_row
from state.asked import Place
from state.ticket_parts import Bubble

PATH = "/admin/soporte"


@dataclass(frozen=True)
class Choice:
    """`text` is what a canned reply says to this customer."""

    value: str
    name: str
    text: str = ""


@dataclass(frozen=True)
class AccessView:
    """`claim` is the number of its open report, 0 for none; `asked`: the ticket is about it."""

    title: str
    detail: str
    account: int
    claim: int
    asked: bool


@dataclass(frozen=True)
class OrderRow:
    number: int
    status: str
    detail: str


@dataclass(frozen=True)
class TicketView:
    """`version` goes with every form and button: the ticket as it is on this screen.

    `read` says that the customer has seen everything that was answered.
    """

    number: int = 0
    title: str = "Ticket"
    version: int = 0
    late: bool = False
    state: str = ""
    tone: str = ""
    age: str = ""
    about: str = ""
    order: int = 0
    subject: str = ""
    opened: str = ""
    customer: str = ""
    phone: str = ""
    phone_link: str = ""
    chat_link: str = ""
    assignee: str = ""
    assigned: str = ""
    priority: str = "normal"
    mine: bool = False
    may_answer: bool = False
    may_solve: bool = False
    may_close: bool = False
    may_reopen: bool = False
    read: str = ""
    newest: bool = True
    bubbles: list[Bubble] = field(default_factory=list)
    team: list[Choice] = field(default_factory=list)
    priorities: list[Choice] = field(default_factory=list)
    replies: list[Choice] = field(default_factory=list)
    accesses: list[AccessView] = field(default_factory=list)
    orders: list[OrderRow] = field(default_factory=list)
    newer: str = ""
    older: str = ""


MISSING = TicketView(title="No encontramos este ticket")


def ticket_view(
    thread: Thread,
    beside: Beside,
    team: Sequence[tuple[int, str]],
    replies: Sequence[Reply],
    place: Place,
    *,
    me: int,
) -> TicketView:
    line, entries = thread.line, thread.entries
    row = ticket_row(line)
    newer, older = place.around(f"{PATH}/{line.id}", {}, [one.id for one in entries], ENTRIES)
    answered = any(one.by == "staff" and not one.internal and not one.event for one in entries)
    return TicketView(
        number=line.id,
        title=f"Ticket #{line.id}",
        version=line.version,
        late=row.late,
        state=row.state,
        tone=row.tone,
        age=age(line),
        about=row.about,
        order=line.order_id or 0,
        subject=line.subject,
        opened=views.moment(line.created_at),
        customer=row.customer,
        phone=row.phone,
        phone_link=f"tel:{line.customer_phone}",
        chat_link=f"https://wa.me/{line.customer_phone.lstrip('+')}",
        assignee=str(line.assignee_id or ""),
        assigned=f"Asignado a {line.assignee}" if line.assignee else "Sin asignar",
        priority=line.priority,
        mine=line.assignee_id == me,
        may_answer=line.state != "closed",
        may_solve=line.state in {"open", "waiting_customer"},
        may_close=line.state != "closed",
        may_reopen=line.state in {"solved", "closed"},
        read=_read(answered=answered, read=line.read_by_customer),
        newest=place.before is None,
        bubbles=[ticket_parts.for_staff(one, line) for one in reversed(entries[:ENTRIES])],
        team=[Choice(str(n), f"{name} (yo)" if n == me else name) for n, name in team],
        priorities=[Choice(value, name) for value, name in TICKET_PRIORITIES.items()],
        replies=[
            Choice(str(one.id), one.title, fill(one.body, line.customer_name)) for one in replies
        ],
        accesses=[_access(one, line.assignment_id) for one in beside.accesses],
        orders=[_order(one) for one in beside.orders],
        newer=newer,
        older=older,
    )


def _read(*, answered: bool, read: bool) -> str:
    if not answered:
        return ""
    return "El cliente ya vio todo." if read else "El cliente aún no ve lo último."


def _access(one: HeldAccess, asked: int | None) -> AccessView:
    return AccessView(
        title=f"{one.service_name} · {one.profile_label}",
        detail=f"{one.plan_name} · hasta el {views.near_day(one.ends_on)}",
        account=one.account_id,
        claim=one.claim_id or 0,
        asked=one.id == asked,
    )


def _order(one: RecentOrder) -> OrderRow:
    return OrderRow(one.id, one.status, f"{one.products} · {views.moment(one.created_at)}")
