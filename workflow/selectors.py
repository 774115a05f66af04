"""What waits for a person, and where a paper stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.selectors import entries_for
from core import clock
from documents.models import Document
from exchange.models import office_units
from organizations.policies import holder_keys
from workflow.engine.models import DocumentProcess, WorkItem
from workflow.models import Assignment, IncomingCase, OutgoingCase, own_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.utils.functional import _StrPromise

    from organizations.models import User

CAP = 1000
SHOWN = (
    "node", "holder", "due_at", "completed_at", "sent_by", "note", "document__number", "document__symbol", "document__subject",
    "document__issuer", "document__urgency", "document__pages_total", "document__doc_type__name",
)  # fmt: skip
PAGE = 25
TABS = {"todo": ("", "LEAD"), "support": ("SUPPORT",), "fyi": ("FYI",)}
STEP_WORDS: dict[str, _StrPromise] = {
    "present": gettext_lazy("To be presented to the leader"),
    "direct": gettext_lazy("Awaiting direction"),
    "work": gettext_lazy("To be worked on"),
    "finish": gettext_lazy("Reported, to be finished"),
    "draft": gettext_lazy("Being drafted"),
    "approve": gettext_lazy("Awaiting approval"),
    "issue": gettext_lazy("To be numbered and issued"),
}


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox."""

    task_id: int
    document_id: int
    number: str
    subject: str
    issuer: str
    urgency: int
    due_at: datetime | None
    node: str
    step: str
    sent_by: str
    note: str
    pages: int
    on_behalf_of: int | None


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Rows in order, and where the next page begins (None: nowhere)."""

    rows: list[InboxRow]
    next: str | None


def inbox(user: User, *, at: datetime, tab: str = "todo", after: str = "", size: int = PAGE) -> InboxPage:
    """
    What waits for a person under one tab, by deadline; what they did under "done", newest first.

    One query beside the person's keys. Pages by key, so a long inbox costs no more at its end.

    :param after: `InboxPage.next` of the page before
    """
    keys = holder_keys(user, at)
    rows = _done(user, after) if tab == "done" else _open(list(keys), TABS.get(tab, TABS["todo"]), after)
    found = list(_with_papers(rows, size + 1))
    more = _mark(found[size - 1], tab) if len(found) > size else None
    return InboxPage([_row(item, keys) for item in found[:size]], more)


def _with_papers(rows: QuerySet[WorkItem], count: int) -> QuerySet[WorkItem]:
    """The first rows with what is shown of their papers: of the papers of all the others nothing is looked at."""
    first = WorkItem.objects.filter(pk__in=rows.values("pk")[:count]).order_by(*rows.query.order_by)
    return first.select_related("document__doc_type").only(*SHOWN)


def _open(keys: Sequence[str], roles: Sequence[str], after: str) -> QuerySet[WorkItem]:
    rows = WorkItem.objects.filter(holder__in=keys, state=WorkItem.State.OPEN, role__in=roles)
    if place := _place(after):
        moment, pk = place
        later = Q(due_at__gt=moment) | Q(due_at=moment, pk__gt=pk) | Q(due_at__isnull=True)
        rows = rows.filter(later if moment else Q(due_at__isnull=True, pk__gt=pk))
    return rows.order_by(F("due_at").asc(nulls_last=True), "pk")


def _done(user: User, after: str) -> QuerySet[WorkItem]:
    """What the person did, as far as they may still see the papers: whoever leaves a unit leaves its papers there."""
    seen = Document.objects.visible_to(user).values("pk")
    rows = WorkItem.objects.filter(completed_by=user, state=WorkItem.State.DONE, document__in=seen)
    if (place := _place(after)) and place[0]:
        moment, pk = place
        rows = rows.filter(Q(completed_at__lt=moment) | Q(completed_at=moment, pk__lt=pk))
    return rows.order_by("-completed_at", "-pk")


def _place(after: str) -> tuple[datetime | None, int] | None:
    """Where a page begins (`_mark` of the one before); whatever else stands in the address is the beginning."""
    moment, _sep, number = after.rpartition("_")
    try:
        at = datetime.fromisoformat(moment) if moment else None
        return (at, int(number)) if at is None or at.tzinfo else None
    except ValueError:
        return None


def _mark(item: WorkItem, tab: str) -> str:
    moment = item.completed_at if tab == "done" else item.due_at
    return f"{moment.isoformat() if moment else ''}_{item.pk}"


def _row(item: WorkItem, keys: dict[str, int | None]) -> InboxRow:
    document = item.document
    return InboxRow(
        task_id=item.pk, document_id=document.pk, number=document.full_symbol or str(_("Draft")),
        subject=document.type_and_subject, issuer=document.issuer, urgency=document.urgency, due_at=item.due_at,
        node=item.node,
        step=str(STEP_WORDS[item.node]), sent_by=item.sent_by, note=item.note.partition("\n")[0],
        pages=document.pages_total, on_behalf_of=keys.get(item.holder),
    )  # fmt: skip


COUNTS = """
SELECT role, count(*) FROM (
    SELECT role FROM workflow_workitem WHERE state = 'OPEN' AND holder = ANY(%(keys)s) LIMIT %(cap)s
) waiting GROUP BY role
UNION ALL
SELECT 'arrivals', count(*) FROM (
    SELECT 1 FROM exchange_delivery WHERE state = '01' AND unit_id = ANY(%(units)s) LIMIT %(cap)s
) arrived
"""


def inbox_counts(user: User, at: datetime) -> dict[str, int]:
    """How much waits under each tab, and how many deliveries wait to be received; capped, in one query."""
    parameters: dict[str, Any] = {"keys": list(holder_keys(user, at)), "units": list(office_units(user)), "cap": CAP}
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, parameters)
        by_role: dict[str, int] = dict(cursor.fetchall())
    counts = {tab: sum(by_role.get(role, 0) for role in roles) for tab, roles in TABS.items()}
    return counts | {"arrivals": by_role.get("arrivals", 0)}


def open_items(document: Document, user: User, at: datetime) -> list[WorkItem]:
    """What this person may do on the paper now."""
    keys = holder_keys(user, at)
    rows = WorkItem.objects.filter(document=document, state=WorkItem.State.OPEN, holder__in=list(keys))
    return list(rows.select_related("task", "unit").order_by("pk"))


def assignment_of(item: WorkItem) -> Assignment:
    """The assignment that a piece of work is about."""
    rows = Assignment.objects.system("the caller holds the work item").select_related("unit", "post__unit")
    return rows.get(pk=item.task.seed_object_id)


def answer_to(item: WorkItem, user: User) -> OutgoingCase | None:
    """The newest paper issued in answer to the case that a piece of work belongs to."""
    issued = OutgoingCase.objects.visible_to(user).filter(state=OutgoingCase.State.ISSUED)
    return issued.filter(source__process__task=item.pk).order_by("-pk").first()


def process_of(item: WorkItem) -> DocumentProcess:
    """The process that a work item belongs to."""
    found: DocumentProcess = DocumentProcess.objects.select_related("document", "unit").get(task=item.pk)
    return found


@dataclass(frozen=True, slots=True)
class RouteStep:
    """One station of the routing strip."""

    name: str
    detail: str
    state: str


ROUTES = {
    "incoming": ("present", "direct", "work", "finish"),
    "outgoing": ("draft", "approve", "issue"),
}
STATION: dict[str, _StrPromise] = {
    "present": gettext_lazy("Present"),
    "direct": gettext_lazy("Direct"),
    "work": gettext_lazy("Work"),
    "finish": gettext_lazy("Finish"),
    "draft": gettext_lazy("Draft the text"),
    "approve": gettext_lazy("Approve"),
    "issue": gettext_lazy("Number and issue"),
}


def routing(document: Document, user: User) -> list[RouteStep]:
    """Where the paper stands in the newest procedure of the person's own units; empty where none of them has one."""
    own = DocumentProcess.objects.filter(document=document, unit__in=own_units(user))
    process = own.order_by("-is_open", "-pk").first()
    if process is None:
        return []
    items = list(WorkItem.objects.filter(task__process=process).select_related("completed_by").order_by("pk"))
    return [_station(node, [i for i in items if i.node == node]) for node in ROUTES[process.flow_key]]


def _station(node: str, items: list[WorkItem]) -> RouteStep:
    waiting = [item for item in items if item.state == WorkItem.State.OPEN]
    done = [item for item in items if item.state == WorkItem.State.DONE]
    if waiting:
        return RouteStep(str(STATION[node]), _due_words(waiting[0]), "now")
    if done:
        last = ([item for item in done if item.role == Assignment.Role.LEAD] or done)[-1]
        at = clock.local(last.completed_at) if last.completed_at else None
        return RouteStep(str(STATION[node]), f"{last.completed_by or ''}, {at:%d/%m %H:%M}" if at else "", "done")
    return RouteStep(str(STATION[node]), "", "next")


def _due_words(item: WorkItem) -> str:
    return _("due %(date)s") % {"date": f"{clock.local(item.due_at):%d/%m}"} if item.due_at else ""


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One act on a paper as the person may see it."""

    who: str
    verb: str
    meta: str
    text: str
    is_ink: bool


VERBS: dict[str, _StrPromise] = {
    "documents.document.received": gettext_lazy("took the file in"),
    "documents.document.read": gettext_lazy("read the pages"),
    "documents.document.reading_stopped": gettext_lazy("stopped the reading"),
    "documents.document.queued_again": gettext_lazy("had it read again"),
    "documents.document.confirmed": gettext_lazy("confirmed the fields"),
    "documents.document.corrected": gettext_lazy("corrected the fields"),
    "documents.document.replaced": gettext_lazy("recorded a replacement"),
    "documents.document.replacement_withdrawn": gettext_lazy("took a replacement back"),
    "documents.document.found_same": gettext_lazy("found it to be here twice"),
    "documents.document.found_different": gettext_lazy("found it to be another paper"),
    "documents.document.finding_withdrawn": gettext_lazy("took a comparison back"),
    "documents.document.withdrawn": gettext_lazy("withdrew the upload"),
    "documents.tag.added": gettext_lazy("added a tag"),
    "documents.tag.removed": gettext_lazy("removed a tag"),
    "documents.document.registered": gettext_lazy("entered it in the book"),
    "documents.document.numbered": gettext_lazy("gave it its number"),
    "documents.document.issued": gettext_lazy("issued it"),
    "documents.entry.voided": gettext_lazy("struck its number out"),
    "documents.draft.created": gettext_lazy("drafted it"),
    "documents.draft.version_added": gettext_lazy("added a version"),
    "documents.paper.created": gettext_lazy("wrote and numbered it"),
    "exchange.dispatch.issued": gettext_lazy("sent it to the recipients"),
    "workflow.item.completed": gettext_lazy("did a step"),
}
# One act of the clerk, told once.
PARTS_OF_ISSUING = {"documents.document.numbered", "documents.document.issued", "exchange.dispatch.issued"}
ACTION_VERBS: dict[tuple[str, str], _StrPromise] = {
    ("present", "present"): gettext_lazy("presented it to the leader"),
    ("direct", "direct"): gettext_lazy("directed"),
    ("direct", "return"): gettext_lazy("gave it back to the clerk"),
    ("work", "report"): gettext_lazy("reported"),
    ("work", "hand_on"): gettext_lazy("handed it on"),
    ("work", "acknowledge"): gettext_lazy("took note"),
    ("work", "return"): gettext_lazy("gave the work back"),
    ("finish", "finish"): gettext_lazy("finished the case"),
    ("finish", "return"): gettext_lazy("asked for more"),
    ("draft", "submit"): gettext_lazy("submitted the draft"),
    ("approve", "approve"): gettext_lazy("approved"),
    ("approve", "return"): gettext_lazy("returned the draft"),
    ("issue", "issue"): gettext_lazy("numbered and issued it"),
    ("issue", "return"): gettext_lazy("returned the draft"),
}


def timeline(document: Document, user: User) -> list[TimelineEntry]:
    """
    What happened to a paper, newest first: acts of the person's own units alone, for another unit's inner work is never
    shown (domain.md 13).
    """
    units = own_units(user)
    entries = [entry for entry in entries_for([f"documents.document:{document.pk}"]) if entry.act in VERBS]
    own = [entry for entry in entries if _unit_of(entry) is None or _unit_of(entry) in units]
    is_issued = any(_action_of(entry) == ("issue", "issue") for entry in own)
    return [_entry(entry) for entry in own if not (is_issued and entry.act in PARTS_OF_ISSUING)]


def _unit_of(entry: Any) -> int | None:
    unit = entry.data.get("unit")
    return unit if isinstance(unit, int) else entry.actor.get("unit_id")


def _action_of(entry: Any) -> tuple[str, str]:
    return entry.data.get("node", ""), entry.data.get("action", "")


def _entry(entry: Any) -> TimelineEntry:
    action = _action_of(entry)
    verb = ACTION_VERBS.get(action) or VERBS[entry.act]
    actor = entry.actor
    seal = (entry.link.hash or "")[:8] if hasattr(entry, "link") else ""
    place = ", ".join(filter(None, [actor.get("post"), actor.get("unit")]))
    behalf = _("for %(name)s") % entry.on_behalf_of if entry.on_behalf_of else ""
    at = f"{clock.local(entry.at):%d/%m/%Y %H:%M}"
    return TimelineEntry(
        who=str(actor.get("name", "")) if actor.get("user_id") else _("The office's computer"),
        verb=str(verb),
        meta=" · ".join(filter(None, [behalf, place, at, seal])),
        text=str(entry.data.get("words", "") or entry.data.get("reason") or ""),
        is_ink=action == ("direct", "direct"),
    )


def case_of_item(item: WorkItem) -> IncomingCase | OutgoingCase:
    """The case that a work item belongs to."""
    model = IncomingCase if item.flow == "incoming" else OutgoingCase
    found: IncomingCase | OutgoingCase = model.objects.system("the caller holds the item").get(process__task=item.pk)
    return found
